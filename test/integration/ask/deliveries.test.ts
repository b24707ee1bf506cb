/** What becomes of a mail: each kind of delivery, from a server that is difficult. */
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { confirmAddress } from '../../../src/workflow/confirm-address.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { WORKSPACE } from '../../support/deps.ts';
import { tokenOf } from './tokens.ts';
import {
  askPeople,
  CONNECTIONS,
  DAY_MS,
  forgetEverybody,
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
const HOUR_MS = 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;
const START = new Date('2026-11-23T09:00:00Z');

beforeAll(async () => {
  world = await openWorld({}, { silenceMs: 1_500 });
});
beforeEach(async () => {
  world.deps.setNow(START);
  await forgetEverybody(world);
});
afterEach(() => {
  for (const heal of rules.splice(0)) heal();
});
afterAll(async () => world.close());

const rules: (() => void)[] = [];
/** A rule of the inbox that ends with the test, if not before. */
const reject = (rule: Parameters<typeof world.inbox.reject>[0]) => {
  const heal = world.inbox.reject(rule);
  rules.push(heal);
  return heal;
};
const later = (ms: number) => {
  world.deps.setNow(new Date(world.deps.now().getTime() + ms));
};
const mailsTo = (to: string) => world.inbox.mails.filter((mail) => mail.to === to).length;

it('accepted: the send is sent, and its silence is judged when the link ends', async () => {
  await askPeople(world, ['ann@example.org']);
  expect(await sendAll(world.deps)).toMatchObject({ sent: 1, bounced: 0, cancelled: 0 });
  expect(await sendTo(world.deps, 'ann@example.org')).toMatchObject({
    state: 'sent',
    sentAt: START,
    nextAt: new Date(START.getTime() + 14 * DAY_MS),
  });
});

it('bounced: the address is suppressed, with its proof, and no one else', async () => {
  reject({ to: 'gone@example.org', answer: '550 5.1.1 No such user' });
  await askPeople(world, ['gone@example.org', 'ann@example.org']);
  expect(await sendAll(world.deps)).toMatchObject({ sent: 1, bounced: 1 });
  const send = await sendTo(world.deps, 'gone@example.org');
  expect(send).toMatchObject({ state: 'bounced', reply: '550 5.1.1 No such user' });
  const gone = await personAt(world.deps, 'gone@example.org');
  expect([gone.permission, gone.suppressions]).toEqual(['single-opt-in', ['hard-bounce']]);
  const [entry] = await world.deps.database.of(WORKSPACE).ledger.ofCause('send', send._id);
  expect(entry).toMatchObject({
    act: 'suppress',
    adds: ['hard-bounce'],
    addresses: [gone._id],
    facts: { enhanced: '5.1.1', messageId: send.messageId },
  });
  expect((await personAt(world.deps, 'ann@example.org')).suppressions).toEqual([]);
  expect(await crossCheck(world.deps)).toEqual([]);
});

it('bounced: a click disproves it, clears the suppression and confirms', async () => {
  const heal = reject({ to: 'gone@example.org', answer: '550 5.1.1 No such user' });
  await askPeople(world, ['gone@example.org']);
  await sendAll(world.deps);
  heal();
  const send = await sendTo(world.deps, 'gone@example.org');
  expect(await confirmAddress(world.deps, tokenOf(world.deps, send), { at: START })).toBe(
    'confirmed',
  );
  const gone = await personAt(world.deps, 'gone@example.org');
  expect([gone.permission, gone.suppressions]).toEqual(['double-opt-in', []]);
  expect(await sendTo(world.deps, 'gone@example.org')).toMatchObject({
    state: 'sent',
    outcome: 'confirmed',
  });
  expect(await crossCheck(world.deps)).toEqual([]);
});

it('blocked: the message was refused, which says nothing about the person', async () => {
  reject({ to: /.*/, answer: '554 5.7.1 We do not like you', at: 'message' });
  await askPeople(world, ['ann@example.org']);
  expect(await sendAll(world.deps)).toMatchObject({ blocked: 1, bounced: 0 });
  expect((await sendTo(world.deps, 'ann@example.org')).state).toBe('blocked');
  expect((await personAt(world.deps, 'ann@example.org')).suppressions).toEqual([]);
});

describe('deferred', () => {
  it('is tried again by the schedule, each time later, and given up within 48 hours', async () => {
    const heal = reject({ to: 'slow@example.org', answer: '451 4.7.1 Greylisted' });
    const request = await askPeople(world, ['slow@example.org']);
    const waits: number[] = [];
    for (let attempt = 1; ; attempt += 1) {
      expect(await sendAll(world.deps)).toMatchObject({ sent: 0 });
      const send = await sendTo(world.deps, 'slow@example.org');
      expect(send.attempts).toBe(attempt);
      if (send.state !== 'queued') break;
      const wait = send.nextAt.getTime() - world.deps.now().getTime();
      waits.push(wait / HOUR_MS);
      later(wait - 1_000);
      expect(await sendAll(world.deps)).toMatchObject({ deferred: 0, blocked: 0 });
      later(1_000);
    }
    heal();
    const expected = [1 / 12, 1 / 4, 1, 3, 8, 24];
    expect(waits).toHaveLength(6);
    for (const [index, wait] of waits.entries()) {
      expect(wait / (expected[index] ?? 0)).toBeGreaterThanOrEqual(0.8);
      expect(wait / (expected[index] ?? 0)).toBeLessThanOrEqual(1.2);
    }
    expect(world.deps.now().getTime() - START.getTime()).toBeLessThanOrEqual(48 * HOUR_MS);
    expect(await sendTo(world.deps, 'slow@example.org')).toMatchObject({
      state: 'blocked',
      note: 'retries_ended',
    });
    const { state } = await world.deps.database.of(WORKSPACE).requests.find(request.id);
    expect(state).toBe('done');
  });

  it('leaves with the same Message-ID and link when the server is ready', async () => {
    const heal = reject({ to: 'slow@example.org', answer: '451 4.7.1 Greylisted' });
    await askPeople(world, ['slow@example.org']);
    await sendAll(world.deps);
    const before = await sendTo(world.deps, 'slow@example.org');
    heal();
    later(HOUR_MS);
    expect(await sendAll(world.deps)).toMatchObject({ sent: 1 });
    const after = await sendTo(world.deps, 'slow@example.org');
    expect([after.messageId, mailsTo('slow@example.org')]).toEqual([before.messageId, 1]);
  });

  it('waits as long as the server asks', async () => {
    const heal = reject({
      to: 'slow@example.org',
      answer: '451 4.3.2 Come again in 3 hours',
    });
    await askPeople(world, ['slow@example.org']);
    await sendAll(world.deps);
    heal();
    const { nextAt } = await sendTo(world.deps, 'slow@example.org');
    expect(nextAt.getTime() - START.getTime()).toBe(3 * HOUR_MS);
  });
});

describe('unknown', () => {
  it('is held and never repeated; the request ends all the same', async () => {
    const heal = reject({ to: 'maybe@example.org', answer: 'hang', at: 'message' });
    const request = await askPeople(world, ['maybe@example.org']);
    expect(await sendAll(world.deps)).toMatchObject({ unknown: 1, sent: 0 });
    heal();
    later(20 * DAY_MS);
    expect(await sendAll(world.deps)).toMatchObject({ unknown: 0, sent: 0 });
    expect(await sendTo(world.deps, 'maybe@example.org')).toMatchObject({
      state: 'unknown',
      attempts: 1,
    });
    const { state } = await world.deps.database.of(WORKSPACE).requests.find(request.id);
    expect(state).toBe('done');
  });

  it('is resolved by a click', async () => {
    const heal = reject({ to: 'maybe@example.org', answer: 'hang', at: 'message' });
    await askPeople(world, ['maybe@example.org']);
    await sendAll(world.deps);
    heal();
    const send = await sendTo(world.deps, 'maybe@example.org');
    const evidence = { at: world.deps.now() };
    expect(await confirmAddress(world.deps, tokenOf(world.deps, send), evidence)).toBe('confirmed');
    expect((await sendTo(world.deps, 'maybe@example.org')).state).toBe('sent');
  });
});

describe('route down', () => {
  it('puts everything back, counts no attempt, rests, and tries one mail first', async () => {
    const { deps } = world;
    const people = Array.from({ length: 30 }, (_, index) => `p${index}@example.org`);
    await askPeople(world, people);
    let offered = 0;
    let isDown = true;
    const [{ send }] = deps.mail.routes;
    const mail = rerouted(deps.mail, {
      send: async (...args) => {
        offered += 1;
        return isDown
          ? { kind: 'route-down' as const, fault: 'connect' as const, reason: 'ECONNREFUSED' }
          : send(...args);
      },
    });
    const shaky = { ...deps, mail };
    expect((await sendAll(shaky)).routeDown).toMatchObject({ fault: 'connect' });
    // Five failures in a row open the breaker; what is on its way by then is
    // two mails a connection in each of two lanes.
    expect(offered).toBeGreaterThanOrEqual(5);
    expect(offered).toBeLessThanOrEqual(4 + 2 * 2 * CONNECTIONS);
    const untouched = { state: 'queued', attempts: 0, lease: { $exists: false } };
    expect(await deps.database.db.collection('sends').countDocuments(untouched)).toBe(30);

    offered = 0;
    later(MINUTE_MS - 1);
    await sendAll(shaky);
    expect(offered).toBe(0);
    later(1);
    await sendAll(shaky);
    expect(offered).toBe(1);
    later(2 * MINUTE_MS - 1);
    await sendAll(shaky);
    expect(offered).toBe(1);
    isDown = false;
    later(1);
    expect(await sendAll(shaky)).toMatchObject({ sent: 30, routeDown: undefined });
    expect(world.inbox.mails).toHaveLength(30);
  });

  it('is noticed when nobody listens', async () => {
    const elsewhere = await openWorld();
    await elsewhere.inbox.stop();
    await askPeople(elsewhere, ['ann@example.org']);
    expect((await sendAll(elsewhere.deps)).routeDown).toMatchObject({ fault: 'connect' });
    const send = await sendTo(elsewhere.deps, 'ann@example.org');
    expect([send.state, send.attempts]).toEqual(['queued', 0]);
    await elsewhere.close();
  });
});

it('an address that cannot stand in a mail is blocked by itself', async () => {
  await askPeople(world, ['"odd one"@example.org', 'ann@example.org']);
  expect(await sendAll(world.deps)).toMatchObject({ sent: 1, blocked: 1 });
  const { reply } = await sendTo(world.deps, '"odd one"@example.org');
  expect(reply).toBe('The mail could not be composed.');
});

it('settings with which no mail can be composed stop the pass, and lose nothing', async () => {
  await askPeople(world, ['ann@example.org']);
  const { deps } = world;
  const settings = await deps.settings(WORKSPACE);
  const broken = {
    ...deps,
    settings: async () => ({ ...settings, sender: { ...settings.sender, address: 'no address' } }),
  };
  await expect(sendAll(broken)).rejects.toThrow('No mail can be composed');
  expect(await sendTo(deps, 'ann@example.org')).toMatchObject({ state: 'queued', attempts: 0 });
  expect(await sendAll(deps)).toMatchObject({ sent: 1 });
});
