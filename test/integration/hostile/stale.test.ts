/**
 * Stale: cards, windows and values that an older version of the app left behind: nothing is done, and
 * the person reads what to do instead.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { LISTENERS } from '../../../src/slack/listeners.ts';
import { ADMIN, APPROVER, CHANNEL, REQUESTER } from '../../support/deps.ts';
import { type Json, sendBody, targetsOf } from './payloads.ts';
import { type HostileWorld, hostileWorld } from './world.ts';

const OLD = 'older version of Assent';
const TYPE = 'Type /assent';
const ACK_MS_MAX = 3_000;

let world: HostileWorld;
let before: string;
let lines: number;

beforeAll(async () => {
  world = await hostileWorld();
  before = await world.dump();
  lines = 0;
}, 60_000);
afterEach(async () => {
  await world.quiet();
  expect(await world.dump()).toBe(before);
  expect(world.logged.slice(lines).filter((line) => line.includes('"level":50'))).toEqual([]);
  lines = world.logged.length;
  expect(world.slack.acks.filter(({ ms, status }) => ms >= ACK_MS_MAX || status !== 200)).toEqual(
    [],
  );
});
afterAll(async () => {
  await world.close();
});

const NOTHING = { values: ['q_1'], metadata: [''], inputs: [] };
function bodyOf(name: string, user: string, turn = 0): Json {
  const target = targetsOf(world.slack, NOTHING).find((one) => one.name === name);
  if (target === undefined) throw new Error(`no listener is called ${name}`);
  return target.body(user, turn);
}

async function submit(callback: string, user: string, view: Json): Promise<string> {
  const body = bodyOf(`submission ${callback}`, user);
  const given = body['view'] as Json;
  const ack = await sendBody(world.slack, 'payload', { ...body, view: { ...given, ...view } });
  return ack.body;
}

async function click(over: Json, user = REQUESTER): Promise<void> {
  const body = bodyOf('action review-request', user);
  const [action] = body['actions'] as Json[];
  await sendBody(world.slack, 'payload', { ...body, actions: [{ ...action, ...over }] });
}

/** What only this person reads by now. */
const heard = (user: string): number => world.person(user).ephemerals().length;
async function reads(user: string, words: string, from: number): Promise<void> {
  const texts = () => JSON.stringify(world.person(user).ephemerals().slice(from));
  await world.slack.until(() => texts().includes(words));
}

describe('a button', () => {
  it.each(['approve-operation', 'op:approve', '__proto__', 'constructor', 'review-request '])(
    'of the unknown id %j says that it is old',
    async (id) => {
      const from = heard(REQUESTER);
      await click({ action_id: id });
      await reads(REQUESTER, OLD, from);
      await reads(REQUESTER, TYPE, from);
    },
  );

  it.each([
    ['review-request', 'operation:7', 'does not exist'],
    ['show-request', '{"request":"q_1","v":1}', 'does not exist'],
    ['pause-request', '', 'does not exist'],
    ['cancel-request', '__proto__', 'does not exist'],
    ['pause-campaign', 'c_gone', 'does not exist'],
    ['resume-route', 'default', OLD],
  ])('%s with the old value %j says so', async (id, value, words) => {
    const from = heard(ADMIN);
    await click({ action_id: id, block_id: id, value }, ADMIN);
    await world.slack.until(() => heard(ADMIN) > from);
    expect(JSON.stringify(world.person(ADMIN).ephemerals().slice(from))).toContain(words);
    expect(JSON.stringify(world.person(ADMIN).ephemerals().slice(from))).not.toContain('broke');
  });
});

