/** Held back: unknown mails, quiet hours, the allow list, and the limit of asks in a race. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { allowList } from '../../../src/consent/allow-list.ts';
import type { Delivery } from '../../../src/mail/delivery.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { resolveUnknown } from '../../../src/workflow/resolve-unknown.ts';
import { withdrawConsent } from '../../../src/workflow/withdraw-consent.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { TEMPLATE, WORKSPACE } from '../../support/deps.ts';
import { addPeople, idOf } from '../../support/people.ts';
import { approved, worked } from '../../support/requests.ts';
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
import { ACCEPTED, crowd, later, MINUTE_MS, route, sendsOf, through } from './world.ts';

jest.setTimeout(90_000);

let world: World;
const START = new Date('2026-11-23T09:00:00Z');
const ANN = 'ann@example.org';
const HOUR_MS = 60 * MINUTE_MS;
const UNKNOWN: Delivery = { kind: 'unknown', reply: 'broke off' };

beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  world.deps.setNow(START);
  await forgetEverybody(world);
});
afterAll(async () => world.close());

const addresses = () => world.deps.database.db.collection<AddressDocument>(ADDRESSES);

describe('a mail of which nobody knows whether it arrived', () => {
  const broken = (answers: readonly Delivery[]) => {
    const messageIds: string[] = [];
    const bytes: string[] = [];
    const only = route('only', (_to, mail) => {
      messageIds.push(mail.messageId);
      bytes.push(mail.raw.toString());
      return answers[messageIds.length - 1] ?? ACCEPTED;
    });
    return { deps: through(world, [only]), messageIds, bytes };
  };
  const resolve = () => resolveUnknown(world.deps, WORKSPACE);

  it('is held where the request says nothing else', async () => {
    const { deps, messageIds } = broken([UNKNOWN]);
    await askPeople(world, [ANN]);
    await sendAll(deps);
    later(world, 10 * DAY_MS);
    expect(await resolve()).toBe(0);
    await sendAll(deps);
    expect(messageIds).toHaveLength(1);
    expect((await sendTo(world.deps, ANN)).state).toBe('unknown');
  });

  it('is tried once more after a day, with the same Message-ID and links, and never again', async () => {
    const { deps, messageIds, bytes } = broken([UNKNOWN, UNKNOWN]);
    await askPeople(world, [ANN], { unknown: 'resend-once' });
    await sendAll(deps);
    later(world, 24 * HOUR_MS - 1);
    expect(await resolve()).toBe(0);
    later(world, 1);
    expect(await Promise.all([resolve(), resolve()])).toEqual(expect.arrayContaining([1]));
    await sendAll(deps);
    expect(messageIds).toHaveLength(2);
    expect(messageIds[1]).toBe(messageIds[0]);
    const link = /\/c\/[A-Za-z0-9._%-]+/;
    expect(link.exec(bytes[1] ?? '')?.[0]).toBe(link.exec(bytes[0] ?? '')?.[0]);
    later(world, 5 * DAY_MS);
    expect(await resolve()).toBe(0);
    expect(await sendTo(world.deps, ANN)).toMatchObject({ state: 'unknown', attempts: 2 });
  });

  it('arrives by the second try', async () => {
    const { deps } = broken([UNKNOWN]);
    await askPeople(world, [ANN], { unknown: 'resend-once' });
    await sendAll(deps);
    later(world, 24 * HOUR_MS);
    await resolve();
    expect(await sendAll(deps)).toMatchObject({ sent: 1 });
    expect(await sendTo(world.deps, ANN)).toMatchObject({ state: 'sent', resent: true });
  });

  it.each(['before it is put back', 'after it was put back'])(
    'is not tried again for somebody who stopped %s',
    async (when) => {
      const { deps, messageIds } = broken([UNKNOWN]);
      await askPeople(world, [ANN], { unknown: 'resend-once' });
      await sendAll(deps);
      later(world, 24 * HOUR_MS);
      const stop = async () =>
        withdrawConsent(world.deps, tokenOf(world.deps, await sendTo(world.deps, ANN)), 'page', {
          at: world.deps.now(),
        });
      if (when.startsWith('before')) await stop();
      expect(await resolve()).toBe(when.startsWith('before') ? 0 : 1);
      if (when.startsWith('after')) await stop();
      await sendAll(deps);
      expect(messageIds).toHaveLength(1);
      expect(await crossCheck(world.deps)).toEqual([]);
    },
  );
});

describe('quiet hours', () => {
  const quiet = (only: ReturnType<typeof route>) => {
    const deps = through(world, [only]);
    const settings: typeof deps.settings = async (workspace) => ({
      ...(await world.deps.settings(workspace)),
      quietHours: { from: '22:00', to: '07:00' },
      timeZone: 'Europe/Berlin',
    });
    return { ...deps, settings };
  };

  it('hold mail back by the recipient’s clock, else by the workspace’s, until they end', async () => {
    const far = 'far@example.org';
    await askPeople(world, [ANN, far]);
    await addresses().updateOne(
      { _id: idOf(world.deps, far) },
      { $set: { timeZone: 'Pacific/Auckland' } },
    );
    const only = route('only', () => ACCEPTED);
    const deps = quiet(only);
    // Noon in Berlin is midnight in Auckland.
    world.deps.setNow(new Date('2026-11-23T11:00:00Z'));
    expect(await sendAll(deps)).toMatchObject({ sent: 1, cancelled: 0 });
    expect(only.offered).toEqual([ANN]);
    const { nextAt, state, attempts } = await sendTo(world.deps, far);
    expect([nextAt.toISOString(), state, attempts]).toEqual([
      '2026-11-23T18:00:00.000Z',
      'queued',
      0,
    ]);
    world.deps.setNow(nextAt);
    expect(await sendAll(deps)).toMatchObject({ sent: 1 });
  });

  it('do not keep a stop from being heard meanwhile', async () => {
    await askPeople(world, [ANN]);
    const only = route('only', () => ACCEPTED);
    world.deps.setNow(new Date('2026-11-23T23:00:00Z'));
    await sendAll(quiet(only));
    const evidence = { at: world.deps.now() };
    const send = await sendTo(world.deps, ANN);
    await withdrawConsent(world.deps, tokenOf(world.deps, send), 'page', evidence);
    world.deps.setNow(new Date('2026-11-24T07:00:00Z'));
    await sendAll(quiet(only));
    expect(only.offered).toEqual([]);
    expect((await sendTo(world.deps, ANN)).state).toBe('cancelled');
  });
});

it('who is not on the allow list is not mailed: the send says so, the ask is given back', async () => {
  await askPeople(world, [ANN, 'bob@allowed.example']);
  const only = route('only', () => ACCEPTED);
  const mayMail = allowList(['@allowed.example']);
  const summary = await sendAll(through(world, [only], { mayMail }));
  expect(summary).toMatchObject({ sent: 1, cancelled: 1 });
  expect(only.offered).toEqual(['bob@allowed.example']);
  expect(await sendTo(world.deps, ANN)).toMatchObject({
    state: 'cancelled',
    note: 'not_on_allow_list',
  });
  expect((await personAt(world.deps, ANN)).asks).toEqual([]);
});

it('an opt-out while a mail waits to be tried again is never mailed', async () => {
  await askPeople(world, [ANN]);
  const later451 = route('only', () => ({ kind: 'deferred', reply: '451 4.2.1 Later' }));
  await sendAll(through(world, [later451]));
  const evidence = { at: world.deps.now() };
  const send = await sendTo(world.deps, ANN);
  expect(send.state).toBe('queued');
  await withdrawConsent(world.deps, tokenOf(world.deps, send), 'page', evidence);
  later(world, DAY_MS);
  await sendAll(through(world, [later451]));
  expect(later451.offered).toHaveLength(1);
});

it('five requests that ask the same people at once ask each of them twice, and no more', async () => {
  const people = crowd(40);
  await addPeople(
    world.deps,
    people.map((address) => ({ address, permission: 'single-opt-in' as const })),
  );
  const ask = { who: 'single-opt-in', template: TEMPLATE, silence: 'keep' } as const;
  const requests = [];
  for (let count = 0; count < 5; count += 1) {
    requests.push(await approved(world.deps, { kind: 'reconfirm', ask }));
  }
  await Promise.all(requests.map(({ id }) => worked(world.deps, id)));
  for (const address of people) {
    expect((await personAt(world.deps, address)).asks).toHaveLength(2);
  }
  expect(await sendsOf(world).countDocuments({})).toBe(2 * people.length);
});
