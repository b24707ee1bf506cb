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
import type { Message } from './blocks/message.ts';
import { askedLanguageOf, workspaceLanguage } from './guard/languages.ts';
import { refreshHome } from './home/home.ts';
import { importMessage } from './import/message.ts';
import { drawMailAlert, isMailAlert } from './notice/breaker-listeners.ts';
import { drawStanding, isStanding } from './notice/standing-messages.ts';
import { approvalCard } from './request/approval-card.ts';
import { decisionMessage, reminderMessage } from './request/direct-messages.ts';
import { isMilestone, milestoneMessage } from './request/milestone-message.ts';
import { progressMessage } from './request/progress-message.ts';
import { resultMessage } from './request/result-message.ts';
import { NotInstalled, type SlackClients } from './wire/clients.ts';
import type { SlackLocale } from './words/language.ts';

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
  'app_uninstalled',
  'team_disabled',
  'missing_scope',
  'no_permission',
]);
/** Slack's words for a token that was taken back. */
const REVOKED: ReadonlySet<string> = new Set([
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'app_uninstalled',
  'team_disabled',
]);
/** Our message is no longer there, or no longer may be edited: a new one takes its place. */
const GONE: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
]);
/** A Slack that does not know a block refuses the whole message. */
const BLOCKS_REFUSED: ReadonlySet<string> = new Set(['invalid_blocks', 'invalid_blocks_format']);

/** Always news: posted anew, also where an earlier one stands. */
const NEWS: ReadonlySet<string> = new Set([
  'direct-decision',
  'direct-campaign',
  'canary',
  'milestone-paused',
  'milestone-resumed',
]);

/** Posts announcements with the background client. */
export function createAnnouncer(
  deps: Deps,
  clients: Pick<SlackClients, 'background' | 'doubt'>,
): AnnouncePort {
  return {
    async post(announcement) {
      try {
        const client = await clients.background(announcement.workspace);
        return await postDrawn(deps, client, announcement);
      } catch (error) {
        // It waits: a workspace that installs the app again is told what it missed.
        if (error instanceof NotInstalled) return failed('not_installed', UNAUTHORIZED_MS);
        if (isPlatformError(error, REVOKED)) await clients.doubt(announcement.workspace);
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
  if (announcement.kind === 'home') return refreshHome(deps, client, announcement);
  const locale = await readersLanguage(deps, client, announcement);
  const drawn = await draw(deps, announcement, { chart: true, locale });
  if (drawn === undefined) return failed('nothing_to_show', 'never');
  if (isMilestone(announcement.kind)) return postInThread(deps, client, announcement, drawn);
  try {
    return { kind: 'posted', place: await send(client, announcement, drawn) };
  } catch (error) {
    const plain = await draw(deps, announcement, { chart: false, locale });
    if (!isPlatformError(error, BLOCKS_REFUSED) || plain === undefined) throw error;
    deps.log.warn({ kind: announcement.kind }, 'Slack refused a chart; posted without it');
    return { kind: 'posted', place: await send(client, announcement, plain) };
  }
}

/** Milestones stand below the progress message; without one they wait for it. */
async function postInThread(
  { database }: Deps,
  client: WebClient,
  announcement: AnnouncementDocument,
  drawn: Message,
): Promise<Posting> {
  const { workspace, about } = announcement;
  const others = await database.of(workspace).announcements.ofSubject(about);
  const progress = others.find(({ kind }) => kind === 'progress');
  const thread = progress?.place?.ts;
  if (thread === undefined) {
    return failed('no_thread', progress?.state === 'due' ? undefined : 'never');
  }
  return { kind: 'posted', place: await send(client, announcement, drawn, thread) };
}

/** A direct message is in the language of its reader, everything else in the workspace's. */
async function readersLanguage(
  deps: Deps,
  client: WebClient,
  { workspace, kind, to }: AnnouncementDocument,
): Promise<SlackLocale> {
  return kind.startsWith('direct-')
    ? askedLanguageOf(deps, client, workspace, to)
    : workspaceLanguage(deps, workspace);
}

/** Undefined if what it is about no longer exists. */
async function draw(
  deps: Deps,
  { workspace, kind, about }: AnnouncementDocument,
  { chart, locale }: { readonly chart: boolean; readonly locale: SlackLocale },
): Promise<Message | undefined> {
  if (kind === 'home') return undefined;
  if (isMailAlert(kind)) {
    return drawMailAlert(deps, { kind, workspace, about }, locale);
  }
  if (isStanding(kind)) {
    return drawStanding(deps, { kind, workspace, about }, { table: chart, locale });
  }
  if (kind === 'direct-import') {
    const batch = await deps.database.of(workspace).imports.find(about.id);
    return batch === null ? undefined : importMessage(batch, locale);
  }
  try {
    const status = await readStatus(deps, workspace, about.id);
    if (isMilestone(kind)) return milestoneMessage(status, kind, locale);
    switch (kind) {
      case 'direct-reminder':
        return reminderMessage(status, locale);
      case 'approval-card':
        return approvalCard(status, locale);
      case 'progress':
        return progressMessage(status, deps.now(), locale);
      case 'result':
        return resultMessage(status, { chart, direct: false }, locale);
      case 'direct-result':
        return resultMessage(status, { chart, direct: true }, locale);
      case 'direct-decision':
        return decisionMessage(status, (await deps.settings(workspace)).channel, locale);
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
  thread?: string,
): Promise<Place> {
  // An edit notifies nobody, so what must be heard of is a message of its own.
  if (place !== undefined && !NEWS.has(kind)) {
    const { channel, ts } = place;
    await client.chat.update({ channel, ts, text, blocks });
    return place;
  }
  const post = {
    channel: to,
    text,
    blocks,
    unfurl_links: false,
    unfurl_media: false,
    ...(thread === undefined ? {} : { thread_ts: thread }),
  };
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
