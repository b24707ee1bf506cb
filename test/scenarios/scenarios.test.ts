/**
 * Scenarios: stories that a lawyer can read, played on the real thing. Each folder beside this file
 * is one; all that `then.json` says is compared with all that happened.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { crossCheck } from '../support/cross-check.ts';
import { play } from './play.ts';
import { readScenario, scenarioNames } from './read-scenario.ts';
import { openStage, type Stage } from './stage.ts';
import { tell } from './tell.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const NAMES = scenarioNames(HERE);

describe('scenario', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it.each(NAMES.map((name) => [name.replaceAll('-', ' '), name]))('%s', async (_words, name) => {
    const { given, expected } = readScenario(join(HERE, name));
    const reviveMailboxes = await stage.set(given);
    try {
      const played = await play(stage, given);
      expect(await tell(stage.deps, played)).toStrictEqual(expected);
      expect(await crossCheck(stage.deps)).toEqual([]);
    } finally {
      reviveMailboxes();
    }
  });
});

describe('a slip of the pen', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'a-slip-of-the-pen-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const GIVEN = {
    story: 'Nothing is on file and nothing is done.',
    today: '2026-11-23',
    onFile: [],
    acts: [{ act: 'clock' }],
  };
  const THEN = {
    imports: [],
    requests: [],
    refusals: [],
    mails: [],
    answers: [],
    permissions: {},
    suppressions: {},
    asked: {},
    ledger: [],
  };
  const reading = (files: Readonly<Record<string, object>>) => {
    const scenario = join(folder, 'nothing-is-done');
    mkdirSync(scenario);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(scenario, name), JSON.stringify(content));
    }
    return () => readScenario(scenario);
  };
  const entry = {
    on: '2026-11-23',
    act: 'opt-in',
    addresses: 0,
    who: 'assent',
    cause: 'request 1',
  };
  const person = { address: 'ann@example.org', permission: 'single-opt-in', in: [] };

  it('is none in a scenario without one', () => {
    expect(reading({ 'given.json': GIVEN, 'then.json': THEN })()).toEqual({
      given: GIVEN,
      expected: THEN,
    });
  });

  it.each([
    ['no then.json', { 'given.json': GIVEN }],
    ['a then.json of another name', { 'given.json': GIVEN, 'than.json': THEN }],
    ['a third file', { 'given.json': GIVEN, 'then.json': THEN, 'notes.json': {} }],
  ])('%s fails', (_what, files) => {
    expect(reading(files)).toThrow('must hold given.json and then.json');
  });

  it.each([
    ['an unknown act', { acts: [{ act: 'undo' }] }, 'at acts[0].act'],
    ['no act', { acts: [] }, 'at acts'],
    ['a misspelt field of an act', { acts: [{ act: 'clock', note2: '' }] }, '"note2"'],
    ['a wait of no time', { acts: [{ act: 'wait' }] }, 'how long?'],
    ['an unknown person', { acts: [{ act: 'approve', by: 'aprover' }] }, 'at acts[0].by'],
    ['an unknown field of a person on file', { onFile: [{ ...person, tags: [] }] }, '"tags"'],
    ['an unknown permission', { onFile: [{ ...person, permission: 'yes' }] }, '[0].permission'],
    ['a story that is none', { story: 'todo' }, 'a sentence'],
  ])('%s in given.json fails', (_what, slip, complaint) => {
    expect(reading({ 'given.json': { ...GIVEN, ...slip }, 'then.json': THEN })).toThrow(complaint);
  });

  it.each([
    ...Object.keys(THEN).map((field): [string, object, string] => [
      `nothing about its ${field}`,
      { [field]: undefined },
      `at ${field}`,
    ]),
    ['an unknown field', { mail: [] }, '"mail"'],
    ['an unknown field of an entry', { ledger: [{ ...entry, form: 'x' }] }, '"form"'],
    [
      'an unknown refusal',
      { refusals: [{ act: 1, code: 'no', sentence: 'No.' }] },
      'no such refusal',
    ],
  ])('%s in then.json fails', (_what, slip, complaint) => {
    expect(reading({ 'given.json': GIVEN, 'then.json': { ...THEN, ...slip } })).toThrow(complaint);
  });

  it('a folder whose name is no sentence fails', () => {
    mkdirSync(join(folder, 'Misc'));
    expect(() => readScenario(join(folder, 'Misc'))).toThrow('Misc');
  });
});

it('finds the scenarios', () => {
  expect(NAMES.length).toBeGreaterThanOrEqual(14);
});
