/** Reminders: one at most, to people who have not answered, within the limit of asks. */
import assert from 'node:assert/strict';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { REQUESTS, type RequestDocument } from '../../../src/store/requests.ts';
import { confirmAddress } from '../../../src/workflow/confirm-address.ts';
import { cancelRequest } from '../../../src/workflow/decide-request.ts';
import { judgeSilence } from '../../../src/workflow/judge-silence.ts';
import { sendReminders } from '../../../src/workflow/send-reminders.ts';
import { sweep } from '../../../src/workflow/sweep.ts';
import { withdrawConsent } from '../../../src/workflow/withdraw-consent.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { idOf } from '../../support/people.ts';
import { submitted } from '../../support/requests.ts';
import { tokenOf } from '../ask/tokens.ts';
import {
  askPeople,
  DAY_MS,
  forgetEverybody,
  openWorld,
  personAt,
  sendAll,
  sendTo,
  type World,
} from '../ask/world.ts';
import { crowd, later, sendsOf } from './world.ts';

jest.setTimeout(90_000);

let world: World;
const START = new Date('2026-11-23T09:00:00Z');
const ANN = 'ann@example.org';
const REMINDED = { reminderDays: 5 };
/** More than are looked at together. */
const MANY = 120;

beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  world.deps.setNow(START);
  await forgetEverybody(world);
});
afterAll(async () => world.close());

const remind = () => sendReminders(world.deps, WORKSPACE);
const reminders = () => sendsOf(world).find({ kind: 'reminder' }).toArray();
const change = (set: Partial<AddressDocument>) =>
  world.deps.database.db
    .collection<AddressDocument>(ADDRESSES)
    .updateOne({ _id: idOf(world.deps, ANN) }, { $set: set });
const askedAnn = async (choice = REMINDED) => {
  const request = await askPeople(world, [ANN], { silence: 'revert', ...choice });
  await sendAll(world.deps);
  return request;
};

it('goes out once, after so many days, in words and with links of its own', async () => {
  const request = await askedAnn();
  expect((await world.deps.database.of(WORKSPACE).requests.find(request.id)).state).toBe('done');
  const [first] = world.inbox.mails;
  const ask = await sendTo(world.deps, ANN);
  later(world, 5 * DAY_MS - 1);
  expect(await remind()).toBe(0);
  later(world, 1);
  await sweep(world.deps, new AbortController().signal);
  expect(await sendAll(world.deps)).toMatchObject({ sent: 1 });
  const reminder = await sendTo(world.deps, ANN);
  expect(reminder).toMatchObject({ kind: 'reminder', state: 'sent', provider: 'example.org' });
  expect(reminder.messageId).not.toBe(ask.messageId);
  const [, second] = world.inbox.mails;
  expect(second?.subject).not.toBe(first?.subject);
  expect((await personAt(world.deps, ANN)).asks.map(({ kind }) => kind)).toEqual([
    'ask',
    'reminder',
  ]);
  later(world, 5 * DAY_MS);
  expect(await remind()).toBe(0);
  const evidence = { at: world.deps.now() };
  expect(await confirmAddress(world.deps, tokenOf(world.deps, reminder), evidence)).toBe(
    'confirmed',
  );
  expect(await crossCheck(world.deps)).toEqual([]);
});

it('is written once, whoever looks at the same time, page by page', async () => {
  await askPeople(world, crowd(30), REMINDED);
  await sendAll(world.deps);
  later(world, 5 * DAY_MS);
  const written = await Promise.all([1, 2, 3].map(remind));
  expect(written.reduce((sum, count) => sum + count, 0)).toBe(30);
  expect(new Set((await reminders()).map(({ address }) => address)).size).toBe(30);
});

