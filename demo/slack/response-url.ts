/**
 * Response URL: the address that lets an app answer a command or a click, five times in half an
 * hour.
 */
import { randomBytes } from 'node:crypto';
import { RESPONSE_URL_LIFE_MS, RESPONSE_URL_USES_MAX } from '../../src/slack/blocks/limits.ts';
import { asString, isObject, type Json } from './json.ts';
import { contentOf, edit, postAsApp, remove, whisperAsApp } from './messages.ts';
import { SlackError } from './slack-error.ts';
import type { PostedMessage, ResponseUrl, Workspace } from './workspace.ts';

/** What the answer is about: where, for whom, and the message that was clicked. */
export interface Occasion {
  readonly channel: string;
  readonly user: string;
  readonly original?: PostedMessage | undefined;
}

/** An address to answer to, and the list that its posts will fill. */
export function newResponseUrl(
  ws: Workspace,
  occasion: Occasion,
): { url: string; opened: ResponseUrl } {
  const id = randomBytes(12).toString('hex');
  const opened: ResponseUrl = {
    channel: occasion.channel,
    user: occasion.user,
    original: occasion.original,
    at: ws.now(),
    uses: 0,
    posts: [],
  };
  ws.responseUrls.set(id, opened);
  return { url: `${ws.origin}/response/${id}`, opened };
}

/**
 * Takes one post.
 * @throws SlackError used_url, expired_url, invalid_payload, or what is wrong with the message
 */
export function takeResponse(ws: Workspace, id: string, body: unknown): void {
  const opened = ws.responseUrls.get(id);
  if (opened === undefined || opened.uses >= RESPONSE_URL_USES_MAX)
    throw new SlackError('used_url');
  if (ws.now().getTime() - opened.at.getTime() > RESPONSE_URL_LIFE_MS)
    throw new SlackError('expired_url');
  if (!isObject(body)) throw new SlackError('invalid_payload');
  opened.uses += 1;
  const posted = answer(ws, 'response_url', opened, body);
  if (posted !== undefined) opened.posts.push(posted);
}

/**
 * Shows an answer to a command or click: to the one who asked, unless it says `in_channel`; or
 * instead of the message that was clicked.
 * @throws SlackError
 */
export function answer(
  ws: Workspace,
  by: string,
  { channel: channelId, user, original }: Occasion,
  body: Json,
): PostedMessage | undefined {
  if (body['delete_original'] === true && original !== undefined) {
    remove(ws, original);
    return undefined;
  }
  const content = contentOf(ws, by, body);
  const replaces = body['replace_original'] !== false && body['response_type'] === undefined;
  if (original !== undefined && (replaces || body['replace_original'] === true)) {
    edit(ws, by, original, content, { ...body, blocks: body['blocks'] ?? [] });
    return original;
  }
  const channel = ws.channels.get(channelId);
  if (channel === undefined) throw new SlackError('channel_not_found');
  const thread = asString(body['thread_ts']);
  return body['response_type'] === 'in_channel'
    ? postAsApp(ws, by, channel, content, thread)
    : whisperAsApp(ws, channel, user, content, thread);
}
