/** Senders: several at once, and some that die: nobody gets a mail twice. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Store } from '../../../src/store/database.ts';
import { SEND_CLAIMS } from '../../../src/store/send-claims.ts';
import { SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import { cancelWaitingSends } from '../../../src/workflow/decide-request.ts';
import { LANES } from '../../../src/workflow/send-confirmations.ts';
import { mailsAheadMax } from '../../../src/workflow/sending/batch.ts';
import { WORKSPACE } from '../../support/deps.ts';
import {
  askPeople,
  CONNECTIONS,
  forgetEverybody,
  interpose,
  openWorld,
  personAt,
  rerouted,
  sendAll,
  sendTo,
  type World,
} from './world.ts';

/** Hundreds of mails, on a machine that may be busy. */
jest.setTimeout(90_000);

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  world.deps.setNow(undefined);
  await forgetEverybody(world);
});
afterAll(async () => world.close());

const crowd = (count: number) =>
  Array.from({ length: count }, (_, index) => `p${index}@example.org`);
const sends = () => world.deps.database.db.collection<SendDocument>(SENDS);
const copies = () => {
  const counted = new Map<string, number>();
  for (const { to } of world.inbox.mails) counted.set(to, (counted.get(to) ?? 0) + 1);
  return counted;
};
/** Lets the leases of a dead sender run out. */
const muchLater = () => world.deps.setNow(new Date(Date.now() + 10 * 60_000));

it('three senders at once: each mail leaves once', async () => {
  const people = crowd(150);
  await askPeople(world, people);
  const summaries = await Promise.all([1, 2, 3].map(() => sendAll(world.deps)));
  expect(summaries.reduce((sum, { sent }) => sum + sent, 0)).toBe(150);
  expect([...copies().values()]).toEqual(people.map(() => 1));
  expect(await sends().countDocuments({ state: 'sent', attempts: 1 })).toBe(150);
});

it('the pace is shared: nobody sends faster than it allows', async () => {
  await askPeople(world, crowd(12));
  const mail = rerouted(world.deps.mail, { name: 'slow', perSecond: 4 });
  const startedMs = performance.now();
  await Promise.all([sendAll({ ...world.deps, mail }), sendAll({ ...world.deps, mail })]);
  const seconds = (performance.now() - startedMs) / 1000;
  expect(copies().size).toBe(12);
  // A burst of 4, then 8 more at 4 a second.
  expect(seconds).toBeGreaterThanOrEqual(1.9);
});

/** Mails that are written ahead at a time, in all lanes: what a crash can leave uncertain. */
const AHEAD = LANES * mailsAheadMax(CONNECTIONS);

it('so many are written ahead at a time, and no more', async () => {
  await askPeople(world, crowd(3 * AHEAD));
  let most = 0;
  const watched = interpose(world.deps, (store: Store) => ({
    sends: {
      ...store.sends,
      async markSending(...args: Parameters<Store['sends']['markSending']>) {
        const ours = await store.sends.markSending(...args);
        most = Math.max(most, await sends().countDocuments({ state: 'sending' }));
        return ours;
      },
    },
  }));
  await sendAll(watched);
  expect(most).toBeGreaterThan(CONNECTIONS);
  expect(most).toBeLessThanOrEqual(AHEAD);
});

