/**
 * Installation: the app is added to a workspace as its admin does it in a browser, and told who may
 * do what there; and the neighbour, another company whose Slack does not have the app yet.
 */
import assert from 'node:assert';
import { changeSettings, type SettingsChange } from '../src/workflow/change-settings.ts';
import type { Deps } from '../src/workflow/deps.ts';
import { type SlackDouble, startSlackDouble } from './slack/double.ts';
import type { SlackHub } from './slack/oauth.ts';
import type { Consent } from './slack/oauth-register.ts';

/** The whole way: our page, Slack's page, back to us. @throws AssertionError if it is not installed */
export async function install(appUrl: string, hub: SlackHub, consent: Consent): Promise<void> {
  const begun = await fetch(`${appUrl}/slack/install`, { method: 'POST', redirect: 'manual' });
  const back = hub.allow(begun.headers.get('location') ?? '', consent);
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
  const done = await fetch(back, { headers: { Cookie: cookie } });
  assert.equal(done.status, 200, 'the app was not installed');
}

/** An admin removes the app: its token is good for nothing, and Slack tells the app so, twice. */
export async function uninstall(hub: SlackHub, slack: SlackDouble): Promise<void> {
  hub.uninstall(slack.teamId);
  const tokens = { oauth: [], bot: [slack.botUserId] };
  await slack.event({ type: 'tokens_revoked', tokens });
  await slack.event({ type: 'app_uninstalled' });
}

/** What an admin decides in `/assent settings`, before anybody looks. */
export async function decide(
  deps: Deps,
  { workspace, by, values }: Omit<SettingsChange, 'seen'>,
): Promise<void> {
  const { version } = await deps.database.of(workspace).settings.read();
  await changeSettings(deps, { workspace, by, values, seen: version });
}

export const NEIGHBOUR = {
  name: 'Harbour Books',
  teamId: 'T0HARBOUR',
  installer: 'U0INES',
  channel: 'C0HARBOUR',
} as const;

export async function openNeighbour(signingSecret: string): Promise<SlackDouble> {
  const slack = await startSlackDouble({
    signingSecret,
    teamId: NEIGHBOUR.teamId,
    botToken: 'xoxb-neighbour',
  });
  slack.addUser({ id: NEIGHBOUR.installer, name: 'Ines (admin)', isAdmin: true });
  slack.addUser({ id: 'U0OTTO', name: 'Otto (colleague)' });
  slack.addChannel({ id: NEIGHBOUR.channel, name: 'mailings' });
  return slack;
}
