/**
 * Isolation: whoever names another workspace's things, by any command, button, form or search that we
 * know, learns nothing of them and changes nothing of them.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SlackDouble } from '../../../demo/slack/double.ts';
import { runStep } from '../../../demo/slack/functions.ts';
import type { Campaign } from '../../../src/consent/campaign.ts';
import type { Request } from '../../../src/consent/request.ts';
import { SUBCOMMANDS } from '../../../src/slack/command/assent-parse.ts';
import { EMPTY_FORM, keepForm } from '../../../src/slack/import/form.ts';
import { LISTENERS } from '../../../src/slack/listeners.ts';
import { STEP_OUTPUTS } from '../../../src/slack/request/function-step.ts';
import { reviewInputs } from '../../../src/slack/request/review-modal.ts';
import { ADDRESSES } from '../../../src/store/address-document.ts';
import { COLLECTIONS } from '../../../src/store/migrations.ts';
import { submitCampaign } from '../../../src/workflow/campaign-submit.ts';
import { submitRequest } from '../../../src/workflow/submit-request.ts';
import { TEMPLATE } from '../../support/deps.ts';
import { type InFlight, watchEvents } from '../../support/in-flight.ts';
import { addBatch, addPeople } from '../../support/people.ts';
import { form } from '../../support/requests.ts';
import { peopleOf, TEAM_A, TEAM_B, type Workspaces, workspaces } from './world.ts';

const FORM = 'application/x-www-form-urlencoded';
const STEP = { title: 'Ask', outputs: [...STEP_OUTPUTS] };
const A = peopleOf('A');
const B = peopleOf('B');
/** What only A knows: a batch's name, a person, and who asks there. */
const BATCH = 'harbour-festival';
const ADDRESS = 'secret.person@example.org';
const CAMPAIGN = 'harbour-parade';
const SECRETS = [BATCH, CAMPAIGN, A.requester, A.channel, TEAM_A];

let world: Workspaces;
let inFlight: InFlight;
let request: Request;
let campaign: Campaign;
let draft: string;
let importDraft: string;
let before: string;

beforeAll(async () => {
  inFlight = watchEvents();
  world = await workspaces();
  await world.install({ team: TEAM_A, user: A.installer });
  await world.install({ team: TEAM_B, user: B.installer });
  await world.setUp(world.a, 'A');
  await world.setUp(world.b, 'B');
  const batch = await addBatch(world.deps, BATCH, TEAM_A);
  const person = { address: ADDRESS, in: [batch], permission: 'non-marketable' as const };
  const reader = {
    address: 'reader@example.org',
    in: [batch],
    permission: 'single-opt-in' as const,
  };
  await addPeople(world.deps, [person, reader], TEAM_A);
  const choice = { sources: [batch], match: 'any' as const, fields: ['email' as const] };
  request = await submitRequest(world.deps, {
    workspace: TEAM_A,
    by: A.requester,
    submission: 'V0ISOLATION',
    form: form(world.deps, { choice }),
  });
  const asked = { workspace: TEAM_A, by: A.requester, submission: 'V0ISOLATED' };
  campaign = await submitCampaign(world.deps, {
    ...asked,
    form: {
      name: CAMPAIGN,
      choice,
      schedule: { rhythm: 'quarter', time: '09:00', zone: 'UTC' },
      template: TEMPLATE,
      silence: 'keep',
      notAskedDays: 180,
    },
  });
  importDraft = await keepForm(
    world.deps,
    { workspace: TEAM_A, user: A.requester },
    { ...EMPTY_FORM, name: BATCH },
  );
  await world.announce();
  await world.a.person(A.requester).command(`/optin batch:${BATCH}`);
  await world.a.until(() => JSON.stringify(world.a.modal(A.requester) ?? '').includes('Step 1'));
  draft = world.a.modal(A.requester)?.private_metadata ?? '';
  before = await dump();
});
afterAll(async () => {
  inFlight.stop();
  await world.close();
});

