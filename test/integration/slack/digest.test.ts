/** Weekly digest: once a week and workspace, with what really happened, in the workspace's time. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ANNOUNCEMENTS } from '../../../src/store/announcements.ts';
import { wantDigests } from '../../../src/workflow/digest.ts';
import { sweep } from '../../../src/workflow/sweep.ts';
import { CHANNEL, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { approved, submitted, worked } from '../../support/requests.ts';
import { type SlackWorld, slackWorld } from './world.ts';

const THURSDAY = new Date('2026-03-26T12:00:00Z');
/** 09:00 in Berlin, which is the workspace's clock here. */
const MONDAY = new Date('2026-03-30T07:00:00Z');
const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;

let world: SlackWorld;
let digest = true;
const { signal } = new AbortController();

beforeEach(async () => {
  digest = true;
  world = await slackWorld();
  const { settings } = world.deps;
  Object.assign(world.deps, {
    settings: async (workspace: string) => ({
      ...(await settings(workspace)),
      timeZone: 'Europe/Berlin',
      digest,
    }),
  });
  world.deps.setNow(THURSDAY);
  await addPeople(world.deps, [{ address: 'ann@example.org' }, { address: 'ben@example.org' }]);
});
afterEach(async () => {
  await world.close();
});

const written = () =>
  world.deps.database.db.collection(ANNOUNCEMENTS).find({ kind: 'digest' }).toArray();
const want = async (at: Date, laterMs = 0) => {
  world.deps.setNow(new Date(at.getTime() + laterMs));
  await wantDigests(world.deps, signal);
};

describe('the digest', () => {
  it('tells what was asked, changed and waits', async () => {
    const { id } = await approved(world.deps);
    await worked(world.deps, id);
    await addPeople(world.deps, [{ address: 'cat@example.org' }]);
    world.deps.setNow(new Date(MONDAY.getTime() - DAY_MS));
    await submitted(world.deps, { kind: 'opt-out', interview: undefined, reason: 'They left.' });
    world.deps.setNow(MONDAY);
    await sweep(world.deps, signal);
    await world.announce();
    const message = world.card('The week in Assent');
    expect(message.text).toContain('*Opted in* 2');
    expect(message.text).toContain('*Requests* 2');
    const blocks = JSON.stringify(message.blocks);
    expect(blocks).toContain('"type":"data_table"');
    expect(blocks).toContain('Opt out 3 addresses');
    expect(blocks).toContain('1 request waits for approval.');
  });

  it('is written down once, whoever rings and however often', async () => {
    await submitted(world.deps);
    await want(MONDAY, -1);
    expect(await written()).toEqual([]);
    world.deps.setNow(MONDAY);
    await Promise.all(Array.from({ length: 5 }, () => wantDigests(world.deps, signal)));
    await want(MONDAY, 20 * HOUR_MS);
    expect(await written()).toMatchObject([{ _id: `digest:${WORKSPACE}:2026-W14`, to: CHANNEL }]);
    await want(MONDAY, 7 * DAY_MS);
    expect((await written()).map(({ _id }) => String(_id))).toEqual([
      `digest:${WORKSPACE}:2026-W14`,
      `digest:${WORKSPACE}:2026-W15`,
    ]);
  });

  it('is not posted again after it was', async () => {
    await submitted(world.deps);
    await want(MONDAY);
    await world.announce();
    await want(MONDAY, HOUR_MS);
    await world.announce();
    const posted = world.slack.messages(CHANNEL).filter(({ text }) => text.startsWith('The week'));
    expect(posted).toHaveLength(1);
  });

  it('is left out where it is turned off, late by two days, or about a time before the first request', async () => {
    await submitted(world.deps);
    digest = false;
    await want(MONDAY);
    digest = true;
    await want(MONDAY, 2 * DAY_MS);
    // The Monday before the first request was made.
    await want(new Date(MONDAY.getTime() - 7 * DAY_MS + HOUR_MS));
    expect(await written()).toEqual([]);
  });

  it('comes as text where Slack does not take tables', async () => {
    await submitted(world.deps);
    await world.announce();
    await want(MONDAY);
    world.slack.failNext('chat.postMessage', { error: 'invalid_blocks' });
    await world.announce();
    const blocks = JSON.stringify(world.card('The week in Assent').blocks);
    expect(blocks).not.toContain('data_table');
    expect(blocks).toContain('Requests of the week');
  });
});
