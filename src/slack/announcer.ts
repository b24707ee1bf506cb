/**
 * Announcer: draws what was written down for Slack, posts or edits it, and says what came of it in
 * words that the workflow understands. It waits for nothing: whatever fails is tried again from the
 * database.
 */
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  type WebClient,
} from '@slack/web-api';
import { Refusal } from '../consent/refusal.ts';
import type { AnnouncementDocument } from '../store/announcements.ts';
import type { AnnouncePort, Place, Posting } from '../workflow/announce.ts';
import type { Deps } from '../workflow/deps.ts';
import { readStatus } from '../workflow/read-status.ts';
import { approvalCard } from './approval-card.ts';
import type { SlackClients } from './clients.ts';
import { decisionMessage } from './direct-messages.ts';
import { importMessage } from './import-message.ts';
import type { Message } from './message.ts';
import { progressMessage } from './progress-message.ts';
import { resultMessage } from './result-message.ts';

/** Slack may say 429 without saying for how long (node-slack-sdk issue 1421). */
const RATE_LIMITED_MS = 30_000;
/** A token that is not valid is not valid a minute later either; an admin has to act. */
const UNAUTHORIZED_MS = 60 * 60 * 1_000;
const SECOND_MS = 1_000;

/** The channel or person takes no message of ours, and will not unless somebody acts. */
const NEVER: ReadonlySet<string> = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'user_not_found',
  'user_disabled',
  'cannot_dm_bot',
  'messages_tab_disabled',
]);
const UNAUTHORIZED: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'no_permission',
]);
/** Our message is no longer there, or no longer may be edited: a new one takes its place. */
const GONE: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
]);
/** A Slack that does not know a block refuses the whole message. */
const BLOCKS_REFUSED: ReadonlySet<string> = new Set(['invalid_blocks', 'invalid_blocks_format']);

/** Posts announcements with the background client. */
export function createAnnouncer(
  deps: Deps,
  { background }: Pick<SlackClients, 'background'>,
): AnnouncePort {
  return {
    async post(announcement) {
      try {
        return await postDrawn(deps, background, announcement);
      } catch (error) {
        return explain(error);
      }
    },
  };
}

async function postDrawn(
  deps: Deps,
  client: WebClient,
  announcement: AnnouncementDocument,
): Promise<Posting> {
  const drawn = await draw(deps, announcement, { chart: true });
  if (drawn === undefined) return failed('nothing_to_show', 'never');
  try {
    return { kind: 'posted', place: await send(client, announcement, drawn) };
  } catch (error) {
    const plain = await draw(deps, announcement, { chart: false });
    if (!isPlatformError(error, BLOCKS_REFUSED) || plain === undefined) throw error;
    deps.log.warn({ kind: announcement.kind }, 'Slack refused a chart; posted without it');
    return { kind: 'posted', place: await send(client, announcement, plain) };
  }
}

/** Undefined if what it is about no longer exists. */
async function draw(
  deps: Deps,
  { workspace, kind, about }: AnnouncementDocument,
  { chart }: { readonly chart: boolean },
): Promise<Message | undefined> {
  if (kind === 'direct-import') {
    const batch = await deps.database.of(workspace).imports.find(about.id);
    return batch === null ? undefined : importMessage(batch);
  }
  try {
    const status = await readStatus(deps, workspace, about.id);
    switch (kind) {
      case 'approval-card':
        return approvalCard(status);
      case 'progress':
        return progressMessage(status, deps.now());
      case 'result':
        return resultMessage(status, { chart, direct: false });
      case 'direct-result':
        return resultMessage(status, { chart, direct: true });
      case 'direct-decision':
        return decisionMessage(status, (await deps.settings(workspace)).channel);
      default:
        return kind satisfies never;
    }
  } catch (error) {
    if (error instanceof Refusal && error.code === 'request_not_found') return undefined;
    throw error;
  }
}

async function send(
  client: WebClient,
  { kind, to, place }: AnnouncementDocument,
  { text, blocks }: Message,
): Promise<Place> {
  // An edit notifies nobody, so a decision is always news: a message of its own.
  if (place !== undefined && kind !== 'direct-decision') {
    const { channel, ts } = place;
    await client.chat.update({ channel, ts, text, blocks });
    return place;
  }
  const post = { channel: to, text, blocks, unfurl_links: false, unfurl_media: false };
  const posted = await client.chat.postMessage(post);
  if (posted.channel === undefined || posted.ts === undefined) {
    throw new Error('Slack took a message and did not say where it stands');
  }
  return { channel: posted.channel, ts: posted.ts };
}

/** What Slack's answer means for the message. Anything of ours that broke goes on up. */
function explain(error: unknown): Posting {
  if (error instanceof WebAPIRateLimitedError) {
    return failed('ratelimited', error.retryAfter * SECOND_MS);
  }
  if (error instanceof WebAPIHTTPError) return failed(`http_${error.statusCode}`, undefined);
  if (error instanceof WebAPIPlatformError) return explainName(error.data.error);
  if (!(error instanceof Error)) throw error;
  if (error.message.startsWith('Retry header')) return failed('ratelimited', RATE_LIMITED_MS);
  if ('code' in error && error.code === 'slack_webapi_request_error') {
    return failed('no_answer', undefined);
  }
  throw error;
}

function explainName(name: string): Posting {
  if (GONE.has(name)) return { kind: 'gone' };
  if (NEVER.has(name)) return failed(name, 'never');
  if (UNAUTHORIZED.has(name)) return failed(name, UNAUTHORIZED_MS);
  if (name === 'ratelimited') return failed(name, RATE_LIMITED_MS);
  return failed(name, undefined);
}

const failed = (error: string, retryAfterMs: number | 'never' | undefined): Posting => ({
  kind: 'failed',
  error,
  retryAfterMs,
});

const isPlatformError = (error: unknown, names: ReadonlySet<string>): boolean =>
  error instanceof WebAPIPlatformError && names.has(error.data.error);
