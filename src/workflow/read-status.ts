/** Status: how a request stands at this moment, as its messages and `/assent status` tell it. */

import type { SendState } from '../consent/mail-event.ts';
import type { Request, RequestCounts } from '../consent/request.ts';
import type { Suggestion } from '../store/audiences.ts';
import { isLost, isRefused } from './announce-lost.ts';
import type { Deps } from './deps.ts';

export interface RequestStatus {
  readonly request: Request;
  /** Batches and tags of its audience, in their order; those that no longer exist are missing. */
  readonly audience: readonly Suggestion[];
  /** What came of the addresses so far; all of them once the processing has ended. */
  readonly counts: RequestCounts;
  /** Its first asks, by state: those that were cancelled never left. */
  readonly asks: Readonly<Partial<Record<SendState, number>>>;
  /** Its mails, by state: asks and reminders. */
  readonly sends: Readonly<Partial<Record<SendState, number>>>;
  /** What recipients answered so far: `confirmed`, `stopped`, `silent`. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** True if a message about it cannot be posted in the channel. */
  readonly channelLost: boolean;
  /** True if Slack did not take what a message in the channel says, and its short form neither. */
  readonly messageRefused: boolean;
}

/** @throws Refusal `request_not_found` */
export async function readStatus(
  deps: Pick<Deps, 'database' | 'now'>,
  workspace: string,
  id: string,
): Promise<RequestStatus> {
  const store = deps.database.of(workspace);
  const request = await store.requests.find(id);
  const asks = request.plan.terms.ask !== undefined;
  const [audience, { counts }, firstAsks, sends, outcomes, announcements] = await Promise.all([
    store.audiences.describe(request.plan.terms.audience.sources),
    store.ranges.progress(id, deps.now()),
    asks ? store.sends.countByState(id, 'ask') : {},
    asks ? store.sends.countByState(id) : {},
    asks ? store.sends.countByOutcome(id) : {},
    store.announcements.ofSubject({ kind: 'request', id }),
  ]);
  const inChannel = announcements.filter(({ kind }) => !kind.startsWith('direct-'));
  return {
    request,
    audience,
    counts: request.counts ?? counts,
    asks: firstAsks,
    sends,
    outcomes,
    channelLost: inChannel.some(({ error }) => isLost(error)),
    messageRefused: inChannel.some(({ error }) => isRefused(error)),
  };
}