/** Everything of A, as it is on file. */
async function dump(): Promise<string> {
  const all = Object.keys(COLLECTIONS).map(async (name) => [
    name,
    await world.deps.database.db
      .collection(name)
      .find({ workspace: TEAM_A })
      .sort({ _id: 1 })
      .toArray(),
  ]);
  return JSON.stringify(await Promise.all(all));
}

const trigger = (double: SlackDouble, user: string) => double.workspace.trigger(user);

async function command(double: SlackDouble, user: string, name: string, text: string) {
  const fields = {
    team_id: double.teamId,
    is_enterprise_install: 'false',
    user_id: user,
    command: name,
    text,
    api_app_id: double.workspace.appId,
    trigger_id: trigger(double, user),
  };
  return double.send(double.sign(new URLSearchParams(fields).toString(), FORM));
}

/** An interaction of B that names things of A wherever something can be named. */
async function interact(double: SlackDouble, user: string, payload: object) {
  const { workspace: ws, teamId } = double;
  const whole = {
    team: { id: teamId, domain: 'demo' },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: user, team_id: teamId },
    api_app_id: ws.appId,
    trigger_id: ws.trigger(user),
    ...payload,
  };
  const body = new URLSearchParams({ payload: JSON.stringify(whole) }).toString();
  return double.send(double.sign(body, FORM));
}

const chosen = (id: string, value: string) => ({ [id]: { [id]: { selected_option: { value } } } });

const view = (callback: string, metadata: string) => ({
  id: 'V0FOREIGN',
  hash: '1.a',
  type: 'modal',
  // Another workspace's, though the person acts in their own.
  team_id: TEAM_A,
  callback_id: callback,
  private_metadata: metadata,
  state: {
    values: {
      'choose-audience': {
        'choose-audience': { selected_options: [{ value: `batch:${BATCH}` }] },
      },
      ...chosen(reviewInputs(request.plan.hash).decision, 'approve'),
      ...chosen('campaign-decision', 'approve'),
    },
  },
});

/** What A's forms and buttons carry, and more. */
const metadata = (): string[] => [
  request.id,
  draft,
  `${request.id}:${request.plan.hash}`,
  JSON.stringify({ request: request.id, hash: request.plan.hash, r: request.id, d: draft }),
  JSON.stringify({ request: request.id, planHash: request.plan.hash }),
  `pause:${request.id}`,
  `details:${request.id}`,
  campaign.id,
  JSON.stringify({ campaign: campaign.id, hash: campaign.hash }),
  importDraft,
  JSON.parse(draft).d,
  `batch:${BATCH}`,
];

/** B's people of every role do it, each at their own pace; A is as it was, and nothing that B was told is A's. */
async function tryAll(
  names: readonly string[],
  act: (user: string, name: string) => Promise<unknown>,
): Promise<void> {
  const [calls, acks] = [world.b.calls.length, world.b.acks.length];
  const actors = [B.requester, B.approver, B.installer].map(async (user) => {
    for (const name of names) await act(user, name);
  });
  await Promise.all(actors);
  await inFlight.over();
  const said = JSON.stringify([world.b.calls.slice(calls), world.b.acks.slice(acks)]);
  // A name may be quoted back to the one who typed it.
  const typed = names.filter((name) => name !== '');
  const told = typed.reduce((text, name) => text.replaceAll(`“${name}”`, '“”'), said);
  for (const secret of SECRETS) expect(told).not.toContain(secret);
  expect(await dump()).toBe(before);
}

describe.each(Object.keys(LISTENERS.commands))('the command %s', (name) => {
  const texts = () =>
    name === '/assent'
      ? Object.keys(SUBCOMMANDS).map((one) =>
          `${one} ${one === 'why' ? ADDRESS : one === 'tags' ? '' : request.id}`.trim(),
        )
      : [''];
  it('tells nothing and changes nothing', async () => {
    await tryAll(texts(), (user, text) => command(world.b, user, name, text));
  });
});

