/**
 * Process: the clock rings, and an approved request changes its audience page by page.
 *
 * Several workers share a request: each takes a range of the id space under a lease of ours. A page
 * is one transaction: one `updateMany` per outcome with the judged facts in its filter, one ledger
 * entry per outcome for exactly what took effect, the sends if it asks, and the checkpoint under
 * the lease's token. A worker that dies leaves a range that another takes up after its last page.
 */
import assert from 'node:assert';
import { randomUUID } from 'node:crypto';
import { Refusal } from '../consent/refusal.ts';
import { mayHappen, type Request } from '../consent/request.ts';
import type { RangeDocument } from '../store/ranges.ts';
import { about } from './announce-request.ts';
import type { Deps } from './deps.ts';
import { wantMilestone } from './milestones.ts';
import { LeaseLost, loadPage, writePage } from './process-page.ts';

/** Addresses per range, about: small enough that a lost worker costs little, few enough to list. */
const RANGE_ADDRESSES = 25_000;
const RANGES_MAX = 64;
/** Progress is told at most this often per worker (ms); Slack edits are paced further there. */
const PROGRESS_MS = 2_000;

export interface ProcessInput {
  readonly workspace: string;
  readonly request: string;
  /** Aborted at shutdown: the worker ends after its page and gives its range back. */
  readonly signal: AbortSignal;
}

/**
 * Works on a request until no range is left to take. Safe to run again and by several workers at
 * once; a request that may not be worked on (paused, cancelled, not due) is left alone.
 */
export async function processRequest(deps: Deps, input: ProcessInput): Promise<void> {
  const request = await start(deps, input);
  if (request === undefined) return;
  const store = deps.database.of(input.workspace);
  for (;;) {
    if (input.signal.aborted) return;
    const token = randomUUID();
    const range = await store.ranges.claim(request.id, { token, ...leaseTimes(deps) });
    if (range === null) break;
    const ended = await processRange(deps, { request, range, token, signal: input.signal });
    if (!ended) return;
  }
  await finishProcessing(deps, input.workspace, request.id);
}

/** How many workers are woken for a request: no more than it has ranges. */
export function slotsOf({ limits }: Pick<Deps, 'limits'>, { plan }: Pick<Request, 'plan'>): number {
  return Math.min(limits.workers, rangeCount(plan.counts.addresses));
}

/** Even ranges of about 25,000 addresses, at most 64. */
function rangeCount(addresses: number): number {
  return Math.min(RANGES_MAX, Math.max(1, Math.ceil(addresses / RANGE_ADDRESSES)));
}

/** Moves an approved request into processing and cuts its ranges, once; undefined: not now. */
async function start(
  deps: Deps,
  { workspace, request: id }: ProcessInput,
): Promise<Request | undefined> {
  const store = deps.database.of(workspace);
  const request = await store.requests.find(id);
  if (request.state === 'processing') return request;
  const now = deps.now();
  if (!mayHappen(request.state, 'start') || (request.runAt ?? now) > now) return undefined;
  assertApproved(request);
  try {
    return await deps.database.inTransaction(async (tx) => {
      const moved = await store.requests.move(
        request,
        { event: 'start', by: 'assent', at: now },
        tx,
      );
      await store.ranges.open(id, rangeCount(request.plan.counts.addresses), tx);
      await about(deps, moved, ['approval-card', 'progress'], now, tx);
      return moved;
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Another worker was faster; whatever it made of the request holds.
    const found = await store.requests.find(id);
    return found.state === 'processing' ? found : undefined;
  }
}

/** Invariant 2, looked at once more where it matters: two people, one plan. */
function assertApproved({ approval, requestedBy, plan }: Request): void {
  assert(approval !== undefined, 'a request is processed only after its approval');
  assert(approval.by !== requestedBy, 'the approver is not the requester');
  assert(approval.planHash === plan.hash, 'the approved plan is the plan that is processed');
}

interface RangeWork {
  readonly request: Request;
  readonly range: RangeDocument;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Works through one range. @returns false if the worker has to stop (paused, shutdown, lease) */
async function processRange(deps: Deps, work: RangeWork): Promise<boolean> {
  const { request, token, signal } = work;
  const store = deps.database.of(request.workspace);
  let range = work.range;
  let toldAt = deps.now().getTime();
  let page = await loadPage(deps, request, range);
  try {
    while (page.length > 0) {
      const state = await store.requests.stateOf(request.id);
      if (state !== 'processing' || signal.aborted) {
        await store.ranges.release(range._id, token);
        return false;
      }
      const after = { ...range, checkpoint: page.at(-1)?.id ?? range.checkpoint };
      // The next page is fetched while this one is written.
      const [, next] = await Promise.all([
        writePage(deps, { request, range, page, lease: { token, until: leaseTimes(deps).until } }),
        loadPage(deps, request, after),
      ]);
      range = { ...after, pages: range.pages + 1 };
      page = next;
      toldAt = await tellProgress(deps, request, toldAt);
    }
    return await store.ranges.finish(range._id, token);
  } catch (error) {
    if (error instanceof LeaseLost) {
      deps.log.warn({ request: request.id, range: range._id }, 'lost the lease of a range');
      return true;
    }
    throw error;
  }
}

async function tellProgress(deps: Deps, request: Request, toldAt: number): Promise<number> {
  const now = deps.now();
  if (now.getTime() - toldAt < PROGRESS_MS) return toldAt;
  await about(deps, request, ['progress'], now);
  await wantMilestone(deps, request, now);
  await deps.queue.wakeAnnouncer();
  return now.getTime();
}

/** When every range is done: the end counts, and on to asking or the end. Safe to run again. */
export async function finishProcessing(deps: Deps, workspace: string, id: string): Promise<void> {
  const store = deps.database.of(workspace);
  const request = await store.requests.find(id);
  if (request.state !== 'processing') return;
  const { counts, open, ranges } = await store.ranges.progress(id, deps.now());
  if (open > 0 || ranges === 0) return;
  const event = counts.asks > 0 ? ('ask' as const) : ('finish' as const);
  const at = deps.now();
  try {
    await deps.database.inTransaction(async (tx) => {
      const moved = await store.requests.finishProcessing(request, { event, counts, at }, tx);
      const ended = event === 'finish' ? (['result', 'direct-result'] as const) : [];
      await about(deps, moved, ['approval-card', 'progress', ...ended], at, tx);
    });
  } catch (error) {
    // Two workers finished at once: the other one wrote the same counts.
    if (!(error instanceof Refusal)) throw error;
  }
  if (event === 'ask') await deps.queue.wakeSender();
  await deps.queue.wakeAnnouncer();
}

function leaseTimes({ now, limits }: Pick<Deps, 'now' | 'limits'>): { now: Date; until: Date } {
  const at = now();
  return { now: at, until: new Date(at.getTime() + limits.leaseMs) };
}