describe('a sender that dies', () => {
  class Died extends Error {}

  it('between write-ahead and the reply: those are unknown and never sent again', async () => {
    await askPeople(world, crowd(2 * AHEAD));
    let left = AHEAD;
    const [{ send }] = world.deps.mail.routes;
    const dying = interpose(world.deps, (store: Store) => ({
      sends: {
        ...store.sends,
        async settleMany(...args: Parameters<Store['sends']['settleMany']>) {
          if (left <= 0) throw new Died();
          return store.sends.settleMany(...args);
        },
      },
    }));
    const mail = rerouted(world.deps.mail, {
      async send(...args) {
        left -= 1;
        return send(...args);
      },
    });
    await expect(sendAll({ ...dying, mail })).rejects.toThrow(Died);
    const uncertain = await sends().countDocuments({ state: 'sending' });
    expect(uncertain).toBeGreaterThan(0);
    expect(uncertain).toBeLessThanOrEqual(AHEAD);
    // Nobody takes anything from a sender whose lease has not run out.
    await sendAll(world.deps);
    expect(await sends().countDocuments({ state: 'sending' })).toBe(uncertain);
    muchLater();
    await sendAll(world.deps);
    expect(await sends().countDocuments({ state: 'unknown', attempts: 1 })).toBe(uncertain);
    expect(await sends().countDocuments({ state: 'sent' })).toBe(2 * AHEAD - uncertain);
    expect([...copies().values()].every((count) => count === 1)).toBe(true);
    const unknown = await sends().findOne({ state: 'unknown' });
    expect(unknown?.nextAt.getTime()).toBe(world.deps.now().getTime() + 14 * 24 * 60 * 60_000);
  });

  it('before the write-ahead: another one sends them', async () => {
    await askPeople(world, crowd(8));
    const dying = interpose(world.deps, (store: Store) => ({
      sends: {
        ...store.sends,
        async markSending(): Promise<Set<string>> {
          throw new Died();
        },
      },
    }));
    await expect(sendAll(dying)).rejects.toThrow(Died);
    expect(world.inbox.mails).toEqual([]);
    muchLater();
    expect(await sendAll(world.deps)).toMatchObject({ sent: 8 });
  });

  it('after its lease was taken over: what it writes late changes nothing', async () => {
    await askPeople(world, ['ann@example.org']);
    const slow = interpose(world.deps, (store: Store) => ({
      sends: {
        ...store.sends,
        async settleMany(...args: Parameters<Store['sends']['settleMany']>) {
          if (args[0].length > 0) await store.sends.recover(new Date(Date.now() + 600_000));
          return store.sends.settleMany(...args);
        },
      },
    }));
    await sendAll(slow);
    expect((await sendTo(world.deps, 'ann@example.org')).state).toBe('unknown');
  });

  it('with mail of a request that was cancelled meanwhile: it is not sent, its asks go back', async () => {
    const request = await askPeople(world, ['ann@example.org']);
    const store = world.deps.database.of(WORKSPACE);
    const now = world.deps.now();
    const until = new Date(now.getTime() + 1_000);
    const dead = { token: 'dead', now, until };
    const rows = await store.sends.claim([{ requests: [request.id], limit: 5 }], dead);
    await store.requests.move(request, { event: 'cancel', by: 'U1', at: now });
    expect(await cancelWaitingSends(world.deps, request)).toBe(1);
    const mails = rows.map(({ _id }) => ({ id: _id, messageId: 'm', mailHash: 'h' }));
    expect(await store.sends.markSending(mails, dead, now)).toEqual(new Set());
    muchLater();
    await sendAll(world.deps);
    expect(world.inbox.mails).toEqual([]);
    expect((await sendTo(world.deps, 'ann@example.org')).state).toBe('cancelled');
    expect((await personAt(world.deps, 'ann@example.org')).asks).toEqual([]);
  });
});

describe('a sender that is told to stop', () => {
  it('begins nothing new, settles what is on its way, and leaves no lease', async () => {
    await askPeople(world, crowd(60));
    const stop = new AbortController();
    const [{ send }] = world.deps.mail.routes;
    let begun = 0;
    const mail = rerouted(world.deps.mail, {
      async send(...args) {
        begun += 1;
        if (begun === 7) stop.abort();
        return send(...args);
      },
    });
    await sendAll({ ...world.deps, mail }, stop.signal);
    expect(begun).toBeLessThan(60);
    expect(await sends().countDocuments({ state: 'sent' })).toBe(begun);
    expect(await sends().countDocuments({ state: 'queued' })).toBe(60 - begun);
    expect(await sends().countDocuments({ lease: { $exists: true } })).toBe(0);
    expect(await world.deps.database.db.collection(SEND_CLAIMS).countDocuments()).toBe(0);
    // What came back left the canary short: one look finds that out, the next hands it out anew.
    await sendAll(world.deps);
    await sendAll(world.deps);
    expect([...copies().values()]).toEqual(crowd(60).map(() => 1));
  });

  it('at the start does nothing', async () => {
    await askPeople(world, crowd(3));
    await sendAll(world.deps, AbortSignal.abort());
    expect(await sends().countDocuments({ state: 'queued' })).toBe(3);
  });
});

it('a lease is renewed while a server takes its time', async () => {
  await askPeople(world, ['ann@example.org']);
  const limits = { ...world.deps.limits, leaseMs: 300 };
  const [{ send }] = world.deps.mail.routes;
  const untils = new Set<number>();
  const mail = rerouted(world.deps.mail, {
    async send(...args) {
      for (let round = 0; round < 6; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        const { lease } = await sendTo(world.deps, 'ann@example.org');
        untils.add(lease?.until.getTime() ?? 0);
        expect((await world.deps.database.of(WORKSPACE).sends.recover(new Date())).unknown).toBe(0);
      }
      return send(...args);
    },
  });
  expect(await sendAll({ ...world.deps, mail, limits })).toMatchObject({ sent: 1 });
  expect(untils.size).toBeGreaterThan(3);
});
