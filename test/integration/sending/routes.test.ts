/** Routes: shares by weight, failover, breakers, slow providers, warm-up: all through MongoDB. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FAILURES_MAX } from '../../../src/consent/breaker.ts';
import { drawMailAlert } from '../../../src/slack/notice/breaker-listeners.ts';
import { ANNOUNCEMENTS, type AnnouncementDocument } from '../../../src/store/announcements.ts';
import { WHOLE_ROUTE } from '../../../src/store/paces.ts';
import { steerPace } from '../../../src/workflow/change-pace.ts';
import { LANES } from '../../../src/workflow/send-confirmations.ts';
import { ADMIN, APPROVER, CHANNEL, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import {
  askPeople,
  CONNECTIONS,
  forgetEverybody,
  openWorld,
  sendAll,
  sendTo,
  type World,
} from '../ask/world.ts';
import {
  ACCEPTED,
  crowd,
  later,
  MINUTE_MS,
  POLICY,
  REFUSED,
  route,
  sendsOf,
  TOO_FAST,
  through,
} from './world.ts';

// A busy machine may take its time; nothing here waits by the clock.
jest.setTimeout(300_000);

let world: World;
const START = new Date('2026-11-23T09:00:00Z');

beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  world.deps.setNow(START);
  await forgetEverybody(world);
  await world.deps.database.db.collection(ANNOUNCEMENTS).deleteMany({});
});
afterAll(async () => world.close());

it('each mail is prepared by its route, before it is written ahead', async () => {
  await askPeople(world, crowd(30));
  const prepared: (readonly [string, string])[] = [];
  const preparing = (name: string) =>
    route(name, () => ACCEPTED, {
      async prepare({ envelope: { to } }) {
        const { state } = await sendTo(world.deps, to);
        prepared.push([to, state]);
      },
    });
  const [one, two] = [preparing('one'), preparing('two')];
  expect(await sendAll(through(world, [one, two]))).toMatchObject({ sent: 30 });
  expect(one.offered.length).toBeGreaterThan(0);
  const all = [...one.offered, ...two.offered];
  expect(prepared).toHaveLength(all.length);
  expect(new Map(prepared)).toEqual(new Map(all.map((to) => [to, 'queued'])));
});

const store = () => world.deps.database.of(WORKSPACE);
const alerts = () =>
  world.deps.database.db
    .collection<AnnouncementDocument>(ANNOUNCEMENTS)
    .find({ kind: 'breaker' })
    .toArray();
const providersOf = (offered: readonly string[]) =>
  new Set(offered.map((to) => to.slice(to.lastIndexOf('@') + 1)));

it('each send carries the provider group of its address', async () => {
  const people = ['a@gmail.com', 'b@hotmail.de', 'c@yahoo.fr', 'd@Example.org'];
  await askPeople(world, people);
  const providers = (await sendsOf(world).find().toArray()).map(({ provider }) => provider);
  expect(new Set(providers)).toEqual(new Set(['example.org', 'gmail', 'outlook', 'yahoo']));
});

it('rows from before providers were known leave too', async () => {
  await askPeople(world, crowd(7));
  await sendsOf(world).updateMany({}, { $unset: { provider: '' } });
  const only = route('only', () => ACCEPTED);
  expect(await sendAll(through(world, [only]))).toMatchObject({ sent: 7 });
});

it('several routes share the mail by their weights', async () => {
  await askPeople(world, crowd(40));
  const big = route('big', () => ACCEPTED, { weight: 3 });
  const small = route('small', () => ACCEPTED);
  expect(await sendAll(through(world, [big, small]))).toMatchObject({ sent: 40 });
  expect([big.offered.length, small.offered.length]).toEqual([30, 10]);
});

describe('a route that cannot be reached', () => {
  it('hands its share to the others, loses nothing, and counts no attempt', async () => {
    await askPeople(world, crowd(80));
    const dead = route('dead', () => REFUSED);
    const alive = route('alive', () => ACCEPTED);
    expect(await sendAll(through(world, [dead, alive]))).toMatchObject({ sent: 80 });
    // Those that open the breaker, and what both lanes had begun by then.
    expect(dead.offered.length).toBeGreaterThanOrEqual(FAILURES_MAX);
    expect(dead.offered.length).toBeLessThanOrEqual(FAILURES_MAX + LANES * 2 * CONNECTIONS);
    expect(await sendsOf(world).countDocuments({ state: 'sent', attempts: 1 })).toBe(80);
    const pace = await store().paces.find({ route: 'dead', provider: WHOLE_ROUTE });
    expect(pace.breaker).toMatchObject({ state: 'open', reason: 'connect', openings: 1 });
    expect(await alerts()).toMatchObject([
      { to: CHANNEL, about: { kind: 'pace', id: `${pace.id}.1` }, wanted: 1 },
    ]);
  });

  it('is probed by one mail when its rest is over, and takes part again when that worked', async () => {
    await askPeople(world, crowd(20));
    let isDead = true;
    const shaky = route('shaky', () => (isDead ? REFUSED : ACCEPTED));
    expect(await sendAll(through(world, [shaky]))).toMatchObject({ sent: 0 });
    shaky.offered.length = 0;
    later(world, MINUTE_MS);
    expect(await sendAll(through(world, [shaky]))).toMatchObject({ sent: 0 });
    expect(shaky.offered).toHaveLength(1);
    isDead = false;
    later(world, 2 * MINUTE_MS);
    expect(await sendAll(through(world, [shaky]))).toMatchObject({ sent: 20 });
    const { breaker } = await store().paces.find({ route: 'shaky', provider: WHOLE_ROUTE });
    expect(breaker).toMatchObject({ state: 'closed', openings: 0 });
    // Opened, opened again, closed: one message, edited.
    expect(await alerts()).toMatchObject([{ wanted: 3 }]);
  });

  it('two senders at once send one probe', async () => {
    await askPeople(world, crowd(20));
    const dead = route('dead', () => REFUSED);
    await sendAll(through(world, [dead]));
    dead.offered.length = 0;
    later(world, MINUTE_MS);
    await Promise.all([1, 2, 3].map(() => sendAll(through(world, [dead]))));
    expect(dead.offered).toHaveLength(1);
  });

  it('shuts at once where the server refuses our login', async () => {
    await askPeople(world, ['ann@example.org']);
    const locked = route('locked', () => ({ kind: 'route-down', fault: 'auth', reason: 'EAUTH' }));
    await sendAll(through(world, [locked]));
    expect(locked.offered).toHaveLength(1);
    const { breaker } = await store().paces.find({ route: 'locked', provider: WHOLE_ROUTE });
    expect(breaker).toMatchObject({ state: 'open', reason: 'auth' });
  });
});

it('each opening is told in a message of its own, which says when it is over', async () => {
  await askPeople(world, crowd(5));
  const dead = through(world, [route('dead', () => REFUSED)]);
  await sendAll(dead);
  const { id } = await store().paces.find({ route: 'dead', provider: WHOLE_ROUTE });
  const steering = { workspace: WORKSPACE, pace: id, by: ADMIN };
  await steerPace(world.deps, 'resume', steering);
  await sendAll(dead);
  const told = await alerts();
  expect(told.map(({ about }) => about.id)).toEqual([`${id}.1`, `${id}.2`]);
  const drawn = await Promise.all(
    told.map(({ about }) =>
      drawMailAlert(world.deps, { workspace: WORKSPACE, kind: 'breaker', about }, 'en'),
    ),
  );
  expect(drawn.map((message) => message?.text)).toEqual([
    'Goes on: mail over the route “dead”',
    'Stopped: mail over the route “dead”',
  ]);
});

describe('people steer it', () => {
  const opened = async () => {
    await askPeople(world, crowd(5));
    const dead = route('dead', () => REFUSED);
    await sendAll(through(world, [dead]));
    return (await store().paces.find({ route: 'dead', provider: WHOLE_ROUTE })).id;
  };
  const steer = (what: 'resume' | 'stop', pace: string, by: string) =>
    steerPace(world.deps, what, { workspace: WORKSPACE, pace, by });

  it('who resumes closes it; mail leaves at once', async () => {
    const pace = await opened();
    expect(await steer('resume', pace, APPROVER)).toBe(true);
    const alive = route('dead', () => ACCEPTED);
    expect(await sendAll(through(world, [alive]))).toMatchObject({ sent: 5 });
  });

  it('who stops it stops it for good, until somebody resumes', async () => {
    const pace = await opened();
    await steer('stop', pace, ADMIN);
    later(world, 30 * 24 * 60 * MINUTE_MS);
    const alive = route('dead', () => ACCEPTED);
    expect(await sendAll(through(world, [alive]))).toMatchObject({ sent: 0 });
    expect(alive.offered).toEqual([]);
    await steer('resume', pace, ADMIN);
    // Two weeks are over: the silence of nobody is judged, since nothing was sent.
    expect(await sendAll(through(world, [alive]))).toMatchObject({ sent: 5 });
  });

  it('who may not is refused, and nothing changes', async () => {
    const pace = await opened();
    await expect(steer('resume', pace, REQUESTER)).rejects.toMatchObject({ code: 'not_an_admin' });
    expect((await store().paces.findById(pace))?.breaker.state).toBe('open');
  });

  it('what is not known any more holds nothing back', async () => {
    expect(await steer('resume', 'nothing', ADMIN)).toBe(false);
  });
});

describe('a provider that refuses for policy', () => {
  it('is shut; mail to the others goes on', async () => {
    await askPeople(world, [...crowd(45, 'gmail.com'), ...crowd(45, 'example.org')]);
    const strict = route('r', (to) => (to.endsWith('gmail.com') ? POLICY : ACCEPTED));
    // Two of its latest 49 mails were refused: one more is more than 5 %.
    const before = await store().paces.find({ route: 'r', provider: 'gmail' });
    const results = Array.from({ length: 49 }, (_, index) => (index < 2 ? 1 : 0));
    await store().paces.change(
      before,
      { ...before, breaker: { ...before.breaker, results } },
      START,
    );
    const summary = await sendAll(through(world, [strict], { connections: 1 }));
    const { breaker } = await store().paces.find({ route: 'r', provider: 'gmail' });
    expect(breaker).toMatchObject({ state: 'open', reason: 'policy_blocks' });
    expect(summary.sent).toBe(45);
    // What was on its way when the first refusal was written.
    expect(summary.blocked).toBeLessThanOrEqual(4);
    expect(await alerts()).toHaveLength(1);
  });
});

describe('a provider that asks for less', () => {
  it('gets half the pace, and only its own mail waits', async () => {
    await askPeople(world, [...crowd(30, 'gmail.com'), ...crowd(30, 'example.org')]);
    let toldOff = false;
    const answer = (to: string) => {
      if (!to.endsWith('gmail.com') || toldOff) return ACCEPTED;
      toldOff = true;
      return TOO_FAST;
    };
    const busy = route('busy', answer, { perSecond: 400 });
    await sendAll(through(world, [busy]));
    const slowed = (await store().paces.find({ route: 'busy', provider: 'gmail' })).slowed;
    expect(slowed).toEqual({ perSecond: 200, at: START });
    expect(busy.offered.filter((to) => to.endsWith('example.org'))).toHaveLength(30);
  });

  it('down to one mail in ten seconds: what has no room is due when there is some', async () => {
    await askPeople(world, [...crowd(8, 'gmail.com'), ...crowd(8, 'example.org')]);
    const pace = await store().paces.find({ route: 'r', provider: 'gmail' });
    await store().paces.change(pace, { ...pace, slowed: { perSecond: 0.1, at: START } }, START);
    const only = route('r', () => ACCEPTED);
    const beganMs = performance.now();
    const { sent } = await sendAll(through(world, [only]));
    // The database's own clock makes room: for one at first, and for one more every ten seconds.
    const room = 1 + Math.floor((performance.now() - beganMs) / 10_000);
    const toGmail = only.offered.filter((to) => to.endsWith('@gmail.com')).length;
    expect(toGmail).toBeGreaterThanOrEqual(1);
    expect(toGmail).toBeLessThanOrEqual(room);
    expect(only.offered.filter((to) => to.endsWith('@example.org'))).toHaveLength(8);
    expect(sent).toBe(8 + toGmail);
    const waiting = await sendsOf(world).find({ state: 'queued' }).toArray();
    expect(waiting).toHaveLength(8 - toGmail);
    for (const { nextAt, attempts } of waiting) {
      expect(attempts).toBe(0);
      expect(nextAt.getTime() - START.getTime()).toBeGreaterThanOrEqual(10_000);
    }
  });
});

describe('a route that warms up', () => {
  it('sends its day’s share, of all senders together, and goes on the next day', async () => {
    await askPeople(world, crowd(70));
    const young = route('young', () => ACCEPTED, { warmUpFrom: new Date('2026-11-23') });
    await Promise.all([1, 2].map(() => sendAll(through(world, [young]))));
    expect(young.offered).toHaveLength(50);
    expect(await sendsOf(world).countDocuments({ state: 'queued', attempts: 0 })).toBe(20);
    expect(await sendAll(through(world, [young]))).toMatchObject({ sent: 0 });
    later(world, 24 * 60 * MINUTE_MS);
    expect(await sendAll(through(world, [young]))).toMatchObject({ sent: 20 });
  });

  it('lets an older route take the rest', async () => {
    await askPeople(world, crowd(120));
    const young = route('young', () => ACCEPTED, { warmUpFrom: new Date('2026-11-23') });
    const old = route('old', () => ACCEPTED);
    expect(await sendAll(through(world, [young, old]))).toMatchObject({ sent: 120 });
    expect([young.offered.length, old.offered.length]).toEqual([50, 70]);
  });
});

it('providers take turns: none of the big ones is sent to at a stretch', async () => {
  // Few enough for one claim: two lanes with a claim each send in an order that nobody knows.
  await askPeople(world, [
    ...crowd(70, 'gmail.com'),
    ...crowd(20, 'yahoo.com'),
    ...crowd(20, 'hotmail.com'),
    ...crowd(20, 'example.org'),
  ]);
  const only = route('only', () => ACCEPTED);
  await sendAll(through(world, [only]));
  expect(only.offered).toHaveLength(130);
  // Of 70 mails to gmail among 130, the first 60 mails are shared by all four.
  expect(providersOf(only.offered.slice(0, 12)).size).toBe(4);
  const early = only.offered.slice(0, 60).filter((to) => to.endsWith('gmail.com')).length;
  expect(early).toBeLessThanOrEqual(20);
});
