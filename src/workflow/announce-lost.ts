/**
 * Announce lost: what is done about messages that cannot be posted: they are given up after a while,
 * whoever has to know is told directly, and somebody who asks sees to it that they are tried again.
 */
import type { Request } from '../consent/request.ts';
import type { AnnouncementDocument } from '../store/announcements.ts';
import type { Store } from '../store/database.ts';
import { about } from './announce-request.ts';
import type { Deps } from './deps.ts';
import { remindOf } from './remind-approvers.ts';

/** A failure that nobody knows is tried so often: about eight hours, with the announcer's pauses. */
const FEW_TIMES = 56;
/** People are told of a lost message a moment after that is on record, since it is drawn from there. */
const TELL_AFTER_MS = 1_000;
/** Marks the error of a message that its channel does not take, … */
const LOST = 'lost: ';
/** … or that Slack takes nowhere, as it is. */
const REFUSED = 'refused: ';

/**
 * When a message is tried again, in ms. `never`: that channel or person will not take it. `refused`:
 * nobody will, however short it is. Undefined: soon, with backoff; `few-times`: likewise, but not
 * for ever.
 */
export type RetryAfter = number | 'never' | 'refused' | 'few-times' | undefined;

/**
 * How the error of a message that is given up begins; undefined if it is tried again.
 * @param attempts failures before this one
 */
export function markOf(retryAfterMs: RetryAfter, attempts: number): string | undefined {
  if (retryAfterMs === 'never') return LOST;
  const isSpent = retryAfterMs === 'few-times' && attempts + 1 >= FEW_TIMES;
  return retryAfterMs === 'refused' || isSpent ? REFUSED : undefined;
}

/**
 * A message in the channel is lost: its requester is told directly, once, and approvers are where
 * it was theirs to decide. What is asked for here is drawn as things stand, so it tells the rest as
 * well; and it may fail like any other, since nothing waits for it.
 */
export async function tellPeople(
  deps: Deps,
  store: Store,
  { _id, kind, about: subject, error }: AnnouncementDocument,
): Promise<void> {
  if (kind.startsWith('direct-') || isGivenUp(error)) return;
  const others = await store.announcements.ofSubject(subject);
  if (others.some((other) => other._id !== _id && isGivenUp(other.error))) return;
  const at = new Date(deps.now().getTime() + TELL_AFTER_MS);
  if (subject.kind === 'campaign') {
    const { requestedBy: to } = await store.campaigns.find(subject.id);
    await store.announcements.want({ kind: 'direct-campaign', about: subject, to }, at);
  }
  if (subject.kind !== 'request') return;
  const request = await store.requests.find(subject.id);
  await about(deps, request, ['direct-decision'], at);
  if (kind === 'approval-card' && request.state === 'awaiting-approval') {
    await remindOf(deps, request, at);
  }
}

/** True if the error on record says that a message was given up, for whatever reason. */
export const isGivenUp = (error: string | undefined): boolean => isLost(error) || isRefused(error);

/** True if the error on record says that Slack does not take what the message says. */
export const isRefused = (error: string | undefined): boolean =>
  error?.startsWith(REFUSED) === true;

/** True if the error on record says that the channel or person does not take the message. */
export const isLost = (error: string | undefined): boolean => error?.startsWith(LOST) === true;

/** Asks once more for every message about a request that was given up. */
export async function announceAgain(
  deps: Pick<Deps, 'database' | 'settings' | 'queue' | 'now'>,
  { workspace, id }: Pick<Request, 'workspace' | 'id'>,
): Promise<void> {
  const { announcements } = deps.database.of(workspace);
  const { channel } = await deps.settings(workspace);
  const subject = { kind: 'request', id } as const;
  for (const { kind, error } of await announcements.ofSubject(subject)) {
    if (kind.startsWith('direct-') || !isGivenUp(error)) continue;
    await announcements.want({ kind, about: subject, to: channel }, deps.now());
  }
  await deps.queue.wakeAnnouncer();
}
