/** First try: from when retries are counted, and from when evidence of an unknown mail is waited for. */
import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import type { Delivery } from '../../../src/mail/delivery.ts';
import { resolveUnknown } from '../../../src/workflow/resolve-unknown.ts';
import { WORKSPACE } from '../../support/deps.ts';
import {
  askPeople,
  DAY_MS,
  forgetEverybody,
  openWorld,
  sendAll,
  sendTo,
  type World,
} from '../ask/world.ts';
import { ACCEPTED, later, MINUTE_MS, REFUSED, route, through } from './world.ts';

jest.setTimeout(60_000);

const START = new Date('2026-11-23T09:00:00Z');
const ANN = 'ann@example.org';
const PUT_OFF: Delivery = { kind: 'deferred', reply: '451 4.7.1 Greylisted' };
const UNKNOWN: Delivery = { kind: 'unknown', reply: 'broke off' };

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  world.deps.setNow(START);
  await forgetEverybody(world);
});
afterAll(async () => world.close());

const sendThrough = (answer: Delivery) => sendAll(through(world, [route('only', () => answer)]));

it('a server that nobody could reach for three days does not use up the time for retries', async () => {
  await askPeople(world, [ANN]);
  await sendThrough(REFUSED);
  later(world, 3 * DAY_MS);
  await sendThrough(PUT_OFF);
  expect(await sendTo(world.deps, ANN)).toMatchObject({ state: 'queued', attempts: 1 });
  later(world, 10 * MINUTE_MS);
  expect(await sendThrough(ACCEPTED)).toMatchObject({ sent: 1 });
});

it('a route that fails between two tries does not begin the time for retries anew', async () => {
  await askPeople(world, [ANN]);
  await sendThrough(PUT_OFF);
  later(world, DAY_MS);
  await sendThrough(REFUSED);
  expect(await sendTo(world.deps, ANN)).toMatchObject({ attempts: 1, triedAt: START });
});

it('evidence is waited for from the try that broke off, not from one that was put off', async () => {
  await askPeople(world, [ANN], { unknown: 'resend-once' });
  await sendThrough(PUT_OFF);
  later(world, DAY_MS);
  await sendThrough(UNKNOWN);
  expect(await resolveUnknown(world.deps, WORKSPACE)).toBe(0);
  later(world, DAY_MS - 1);
  expect(await resolveUnknown(world.deps, WORKSPACE)).toBe(0);
  later(world, 1);
  expect(await resolveUnknown(world.deps, WORKSPACE)).toBe(1);
});
