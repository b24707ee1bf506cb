/** Milestones and reminders: what is said anew so that people hear of it, once each. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { wantMilestone } from '../../../src/workflow/milestones.ts';
import { remindApprovers } from '../../../src/workflow/remind-approvers.ts';
import { APPROVER, CHANNEL, OTHER_APPROVER, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { approved, submitted } from '../../support/requests.ts';
import { screen } from './wizard-steps.ts';
import { type SlackWorld, slackWorld } from './world.ts';

const HOUR_MS = 60 * 60 * 1_000;

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org' }, { address: 'bob@example.org' }]);
});
afterEach(async () => {
  await world.close();
});

/** A request that has begun, with its progress message, but whose worker is not running. */
async function begun() {
  const request = await approved(world.deps);
  const store = world.deps.database.of(WORKSPACE);
  const running = await store.requests.move(request, {
    event: 'start',
    by: 'assent',
    at: new Date(),
  });
  const about = { kind: 'request', id: request.id } as const;
  await store.announcements.want({ kind: 'progress', about, to: CHANNEL }, new Date());
  await world.announce();
  return running;
}

const replies = () =>
  world.slack
    .messages(CHANNEL)
    .filter(({ thread_ts: thread, ts }) => thread !== undefined && thread !== ts)
    .map(({ text }) => text);

describe('the thread of the progress message', () => {
  it('hears of each pause, and of each time that it goes on', async () => {
    const { id } = await begun();
    const state = async () => (await world.deps.database.of(WORKSPACE).requests.find(id)).state;
    const person = world.person(REQUESTER);
    await person.command('/assent requests');
    await world.reads(REQUESTER, 'Details');
    const list = person.ephemerals().at(-1);
    if (list === undefined) throw new Error('no list');
    await person.click(list, 'Details');
    await world.sees(REQUESTER, 'Changed: 0 of 2 planned');
    for (const [button, then, laterMs] of [
      ['Pause', 'Resume', 4_000],
      ['Resume', 'Pause', 12_000],
      ['Pause', 'Resume', 24_000],
    ] as const) {
      const view = world.slack.modal(REQUESTER);
      if (view === undefined) throw new Error('no modal');
      await person.click(view, button);
      // The details show what came of it.
      await world.slack.until(() => screen(world).includes(`"text":"${then}"`));
      await world.announceLater(laterMs);
    }
    expect(await state()).toBe('paused');
    const by = `by <@${REQUESTER}>`;
    expect(replies().map((text) => text.replace(/, <!date.*> ·/u, ' ·'))).toEqual([
      `Paused ${by} · Opt in 2 addresses`,
      `Resumed ${by} · Opt in 2 addresses`,
      `Paused ${by} · Opt in 2 addresses`,
    ]);
  });

  it('hears of the highest part that was reached, once', async () => {
    const request = await begun();
    const store = world.deps.database.of(WORKSPACE);
    const { db, inTransaction } = world.deps.database;
    await inTransaction((tx) => store.ranges.open(request.id, 1, tx));
    const worked = async (addresses: number) => {
      await db.collection('ranges').updateOne({}, { $set: { 'counts.addresses': addresses } });
      await wantMilestone(world.deps, request, new Date());
      await world.announceLater(4_000);
    };
    await worked(0);
    expect(replies()).toEqual([]);
    await worked(1);
    await worked(1);
    expect(replies()).toEqual(['50 % of the addresses are done. · Opt in 2 addresses']);
    await worked(2);
    expect(replies()).toHaveLength(1);
  });
});

describe('a request that nobody decided for a day', () => {
  const remind = async (hours: number) => {
    world.deps.setNow(new Date(Date.now() + hours * HOUR_MS));
    await remindApprovers(world.deps, new AbortController().signal);
    await world.announce();
    world.deps.setNow(undefined);
  };

  it('is brought to mind once, to each approver, in their language', async () => {
    world.slack.addUser({ id: OTHER_APPROVER, name: 'also', locale: 'de-DE' });
    const { id } = await submitted(world.deps);
    await remind(23);
    expect(world.person(APPROVER).dms()).toEqual([]);
    await remind(25);
    await remind(26);
    const [told, ...more] = world.person(APPROVER).dms();
    expect(more).toEqual([]);
    expect(told?.text).toContain('has been waiting for approval for a day');
    const german = world.person(OTHER_APPROVER).dms();
    expect(german.map(({ text }) => text)).toEqual([
      'Eine Anfrage „2 Adressen anmelden“ wartet seit einem Tag auf Freigabe.',
    ]);
    expect(world.person(REQUESTER).dms()).toEqual([]);
    if (told === undefined) throw new Error('no reminder');
    await world.person(APPROVER).click(told, 'Review');
    await world.sees(APPROVER, id);
  });

  it('is not, if it was decided before the message left', async () => {
    await approved(world.deps);
    await remind(25);
    expect(world.person(OTHER_APPROVER).dms()).toEqual([]);
  });
});

describe('the mail of a request', () => {
  it('is shown by a button of the card', async () => {
    const { id } = await submitted(world.deps, {
      ask: { who: 'changed', template: 'double-opt-in', silence: 'keep' },
    });
    await world.announce();
    await world.person(APPROVER).click(world.card('Approval needed'), 'See the mail');
    await world.sees(APPROVER, 'The mail');
    expect(screen(world, APPROVER)).toContain(id);
  });
});