describe('never goes to somebody who', () => {
  const evidence = () => ({ at: world.deps.now() });
  it.each<[string, () => Promise<unknown>]>([
    [
      'confirmed',
      async () =>
        confirmAddress(world.deps, tokenOf(world.deps, await sendTo(world.deps, ANN)), evidence()),
    ],
    [
      'stopped',
      async () =>
        withdrawConsent(
          world.deps,
          tokenOf(world.deps, await sendTo(world.deps, ANN)),
          'page',
          evidence(),
        ),
    ],
    ['was opted out by a mass act', () => change({ permission: 'opted-out-by-user' })],
    ['bounced since', () => change({ suppressions: ['hard-bounce'] })],
    ['complained', () => change({ suppressions: ['complaint'] })],
    ['was erased', () => change({ suppressions: ['erased'] })],
    [
      'was asked by another request since',
      async () => {
        const { asks } = await personAt(world.deps, ANN);
        await change({ asks: [...asks, { cause: 'q_other', kind: 'ask', at: START }] });
      },
    ],
  ])('%s', async (_who, act) => {
    await askedAnn();
    await act();
    later(world, 5 * DAY_MS);
    expect(await remind()).toBe(0);
    await sendAll(world.deps);
    expect([await reminders(), world.inbox.mails.length]).toEqual([[], 1]);
  });

  it('stopped between the planning of the reminder and its leaving; the ask is given back', async () => {
    await askedAnn();
    later(world, 5 * DAY_MS);
    const ask = await sendTo(world.deps, ANN);
    expect(await remind()).toBe(1);
    await withdrawConsent(world.deps, tokenOf(world.deps, ask), 'one-click', evidence());
    await sendAll(world.deps);
    expect(world.inbox.mails).toHaveLength(1);
    const [reminder] = await reminders();
    expect(reminder).toMatchObject({ state: 'cancelled', note: 'opted_out_by_recipient' });
    expect((await personAt(world.deps, ANN)).asks.map(({ kind }) => kind)).toEqual(['ask']);
  });

  it('bounced at the first mail', async () => {
    const heal = world.inbox.reject({ to: ANN, answer: '550 5.1.1 No such user' });
    await askedAnn();
    heal();
    later(world, 5 * DAY_MS);
    expect(await remind()).toBe(0);
  });
});

it('is not sent where the request says nothing about it, or was cancelled', async () => {
  await askPeople(world, [ANN]);
  await sendAll(world.deps);
  later(world, 5 * DAY_MS);
  expect(await remind()).toBe(0);

  await forgetEverybody(world);
  const heal = world.inbox.reject({ to: 'slow@example.org', answer: '451 4.2.1 Later' });
  const request = await askPeople(world, [ANN, 'slow@example.org'], REMINDED);
  await sendAll(world.deps);
  heal();
  const decision = { workspace: WORKSPACE, request: request.id, by: REQUESTER };
  await cancelRequest(world.deps, decision);
  later(world, 5 * DAY_MS);
  expect(await remind()).toBe(0);
});

it('silence is judged by the reminder, not by the first mail', async () => {
  await askedAnn();
  later(world, 5 * DAY_MS);
  await remind();
  await sendAll(world.deps);
  later(world, 9 * DAY_MS);
  await judgeSilence(world.deps, WORKSPACE);
  expect((await personAt(world.deps, ANN)).permission).toBe('single-opt-in');
  later(world, 5 * DAY_MS);
  await judgeSilence(world.deps, WORKSPACE);
  expect((await personAt(world.deps, ANN)).permission).toBe('non-marketable');
  expect(await crossCheck(world.deps)).toEqual([]);
});

it.each([0, 14, 15, -1, 2.5, Number.NaN])('a reminder after %s days is refused', async (days) => {
  await forgetEverybody(world);
  const ask = { who: 'changed', template: 'double-opt-in', silence: 'keep' } as const;
  await expect(
    submitted(world.deps, { ask: { ...ask, reminderDays: days } }),
  ).rejects.toMatchObject({ code: 'reminder_days_wrong' });
});

it('comes however many requests were made since', async () => {
  const { id } = await askedAnn();
  const requests = world.deps.database.db.collection<RequestDocument>(REQUESTS);
  const document = await requests.findOne({ _id: id });
  assert(document !== null);
  const younger = Array.from({ length: MANY }, (_, n) => ({
    ...document,
    _id: `q_younger${n}`,
    submission: `younger-${n}`,
    requestedAt: new Date(START.getTime() + n + 1),
  }));
  await requests.insertMany(younger);
  later(world, 5 * DAY_MS);
  expect(await remind()).toBe(1);
  expect(await sendAll(world.deps)).toMatchObject({ sent: 1 });
  expect(await sendTo(world.deps, ANN)).toMatchObject({ kind: 'reminder', state: 'sent' });
});
