/** Upserts: whoever makes one document in the same moment, everybody succeeds and it is there once. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scoped } from '../../../src/store/scoped.ts';
import { type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';

/** Without a second try, two inserts of one upsert meet within the first ten rounds. */
const ROUNDS = 40;
const AT_ONCE = 12;

interface Counter {
  readonly _id: string;
  readonly workspace: string;
  readonly n: number;
}

let deps: TestDeps;
beforeAll(async () => {
  deps = await testDeps();
});
afterAll(async () => {
  await deps.close();
});

const collection = () => deps.database.db.collection<Counter>('counters-of-a-test');
const counters = () => scoped(collection(), WORKSPACE);
const rounds = Array.from({ length: ROUNDS }, (_, round) => `${round}`);
const atOnce = (act: () => Promise<unknown>) => Promise.all(Array.from({ length: AT_ONCE }, act));
const plusOne = { $inc: { n: 1 } };

describe('an upsert that many do at once', () => {
  it.each([
    [
      'updateOne',
      (_id: string) => counters().updateOne({ _id }, plusOne, undefined, { upsert: true }),
    ],
    [
      'findOneAndUpdate',
      (_id: string) => counters().findOneAndUpdate({ _id }, plusOne, undefined, { upsert: true }),
    ],
    [
      'updateEach',
      (_id: string) => {
        const one = (id: string) => ({ filter: { _id: id }, update: plusOne, upsert: true });
        return counters().updateEach([one(_id), one(`${_id}-too`)]);
      },
    ],
  ])('by %s counts every one of them', async (name, act) => {
    for (const round of rounds) await atOnce(() => act(`${name}-${round}`));
    const kept = await collection()
      .find({ _id: { $regex: `^${name}` } })
      .toArray();
    const documents = name === 'updateEach' ? 2 * ROUNDS : ROUNDS;
    expect(kept).toHaveLength(documents);
    expect(kept.filter(({ n }) => n !== AT_ONCE)).toEqual([]);
  });

  it('says so if another index is in the way', async () => {
    await collection().createIndex({ tag: 1 }, { unique: true, sparse: true });
    const tagged = scoped(
      deps.database.db.collection<Counter & { tag: string }>(collection().collectionName),
      WORKSPACE,
    );
    const make = (_id: string) =>
      tagged.updateOne({ _id }, { $set: { tag: 'taken' } }, undefined, { upsert: true });
    await make('first');
    await expect(make('second')).rejects.toMatchObject({ code: 11_000 });
  });
});
