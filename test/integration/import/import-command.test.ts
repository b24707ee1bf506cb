/** Import command: what an operator types, what is printed, and the exit status. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { type ImportDeps, importCommand } from '../../../src/cli/import.ts';
import type { Interview } from '../../../src/consent/interview.ts';
import { ADMIN, type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import { interviewOf } from '../../support/people.ts';
import { addressOf, batchesOf, csvOf, NOW, otherInterview, peopleCsv } from './world.ts';

let deps: TestDeps;
let folder: string;

beforeAll(async () => {
  deps = await testDeps();
  deps.setNow(NOW);
  folder = await mkdtemp(join(tmpdir(), 'assent-cli-'));
});

afterAll(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
  await deps.close();
});

async function run(argv: readonly string[], over: Partial<ImportDeps> = {}, signal?: AbortSignal) {
  const out: string[] = [];
  const err: string[] = [];
  const status = await importCommand({ ...deps, ...over }, argv, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    signal,
  });
  return { status, out: out.join('\n'), err: err.join('\n') };
}

async function put(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const putInterview = (name: string, interview: Interview | object) =>
  put(name, JSON.stringify(interview));

const here = ['--workspace', WORKSPACE];

describe('a good call', () => {
  it('prints a table, and where the rejects are', async () => {
    const file = await put('fair.csv', csvOf('Email', 'a@example.com', 'nobody', 'A@example.com'));
    const interview = await putInterview('fair.json', interviewOf(NOW));
    const args = [file, ...here, '--permission', 'yes', '--interview', interview, '--by', 'Olga'];
    const { status, out, err } = await run(args);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const batch = (await batchesOf(deps)).at(0);
    expect(batch).toMatchObject({ by: 'Olga', name: 'fair', fileName: 'fair.csv' });
    expect(out).toBe(
      [
        `fair.csv is imported as batch ${batch?.['_id']}.`,
        '',
        '  Rows in the file    3',
        '  Rows not taken      1',
        '  Contacts            1',
        '  New addresses       1',
        '  Known addresses     0',
        '  Repeated addresses  1',
        '  Now single-opt-in   1',
        '',
        `What was left out, and why: ${join(folder, 'fair.rejects.csv')}`,
      ].join('\n'),
    );
    expect(await readFile(join(folder, 'fair.rejects.csv'), 'utf8')).toMatch('nobody');
  });

  it('prints JSON for other programs, and takes the configured workspace', async () => {
    const file = await put('json.csv', csvOf('Kontakt,Shoe size', 'j@example.com,x'));
    const { status, out } = await run(
      [
        file,
        '--permission',
        'no',
        '--map',
        'Kontakt=email',
        '--tag',
        'one',
        '--tag',
        'two',
        '--json',
      ],
      { workspace: WORKSPACE },
    );
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({
      batch: expect.stringMatching(/^b_/),
      rows: 1,
      contacts: 1,
      addresses: { new: 1, known: 0 },
      rejected: 0,
      rejectFile: null,
      duplicatesInFile: 0,
      permission: { 'non-marketable': 1 },
    });
    expect((await addressOf(deps, 'j@example.com')).memberships).toHaveLength(3);
  });

  it('changes nothing in a dry run', async () => {
    const file = await put('dry.csv', csvOf('Email', 'dry@example.com'));
    const { status, out } = await run([file, ...here, '--permission', 'no', '--dry-run']);
    expect(status).toBe(0);
    expect(out).toMatch('Dry run of dry.csv: nothing was changed.');
    expect(out).toMatch(/Now non-marketable +1$/m);
    await expect(addressOf(deps, 'dry@example.com')).rejects.toThrow('not on file');
  });

  it('opens a request for an approver, unless nobody could see it', async () => {
    const interview = await putInterview('other.json', otherInterview(NOW));
    const args = [...here, '--permission', 'yes', '--interview', interview, '--by', 'Olga'];
    const file = await put('other.csv', csvOf('Email', 'other@example.com'));
    const { out } = await run([file, ...args]);
    const [, id = ''] = /Request (q_[0-9a-f]+) waits for an approver\./.exec(out) ?? [];
    expect(await deps.database.of(WORKSPACE).requests.find(id)).toMatchObject({
      kind: 'opt-in',
      requestedBy: 'Olga',
      plan: { counts: { change: 1 } },
    });
    const silent = await put('silent.csv', csvOf('Email', 'silent@example.com'));
    const settings = async () => ({ ...(await deps.settings(WORKSPACE)), channel: '' });
    expect((await run([silent, ...args], { settings })).out).not.toMatch('waits for an approver');
  });

  it('gives an old collection no permission by itself: its request must ask', async () => {
    const interview = await putInterview('old.json', interviewOf(NOW, 8));
    const args = [...here, '--permission', 'yes', '--interview', interview, '--by', 'Olga'];
    const file = await put('old.csv', csvOf('Email', 'old@example.com'));
    const { out } = await run([file, ...args]);
    const [, id = ''] = /Request (q_[0-9a-f]+) waits for an approver\./.exec(out) ?? [];
    expect((await addressOf(deps, 'old@example.com')).permission).toBe('non-marketable');
    expect(await deps.database.of(WORKSPACE).requests.find(id)).toMatchObject({
      kind: 'opt-in',
      plan: { terms: { ask: { silence: 'revert', required: true } }, counts: { asks: 1 } },
    });
    const mute = await put('mute.csv', csvOf('Email', 'mute@example.com'));
    expect((await run([mute, ...args], { canAsk: false })).out).toMatch('SMTP_URL is not set');
  });

  it('says how far it got', async () => {
    const file = await put('long.csv', peopleCsv(2_500, 'long.example'));
    let at = NOW.getTime();
    const now = () => {
      at += 1_000;
      return new Date(at);
    };
    const { status, err } = await run([file, ...here, '--permission', 'no'], { now });
    expect(status).toBe(0);
    expect(err).toMatch(/^\d,000 rows …$/m);
  });
});

describe('what it refuses', () => {
  const wrong: [string, string[], RegExp][] = [
    ['no file', [...here, '--permission', 'no'], /Name the CSV file/],
    ['two files', ['a.csv', 'b.csv', ...here, '--permission', 'no'], /Only one file/],
    ['no workspace', ['a.csv', '--permission', 'no'], /Name the workspace/],
    ['no permission', ['a.csv', ...here], /--permission yes or --permission no/],
    ['another permission', ['a.csv', ...here, '--permission', 'maybe'], /--permission yes or/],
    ['no interview', ['a.csv', ...here, '--permission', 'yes'], /--interview FILE\.json/],
    ['an idle interview', ['a.csv', ...here, '--permission', 'no', '--interview', 'x'], /yes only/],
    ['an unknown option', ['a.csv', '--force'], /--force/],
    ['a map without field', ['a.csv', ...here, '--permission', 'no', '--map', 'x'], /COLUMN=FIELD/],
    ['an unknown field', ['a.csv', ...here, '--permission', 'no', '--map', 'x=y'], /one of email/],
    [
      'two orders of dates',
      ['a.csv', ...here, '--permission', 'no', '--day-first', '--month-first'],
      /not both/,
    ],
  ];
  test.each(wrong)('%s is wrong usage', async (_, argv, sentence) => {
    const { status, out, err } = await run(argv);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(sentence);
    expect(err).toMatch('Nothing was imported; assent import --help');
  });

  const interviews: [string, string, RegExp][] = [
    ['is not JSON', '{', /It is not JSON\. Nothing was imported\./],
    ['is something else', '{"source":"friend"}', /It is not an interview\. source: /],
    ['answers more than is asked', '{"source":"event","answers":{"name":"x"}}', /not asked .*name/],
    ['is not complete', '{"source":"event"}', /not all answered.*event: Write 2 to 300/],
    ['can never be opted in', '{"source":"purchased"}', /cannot be opted in/],
  ];
  test.each(interviews)('an interview that %s', async (_, text, sentence) => {
    const file = await put('refused.csv', csvOf('Email', 'refused@example.com'));
    const interview = await put('refused.json', text);
    const { status, err } = await run([
      file,
      ...here,
      '--permission',
      'yes',
      '--interview',
      interview,
    ]);
    expect(status).toBe(1);
    expect(err).toMatch(sentence);
    await expect(addressOf(deps, 'refused@example.com')).rejects.toThrow('not on file');
  });

  it('a file that is not there, or not CSV', async () => {
    const args = [...here, '--permission', 'no'];
    const missing = await run([join(folder, 'missing.csv'), ...args]);
    expect(missing).toMatchObject({
      status: 1,
      err: expect.stringMatching('Nothing was imported'),
    });
    const binary = await put('binary.csv', 'PK\u0003\u0004\u0000\u0000');
    expect(await run([binary, ...args])).toMatchObject({ status: 1, out: '' });
  });

  it('a file that was imported', async () => {
    const file = await put('done.csv', csvOf('Email', 'done@example.com'));
    const args = [file, ...here, '--permission', 'no'];
    expect((await run(args)).status).toBe(0);
    const second = await run(args);
    expect(second).toMatchObject({ status: 1, err: expect.stringMatching('--again') });
    expect((await run([...args, '--again'])).status).toBe(0);
  });

  it('to go on when it is stopped, and goes on the next time', async () => {
    const file = await put('stopped.csv', peopleCsv(10, 'stopped.example'));
    const args = [file, ...here, '--permission', 'no'];
    const stopped = await run(args, {}, AbortSignal.abort());
    expect(stopped).toMatchObject({ status: 1, err: expect.stringMatching('again to continue') });
    expect((await run(args)).status).toBe(0);
  });

  it('nothing that is a fault of ours', async () => {
    const file = await put('fault.csv', csvOf('Email', 'fault@example.com'));
    const database = {
      ...deps.database,
      of() {
        throw new Error('the database is gone');
      },
    };
    const args = [file, ...here, '--permission', 'no'];
    await expect(run(args, { database })).rejects.toThrow('the database is gone');
  });
});

describe('what it explains', () => {
  it('are its options', async () => {
    const { status, out } = await run(['--help']);
    expect(status).toBe(0);
    for (const option of ['permission', 'interview', 'map', 'dry-run', 'again', 'day-first']) {
      expect(out).toMatch(`--${option}`);
    }
  });

  it('is what an interview holds', async () => {
    const { status, out } = await run(['--interview-schema']);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toHaveProperty('anyOf');
  });

  it('is in docs/import.md, with an interview that is good', async () => {
    const docs = await readFile('docs/import.md', 'utf8');
    const [, example = ''] = /```json\n([\s\S]*?"attested"[\s\S]*?)```/.exec(docs) ?? [];
    const interview = await put('docs.json', example);
    const file = await put('docs.csv', csvOf('Email', 'docs@example.com'));
    // The example was collected shortly before this day.
    const over = { now: () => new Date('2026-06-15T12:00:00Z') };
    const result = await run(
      [file, ...here, '--permission', 'yes', '--interview', interview],
      over,
    );
    expect(result).toMatchObject({ status: 0, err: '' });
    for (const [option] of (await run(['--help'])).out.matchAll(/--[a-z-]+/g)) {
      expect(docs).toMatch(option);
    }
  });
});

it('puts the reject file into a folder of ours if it cannot stand beside the file', async () => {
  const locked = await mkdtemp(join(folder, 'locked-'));
  const home = await mkdtemp(join(folder, 'home-'));
  const file = join(locked, 'contacts.csv');
  await writeFile(file, csvOf('Email', 'l@example.com', 'nobody'));
  await chmod(locked, 0o500);
  const { out } = await run([file, ...here, '--permission', 'no', '--json', '--by', ADMIN], {
    home,
  });
  await chmod(locked, 0o700);
  // Root may write anywhere, whatever a folder says.
  const isRoot = process.getuid?.() === 0;
  const rejectFile = join(isRoot ? locked : home, 'contacts.rejects.csv');
  expect(JSON.parse(out)).toMatchObject({ rejectFile });
});
