/**
 * Announcer: draws what was written down for Slack, posts or edits it, and says what came of it in
 * words that the workflow understands. It waits for nothing: whatever fails is tried again from the
 * database.
 */
import type { WebClient } from '@slack/web-api';
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
import { explain, failed, isNotTaken, UNAUTHORIZED_MS } from './notice/post-answers.ts';
import { shortMessage, shortWithButtons } from './notice/short-message.ts';
import { drawStanding, isStanding } from './notice/standing-messages.ts';
import { approvalCard } from './request/approval-card.ts';
import { decisionMessage, reminderMessage } from './request/direct-messages.ts';
import { isMilestone, milestoneMessage } from './request/milestone-message.ts';
import { progressMessage } from './request/progress-message.ts';
import { resultMessage } from './request/result-message.ts';
import { NotInstalled, type SlackClients } from './wire/clients.ts';
import type { SlackLocale } from './words/language.ts';

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
  clients: Pick<SlackClients, 'background'>,
): AnnouncePort {
  return {
    async post(announcement) {
      try {
        const client = await clients.background(announcement.workspace);
        return await postDrawn(deps, client, announcement);
      } catch (error) {
        // It waits: a workspace that installs the app again is told what it missed.
        if (error instanceof NotInstalled) return failed('not_installed', UNAUTHORIZED_MS);
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
  const thread = isMilestone(announcement.kind) ? await threadOf(deps, announcement) : undefined;
  if (typeof thread === 'object') return thread;
  try {
    return { kind: 'posted', place: await send(client, announcement, drawn, thread) };
  } catch (error) {
    if (!isNotTaken(error)) throw error;
    const plain = await draw(deps, announcement, { chart: false, locale });
    return await postLess(deps, client, announcement, { drawn, plain, thread, locale });
  }
}

/**
 * Slack refuses the message as it is: without its picture it may pass, or as its first words with
 * its buttons, or as one sentence that names the command to type.
 */
async function postLess(
  { log }: Deps,
  client: WebClient,
  announcement: AnnouncementDocument,
  {
    drawn,
    plain,
    thread,
    locale,
  }: {
    readonly drawn: Message;
    readonly plain: Message | undefined;
    readonly thread: string | undefined;
    readonly locale: SlackLocale;
  },
): Promise<Posting> {
  const { kind, about } = announcement;
  const isPlainer = JSON.stringify(plain) !== JSON.stringify(drawn);
  const lesser = [
    { said: isPlainer ? plain : undefined, as: 'without its picture' },
    { said: shortWithButtons(drawn, about, locale), as: 'as one sentence with its buttons' },
  ];
  for (const { said, as } of lesser) {
    if (said === undefined) continue;
    try {
      const place = await send(client, announcement, said, thread);
      log.warn({ kind, as }, 'Slack refused a message; less of it was posted');
      return { kind: 'posted', place };
    } catch (error) {
      if (!isNotTaken(error)) throw error;
    }
  }
  const place = await send(client, announcement, shortMessage(drawn, about, locale), thread);
  log.warn({ kind, as: 'as one sentence' }, 'Slack refused a message; less of it was posted');
  return { kind: 'posted', place };
}

/** Milestones stand below the progress message; without one they wait for it. */
async function threadOf(
  { database }: Deps,
  { workspace, about }: AnnouncementDocument,
): Promise<string | Posting> {
  const others = await database.of(workspace).announcements.ofSubject(about);
  const progress = others.find(({ kind }) => kind === 'progress');
  const thread = progress?.place?.ts;
  if (thread !== undefined) return thread;
  return failed('no_thread', progress?.state === 'due' ? undefined : 'never');
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
