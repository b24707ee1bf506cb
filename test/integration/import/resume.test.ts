/** Resume: an import that was cut off goes on where it stopped, and nothing is done twice. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Deps } from '../../../src/workflow/deps.ts';
import { type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import { failingAtChunk, withStore } from './faults.ts';
import {
  addressOf,
  batchesOf,
  csvOf,
  entriesOf,
  faultsOf,
  type ImportOver,
  imported,
  NOW,
  rejectsIn,
} from './world.ts';

/** Longer than the lease of the test's limits. */
const LEASE_LATER = new Date(NOW.getTime() + 31_000);

let deps: TestDeps;

beforeAll(async () => {
  deps = await testDeps();
});

afterAll(() => deps.close());

/** A file that repeats addresses over its chunks of 3, has tags, a bad row and a late opt-out. */
function fileOf(name: string): string {
  const people = Array.from({ length: 8 }, (_, n) => `${n},${name}${n}@example.com,,t${n % 3}`);
  const bad = ['x,nobody,,', 'y,no one,,'];
  const repeated = [`3b,${name}3@example.com,unsubscribed,t9`, `0,${name}0@example.com,,t9`];
  return csvOf('Id,Email,Status,Tags', bad[0] ?? '', ...people, bad[1] ?? '', ...repeated);
}

const COUNTS = {
  rows: 12,
  contacts: 9,
  addresses: { new: 8, known: 0 },
  rejected: 2,
  duplicatesInFile: 2,
  permission: { 'single-opt-in': 7, 'opted-out-by-recipient': 1 },
};

const over: ImportOver = { chunkRows: 3 };

async function expectWhole(name: string): Promise<void> {
  const path = join(tmpdir(), `rejects-${process.pid}-${name}.csv`);
  const result = await imported(deps, fileOf(name), { ...over, rejectPath: path });
  expect(result).toEqual({ ...COUNTS, batch: expect.any(String), rejectFile: path });
  expect(await rejectsIn(path)).toHaveLength(2);
  const batch = await deps.database.of(WORKSPACE).imports.find(result.batch ?? '');
  expect(batch).toMatchObject({ state: 'done', rowsDone: 12, chunks: 4 });
  expect((await addressOf(deps, `${name}3@example.com`)).entries).toHaveLength(2);
  const { audiences } = deps.database.of(WORKSPACE);
  expect(await audiences.findByName('tag', 't9')).toBeDefined();
  expect(await faultsOf(deps)).toEqual([]);
}

describe('a fault in the middle of a chunk', () => {
  it.each([1, 2, 3, 4])('%s leaves the chunks before, and the rest follows', async (chunk) => {
    deps.setNow(NOW);
    const name = `fault${chunk}`;
    const failed = imported(failingAtChunk(deps, chunk), fileOf(name), over);
    await expect(failed).rejects.toThrow('the disk is full');
    const batch = (await batchesOf(deps)).find(({ state }) => state === 'running');
    expect(batch).toMatchObject({ chunks: chunk - 1, rowsDone: 3 * (chunk - 1) });
    expect(batch?.lease).toBeUndefined();
    expect(await faultsOf(deps)).toEqual([]);
    await expectWhole(name);
  });

  it('after the last chunk leaves only the end to do', async () => {
    const failing = withStore(deps, 'imports', () => ({
      async end() {
        throw new Error('the disk is full');
      },
    }));
    await expect(imported(failing, fileOf('end'), over)).rejects.toThrow('the disk is full');
    await expectWhole('end');
  });
});

