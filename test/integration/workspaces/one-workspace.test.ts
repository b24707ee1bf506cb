/** One workspace by a configured token: removed from it, the app stops what runs there as well. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { LEDGER } from '../../../src/store/ledger.ts';
import { WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { approved, submitted } from '../../support/requests.ts';
import { type SlackWorld, slackWorld } from '../slack/world.ts';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org' }]);
});
afterEach(async () => {
  await world.close();
});

const removals = async () =>
  world.deps.database.db.collection(LEDGER).find({ act: 'remove-app' }).toArray();

it('voids what waits for an approval, once, however often Slack says so', async () => {
  const waiting = await submitted(world.deps);
  const due = await approved(world.deps);
  await world.slack.event({ type: 'app_uninstalled' }, { id: 'Ev0GONE' });
  const [sent] = world.slack.requests.filter(({ kind }) => kind === 'event');
  if (sent === undefined) throw new Error('no event was sent');
  await world.slack.send(sent);
  for (let tries = 0; tries < 200 && (await removals()).length === 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const { requests } = world.deps.database.of(WORKSPACE);
  expect((await requests.find(waiting.id)).state).toBe('cancelled');
  expect((await requests.find(due.id)).state).toBe('cancelled');
  expect(await removals()).toEqual([
    expect.objectContaining({ workspace: WORKSPACE, facts: { reason: 'app_uninstalled' } }),
  ]);
});
