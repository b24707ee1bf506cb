/** Canary: the first mails of a request go alone; a bad list stops itself before the rest follows. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Delivery } from '../../../src/mail/delivery.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { ANNOUNCEMENTS } from '../../../src/store/announcements.ts';
import { resumeRequest } from '../../../src/workflow/decide-request.ts';
import type { Deps } from '../../../src/workflow/deps.ts';
import { withdrawConsent } from '../../../src/workflow/withdraw-consent.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { tokenOf } from '../ask/tokens.ts';
import {
  askPeople,
  forgetEverybody,
  interpose,
  openWorld,
  sendAll,
  type World,
} from '../ask/world.ts';
import {
  ACCEPTED,
  crowd,
  GONE,
  later,
  MINUTE_MS,
  POLICY,
  route,
  sendsOf,
  through,
} from './world.ts';

// A busy machine may take its time; nothing here waits by the clock.
jest.setTimeout(300_000);

let world: World;
const START = new Date('2026-11-23T09:00:00Z');
const WAIT_MS = 10 * MINUTE_MS;

beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  world.deps.setNow(START);
  await forgetEverybody(world);
  await world.deps.database.db.collection(ANNOUNCEMENTS).deleteMany({});
});
afterAll(async () => world.close());

const waiting = (deps: Deps): Deps => ({
  ...deps,
  limits: { ...deps.limits, canaryWaitMs: WAIT_MS },
});
const answering = (answer: (nth: number) => Delivery) => {
  let nth = 0;
  return route('only', () => {
    nth += 1;
    return answer(nth);
  });
};
const requestOf = async (id: string) => world.deps.database.of(WORKSPACE).requests.find(id);
const resume = (request: string) =>
  resumeRequest(world.deps, { workspace: WORKSPACE, request, by: REQUESTER });

it('sends 50, waits, 200, waits, 1,000, waits, and then the rest', async () => {
  await askPeople(world, crowd(1_100));
  const only = answering(() => ACCEPTED);
  const deps = waiting(through(world, [only]));
  for (const total of [50, 200, 1_000, 1_100]) {
    // Two senders at once: the stage is shared.
    await Promise.all([sendAll(deps), sendAll(deps)]);
    expect(only.offered).toHaveLength(total);
    later(world, WAIT_MS - 1);
    await sendAll(deps);
    expect(only.offered).toHaveLength(total);
    later(world, 1);
  }
});

it('what one sender has claimed and not yet written ahead counts for all', async () => {
  await askPeople(world, crowd(120));
  const only = answering(() => ACCEPTED);
  const deps = waiting(through(world, [only]));
  let others: Promise<unknown> | undefined;
  const lookTwice = async () => {
    for (let look = 0; look < 2; look += 1) expect(await sendAll(deps)).toMatchObject({ sent: 0 });
  };
  const slow = interpose(deps, ({ sends }) => ({
    sends: {
      ...sends,
      async markSending(...args) {
        others ??= lookTwice();
        await others;
        return sends.markSending(...args);
      },
    },
  }));
  await sendAll(slow);
  expect(others).toBeDefined();
  expect(only.offered).toHaveLength(50);
});

it('a request with fewer mails than a stage waits for nothing', async () => {
  const request = await askPeople(world, crowd(49));
  expect(await sendAll(waiting(through(world, [answering(() => ACCEPTED)])))).toMatchObject({
    sent: 49,
  });
  expect((await requestOf(request.id)).state).toBe('done');
});

it('stops at the first bad stage, says why, and goes on in small steps when people say so', async () => {
  const request = await askPeople(world, crowd(300));
  const only = answering((nth) => (nth <= 5 ? GONE : ACCEPTED));
  const deps = waiting(through(world, [only]));
  await sendAll(deps);
  await sendAll(deps);
  const offered = only.offered.length;
  expect(offered).toBeLessThanOrEqual(50);
  const paused = await requestOf(request.id);
  expect([paused.state, paused.pausedFrom]).toEqual(['paused', 'asking']);
  expect(paused.history.at(-1)).toMatchObject({ by: 'assent', note: 'canary_bounces' });
  const told = await world.deps.database.of(WORKSPACE).announcements.ofSubject({
    kind: 'request',
    id: request.id,
  });
  expect(told.map(({ kind }) => kind)).toContain('canary');

  later(world, 60 * MINUTE_MS);
  await sendAll(deps);
  expect(only.offered).toHaveLength(offered);

  await resume(request.id);
  await sendAll(deps);
  // The same stage: what it still allows, and not the rest.
  expect(only.offered).toHaveLength(50);
  later(world, WAIT_MS);
  await sendAll(deps);
  expect(only.offered).toHaveLength(200);
  expect((await requestOf(request.id)).state).toBe('asking');
  expect(await crossCheck(world.deps)).toEqual([]);
});

it('stops again if what comes after is bad too', async () => {
  const request = await askPeople(world, crowd(300));
  const deps = waiting(through(world, [answering((nth) => (nth % 5 === 0 ? GONE : ACCEPTED))]));
  await sendAll(deps);
  await sendAll(deps);
  await resume(request.id);
  await sendAll(deps);
  later(world, WAIT_MS);
  await sendAll(deps);
  await sendAll(deps);
  const { state, history } = await requestOf(request.id);
  expect(state).toBe('paused');
  expect(history.filter(({ note }) => note === 'canary_bounces')).toHaveLength(2);
});

it('refusals for policy stop it too', async () => {
  const request = await askPeople(world, crowd(100));
  const deps = waiting(through(world, [answering((nth) => (nth <= 3 ? POLICY : ACCEPTED))]));
  await sendAll(deps);
  await sendAll(deps);
  expect((await requestOf(request.id)).history.at(-1)).toMatchObject({ note: 'canary_blocks' });
  const bounced = { suppressions: 'hard-bounce' } as const;
  const addresses = world.deps.database.db.collection<AddressDocument>(ADDRESSES);
  expect(await addresses.countDocuments(bounced)).toBe(0);
});

it('complaints stop it, also when they come after the mail', async () => {
  const request = await askPeople(world, crowd(100));
  const deps = waiting(through(world, [answering(() => ACCEPTED)]));
  await sendAll(deps);
  const sent = await sendsOf(world).find({ state: 'sent' }).limit(4).toArray();
  for (const send of sent) {
    const evidence = { at: world.deps.now() };
    await withdrawConsent(world.deps, tokenOf(world.deps, send), 'one-click', evidence);
  }
  later(world, WAIT_MS - 1);
  await sendAll(deps);
  // A stop is no complaint.
  expect((await requestOf(request.id)).state).toBe('asking');
  await world.deps.database.db
    .collection<AddressDocument>(ADDRESSES)
    .updateMany(
      { _id: { $in: sent.map(({ address }) => address) } },
      { $set: { suppressions: ['complaint'] } },
    );
  later(world, 1);
  await sendAll(deps);
  expect((await requestOf(request.id)).history.at(-1)).toMatchObject({ note: 'canary_complaints' });
  expect(await sendsOf(world).countDocuments({ state: 'queued' })).toBe(50);
});

describe('mails that were taken for a stage and did not leave', () => {
  it('leave room for others: the stage fills up', async () => {
    await askPeople(world, crowd(120));
    const only = answering(() => ACCEPTED);
    const deps = waiting(through(world, [only]));
    // Thirty of them opted out by a mass act since: they are cancelled as they are leased.
    const addresses = world.deps.database.db.collection<AddressDocument>(ADDRESSES);
    const some = await sendsOf(world).find().sort({ nextAt: 1 }).limit(30).toArray();
    await addresses.updateMany(
      { _id: { $in: some.map(({ address }) => address) } },
      { $set: { permission: 'opted-out-by-user' } },
    );
    await sendAll(deps);
    await sendAll(deps);
    expect(only.offered).toHaveLength(50);
  });
});
