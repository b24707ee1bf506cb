/** User groups: Slack's word is believed for less than a minute, and silence lets nobody in. */
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type SlackDouble, startSlackDouble } from '../../../demo/slack/double.ts';
import { SlackSilent } from '../../../src/slack/guard/actor.ts';
import { slackClients } from '../../../src/slack/wire/clients.ts';
import { userGroups } from '../../../src/slack/wire/user-groups.ts';
import type { UserGroups } from '../../../src/workflow/deps.ts';
import { SETTINGS_MS } from '../../../src/workflow/read-settings.ts';

const MINUTE_MS = 60_000;
const TEAM = 'T0TEST';

let slack: SlackDouble;
let now: Date;
let groups: UserGroups;

beforeAll(async () => {
  slack = await startSlackDouble({ signingSecret: 'a'.repeat(32), teamId: TEAM });
});
beforeEach(() => {
  now = new Date('2026-03-01T00:00:00Z');
  members('U0ANN');
  groups = userGroups(slackClients(slack), () => now);
});
afterAll(async () => {
  await slack.stop();
});

const members = (...users: string[]) =>
  slack.addUserGroup({ id: 'S0A', handle: 'privacy', name: 'Privacy', users });
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const asked = () => slack.calls.filter(({ method }) => method === 'usergroups.users.list').length;

it('asks once for many who act at the same moment', async () => {
  const before = asked();
  const answers = await Promise.all([1, 2, 3].map(() => groups.members(TEAM, 'S0A')));
  expect(answers).toEqual([['U0ANN'], ['U0ANN'], ['U0ANN']]);
  expect(asked()).toBe(before + 1);
});

it('forgets who left within a minute, the age of the settings included', async () => {
  expect(await groups.members(TEAM, 'S0A')).toEqual(['U0ANN']);
  members('U0BEN');
  later(MINUTE_MS - SETTINGS_MS);
  expect(await groups.members(TEAM, 'S0A')).toEqual(['U0BEN']);
});

it('does not use what Slack said before when it is silent now', async () => {
  expect(await groups.members(TEAM, 'S0A')).toEqual(['U0ANN']);
  later(MINUTE_MS);
  slack.failNext('usergroups.users.list', { status: 500 });
  await expect(groups.members(TEAM, 'S0A')).rejects.toThrow(SlackSilent);
  // And asks again for the next one who acts.
  expect(await groups.members(TEAM, 'S0A')).toEqual(['U0ANN']);
});

it.each([[{ hang: true }], [{ status: 429, retryAfter: 30 }], [{ error: 'fatal_error' }]])(
  'lets nobody in while Slack answers %j',
  async (fault) => {
    slack.failNext('usergroups.users.list', fault);
    await expect(groups.members(TEAM, 'S0A')).rejects.toThrow(SlackSilent);
  },
);

it.each(['no_such_subteam', 'plan_upgrade_required', 'missing_scope'])(
  'takes %s for a group in which nobody is',
  async (error) => {
    slack.failNext('usergroups.users.list', { error });
    expect(await groups.members(TEAM, 'S0A')).toEqual([]);
  },
);

it('names groups for choosing', async () => {
  expect(await groups.list(TEAM)).toEqual([{ id: 'S0A', name: 'Privacy (@privacy)' }]);
});
