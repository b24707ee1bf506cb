/**
 * Payloads: for every listener there is, what Slack would send it, whole and plausible; a test then
 * bends it. Made from LISTENERS, so that a listener of tomorrow is tried without being named here.
 */
import type { SlackDouble } from '../../../demo/slack/double.ts';
import { newResponseUrl } from '../../../demo/slack/response-url.ts';
import type { Ack } from '../../../demo/slack/sign.ts';
import { SUBCOMMANDS } from '../../../src/slack/command/assent-parse.ts';
import { LISTENERS } from '../../../src/slack/listeners.ts';
import { CHANNEL } from '../../support/deps.ts';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

export type Json = Record<string, unknown>;

/** How a body travels: plain fields, one field with JSON in it, or JSON. */
export type Carriage = 'fields' | 'payload' | 'json';

export interface Target {
  readonly name: string;
  readonly carriage: Carriage;
  /** A new body with a fresh trigger; `turn` chooses among what it may be about. */
  body(user: string, turn: number): Json;
}

/** Things that buttons, metadata and commands may name. */
export interface Names {
  readonly values: readonly string[];
  readonly metadata: readonly string[];
  /** What may stand in the inputs of a view: block id → whatever its input would hold. */
  readonly inputs: readonly string[];
}

const at = <T>(all: readonly T[], turn: number): T => {
  const found = all[turn % all.length];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
};

/** Every listener as something that can be sent to. */
export function targetsOf(slack: SlackDouble, names: Names): Target[] {
  const { commands, shortcuts, actions, submissions, closed, options, events } = LISTENERS;
  const { functions, systemEvents } = LISTENERS;
  const make = (
    kind: string,
    listeners: object,
    carriage: Carriage,
    body: (id: string, user: string, turn: number) => Json,
  ): Target[] =>
    Object.keys(listeners).map((id) => ({
      name: `${kind} ${id}`,
      carriage,
      body: (user, turn) => body(id, user, turn),
    }));
  const view = (id: string, turn: number) => aView(slack, names, id, turn);
  return [
    ...make('command', commands, 'fields', (id, user, turn) =>
      aCommand(slack, names, { id, user, turn }),
    ),
    ...make('shortcut', shortcuts, 'payload', (id, user, turn) =>
      aShortcut(slack, { id, user, turn }),
    ),
    ...make('action', actions, 'payload', (id, user, turn) => ({
      ...who(slack, user, 'block_actions'),
      actions: [anAction(id, at(names.values, turn))],
      ...(turn % 2 === 0 ? inMessage(slack, user) : { view: view('request-opt-in', turn) }),
    })),
    ...make('submission', { ...submissions, 'form-of-2024': 0 }, 'payload', (id, user, turn) => ({
      ...who(slack, user, 'view_submission'),
      view: view(id, turn),
    })),
    ...make('closed', { ...closed, ...submissions }, 'payload', (id, user, turn) => ({
      ...who(slack, user, 'view_closed'),
      is_cleared: false,
      view: view(id, turn),
    })),
    ...make('options', options, 'payload', (id, user, turn) => ({
      ...who(slack, user, 'block_suggestion'),
      action_id: id,
      block_id: id,
      value: at(['', 'spr', 'Europe/', 'vip'], turn),
      view: view('request-opt-in', turn),
    })),
    ...make('event', { ...events, ...systemEvents }, 'json', (id, user) =>
      anEvent(slack, id, user),
    ),
    ...make('function', functions ?? {}, 'json', (id, user) => aStep(slack, id, user)),
  ];
}

const who = (slack: SlackDouble, user: string, type: string): Json => ({
  type,
  team: { id: slack.teamId, domain: 'demo' },
  user: { id: user, name: 'somebody', team_id: slack.teamId },
  enterprise: null,
  is_enterprise_install: false,
  api_app_id: slack.workspace.appId,
  trigger_id: slack.workspace.trigger(user),
});

const answerTo = (slack: SlackDouble, user: string): string =>
  newResponseUrl(slack.workspace, { channel: CHANNEL, user }).url;

const inMessage = (slack: SlackDouble, user: string): Json => ({
  container: { type: 'message', message_ts: '1.2', channel_id: CHANNEL },
  channel: { id: CHANNEL, name: 'approvals' },
  message: { ts: '1.2', text: 'card' },
  response_url: answerTo(slack, user),
});

