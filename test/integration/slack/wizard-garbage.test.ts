/** Wizard garbage: forgeries, replays and bodies of any shape: acknowledged or refused, never obeyed. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DRAFTS } from '../../../src/store/drafts.ts';
import { REQUESTS } from '../../../src/store/requests.ts';
import { REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { open, screen } from './wizard-steps.ts';
import { type SlackWorld, slackWorld } from './world.ts';

const FORM = 'application/x-www-form-urlencoded';

let world: SlackWorld;

beforeAll(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org' }]);
});
afterEach(async () => {
  expect(world.slack.acks.filter(({ ms }) => ms >= 3_000)).toEqual([]);
  while (world.slack.modal(REQUESTER) !== undefined) await world.person(REQUESTER).close();
});
afterAll(async () => {
  await world.close();
});

/** Sends a body as Slack would sign it. */
const post = async (body: string, type = FORM) => world.slack.send(world.slack.sign(body, type));
const interact = async (payload: unknown) =>
  post(new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
const stored = async (): Promise<number> => {
  const { db } = world.deps.database;
  const counts = [REQUESTS, DRAFTS].map(async (name) => db.collection(name).countDocuments());
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
};

describe('signatures', () => {
  const command = () => {
    const delivery = world.slack.requests.findLast(({ kind }) => kind === 'command');
    if (delivery === undefined) throw new Error('no command was sent');
    return delivery;
  };

  it.each([
    ['of another secret', { secret: 'b'.repeat(32) }],
    ['of ten minutes ago', { at: new Date(Date.now() - 600_000) }],
  ])('%s are refused', async (_what, how) => {
    await open(world, '/optin');
    await world.person(REQUESTER).close();
    const calls = world.slack.calls.length;
    const forged = world.slack.sign(command().body, FORM, how);
    expect((await world.slack.send(forged)).status).toBe(401);
    expect(world.slack.calls).toHaveLength(calls);
    expect(world.slack.modal(REQUESTER)).toBeUndefined();
  });

  it('do not fit a body that was tampered with, or are missing', async () => {
    await open(world, '/optin');
    const { body, headers, kind } = command();
    const tampered = { kind, headers, body: body.replace('%2Foptin', '%2Foptout') };
    expect((await world.slack.send(tampered)).status).toBe(401);
    const { 'Content-Type': type = FORM } = headers;
    const unsigned = { kind, headers: { 'Content-Type': type }, body };
    expect((await world.slack.send(unsigned)).status).toBe(401);
  });

  it('of a delivery that is sent again open nothing, and say nothing', async () => {
    await open(world, '/optin');
    await world.person(REQUESTER).close();
    const said = world.person(REQUESTER).ephemerals().length;
    const before = world.slack.calls.filter(({ method }) => method === 'views.open').length;
    expect((await world.slack.send(command())).status).toBe(200);
    const opens = () => world.slack.calls.filter(({ method }) => method === 'views.open').length;
    await world.slack.until(() => opens() > before);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.slack.modal(REQUESTER)).toBeUndefined();
    expect(world.person(REQUESTER).ephemerals()).toHaveLength(said);
  });
});

describe('garbage, correctly signed', () => {
  const team = { id: WORKSPACE };
  const user = { id: REQUESTER };
  const view = { id: 'V1', callback_id: 'request-opt-in', type: 'modal' };

  it.each([
    ['nothing of ours', { type: 'new_thing_of_2031', team, user }],
    ['an empty object', {}],
    ['actions that are null', { type: 'block_actions', team, user, actions: null }],
    ['no actions', { type: 'block_actions', team, user, actions: [] }],
    ['an action without an id', { type: 'block_actions', team, user, actions: [{}] }],
    [
      'an action whose id is a number',
      { type: 'block_actions', team, user, actions: [{ action_id: 7, block_id: 'x' }] },
    ],
    [
      'a click that names no window',
      { type: 'block_actions', team, user, actions: [{ action_id: 'go-back', block_id: 'x' }] },
    ],
    ['a submission without a view', { type: 'view_submission', team, user }],
    ['a view that is null', { type: 'view_submission', team, user, view: null }],
    ['a view without a callback id', { type: 'view_submission', team, user, view: { id: 'V1' } }],
    ['metadata that is no JSON', submission({ private_metadata: '{{' })],
    ['metadata of another app', submission({ private_metadata: '{"draft":"1"}' })],
    [
      'metadata with an operator in it',
      submission({ private_metadata: '{"d":{"$ne":""},"s":"who","r":0}' }),
    ],
    [
      'a state that is a list',
      submission({ private_metadata: place('who'), state: { values: [] } }),
    ],
    [
      'values of other shapes',
      submission({
        private_metadata: place('who'),
        state: { values: { 'choose-audience': { 'choose-audience': { selected_options: 'x' } } } },
      }),
    ],
    ['a step that is out of turn', submission({ private_metadata: place('review') })],
    ['nobody', { type: 'view_submission', team, view }],
    ['a user who is no id', { type: 'view_submission', team, user: { id: { $gt: '' } }, view }],
    ['no team', { type: 'view_submission', team: null, user, view }],
    ['options for nothing', { type: 'block_suggestion', team, user, action_id: 'x', value: null }],
    ['a shortcut of an older version', { type: 'shortcut', team, user, callback_id: 'old' }],
    ['a shortcut without an id', { type: 'shortcut', team, user }],
  ])('%s is acknowledged', async (_what, payload) => {
    const { status } = await interact(payload);
    expect(status).toBe(200);
    expect(await stored()).toBe(0);
    // It is alive and well.
    await open(world, '/optin');
  });

  it.each([
    ['null', 'payload=null', FORM],
    ['a list', 'payload=%5B%5D', FORM],
    ['half an object', 'payload=%7B%22type%22', FORM],
    ['null', 'null', 'application/json'],
    ['a number', '7', 'application/json'],
  ])('%s instead of an object is refused', async (_what, body, type) => {
    expect((await post(body, type)).status).toBe(400);
    await open(world, '/optin');
  });

  it('a body without an end is refused', async () => {
    expect((await post(`payload=${'x'.repeat(1_100_000)}`)).status).toBe(413);
    await open(world, '/optin');
  });

  it.each([{ event: null }, { event: { type: 'app_home_opened' } }, { event: {} }])(
    'the event %j is acknowledged',
    async (envelope) => {
      const body = JSON.stringify({ type: 'event_callback', team_id: WORKSPACE, ...envelope });
      expect((await post(body, 'application/json')).status).toBe(200);
    },
  );

  it('a command with nothing but its name is acknowledged', async () => {
    expect((await post('command=%2Foptin')).status).toBe(200);
    expect((await post('command=%2Fnever-heard-of')).status).toBe(200);
  });

  function place(step: string): string {
    return JSON.stringify({ d: `d_${'0'.repeat(24)}`, s: step, r: 0 });
  }

  function submission(over: object) {
    return { type: 'view_submission', team, user, trigger_id: '1.2', view: { ...view, ...over } };
  }
});

describe('an older version of the app', () => {
  it('left a window that says so when it is submitted', async () => {
    const person = await open(world, '/optin batch:b_test');
    const view = world.slack.modal(REQUESTER);
    if (view === undefined) throw new Error('no modal');
    view.callback_id = 'fill-request-v1';
    expect((await person.submit()).outcome).toBe('updated');
    expect(screen(world)).toContain('older version of Assent');
  });

  it('left a command that says so', async () => {
    await world.person(REQUESTER).command('/opt-in');
    await world.reads(REQUESTER, 'older version of Assent');
  });
});
