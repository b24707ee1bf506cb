/** Receive: what a report changes in the database: once, with its proof, and never too much. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MailEvent, MailEventKind } from '../../../src/consent/mail-event.ts';
import { ADDRESSES } from '../../../src/store/address-document.ts';
import { MAIL_EVENTS } from '../../../src/store/mail-events.ts';
import { SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import { confirmAddress } from '../../../src/workflow/confirm-address.ts';
import { receiveMailEvent } from '../../../src/workflow/receive-mail-event.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { WORKSPACE } from '../../support/deps.ts';
import { addPeople, idOf } from '../../support/people.ts';
import { tokenOf } from '../ask/tokens.ts';
import { askPeople, DAY_MS, everything, forgetEverybody, personAt, sendTo } from '../ask/world.ts';
import { openReturns, type Returns } from './world.ts';

const JO = 'joanna@recipient.example';
let world: Returns;
let events = 0;

beforeAll(async () => {
  world = await openReturns();
});
afterAll(async () => world.close());
beforeEach(async () => {
  await forgetEverybody(world);
  await world.deps.database.db.collection(MAIL_EVENTS).deleteMany({});
  world.deps.setNow(undefined);
});

function eventOf(
  { _id }: Pick<SendDocument, '_id'>,
  kind: MailEventKind,
  over: Partial<MailEvent> = {},
): MailEvent {
  events += 1;
  const at = world.deps.now();
  return { kind, send: _id, provider: 'ses', eventId: `e${events}`, at, ...over };
}
const receive = (event: MailEvent) => receiveMailEvent(world.deps, event);
const ledgerOf = async () =>
  world.deps.database.db.collection('ledger').find({ 'cause.kind': 'send' }).toArray();

describe('a hard bounce', () => {
  it('suppresses, with a proof that names no address, and ends what waits', async () => {
    const send = await world.mailed(JO, { state: 'unknown' });
    const waiting = await queueAnother(JO);
    const event = eventOf(send, 'hard-bounce', {
      status: '5.1.1',
      reply: '550 5.1.1 joanna <joanna@recipient.example> unknown',
    });
    expect(await receive(event)).toBe('taken');
    const person = await personAt(world.deps, JO);
    expect(person).toMatchObject({ permission: 'single-opt-in', suppressions: ['hard-bounce'] });
    expect(await sendById(send._id)).toMatchObject({
      state: 'bounced',
      reply: '550 5.1.1 <address> <address> unknown',
    });
    expect(await sendById(waiting)).toMatchObject({ state: 'cancelled', note: 'hard-bounce' });
    expect(person.asks.map(({ cause }) => cause)).toEqual([send.cause.id]);
    const [entry] = await ledgerOf();
    expect(entry).toMatchObject({
      _id: `s.${send._id}.bounce`,
      act: 'suppress',
      adds: ['hard-bounce'],
      who: 'assent',
      facts: { provider: 'ses', event: 'hard-bounce', enhanced: '5.1.1' },
    });
    expect(JSON.stringify(entry)).not.toMatch(/recipient\.example/);
    expect(await crossCheck(world.deps)).toEqual([]);
  });

  it('of somebody who confirmed since says nothing', async () => {
    const send = await world.mailed(JO);
    await confirmAddress(world.deps, tokenOf(world.deps, send), { at: world.deps.now() });
    expect(await receive(eventOf(send, 'hard-bounce'))).toBe('nothing-new');
    const { permission, suppressions } = await personAt(world.deps, JO);
    expect([permission, suppressions]).toEqual(['double-opt-in', []]);
  });

  it('is added to an opt-out, and turns nothing back', async () => {
    const send = await world.mailed(JO);
    await receive(eventOf(send, 'unsubscribe'));
    expect(await receive(eventOf(send, 'hard-bounce'))).toBe('taken');
    expect(await personAt(world.deps, JO)).toMatchObject({
      permission: 'opted-out-by-recipient',
      suppressions: ['hard-bounce'],
    });
    expect(await crossCheck(world.deps)).toEqual([]);
  });

  it('of an address that was erased settles the send and nothing else', async () => {
    const send = await world.mailed(JO);
    await world.deps.database.db.collection(ADDRESSES).deleteMany({});
    expect(await receive(eventOf(send, 'hard-bounce'))).toBe('taken');
    expect((await sendById(send._id))?.state).toBe('bounced');
    expect(await ledgerOf()).toEqual([]);
  });

  it('of a mail that never left is not believed', async () => {
    await askPeople(world, [JO]);
    const send = await sendTo(world.deps, JO);
    expect(await receive(eventOf(send, 'hard-bounce'))).toBe('nothing-new');
    expect((await personAt(world.deps, JO)).suppressions).toEqual([]);
    expect((await sendById(send._id))?.state).toBe('queued');
  });
});

describe('a complaint', () => {
  it('opts out and suppresses, in one entry, and ends what waits', async () => {
    const send = await world.mailed(JO, { state: 'unknown' });
    const waiting = await queueAnother(JO);
    expect(await receive(eventOf(send, 'complaint', { feedback: 'abuse' }))).toBe('taken');
    expect(await personAt(world.deps, JO)).toMatchObject({
      permission: 'opted-out-by-recipient',
      suppressions: ['complaint'],
    });
    expect(await ledgerOf()).toMatchObject([
      {
        act: 'stop',
        from: 'single-opt-in',
        to: 'opted-out-by-recipient',
        adds: ['complaint'],
        who: 'recipient',
        facts: { method: 'complaint', feedback: 'abuse', provider: 'ses' },
      },
    ]);
    expect(await sendById(send._id)).toMatchObject({ state: 'sent', outcome: 'stopped' });
    expect((await sendById(waiting))?.state).toBe('cancelled');
    expect(await crossCheck(world.deps)).toEqual([]);
  });

  it('after a stop adds the suppression, with an entry of its own', async () => {
    const send = await world.mailed(JO);
    await receive(eventOf(send, 'unsubscribe'));
    await receive(eventOf(send, 'complaint'));
    await receive(eventOf(send, 'complaint'));
    expect((await ledgerOf()).map(({ act, adds }) => [act, adds])).toEqual([
      ['stop', undefined],
      ['suppress', ['complaint']],
    ]);
    expect(await crossCheck(world.deps)).toEqual([]);
  });

  it('wins over a confirmation that stands', async () => {
    const send = await world.mailed(JO);
    await confirmAddress(world.deps, tokenOf(world.deps, send), { at: world.deps.now() });
    await receive(eventOf(send, 'complaint'));
    expect(await personAt(world.deps, JO)).toMatchObject({
      permission: 'opted-out-by-recipient',
      suppressions: ['complaint'],
    });
  });

  it('and a confirmation at the same time end opted out', async () => {
    for (let round = 0; round < 10; round += 1) {
      const address = `race${round}@recipient.example`;
      const send = await world.mailed(address);
      const token = tokenOf(world.deps, send);
      await Promise.all([
        confirmAddress(world.deps, token, { at: world.deps.now() }),
        receive(eventOf(send, 'complaint')),
        confirmAddress(world.deps, token, { at: world.deps.now() }),
      ]);
      expect((await personAt(world.deps, address)).permission).toBe('opted-out-by-recipient');
    }
    expect(await crossCheck(world.deps)).toEqual([]);
  });
});

describe('a stop', () => {
  it.each([
    ['smtp', 'mail'],
    ['sendgrid', 'provider'],
  ] as const)('by %s is proven as one by %s', async (provider, method) => {
    const send = await world.mailed(JO);
    await receive(eventOf(send, 'unsubscribe', { provider }));
    expect((await ledgerOf())[0]).toMatchObject({ act: 'stop', facts: { method, provider } });
    expect((await personAt(world.deps, JO)).permission).toBe('opted-out-by-recipient');
  });
});

describe('a mail whose fate was unknown', () => {
  it.each([
    ['delivered', 'sent'],
    ['soft-bounce', 'bounced'],
    ['blocked', 'blocked'],
    ['hard-bounce', 'bounced'],
    ['delayed', 'unknown'],
  ] as const)('by %s is %s', async (kind, state) => {
    const send = await world.mailed(JO, { state: 'unknown' });
    await receive(eventOf(send, kind));
    const found = await sendById(send._id);
    expect(found?.state).toBe(state);
    // Its silence is judged when it would have been.
    expect(found?.nextAt).toEqual(send.nextAt);
  });

  it('while its sender still held it is taken from that sender, and judged in good time', async () => {
    const lease = { token: 'held', until: new Date(Date.now() + 60_000) };
    const send = await world.mailed(JO, { state: 'sending', lease, nextAt: new Date() });
    await receive(eventOf(send, 'delivered'));
    const found = await sendById(send._id);
    expect(found).toMatchObject({ state: 'sent' });
    expect(found?.lease).toBeUndefined();
    expect(found?.nextAt.getTime()).toBeGreaterThan(Date.now() + 13 * DAY_MS);
    const { sends } = world.deps.database.of(WORKSPACE);
    expect(await sends.settle(send._id, 'held', { state: 'queued' })).toBe(false);
  });
});

describe('soft bounces', () => {
  const START = new Date('2026-03-01T10:00:00Z');
  const day = (days: number) => new Date(START.getTime() + days * DAY_MS);

  async function softOn(days: readonly number[]): Promise<void> {
    const send = await world.mailed(JO, { sentAt: day(-1), state: 'bounced' });
    for (const each of days) {
      world.deps.setNow(day(each));
      await receive(eventOf(send, 'soft-bounce', { at: day(each) }));
    }
  }
  const suppressed = async () => (await personAt(world.deps, JO)).suppressions;

  it.each([
    ['two days', [0, 1], []],
    ['three days', [0, 1, 2], ['hard-bounce']],
    ['often on two days', [0, 0.1, 0.2, 1, 1.1, 1.2], []],
    ['three days within a year', [0, 180, 360], ['hard-bounce']],
    ['three days, the first forgotten', [0, 300, 401], []],
  ])('on %s', async (_, days, expected) => {
    await softOn(days);
    expect(await suppressed()).toEqual(expected);
    expect(await crossCheck(world.deps)).toEqual([]);
  });

  it('before a mail that arrived do not count any more', async () => {
    await softOn([0, 1]);
    const other = await queueAnother(JO);
    await world.deps.database.db
      .collection<SendDocument>(SENDS)
      .updateOne({ _id: other }, { $set: { state: 'sent', sentAt: day(2) } });
    const [first] = await world.deps.database.of(WORKSPACE).sends.ofAddress(idOf(world.deps, JO));
    world.deps.setNow(day(3));
    await receive(eventOf({ _id: first?._id ?? '' }, 'soft-bounce', { at: day(3) }));
    expect(await suppressed()).toEqual([]);
  });

  it('are forgotten by the database when they count no more, other events sooner', async () => {
    await softOn([0]);
    const send = await sendTo(world.deps, JO);
    await receive(eventOf(send, 'blocked'));
    const kept = await world.deps.database.db.collection(MAIL_EVENTS).find().toArray();
    const days = Object.fromEntries(
      kept.map((one) => [one['kind'], (one['expiresAt'] - one['receivedAt']) / DAY_MS]),
    );
    expect(days).toEqual({ 'soft-bounce': 400, blocked: 30 });
  });
});

describe('an event', () => {
  it('counts once, however often and at once it is told', async () => {
    const send = await world.mailed(JO);
    const event = eventOf(send, 'hard-bounce');
    const outcomes = await Promise.all(Array.from({ length: 8 }, async () => receive(event)));
    expect(outcomes.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'repeat'), 'taken']);
    expect(await ledgerOf()).toHaveLength(1);
    expect(await crossCheck(world.deps)).toEqual([]);
  });

  it('of a send that is not ours is counted, and nothing is written', async () => {
    await world.mailed(JO);
    const before = await everything(world.deps);
    const counted = world.deps.returns['unknown-send'];
    expect(await receive(eventOf({ _id: 'AAECAwQFBgcICQoLDA0ODw' }, 'complaint'))).toBe(
      'unknown-send',
    );
    expect(await everything(world.deps)).toEqual(before);
    expect(world.deps.returns['unknown-send']).toBe(counted + 1);
  });

  it('of one workspace leaves the same person in another alone', async () => {
    const send = await world.mailed(JO);
    await addPeople(world.deps, [{ address: JO, permission: 'single-opt-in' }], 'T0OTHER');
    await receive(eventOf(send, 'complaint'));
    const other = await world.deps.database
      .of('T0OTHER')
      .addresses.find(idOf(world.deps, JO, 'T0OTHER'));
    expect(other).toMatchObject({
      permission: 'single-opt-in',
      suppressions: [],
    });
    expect((await personAt(world.deps, JO)).permission).toBe('opted-out-by-recipient');
  });
});

/** A mail of another request, written and not sent. @returns its id */
async function queueAnother(address: string): Promise<string> {
  const { database } = world.deps;
  const first = await sendTo(world.deps, address);
  const { createdAt, template, templateHash, silence, linkDays } = first;
  const cause = { kind: 'request' as const, id: 'r_other' };
  const news = { cause, address: first.address, kind: 'ask' as const };
  const at = world.deps.now();
  await database.inTransaction(async (tx) => {
    const { addresses, sends } = database.of(WORKSPACE);
    const ask = { cause: cause.id, kind: 'ask' as const, windowStart: new Date(0) };
    await addresses.reserveAsks([first.address], ask, at, tx);
    await sends.insertMany([{ ...news, template, templateHash, silence, linkDays, createdAt }], tx);
  });
  const sends = await database.of(WORKSPACE).sends.ofAddress(first.address);
  return sends.find((send) => send.cause.id === cause.id)?._id ?? '';
}

const sendById = async (id: string) => world.deps.database.of(WORKSPACE).sends.find(id);