interface Sent {
  readonly id: string;
  readonly user: string;
  readonly turn: number;
}

function aCommand(slack: SlackDouble, names: Names, { id, user, turn }: Sent): Json {
  const words = Object.keys(SUBCOMMANDS);
  const text =
    id === '/assent'
      ? `${at(words, turn)} ${at(names.values, turn + 1)}`
      : at(['', 'batch:b_test', 'tag:vip', 'help'], turn);
  return {
    team_id: slack.teamId,
    channel_id: CHANNEL,
    user_id: user,
    command: id,
    text,
    api_app_id: slack.workspace.appId,
    is_enterprise_install: 'false',
    response_url: answerTo(slack, user),
    trigger_id: slack.workspace.trigger(user),
  };
}

function aShortcut(slack: SlackDouble, { id, user, turn }: Sent): Json {
  const ofMessage = {
    message: { ts: '1.2', files: [{ id: 'F1', name: 'a.csv', filetype: 'csv', mode: 'hosted' }] },
    channel: { id: CHANNEL, name: 'approvals' },
    message_ts: '1.2',
    response_url: answerTo(slack, user),
  };
  return {
    ...who(slack, user, turn % 2 === 0 ? 'message_action' : 'shortcut'),
    callback_id: id,
    action_ts: '1.2',
    ...(turn % 2 === 0 ? ofMessage : {}),
  };
}

const anAction = (id: string, value: string): Json => ({
  type: 'button',
  action_id: id,
  block_id: id,
  value,
  selected_option: { value },
});

function aView(slack: SlackDouble, { values, metadata, inputs }: Names, id: string, turn: number) {
  const value = at(values, turn);
  const held = () => ({
    value,
    selected_option: { value },
    selected_options: [{ value }],
    selected_users: ['U0ASKS'],
    selected_conversation: CHANNEL,
    selected_date: '2026-01-01',
    selected_time: '09:00',
    selected_date_time: 1_900_000_000,
    files: [{ id: 'F1', name: 'a.csv' }],
  });
  return {
    id: slack.workspace.nextId('V'),
    root_view_id: 'V0ROOT',
    hash: '1.a',
    type: 'modal',
    team_id: slack.teamId,
    callback_id: id,
    private_metadata: at(metadata, turn),
    state: { values: Object.fromEntries(inputs.map((name) => [name, { [name]: held() }])) },
  };
}

const envelope = (slack: SlackDouble, event: Json): Json => ({
  type: 'event_callback',
  team_id: slack.teamId,
  api_app_id: slack.workspace.appId,
  event,
  event_id: slack.workspace.nextId('Ev'),
  event_time: Math.floor(Date.now() / 1_000),
  authorizations: [{ team_id: slack.teamId, enterprise_id: null, is_enterprise_install: false }],
});

/** What says that the app is gone names somebody else's tokens: it would end the test. */
const anEvent = (slack: SlackDouble, id: string, user: string): Json => ({
  ...envelope(slack, { type: id, user, tab: 'home', channel: 'D1', tokens: { oauth: [user] } }),
  ...(id === 'app_uninstalled' ? { team_id: 'T0OTHER' } : {}),
});

const aStep = (slack: SlackDouble, id: string, user: string): Json =>
  envelope(slack, {
    type: 'function_executed',
    function: { callback_id: id },
    inputs: { audience: 'batch:b_test', template: '', requester: { id: user } },
    function_execution_id: slack.workspace.nextId('Fx'),
    bot_access_token: slack.botToken,
  });

/** Signs a body as Slack would, and sends it. */
export async function sendBody(slack: SlackDouble, carriage: Carriage, body: Json): Promise<Ack> {
  return slack.send(signBody(slack, carriage, body));
}

function signBody(slack: SlackDouble, carriage: Carriage, body: Json) {
  if (carriage === 'json') return slack.sign(JSON.stringify(body), JSON_TYPE);
  const fields =
    carriage === 'payload'
      ? { payload: JSON.stringify(body) }
      : Object.fromEntries(Object.entries(body).map(([name, value]) => [name, asField(value)]));
  return slack.sign(new URLSearchParams(fields).toString(), FORM);
}

const asField = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
