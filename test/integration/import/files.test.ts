/** Files: what an import answers, what it leaves out, and which file may be imported when. */
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Refusal } from '../../../src/consent/refusal.ts';
import { REQUESTER, type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import {
  addressOf,
  batchesOf,
  contactsOf,
  csvOf,
  entriesOf,
  faultsOf,
  imported,
  membershipsOf,
  NOW,
  otherInterview,
  peopleCsv,
  rejectsIn,
} from './world.ts';

let deps: TestDeps;
let files = 0;

beforeAll(async () => {
  deps = await testDeps();
  deps.setNow(NOW);
});

afterAll(() => deps.close());

const rejectPath = () => {
  files += 1;
  return join(tmpdir(), `rejects-${process.pid}-${files}.csv`);
};

describe('the result', () => {
  const text = csvOf(
    'Email,Email 2,Consent date',
    'r1@example.com,r2@example.com,',
    'R1@example.com,,',
    'nobody,,',
    'r3@example.com,oops,',
    'r4@example.com,,someday',
    'r5@example.com,"broken,',
  );
  const counts = {
    rows: 6,
    contacts: 2,
    addresses: { new: 3, known: 0 },
    rejected: 3,
    duplicatesInFile: 1,
    permission: { 'single-opt-in': 3 },
  };

  it('counts the same in a dry run, which changes nothing', async () => {
    const path = rejectPath();
    const before = await entriesOf(deps);
    const result = await imported(deps, text, { dryRun: true, rejectPath: path });
    expect(result).toEqual({ ...counts, batch: null, rejectFile: path });
    expect(await rejectsIn(path)).toHaveLength(4);
    expect(await entriesOf(deps)).toEqual(before);
    expect(await contactsOf(deps)).toEqual([]);
    expect(await batchesOf(deps)).toEqual([]);
  });

  it('counts what came of each row, and gives back what was left out', async () => {
    const path = rejectPath();
    const result = await imported(deps, text, { rejectPath: path });
    const batch = (await batchesOf(deps)).at(0);
    expect(result).toEqual({ ...counts, batch: batch?.['_id'], rejectFile: path });
    const rejects = await rejectsIn(path);
    expect(rejects.map((line) => line.split(',').slice(0, 2).join())).toEqual([
      '"4","Email"',
      '"5","Email 2"',
      '"6","Consent date"',
      '"7",""',
    ]);
    expect(batch).toMatchObject({
      state: 'done',
      name: 'people',
      round: 1,
      rowsDone: 6,
      counts: { rows: 6, contacts: 2, addressesNew: 3, rejected: 3, duplicatesInFile: 1 },
      permissions: { 'single-opt-in': 3 },
    });
    expect(batch?.lease).toBeUndefined();
    expect(batch?.finishedAt).toEqual(NOW);
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('has no reject file if every row was taken whole', async () => {
    const path = rejectPath();
    const result = await imported(deps, csvOf('Email', 'w@example.com'), { rejectPath: path });
    expect(result.rejectFile).toBeNull();
    await expect(access(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a file without any good row', () => {
  it.each([false, true])('changes nothing (dry run: %s)', async (dryRun) => {
    const path = rejectPath();
    const before = [await entriesOf(deps), await batchesOf(deps)];
    const refused = imported(deps, csvOf('Email', 'nobody', 'no one'), {
      dryRun,
      rejectPath: path,
      chunkRows: 1,
    });
    await expect(refused).rejects.toMatchObject({ code: 'import_no_good_row' });
    expect(await rejectsIn(path)).toHaveLength(2);
    expect([await entriesOf(deps), await batchesOf(deps)]).toEqual(before);
  });

  it('is not one that begins with many bad rows', async () => {
    const bad = Array.from({ length: 5 }, () => 'nobody');
    const text = csvOf('Email', ...bad, 'late@example.com', 'nobody');
    const result = await imported(deps, text, { chunkRows: 2 });
    expect(result).toMatchObject({ rows: 7, rejected: 6, addresses: { new: 1, known: 0 } });
  });
});

describe('the same file', () => {
  it('is imported once more only if somebody says so', async () => {
    const text = csvOf('Email', 'again@example.com');
    const first = await imported(deps, text, { fileName: 'fair.csv' });
    for (const dryRun of [false, true]) {
      await expect(imported(deps, text, { dryRun })).rejects.toMatchObject({
        code: 'import_already_done',
      });
    }
    const again = await imported(deps, text, { again: true, fileName: 'fair.csv' });
    expect(again.batch).not.toBe(first.batch);
    expect(again.addresses).toEqual({ new: 0, known: 1 });
    expect(await membershipsOf(deps, 'again@example.com')).toEqual([
      'fair (2)#email',
      'fair#email',
    ]);
    expect((await addressOf(deps, 'again@example.com')).entries).toHaveLength(1);
  });

  it('is another one in another workspace', async () => {
    const text = csvOf('Email', 'elsewhere@example.com');
    await imported(deps, text);
    const other = await imported(deps, text, { workspace: 'T0OTHER' });
    expect(other.addresses).toEqual({ new: 1, known: 0 });
    const batch = await deps.database.of(WORKSPACE).imports.find(other.batch ?? '');
    expect(batch).toBeNull();
  });
});

describe('columns', () => {
  it('are what somebody says they are', async () => {
    const columns = { Kontakt: 'email', Email: 'ignore' } as const;
    const result = await imported(deps, csvOf('Kontakt,Email', 'k@example.com,z@example.com'), {
      columns,
    });
    expect(result.addresses.new).toBe(1);
    await expect(addressOf(deps, 'z@example.com')).rejects.toThrow('not on file');
    const unclear = imported(deps, csvOf('Kontakt,Email', 'a@b.cc,c@d.ee'), {
      columns: { Nothing: 'email' },
    });
    await expect(unclear).rejects.toMatchObject({ code: 'unknown-column' });
  });

  it('hold dates with the day first, if their file or somebody says so', async () => {
    const lines = ['d1@example.com,04/03/2025', 'd2@example.com,25/03/2025'];
    await imported(deps, csvOf('Email,Consent date', ...lines));
    expect((await addressOf(deps, 'd1@example.com')).consentAt).toEqual(new Date('2025-03-04'));
    const ambiguous = csvOf('Email,Consent date', 'd3@example.com,04/03/2025');
    await imported(deps, ambiguous, { dayFirst: false });
    expect((await addressOf(deps, 'd3@example.com')).consentAt).toEqual(new Date('2025-04-03'));
  });
});

describe('the end', () => {
  it('is announced to a Slack user, in the transaction that ends it', async () => {
    const { batch } = await imported(deps, csvOf('Email', 's@example.com'), { by: REQUESTER });
    const about = { kind: 'import' as const, id: batch ?? '' };
    const [announcement] = await deps.database.of(WORKSPACE).announcements.ofSubject(about);
    expect(announcement).toMatchObject({ kind: 'direct-import', to: REQUESTER, state: 'due' });
    expect(deps.alarms).toContainEqual({ job: 'announce', data: {} });
  });

  it('is announced to nobody else', async () => {
    const { batch } = await imported(deps, csvOf('Email', 't@example.com'), { by: 'Ulf' });
    const about = { kind: 'import' as const, id: batch ?? '' };
    expect(await deps.database.of(WORKSPACE).announcements.ofSubject(about)).toEqual([]);
  });

  it('opens a request if only an approver can judge the source', async () => {
    const opened: string[] = [];
    const result = await imported(deps, csvOf('Email', 'o@example.com'), {
      interview: otherInterview(NOW),
      async openOptIn(batch, interview) {
        opened.push(`${batch} ${interview.source}`);
        return 'q_1';
      },
    });
    expect(opened).toEqual([`${result.batch} other`]);
    expect(result).toMatchObject({ request: 'q_1', permission: { 'non-marketable': 1 } });
    const batch = (await batchesOf(deps)).at(-1);
    expect(batch?.request).toBe('q_1');
  });

  it('does not hang on that request', async () => {
    const result = await imported(deps, csvOf('Email', 'o2@example.com'), {
      interview: otherInterview(NOW),
      async openOptIn() {
        throw new Refusal('nothing_to_change');
      },
    });
    expect(result.request).toBeUndefined();
    expect(result.requestRefused).toMatch('No address of this audience');
    expect(await deps.database.of(WORKSPACE).imports.find(result.batch ?? '')).toMatchObject({
      state: 'done',
    });
  });

  it('opens none for other sources', async () => {
    const result = await imported(deps, csvOf('Email', 'o3@example.com'), {
      async openOptIn() {
        throw new Error('not called');
      },
    });
    expect(result.request).toBeUndefined();
  });
});

it('tells how far it got', async () => {
  const told: number[] = [];
  await imported(deps, peopleCsv(5, 'progress.example'), {
    chunkRows: 2,
    onProgress: ({ rows }) => told.push(rows),
  });
  expect(told).toEqual([2, 4, 5]);
});
