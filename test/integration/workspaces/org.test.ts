/** Organisations: one installation for all workspaces of an Enterprise Grid; each keeps its own data. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SlackDouble } from '../../../demo/slack/double.ts';
import type { DecidedSettings } from '../../../src/consent/settings.ts';
import { reviewInputs } from '../../../src/slack/request/review-modal.ts';
import { INSTALLATIONS } from '../../../src/store/installations.ts';
import { submitRequest } from '../../../src/workflow/submit-request.ts';
import { addBatch, addPeople } from '../../support/people.ts';
import { form } from '../../support/requests.ts';
import { ORG, peopleOf, TEAM_A, TEAM_B, type Workspaces, workspaces } from './world.ts';

const FORM = 'application/x-www-form-urlencoded';
const A = peopleOf('A');
const B = peopleOf('B');

let world: Workspaces;

beforeEach(async () => {
  world = await workspaces({ enterprise: ORG });
  // In an organisation, people have one id everywhere.
  world.b.addUser({ id: A.installer, name: 'Installer' });
  await world.install({ team: TEAM_A, user: A.installer, orgWide: true });
});
afterEach(async () => {
  await world.close();
});

const installed = async (id: string) => world.deps.installs.store.find(id);

/** A command as Slack sends it to an app of an organisation. */
async function command(double: SlackDouble, user: string, text: string) {
  const { workspace: ws, teamId } = double;
  const body = new URLSearchParams({
    team_id: teamId,
    enterprise_id: ORG,
    is_enterprise_install: 'true',
    user_id: user,
    command: '/assent',
    text,
    api_app_id: ws.appId,
    trigger_id: ws.trigger(user),
  });
  return double.send(double.sign(body.toString(), FORM));
}

/** Somebody acted in B: the organisation's installation knows that workspace from now on. */
async function acted(): Promise<void> {
  await command(world.b, A.installer, 'help');
  expect((await installed(ORG))?.teams).toEqual([TEAM_B]);
}

