/** Payloads: what Slack sends to the app, in the shapes that Bolt's types describe. */
import type {
  BlockSuggestion,
  GlobalShortcut,
  MessageShortcut,
  SlashCommand,
  ViewClosedAction,
  ViewOutput,
  ViewSubmitAction,
} from '@slack/bolt';
import type { Json } from './json.ts';
import { messageJson } from './messages.ts';
import { viewJson } from './views.ts';
import type { Channel, OpenView, PostedMessage, User, Values, Workspace } from './workspace.ts';

/** The old verification token; nobody should look at it. */
const TOKEN = 'verification-token-of-the-double';

/** Where something happened: in a message, in a view. */
export type Place = { message: PostedMessage } | { view: OpenView };

export const slashCommand = (
  ws: Workspace,
  user: User,
  channel: Channel,
  command: string,
  text: string,
  responseUrl: string,
): SlashCommand & Record<string, string> => ({
  token: TOKEN,
  team_id: ws.teamId,
  team_domain: ws.domain,
  channel_id: channel.id,
  channel_name: channel.kind === 'im' ? 'directmessage' : channel.name,
  user_id: user.id,
  user_name: nick(user),
  command,
  text,
  api_app_id: ws.appId,
  is_enterprise_install: 'false',
  response_url: responseUrl,
  trigger_id: ws.trigger(user.id),
});

/** A click or choice. `state` is given where it is not the view's own (messages keep none). */
export function blockActions(
  ws: Workspace,
  user: User,
  place: Place,
  action: Json,
  state: Values,
  responseUrl: string,
): Json {
  const shared = {
    ...base(ws, user, 'block_actions' as const),
    trigger_id: ws.trigger(user.id),
    actions: [action],
    state: { values: state },
  };
  return 'view' in place
    ? { ...shared, ...inView(ws, place.view) }
    : { ...shared, ...inMessage(ws, place.message), response_url: responseUrl };
}

export const blockSuggestion = (
  ws: Workspace,
  user: User,
  view: OpenView,
  blockId: string,
  actionId: string,
  value: string,
): BlockSuggestion => ({
  ...base(ws, user, 'block_suggestion' as const),
  ...inView(ws, view),
  block_id: blockId,
  action_id: actionId,
  value,
});

export const viewSubmission = (ws: Workspace, user: User, view: OpenView): ViewSubmitAction => ({
  ...base(ws, user, 'view_submission' as const),
  view: viewOutput(ws, view),
  trigger_id: ws.trigger(user.id),
  response_urls: [],
});

export const viewClosed = (
  ws: Workspace,
  user: User,
  view: OpenView,
  isCleared: boolean,
): ViewClosedAction => ({
  ...base(ws, user, 'view_closed' as const),
  view: viewOutput(ws, view),
  is_cleared: isCleared,
});

export const globalShortcut = (ws: Workspace, user: User, callbackId: string): GlobalShortcut => {
  const shared = base(ws, user, 'shortcut' as const);
  return {
    ...shared,
    callback_id: callbackId,
    trigger_id: ws.trigger(user.id),
    action_ts: ws.nextTs(),
  };
};

export const messageShortcut = (
  ws: Workspace,
  user: User,
  callbackId: string,
  message: PostedMessage,
  responseUrl: string,
): MessageShortcut => ({
  ...base(ws, user, 'message_action' as const),
  callback_id: callbackId,
  trigger_id: ws.trigger(user.id),
  action_ts: ws.nextTs(),
  message_ts: message.ts,
  message: { ...messageJson(ws, message), type: 'message', ts: message.ts },
  channel: channelOf(ws, message),
  response_url: responseUrl,
});

/** The wrapping of every event of the Events API. */
export const eventEnvelope = (ws: Workspace, event: Json, eventId: string): Json => ({
  token: TOKEN,
  team_id: ws.teamId,
  context_team_id: ws.teamId,
  context_enterprise_id: null,
  api_app_id: ws.appId,
  event,
  type: 'event_callback',
  event_id: eventId,
  event_time: Math.floor(ws.now().getTime() / 1_000),
  authorizations: [
    {
      enterprise_id: null,
      team_id: ws.teamId,
      user_id: ws.botUserId,
      is_bot: true,
      is_enterprise_install: false,
    },
  ],
  is_ext_shared_channel: false,
});

const nick = (user: User): string => user.name.toLowerCase().replaceAll(' ', '.');

function base<T extends string>(ws: Workspace, user: User, type: T) {
  return {
    type,
    token: TOKEN,
    api_app_id: ws.appId,
    team: { id: ws.teamId, domain: ws.domain },
    user: { id: user.id, name: nick(user), username: nick(user), team_id: user.teamId },
    is_enterprise_install: false,
  };
}

/** Blocks were checked when the view came in, so that the type may be trusted. */
const viewOutput = (ws: Workspace, view: OpenView): ViewOutput =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  viewJson(ws, view) as unknown as ViewOutput;

const inView = (ws: Workspace, view: OpenView) => ({
  container: { type: 'view', view_id: view.id },
  view: viewOutput(ws, view),
});

/** An ephemeral message is not sent along: Slack forgot it once it was shown. */
function inMessage(ws: Workspace, message: PostedMessage) {
  const isEphemeral = message.ephemeral_to !== undefined;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: isEphemeral,
      ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }),
    },
    channel: channelOf(ws, message),
    ...(!isEphemeral && { message: messageJson(ws, message) }),
  };
}

function channelOf(ws: Workspace, message: PostedMessage): { id: string; name: string } {
  const channel = ws.channels.get(message.channel);
  const name = channel === undefined || channel.kind === 'im' ? 'directmessage' : channel.name;
  return { id: message.channel, name };
}
