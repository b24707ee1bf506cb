/** Messages: posting, editing and removing them, and who may. */
import type { Fault } from './check.ts';
import { withIds } from './elements.ts';
import { fileJson } from './file-shape.ts';
import { asObject, asObjects, asString, isObject, type Json } from './json.ts';
import { leaksInChannel, leaksInHiding } from './leaks.ts';
import { refuse, SlackError } from './slack-error.ts';
import { validateMessage } from './validate.ts';
import type { Channel, PostedMessage, Workspace } from './workspace.ts';

/** What a message says, before it has a place. */
export interface Content {
  readonly text: string;
  readonly blocks: Json[];
  readonly attachments?: Json[];
  readonly metadata?: Json;
}

/**
 * Checks what an app wants to say, records what is wrong with it, and lifts it out of the call's
 * other arguments.
 * @throws SlackError as Slack would answer it
 */
export function contentOf(ws: Workspace, by: string, args: Json): Content {
  const faults: Fault[] = validateMessage(args);
  ws.record(by, faults);
  refuse(faults, 'invalid_blocks');
  ws.leaks.push(...leaksInHiding(by, args));
  return {
    text: asString(args['text']),
    blocks: withIds(asObjects(args['blocks']), (prefix) => ws.nextId(prefix)),
    ...(args['attachments'] !== undefined && { attachments: asObjects(args['attachments']) }),
    ...(isObject(args['metadata']) && { metadata: args['metadata'] }),
  };
}

/** The app's message, where everybody in the channel reads it. */
export function postAsApp(
  ws: Workspace,
  by: string,
  channel: Channel,
  content: Content,
  threadTs = '',
): PostedMessage {
  noteChannelLeaks(ws, by, channel, content);
  const message: PostedMessage = { ...appMessage(ws, channel, content, threadTs) };
  ws.messages.push(message);
  ws.changed();
  return message;
}

/** The app's message that one person sees. */
export function whisperAsApp(
  ws: Workspace,
  channel: Channel,
  user: string,
  content: Content,
  threadTs = '',
): PostedMessage {
  const message: PostedMessage = {
    ...appMessage(ws, channel, content, threadTs),
    ephemeral_to: user,
  };
  ws.ephemerals.push(message);
  ws.changed();
  return message;
}

/** Replaces a message's content; text, blocks and metadata that are not given stay as they are. */
export function edit(
  ws: Workspace,
  by: string,
  message: PostedMessage,
  content: Content,
  given: Json,
): void {
  const channel = ws.channels.get(message.channel);
  if (channel !== undefined && message.ephemeral_to === undefined)
    noteChannelLeaks(ws, by, channel, content);
  if (given['text'] !== undefined) message.text = content.text;
  if (given['blocks'] !== undefined) message.blocks = content.blocks;
  if (content.attachments !== undefined) message.attachments = content.attachments;
  if (content.metadata !== undefined) message.metadata = content.metadata;
  message.edited = { user: ws.botUserId, ts: ws.nextTs() };
  ws.changed();
}

/** Takes a message away, ephemeral or not. */
export function remove(ws: Workspace, message: PostedMessage): void {
  for (const list of [ws.messages, ws.ephemerals]) {
    const index = list.indexOf(message);
    if (index >= 0) list.splice(index, 1);
  }
  ws.changed();
}

/**
 * The channel, or the direct messages with a user, that an app may write to.
 * @throws SlackError channel_not_found, not_in_channel, is_archived
 */
export function writableChannel(ws: Workspace, id: string): Channel {
  const channel = ws.users.has(id) ? directMessages(ws, [id]) : ws.channels.get(id);
  const member = channel?.members.has(ws.botUserId) === true;
  if (channel === undefined || (channel.kind === 'private' && !member))
    throw new SlackError('channel_not_found');
  if (!member) throw new SlackError('not_in_channel');
  if (channel.archived) throw new SlackError('is_archived');
  return channel;
}

/** The conversation between the app and these users; begun if there is none. */
export function directMessages(ws: Workspace, users: readonly string[]): Channel {
  const members = new Set([...users, ws.botUserId]);
  const kind = users.length === 1 ? 'im' : 'mpim';
  const existing = [...ws.channels.values()].find(
    (channel) =>
      channel.kind === kind &&
      channel.members.size === members.size &&
      [...members].every((member) => channel.members.has(member)),
  );
  if (existing !== undefined) return existing;
  const id = ws.nextId(kind === 'im' ? 'D' : 'G');
  const name = kind === 'im' ? 'directmessage' : `mpdm-${users.join('-')}`;
  const channel: Channel = { id, name, kind, members, archived: false };
  ws.channels.set(id, channel);
  return channel;
}

/** A message by its channel and time stamp; ephemeral ones cannot be found, as in Slack. */
export const messageAt = (ws: Workspace, channel: string, ts: string): PostedMessage | undefined =>
  ws.messages.find((message) => message.channel === channel && message.ts === ts);

/** The message as payloads and answers carry it. */
export function messageJson(ws: Workspace, message: PostedMessage): Json {
  const { channel: _channel, ephemeral_to: _seenBy, files, ...said } = message;
  const replies = ws.messages.filter(
    (other) => other.channel === message.channel && other.thread_ts === message.ts,
  );
  const isParent = replies.some((reply) => reply.ts !== message.ts);
  return structuredClone({
    ...said,
    team: ws.teamId,
    ...(isParent && { thread_ts: message.ts, reply_count: replies.length }),
    ...(files !== undefined && { files: files.map((file) => fileJson(ws, file)) }),
  });
}

function appMessage(
  ws: Workspace,
  channel: Channel,
  content: Content,
  threadTs: string,
): PostedMessage {
  return {
    type: 'message',
    channel: channel.id,
    ts: ws.nextTs(),
    user: ws.botUserId,
    bot_id: ws.botId,
    app_id: ws.appId,
    ...(threadTs !== '' && { thread_ts: threadTs }),
    ...content,
  };
}

function noteChannelLeaks(ws: Workspace, by: string, channel: Channel, content: Content): void {
  if (channel.kind === 'im') return;
  const hiddenToo = leaksInHiding(by, asObject(content)).map(({ at }) => at);
  const shown = leaksInChannel(by, asObject(content)).filter(({ at }) => !hiddenToo.includes(at));
  ws.leaks.push(...shown);
}