describe('a stop on request', () => {
  it('ends after the chunk at hand', async () => {
    deps.setNow(NOW);
    const controller = new AbortController();
    const stopped = imported(deps, fileOf('stop'), {
      ...over,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    const batch = (await batchesOf(deps)).find(({ state }) => state === 'running');
    expect(batch?.rowsDone).toBeGreaterThanOrEqual(3);
    expect(batch?.rowsDone).toBeLessThan(12);
    await expectWhole('stop');
  });

  it('can come again and again', async () => {
    let rows = -1;
    for (let round = 0; ; round += 1) {
      expect(round).toBeLessThan(6);
      const controller = new AbortController();
      const isDone = await imported(deps, fileOf('often'), {
        ...over,
        signal: controller.signal,
        onProgress: () => controller.abort(),
      }).then(
        () => true,
        () => false,
      );
      if (isDone) break;
      const batch = (await batchesOf(deps)).find(({ state }) => state === 'running');
      expect(batch?.rowsDone ?? 0).toBeGreaterThan(rows);
      rows = batch?.rowsDone ?? 0;
    }
    await expect(imported(deps, fileOf('often'), over)).rejects.toMatchObject({
      code: 'import_already_done',
    });
    expect(await faultsOf(deps)).toEqual([]);
  });
});

describe('a killed import', () => {
  /** Nothing of it runs any more, so its lease stays. */
  const killedAtChunk = (chunk: number): Deps =>
    withStore(failingAtChunk(deps, chunk), 'imports', () => ({
      async release() {},
    }));

  it('is left alone until its lease ends, and then continued', async () => {
    deps.setNow(NOW);
    await expect(imported(killedAtChunk(2), fileOf('kill'), over)).rejects.toThrow('disk');
    for (const dryRun of [false, true]) {
      await expect(imported(deps, fileOf('kill'), { ...over, dryRun })).rejects.toMatchObject({
        code: 'import_running',
      });
    }
    deps.setNow(LEASE_LATER);
    const dry = imported(deps, fileOf('kill'), { ...over, dryRun: true });
    await expect(dry).rejects.toMatchObject({ code: 'import_unfinished' });
    await expectWhole('kill');
  });

  it('that was only slow writes nothing once another one has taken over', async () => {
    deps.setNow(NOW);
    let chunks = 0;
    const slow = withStore(deps, 'audiences', (real) => ({
      async touchTags(names, at, tx) {
        await real.touchTags(names, at, tx);
        chunks += 1;
        if (chunks !== 2) return;
        deps.setNow(LEASE_LATER);
        await expectWhole('slow');
      },
    }));
    await expect(imported(slow, fileOf('slow'), over)).rejects.toMatchObject({
      code: 'import_running',
    });
    expect(chunks).toBe(2);
    const batch = (await batchesOf(deps)).at(-1);
    expect(batch).toMatchObject({ state: 'done', chunks: 4, rowsDone: 12 });
    expect(await faultsOf(deps)).toEqual([]);
  });
});

describe('other answers', () => {
  it('do not continue an import; --again begins anew and keeps what is in', async () => {
    deps.setNow(NOW);
    const name = 'differs';
    await expect(imported(failingAtChunk(deps, 3), fileOf(name), over)).rejects.toThrow('disk');
    const differently = [
      { permission: 'no' as const, interview: undefined },
      { tags: ['extra'] },
      { columns: { Tags: 'ignore' as const } },
    ];
    for (const answers of differently) {
      await expect(imported(deps, fileOf(name), { ...over, ...answers })).rejects.toMatchObject({
        code: 'import_differs',
      });
    }
    const again = await imported(deps, fileOf(name), { ...over, tags: ['extra'], again: true });
    expect(again).toMatchObject({ rows: 12, contacts: 9, addresses: { new: 3, known: 5 } });
    const batches = (await batchesOf(deps)).filter(({ terms }) => terms !== undefined).slice(-2);
    expect(batches.map(({ state }) => state).toSorted()).toEqual(['done', 'failed']);
    const ends = (await entriesOf(deps, 'import')).filter(({ _id }) => _id.endsWith('.end'));
    const ended = ends.filter(({ facts }) => facts?.['state'] === 'failed');
    expect(ended).toHaveLength(1);
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('are the same ones if --again is said to an interrupted import', async () => {
    await expect(imported(failingAtChunk(deps, 2), fileOf('same'), over)).rejects.toThrow('disk');
    const result = await imported(deps, fileOf('same'), { ...over, again: true });
    expect(result).toMatchObject({ ...COUNTS });
  });
});

describe('two at once', () => {
  it.each(['new', 'interrupted'])('import a file (%s) once', async (state) => {
    deps.setNow(NOW);
    const name = `twice${state}`;
    if (state === 'interrupted') {
      await expect(imported(failingAtChunk(deps, 2), fileOf(name), over)).rejects.toThrow('disk');
    }
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () => imported(deps, fileOf(name), over)),
    );
    const results = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const codes = outcomes.flatMap((each) =>
      each.status === 'rejected' ? [each.reason.code] : [],
    );
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject(COUNTS);
    expect(
      codes.filter((code) => !['import_running', 'import_already_done'].includes(code)),
    ).toEqual([]);
    expect(await faultsOf(deps)).toEqual([]);
  });
});
