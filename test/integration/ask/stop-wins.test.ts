/**
 * Stop wins: a recipient who stops while their mail is on its way is never mailed again, whatever
 * the server says to that mail, and whatever we would have done next.
 */
import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import { resolveUnknown } from '../../../src/workflow/resolve-unknown.ts';
import { sendReminders } from '../../../src/workflow/send-reminders.ts';
import { withdrawConsent } from '../../../src/workflow/withdraw-consent.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { WORKSPACE } from '../../support/deps.ts';
import { idOf } from '../../support/people.ts';
import { tokenOf } from './tokens.ts';
import {
  askAudience,
  askPeople,
  DAY_MS,
  forgetEverybody,
  openWorld,
  personAt,
  rerouted,
  sendAll,
  sendTo,
  type World,
} from './world.ts';

jest.setTimeout(90_000);

let world: World;
const ANN = 'ann@example.org';
const SILENCE_MS = 1_500;
const START = new Date('2026-11-23T09:00:00Z');

beforeAll(async () => {
  world = await openWorld({}, { silenceMs: SILENCE_MS });
});
beforeEach(async () => {
  world.deps.setNow(START);
  await forgetEverybody(world);
});
afterAll(async () => world.close());

const stop = async (address: string) =>
  withdrawConsent(world.deps, tokenOf(world.deps, await sendTo(world.deps, address)), 'one-click', {
    at: world.deps.now(),
  });

/** The same sender, which tells when it hands a mail to its route. */
function offering(onOffer: (to: string) => Promise<unknown>) {
  const offered: string[] = [];
  const [{ send }] = world.deps.mail.routes;
  const mail = rerouted(world.deps.mail, {
    async send(...args) {
      const [{ envelope }] = args;
      offered.push(envelope.to);
      await onOffer(envelope.to);
      return send(...args);
    },
  });
  return { deps: { ...world.deps, mail }, offered };
}

/** Everything that could mail somebody once more, on every day of a month. */
async function aMonthPasses(deps: typeof world.deps): Promise<void> {
  for (let day = 1; day <= 30; day += 3) {
    world.deps.setNow(new Date(START.getTime() + day * DAY_MS));
    await resolveUnknown(deps, WORKSPACE);
    await sendReminders(deps, WORKSPACE);
    await sendAll(deps);
  }
  const nobodyLeft = { code: 'nothing_to_change' };
  await expect(askAudience({ deps }, { who: 'single-opt-in' })).rejects.toMatchObject(nobodyLeft);
}

it.each<[string, '250' | 'hang' | `${number} ${string}`, 'recipient' | 'message', string]>([
  ['it is taken', '250', 'message', 'sent'],
  ['it bounces', '550 5.1.1 No such user', 'recipient', 'bounced'],
  ['it bounces after the final dot', '550 5.1.1 No such user', 'message', 'bounced'],
  ['it is refused', '550 5.7.1 Policy', 'message', 'blocked'],
  ['it is put off', '451 4.7.1 Greylisted', 'recipient', 'cancelled'],
  ['nobody knows what became of it', 'hang', 'message', 'unknown'],
])('stopped while the mail is on its way, and %s', async (_what, answer, at, state) => {
  const choice = { unknown: 'resend-once', reminderDays: 5, silence: 'revert' } as const;
  await askPeople(world, [ANN], choice);
  const heal = answer === '250' ? () => undefined : world.inbox.reject({ to: ANN, answer, at });
  const { deps, offered } = offering(() => stop(ANN));
  await sendAll(deps);
  heal();
  await aMonthPasses(deps);
  expect(offered).toEqual([ANN]);
  expect(await sendTo(world.deps, ANN)).toMatchObject({ state, outcome: 'stopped' });
  const { permission, suppressions } = await personAt(world.deps, ANN);
  expect(permission).toBe('opted-out-by-recipient');
  expect(suppressions).toEqual(state === 'bounced' ? ['hard-bounce'] : []);
  expect(await crossCheck(world.deps)).toEqual([]);
});

it('stopped while the mail is on its way, and its route fails', async () => {
  await askPeople(world, [ANN]);
  const mail = rerouted(world.deps.mail, {
    async send() {
      await stop(ANN);
      return { kind: 'route-down', fault: 'connect', reason: 'ECONNREFUSED' };
    },
  });
  await sendAll({ ...world.deps, mail });
  await aMonthPasses(world.deps);
  expect(world.inbox.mails).toEqual([]);
  expect(await sendTo(world.deps, ANN)).toMatchObject({ state: 'cancelled', outcome: 'stopped' });
  expect((await personAt(world.deps, ANN)).asks).toEqual([]);
});

it('stopped after the sender that had their mail died: it is unknown, and its request ends', async () => {
  const request = await askPeople(world, [ANN], { unknown: 'resend-once' });
  const store = world.deps.database.of(WORKSPACE);
  const now = world.deps.now();
  const dead = { token: 'dead', now, until: new Date(now.getTime() + 1_000) };
  const [row] = await store.sends.claim([{ requests: [request.id], limit: 1 }], dead);
  const written = { id: row?._id ?? '', messageId: '<m@example.com>', mailHash: 'h' };
  await store.sends.markSending([written], dead, now);
  await stop(ANN);
  world.deps.setNow(new Date(START.getTime() + DAY_MS));
  const { clock } = world.deps.database;
  expect(await clock.workspacesToSend(world.deps.now())).toEqual([WORKSPACE]);
  await aMonthPasses(world.deps);
  expect(await sendTo(world.deps, ANN)).toMatchObject({ state: 'unknown', outcome: 'stopped' });
  expect((await store.requests.find(request.id)).state).toBe('done');
  expect(await clock.workspacesToSend(world.deps.now())).toEqual([]);
  expect(world.inbox.mails).toEqual([]);
});

it('stopped while the mails before theirs are on their way: theirs never leaves', async () => {
  world.deps.setNow(undefined);
  const people = Array.from({ length: 30 }, (_, n) => `p${n}@example.org`);
  await askPeople(world, people);
  const stopped: string[] = [];
  let stopping: Promise<unknown> | undefined;
  /** Three of those whose mail is written ahead and has not begun. */
  const stopSome = async () => {
    const ahead = await world.deps.database.db
      .collection<SendDocument>(SENDS)
      .find({ state: 'sending' })
      .toArray();
    const ids = new Set(ahead.map(({ address }) => address));
    const waiting = people.filter((to) => ids.has(idOf(world.deps, to)) && !offered.includes(to));
    stopped.push(...waiting.slice(0, 3));
    for (const address of stopped) await stop(address);
  };
  const { deps, offered } = offering(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    stopping ??= stopSome();
    await stopping;
  });
  expect(await sendAll(deps)).toMatchObject({ sent: 27 });
  await sendAll(deps);
  expect(stopped).toHaveLength(3);
  expect(offered.filter((to) => stopped.includes(to))).toEqual([]);
  for (const address of stopped) {
    expect(await sendTo(world.deps, address)).toMatchObject({ state: 'cancelled', attempts: 0 });
    expect((await personAt(world.deps, address)).asks).toEqual([]);
  }
  expect(await crossCheck(world.deps)).toEqual([]);
});
