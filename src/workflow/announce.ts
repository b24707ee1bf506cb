/**
 * Announce: posts what Slack must be told, from what was written down with the acts.
 *
 * A message is claimed under a lease, drawn from the state of that moment, posted or edited, and
 * its place recorded. All processes together keep to one pace per workspace. A crash before the
 * record loses nothing: the lease runs out and the message is posted again. What such a crash can do
 * is repeat one message, if it falls between Slack's answer and our record (one write later); Slack
 * offers no key by which a second post would be refused, so this window can be small but not nil.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnnouncementDocument } from '../store/announcements.ts';
import type { Store } from '../store/database.ts';
import { markOf, type RetryAfter, tellPeople } from './announce-lost.ts';
import type { Deps } from './deps.ts';
import { faultFacts } from './fault-facts.ts';
import { HOME_EVERY_MS, HOME_PACE, HOME_REST_MS, refreshHomes } from './refresh-homes.ts';

/** Slack takes 50 edits a minute and workspace (tier 3); a part is left to people's own clicks. */
export const SLACK_PACE = { name: 'slack', perSecond: 40 / 60, capacity: 10 } as const;
/** One message is edited no more often than this (ms): faster helps no reader. */
const EDIT_MS = 3_000;
/** While the pace is used up, we look again this often (ms), … */
const PACE_POLL_MS = 500;
/** … for this part of the lease, so that the rest is left for the posting itself. */
const PACE_LEASE_PART = 1 / 3;
const WORKSPACES_AT_ONCE = 8;
/** The first retry after a fault comes after about this (ms), each next one after twice as long. */
const BACKOFF_MS = 2_000;
const BACKOFF_MS_MAX = 10 * 60 * 1_000;

export type Place = NonNullable<AnnouncementDocument['place']>;

/** What became of one message. */
export type Posting =
  | { readonly kind: 'posted'; readonly place: Place }
  /** The message was deleted: it is posted anew. */
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'failed';
      /** Slack's name of the error, or one word of ours; no data of a person. */
      readonly error: string;
      readonly retryAfterMs: RetryAfter;
    };

/** Who draws and posts: slack/ in production. */
export interface AnnouncePort {
  /** Draws the message from the state of now, and posts it, or edits it where it stands. */
  post(announcement: AnnouncementDocument): Promise<Posting>;
}

export interface AnnounceOptions {
  /** Aborted at shutdown: the message in hand is finished, no other is begun. */
  readonly signal: AbortSignal;
}

/** Posts everything that is due, in all workspaces, until nothing is left that can be posted now. */
export async function announceDue(
  deps: Deps,
  port: AnnouncePort,
  { signal }: AnnounceOptions,
): Promise<void> {
  const visited = new Set<string>();
  while (!signal.aborted) {
    const due = await deps.database.clock.dueWorkspaces(deps.now());
    const some = due.filter((workspace) => !visited.has(workspace)).slice(0, WORKSPACES_AT_ONCE);
    if (some.length === 0) return;
    await Promise.all(
      some.map((workspace) => announceIn(deps, port, deps.database.of(workspace), signal)),
    );
    for (const workspace of some) visited.add(workspace);
  }
}

/** Works off one workspace until nothing is due there, or Slack or the pace says to wait. */
async function announceIn(
  deps: Deps,
  port: AnnouncePort,
  store: Store,
  signal: AbortSignal,
): Promise<void> {
  let told = false;
  while (!signal.aborted) {
    const claimed = await claimNext(deps, store);
    if (claimed === undefined) {
      if (!told) return;
      // Whatever was told changes what people's Home shows; it comes after all messages.
      await refreshHomes(deps, store.workspace);
      told = false;
      continue;
    }
    const isHome = claimed.announcement.kind === 'home';
    told ||= !isHome;
    const mayGoOn = isHome
      ? await drawHome(deps, port, store, claimed)
      : await postPaced(deps, port, { store, claimed, signal });
    if (!mayGoOn) return;
  }
}

async function claimNext(deps: Deps, store: Store): Promise<Claimed | undefined> {
  const token = randomUUID();
  const now = deps.now();
  const until = new Date(now.getTime() + deps.limits.leaseMs);
  const announcement = await store.announcements.claim({ token, now, until });
  return announcement === null ? undefined : { announcement, token };
}