it.each(Object.keys(LISTENERS.actions))('the action %s', async (id) => {
  await tryAll(metadata(), (user, value) =>
    interact(world.b, user, {
      type: 'block_actions',
      actions: [{ type: 'button', action_id: id, block_id: 'b', value }],
      container: { type: 'message', message_ts: '1.2', channel_id: B.channel },
      channel: { id: B.channel, name: 'cards' },
      message: { ts: '1.2', text: 'card' },
    }),
  );
});

it.each([...Object.keys(LISTENERS.submissions), ...Object.keys(LISTENERS.closed)])(
  'the form %s',
  async (callback) => {
    await tryAll(metadata(), (user, value) =>
      interact(world.b, user, { type: 'view_submission', view: view(callback, value) }),
    );
  },
);

it.each(Object.keys(LISTENERS.options))('the search %s', async (id) => {
  await tryAll(['', 'harbour', BATCH], (user, typed) =>
    interact(world.b, user, {
      type: 'block_suggestion',
      action_id: id,
      block_id: id,
      value: typed,
      view: view('any', draft),
      container: { type: 'view', view_id: 'V0FOREIGN' },
    }),
  );
});

it.each(Object.keys(LISTENERS.shortcuts))('the shortcut %s', async (callback) => {
  const files = [{ id: 'F0FOREIGN', name: 'a.csv', filetype: 'csv', mode: 'hosted' }];
  const message = { ts: '1.2', text: request.id, files, team: TEAM_A };
  const channel = { id: A.channel, name: 'cards' };
  await tryAll(['shortcut', 'message_action'], (user, type) =>
    interact(world.b, user, { type, callback_id: callback, message, channel }),
  );
});

it.each(Object.keys(LISTENERS.functions ?? {}))('the step %s', async (callback) => {
  const audiences = [
    BATCH,
    `batch:${BATCH}`,
    `batch:${request.plan.terms.audience.sources[0]?.id}`,
  ];
  await tryAll(audiences, (requester, audience) =>
    runStep(world.b, { ...STEP, callbackId: callback }, { requester, audience }),
  );
});

it.each(Object.keys(LISTENERS.events))('the event %s', async (type) => {
  await tryAll([''], (user) => world.b.event({ type, user, tab: 'home', team: TEAM_A }));
});

/** A kind of listener that nobody tried above would be one that nobody looked at. */
it('knows every kind of listener', () => {
  expect(Object.keys(LISTENERS).toSorted()).toEqual([
    'actions',
    'closed',
    'commands',
    'events',
    'functions',
    'options',
    'shortcuts',
    'submissions',
    // What happens to the app itself names its place by Slack's own word (removal.test.ts).
    'systemEvents',
  ]);
});

it('App Home shows one’s own workspace', async () => {
  await tryAll([''], async (user) => world.b.person(user).openHome());
});

it('would have been noticed: A’s own people are told all of it', async () => {
  const [calls] = [world.a.calls.length];
  await command(world.a, A.approver, '/assent', `status ${request.id}`);
  await world.a.until(() => JSON.stringify(world.a.calls.slice(calls)).includes(A.requester));
  const [address] = await world.deps.database.db.collection(ADDRESSES).find().toArray();
  expect(address?.['workspace']).toBe(TEAM_A);
});

it('a payload of a workspace without an installation is acknowledged and does nothing', async () => {
  const fields = { team_id: 'T0CCC', user_id: A.requester, command: '/assent', text: 'status' };
  const body = new URLSearchParams({ ...fields, trigger_id: '1.2.3' }).toString();
  const [inA, inB] = [world.a.calls.length, world.b.calls.length];
  const ack = await world.b.send(world.b.sign(body, FORM));
  expect(ack).toMatchObject({ status: 200, body: '' });
  expect([world.a.calls.length, world.b.calls.length]).toEqual([inA, inB]);
});

it('A’s people are strangers in B', async () => {
  const calls = world.b.calls.length;
  await command(world.b, A.approver, '/assent', `status ${request.id}`);
  await inFlight.over();
  const told = JSON.stringify(world.b.calls.slice(calls).map(({ answer }) => answer));
  expect(told).toContain('user_not_found');
  expect(told).not.toContain(BATCH);
});
