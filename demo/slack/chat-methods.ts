/**
 * Chat methods: chat.postMessage, chat.update, chat.delete, chat.postEphemeral, chat.getPermalink.
 */
import { asObjects, asString, type Json } from './json.ts';
import {
  contentOf,
  edit,
  messageAt,
  messageJson,
  postAsApp,
  remove,
  whisperAsApp,
  writableChannel,
} from './messages.ts';
import type { Method } from './method.ts';
import { SlackError } from './slack-error.ts';
import type { Channel, PostedMessage, Workspace } from './workspace.ts';

export const CHAT_METHODS: Readonly<Record<string, Method>> = {
  'chat.postMessage': (ws, args) => {
    const channel = writableChannel(ws, asString(args['channel']));
    const content = contentOf(ws, 'chat.postMessage', args);
    const thread = threadIn(ws, channel, args);
    const message = postAsApp(ws, 'chat.postMessage', channel, content, thread);
    return {
      channel: channel.id,
      ts: message.ts,
      message: messageJson(ws, message),
      ...warning(args),
    };
  },
  'chat.postEphemeral': (ws, args) => {
    const channel = writableChannel(ws, asString(args['channel']));
    const user = asString(args['user']);
    if (!ws.users.has(user)) throw new SlackError('user_not_found');
    if (!channel.members.has(user)) throw new SlackError('user_not_in_channel');
    const content = contentOf(ws, 'chat.postEphemeral', args);
    const thread = threadIn(ws, channel, args);
    return { message_ts: whisperAsApp(ws, channel, user, content, thread).ts, ...warning(args) };
  },
  'chat.update': (ws, args) => {
    const message = ownMessage(ws, args, 'cant_update_message');
    const content = contentOf(ws, 'chat.update', args);
    edit(ws, 'chat.update', message, content, args);
    return {
      channel: message.channel,
      ts: message.ts,
      text: message.text,
      message: messageJson(ws, message),
      ...warning(args),
    };
  },
  'chat.delete': (ws, args) => {
    const message = ownMessage(ws, args, 'cant_delete_message');
    remove(ws, message);
    return { channel: message.channel, ts: message.ts };
  },
  'chat.getPermalink': (ws, args) => {
    const channel = ws.channels.get(asString(args['channel']));
    if (channel === undefined) throw new SlackError('channel_not_found');
    const message = messageAt(ws, channel.id, asString(args['message_ts']));
    if (message === undefined) throw new SlackError('message_not_found');
    const place = `https://${ws.domain}.slack.com/archives/${channel.id}`;
    return { channel: channel.id, permalink: `${place}/p${message.ts.replace('.', '')}` };
  },
};

function ownMessage(ws: Workspace, args: Json, refusal: string): PostedMessage {
  const channel = writableChannel(ws, asString(args['channel']));
  const message = messageAt(ws, channel.id, asString(args['ts']));
  if (message === undefined) throw new SlackError('message_not_found');
  if (message.user !== ws.botUserId) throw new SlackError(refusal);
  return message;
}

function threadIn(ws: Workspace, channel: Channel, args: Json): string {
  const ts = asString(args['thread_ts']);
  if (ts !== '' && messageAt(ws, channel.id, ts) === undefined)
    throw new SlackError('thread_not_found');
  return ts;
}

/** Slack takes blocks without text, but warns. */
const warning = (args: Json): Json =>
  asObjects(args['blocks']).length > 0 && asString(args['text']) === ''
    ? {
        warning: 'missing_text_in_message',
        response_metadata: { warnings: ['missing_text_in_message'] },
      }
    : {};