/** @returns false if the workspace has to wait: for the pace, or for Slack */
async function postPaced(
  deps: Deps,
  port: AnnouncePort,
  {
    store,
    claimed,
    signal,
  }: { readonly store: Store; readonly claimed: Claimed; readonly signal: AbortSignal },
): Promise<boolean> {
  const pace = store.budget(SLACK_PACE);
  if (await awaitPace(pace, deps.limits.leaseMs * PACE_LEASE_PART, signal)) {
    return postOne(deps, port, store, claimed);
  }
  await putBack(deps, store, claimed.announcement, claimed.token);
  return false;
}

/** A Home has a pace of its own and waits for nothing: messages behind it shall not wait either. */
async function drawHome(
  deps: Deps,
  port: AnnouncePort,
  store: Store,
  claimed: Claimed,
): Promise<boolean> {
  if ((await store.budget(HOME_PACE).take(1)) === 1) return postOne(deps, port, store, claimed);
  const nextAt = new Date(deps.now().getTime() + HOME_REST_MS);
  const { announcement, token } = claimed;
  await store.announcements.failed(announcement._id, { token, error: 'over_pace', nextAt });
  return true;
}

async function awaitPace(
  pace: { take(wanted: number): Promise<number> },
  waitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const tries = Math.max(1, Math.floor(waitMs / PACE_POLL_MS));
  for (let attempt = 0; attempt < tries && !signal.aborted; attempt += 1) {
    if ((await pace.take(1)) === 1) return true;
    await sleep(PACE_POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

async function putBack(
  { now }: Deps,
  { announcements }: Store,
  { _id, error = 'over_pace' }: AnnouncementDocument,
  token: string,
): Promise<void> {
  await announcements.failed(_id, { token, error, nextAt: now() });
}

interface Claimed {
  readonly announcement: AnnouncementDocument;
  readonly token: string;
}

/** @returns false if the workspace has to wait (Slack said so, or its token is not valid) */
async function postOne(
  deps: Deps,
  port: AnnouncePort,
  store: Store,
  claimed: Claimed,
): Promise<boolean> {
  const { announcement, token } = claimed;
  const posting = await postSafely(deps, port, announcement);
  const now = deps.now();
  if (posting.kind === 'failed') return putOff(deps, store, claimed, posting);
  if (posting.kind === 'gone') {
    await store.announcements.forgetPlace(announcement._id);
    await store.announcements.failed(announcement._id, { token, error: 'gone', nextAt: now });
    return true;
  }
  const editAfter = new Date(
    now.getTime() + (announcement.kind === 'home' ? HOME_EVERY_MS : EDIT_MS),
  );
  await store.announcements.shown(announcement, { token, place: posting.place, editAfter });
  return true;
}

/** A message that cannot be drawn (a bug, a fault of the database) must not hold up the others. */
async function postSafely(
  deps: Deps,
  port: AnnouncePort,
  announcement: AnnouncementDocument,
): Promise<Posting> {
  try {
    return await port.post(announcement);
  } catch (error) {
    const { workspace, kind, about: subject } = announcement;
    deps.log.error(
      { fault: faultFacts(error), workspace, kind, subject: subject.kind },
      'a message could not be drawn; it is tried again later',
    );
    return { kind: 'failed', error: 'not_drawn', retryAfterMs: 'few-times' };
  }
}

async function putOff(
  deps: Deps,
  store: Store,
  { announcement, token }: Claimed,
  { error, retryAfterMs }: Extract<Posting, { kind: 'failed' }>,
): Promise<boolean> {
  const { _id, kind, attempts } = announcement;
  const facts = { workspace: store.workspace, kind, error };
  const mark = markOf(retryAfterMs, attempts);
  if (mark !== undefined) {
    deps.log.warn(facts, 'a message cannot be posted and is given up');
    await tellPeople(deps, store, announcement);
    await store.announcements.failed(_id, { token, error: `${mark}${error}`, nextAt: 'never' });
    return true;
  }
  deps.log.warn({ ...facts, retryAfterMs }, 'a message is put off');
  const waitMs = typeof retryAfterMs === 'number' ? retryAfterMs : backoffMs(attempts);
  const nextAt = new Date(deps.now().getTime() + waitMs);
  await store.announcements.failed(_id, { token, error, nextAt });
  return typeof retryAfterMs !== 'number';
}

/** Doubles with each attempt, up to a limit; half of it is left to chance, so that processes part. */
function backoffMs(attempts: number): number {
  const full = Math.min(BACKOFF_MS_MAX, BACKOFF_MS * 2 ** Math.min(attempts, 20));
  return full / 2 + (Math.random() * full) / 2;
}