describe('a window', () => {
  it('of an unknown kind says that it is old', async () => {
    const body = await submit('form-of-2024', REQUESTER, {});
    expect(JSON.parse(body)).toMatchObject({ response_action: 'update' });
    expect(body).toContain(OLD);
  });

  it.each([
    ['no metadata', ''],
    ['metadata that is no JSON', 'q_1'],
    ['metadata of version 1', '{"r":"q_1","h":"abc"}'],
    [
      'metadata with more in it',
      '{"request":"q_1","planHash":"x","campaign":"c","hash":"h","v":2}',
    ],
    ['a list', '[]'],
    ['null', 'null'],
  ])('with %s is not taken for another: every form says what to do', async (_what, metadata) => {
    for (const callback of Object.keys(LISTENERS.submissions)) {
      const held = { private_metadata: metadata, state: { values: {} } };
      const body = await submit(callback, APPROVER, held);
      const answer = JSON.parse(body) as Json;
      expect([callback, answer['response_action']]).toEqual([
        callback,
        expect.stringMatching(/^(?:push|update|errors)$/u),
      ]);
      expect(body).not.toMatch(/broke on our side|Error/u);
    }
  });

  it.each(['decide-request', 'decide-campaign'])('%s of an older version says so', async (form) => {
    const body = await submit(form, APPROVER, { private_metadata: '{"r":"q_1"}' });
    expect(body).toContain(OLD);
    expect(body).toContain(TYPE);
  });

  it('of a draft that is gone says to begin anew', async () => {
    const metadata = JSON.stringify({ d: `d_${'1'.repeat(24)}`, s: 'review', r: 3 });
    const body = await submit('request-opt-in', REQUESTER, { private_metadata: metadata });
    expect(body).toContain('draft has expired');
  });
});

describe('a choice', () => {
  it.each([
    ['set-typed-over', 'many'],
    ['set-link-days', '-3'],
    ['choose-time-zone', 'Mars/Olympus'],
  ])('of an older form (%s: %s) saves no settings', async (id, value) => {
    const held = { value, selected_option: { value }, selected_options: [{ value }] };
    const body = await submit('change-settings', ADMIN, {
      private_metadata: '0',
      state: { values: { [id]: { [id]: held } } },
    });
    expect(JSON.parse(body)).toMatchObject({ response_action: 'errors' });
    expect(Object.keys((JSON.parse(body) as { errors: Json }).errors)).toEqual([id]);
  });

  it.each([
    ['change-settings', 'choose-silence', { selected_option: { value: 'forget-them' } }],
    ['change-settings', 'choose-locale', { selected_option: { value: 'xx' } }],
    ['change-settings', 'choose-approvers', { selected_user: 'U0ADMIN' }],
    ['change-settings', 'choose-admin-groups', { selected_options: 'S0ALL' }],
    ['submit-campaign', 'campaign-rhythm', { selected_option: { value: 'fortnight' } }],
    ['import-file', 'choose-permission', { selected_option: { value: 'maybe' } }],
  ])('of %s that is not offered any more (%s) is not guessed at', async (form, id, held) => {
    const values = { [id]: { [id]: held } };
    const body = await submit(form, ADMIN, { private_metadata: '', state: { values } });
    expect(JSON.parse(body)).toMatchObject({ response_action: 'push' });
    expect(body).toContain(OLD);
  });

  it('of an audience that has another key now is none', async () => {
    const value = 'b:spring';
    const held = { selected_options: [{ value }] };
    const metadata = JSON.stringify({ d: `d_${'2'.repeat(24)}`, s: 'who', r: 0 });
    const body = await submit('request-opt-in', REQUESTER, {
      private_metadata: metadata,
      state: { values: { 'choose-audience': { 'choose-audience': held } } },
    });
    expect(JSON.parse(body)).toMatchObject({ response_action: 'errors' });
  });
});

it.each([
  ['a command', 'command /optin', { command: '/opt-in-contacts' }],
  ['a shortcut', 'shortcut new-request', { callback_id: 'sc:new' }],
])('%s that is gone says so', async (_what, name, over) => {
  const from = heard(REQUESTER);
  const carriage = name.startsWith('command') ? ('fields' as const) : ('payload' as const);
  await sendBody(world.slack, carriage, { ...bodyOf(name, REQUESTER), ...over });
  await reads(REQUESTER, OLD, from);
});

it.each(['block_suggestion', 'view_closed', 'an event of 2031'])(
  '%s that nobody knows is acknowledged, and nothing is said',
  async (type) => {
    const calls = world.slack.calls.length;
    const [carriage, body]: readonly ['json' | 'payload', Json] =
      type === 'an event of 2031'
        ? ['json', { type: 'event_callback', event: { type: 'assent_2031', channel: CHANNEL } }]
        : ['payload', { ...bodyOf('options choose-audience', REQUESTER), type, action_id: 'old' }];
    const ack = await sendBody(world.slack, carriage, body);
    expect(['', '{"options":[]}']).toContain(ack.body);
    await world.quiet();
    expect(world.slack.calls.slice(calls).filter(({ method }) => method !== 'users.info')).toEqual(
      [],
    );
  },
);