/** A submission: Slack names no team, and the organisation as where the app is installed. */
async function submission(double: SlackDouble, user: string) {
  const { workspace: ws, teamId } = double;
  await double.until(() => double.modal(user) !== undefined);
  const view = double.modal(user);
  const payload = {
    type: 'view_submission',
    team: null,
    enterprise: { id: ORG, name: 'Demo Org' },
    is_enterprise_install: true,
    user: { id: user, team_id: teamId },
    api_app_id: ws.appId,
    trigger_id: ws.trigger(user),
    view: {
      id: view?.id,
      hash: view?.hash,
      type: 'modal',
      team_id: teamId,
      app_installed_team_id: ORG,
      callback_id: view?.callback_id,
      private_metadata: view?.private_metadata,
      state: { values: { 'set-link-days': { 'set-link-days': { value: '9' } } } },
    },
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return double.send(double.sign(body, FORM));
}

describe('an app that an organisation installed', () => {
  it('is one installation, under the organisation', async () => {
    expect(await installed(ORG)).toMatchObject({
      kind: 'org',
      installedBy: A.installer,
      teams: [],
    });
    expect(await installed(TEAM_A)).toBeUndefined();
  });

  it('works where somebody acts, for whom installed it as admin', async () => {
    expect((await command(world.b, A.installer, 'settings')).status).toBe(200);
    await world.b.until(() => world.b.modal(A.installer) !== undefined);
    expect((await installed(ORG))?.teams).toEqual([TEAM_B]);
    expect(world.a.modal(A.installer)).toBeUndefined();
  });

  it('decides for the workspace where the act happens, though Slack names none', async () => {
    await command(world.b, A.installer, 'settings');
    const ack = await submission(world.b, A.installer);
    expect(ack.body).toContain('response_action');
    expect((await world.deps.settings(TEAM_B, { fresh: true })).linkDays).toBe(9);
    expect((await world.deps.settings(TEAM_A, { fresh: true })).linkDays).toBe(14);
    expect((await world.deps.settings(ORG, { fresh: true })).linkDays).toBe(14);
  });

  it('posts into the workspace that it is about', async () => {
    await acted();
    await openRequest();
    await world.announce();
    expect(world.b.messages(B.channel)).toHaveLength(1);
    expect(world.a.messages(A.channel)).toEqual([]);
  });

  it.each([
    ['at home', TEAM_A, TEAM_A],
    ['as if there', TEAM_B, TEAM_B],
    ['at home, in a window that was opened there', TEAM_A, TEAM_B],
    ['there, in a window that was opened at home', TEAM_B, TEAM_A],
    ['nowhere that Slack names, in a window of the organisation', null, ORG],
  ])('lets an approver of one workspace decide nothing of another: %s', async (_, team, opened) => {
    await acted();
    await decidesIn(TEAM_A, { approvers: [A.approver], channel: A.channel });
    const request = await openRequest();
    await world.announce();
    const { id, plan } = request;
    const inputs = reviewInputs(plan.hash);
    const answers = {
      [inputs.decision]: { selected_option: { value: 'approve' } },
      [inputs.number]: { value: '1' },
    };
    const view = {
      id: 'V0FOREIGN',
      hash: '1.a',
      type: 'modal',
      team_id: opened,
      app_installed_team_id: opened,
      callback_id: 'decide-request',
      private_metadata: JSON.stringify({ request: id, planHash: plan.hash }),
      state: {
        values: Object.fromEntries(
          Object.entries(answers).map(([at, said]) => [at, { [at]: said }]),
        ),
      },
    };
    const action = { type: 'button', action_id: 'review-request', block_id: 'b', value: id };
    const told = world.a.calls.length + world.b.calls.length;
    for (const payload of [
      { type: 'view_submission', view },
      { type: 'block_actions', view, actions: [action] },
      { type: 'block_actions', actions: [action], channel: { id: B.channel, name: 'cards' } },
    ]) {
      const ack = await interact(world.a, { team, user: A.approver }, payload);
      expect(ack.status).toBe(200);
      expect(ack.body).not.toContain('Approved');
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    const found = await world.deps.database.of(TEAM_B).requests.find(id);
    expect(found.state).toBe('awaiting-approval');
    const calls = [...world.a.calls, ...world.b.calls].slice(told);
    expect(JSON.stringify(calls.map(({ args }) => args))).not.toContain('Approve:');
  });

  it('lets the workspace’s own approver decide by the very same form', async () => {
    await acted();
    const { id, plan } = await openRequest();
    const { decision } = reviewInputs(plan.hash);
    const view = {
      id: 'V0HOME',
      hash: '1.a',
      type: 'modal',
      team_id: TEAM_B,
      app_installed_team_id: ORG,
      callback_id: 'decide-request',
      private_metadata: JSON.stringify({ request: id, planHash: plan.hash }),
      state: { values: { [decision]: { [decision]: { selected_option: { value: 'approve' } } } } },
    };
    await interact(world.b, { team: null, user: B.approver }, { type: 'view_submission', view });
    expect((await world.deps.database.of(TEAM_B).requests.find(id)).state).toBe('approved');
  });

  it('gives way to a workspace’s own installation', async () => {
    await acted();
    await world.install({ team: TEAM_B, user: B.installer });
    expect(
      await world.deps.installs.store.at({ workspace: TEAM_B, enterprise: ORG }),
    ).toMatchObject({
      id: TEAM_B,
    });
    expect(
      await world.deps.installs.store.at({ workspace: TEAM_A, enterprise: ORG }),
    ).toMatchObject({
      id: ORG,
    });
  });

  it('uninstalled by the organisation stops the work of its workspaces', async () => {
    await acted();
    const { id } = await openRequest();
    world.hub.revoke(ORG, 'account_inactive');
    const envelope = {
      type: 'event_callback',
      team_id: TEAM_A,
      enterprise_id: ORG,
      is_enterprise_install: true,
      api_app_id: world.a.workspace.appId,
      event: { type: 'app_uninstalled' },
      event_id: 'Ev0ORG',
      event_time: Math.floor(Date.now() / 1_000) + 1,
    };
    await world.a.send(world.a.sign(JSON.stringify(envelope), 'application/json'));
    const rows = world.deps.database.db.collection(INSTALLATIONS);
    for (let tries = 0; tries < 200 && (await rows.countDocuments()) > 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const request = await world.deps.database.of(TEAM_B).requests.find(id);
    expect(request.state).toBe('cancelled');
    // Acknowledged, and nothing comes of it: there is no token to act with.
    const calls = world.b.calls.length;
    expect(await command(world.b, A.installer, 'settings')).toMatchObject({
      status: 200,
      body: '',
    });
    expect(world.b.calls).toHaveLength(calls);
  });
});

/** What Slack sends of a person of the organisation. */
async function interact(
  double: SlackDouble,
  { team, user }: { readonly team: string | null; readonly user: string },
  payload: object,
) {
  const { workspace: ws, teamId } = double;
  const whole = {
    team: team === null ? null : { id: team, domain: 'demo' },
    enterprise: { id: ORG, name: 'Demo Org' },
    is_enterprise_install: true,
    user: { id: user, team_id: teamId },
    api_app_id: ws.appId,
    trigger_id: ws.trigger(user),
    ...payload,
  };
  const body = new URLSearchParams({ payload: JSON.stringify(whole) }).toString();
  return double.send(double.sign(body, FORM));
}

async function decidesIn(team: string, decided: DecidedSettings): Promise<void> {
  const { database, settings } = world.deps;
  await database.inTransaction(async (tx) => {
    const next = { decided, by: A.installer, at: new Date() };
    await database.of(team).settings.replace(0, next, tx);
  });
  await settings(team, { fresh: true });
}

async function openRequest() {
  const { deps } = world;
  const { requester, approver, channel } = B;
  await decidesIn(TEAM_B, { requesters: [requester], approvers: [approver], channel });
  const batch = await addBatch(deps, 'b_org', TEAM_B);
  await addPeople(deps, [{ address: 'ann@example.org', in: [batch] }], TEAM_B);
  const choice = { sources: [batch], match: 'any' as const, fields: ['email' as const] };
  return submitRequest(deps, {
    workspace: TEAM_B,
    by: B.requester,
    submission: 'V0ORG',
    form: form(deps, { choice }),
  });
}
