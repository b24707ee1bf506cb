/**
 * Scenarios: stories that a lawyer can read, played on the real thing. Each folder beside this file
 * is one; all that `then.json` says is compared with all that happened.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
    const { given, then } = readScenario(join(HERE, name));
    const reviveMailboxes = await stage.set(given);
    try {
      const played = await play(stage, given);
      expect(await tell(stage.deps, played)).toEqual(then);
      expect(await crossCheck(stage.deps)).toEqual([]);
    } finally {
      reviveMailboxes();
    }
  });
});

it('finds the scenarios', () => {
  expect(NAMES.length).toBeGreaterThanOrEqual(14);
});
