/**
 * Write-ahead at a failover: the write that says "about to leave" is one update of many, which the
 * driver never repeats. Its answer may be lost before the database has it, after, or in between;
 * whichever it was, nothing has left, and the lease's end settles what was written.
 */
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { MongoNetworkError } from 'mongodb';
import type { Store } from '../../../src/store/database.ts';
import { crossCheck } from '../../support/cross-check.ts';
import {
  askPeople,
  forgetEverybody,
  interpose,
  openWorld,
  sendAll,
  type World,
} from '../ask/world.ts';
import { ACCEPTED, crowd, later, MINUTE_MS, route, sendsOf, through } from './world.ts';

const PEOPLE = 8;
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  world.deps.setNow(new Date('2026-11-23T09:00:00Z'));
  await forgetEverybody(world);
});
afterAll(async () => world.close());

type Mark = Store['sends']['markSending'];
type Mails = Parameters<Mark>[0];

it.each<[string, (mails: Mails) => Mails, number]>([
  ['before the database had it', () => [], 0],
  ['after half of it was written', (mails) => mails.slice(0, PEOPLE / 2), PEOPLE / 2],
  ['after all of it was written', (mails) => mails, PEOPLE],
])('cut off %s: nothing leaves, and nothing is left behind', async (_what, written, unknown) => {
  await askPeople(world, crowd(PEOPLE));
  const only = route('only', () => ACCEPTED);
  const cut = interpose(through(world, [only]), ({ sends }) => ({
    sends: {
      ...sends,
      async markSending(mails, token, now) {
        await sends.markSending(written(mails), token, now);
        throw new MongoNetworkError('connection closed');
      },
    },
  }));
  await expect(sendAll(cut)).rejects.toThrow('connection closed');
  expect(only.offered).toEqual([]);
  // The next sender leaves alone what is leased, and takes up what it was when the lease is over.
  await sendAll(through(world, [only]));
  expect(only.offered).toEqual([]);
  later(world, 10 * MINUTE_MS);
  expect(await sendAll(through(world, [only]))).toMatchObject({ sent: PEOPLE - unknown });
  expect(only.offered).toHaveLength(PEOPLE - unknown);
  const count = (state: 'unknown' | 'sent') =>
    sendsOf(world).countDocuments({ state, attempts: 1 });
  expect([await count('unknown'), await count('sent')]).toEqual([unknown, PEOPLE - unknown]);
  expect(await sendsOf(world).countDocuments({ lease: { $exists: true } })).toBe(0);
  expect(await crossCheck(world.deps)).toEqual([]);
});
