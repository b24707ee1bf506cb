/**
 * Decide: everything else that people and the clock do to a request that stands: reject, cancel,
 * pause, resume, expire.
 */
import { Refusal } from '../consent/refusal.ts';
import { assertMayDecide, type Request } from '../consent/request.ts';
import type { Store } from '../store/database.ts';
import type { Tx } from '../store/scoped.ts';
import { about } from './announce-request.ts';
import type { Deps } from './deps.ts';
import { slotsOf } from './process-request.ts';
import { hasRole, requireRole } from './require-role.ts';

/** A reason longer than this is cut (characters). */
const NOTE_MAX = 500;
/** Sends whose asks one transaction gives back. */
const CANCEL_PAGE_SENDS = 500;

interface Decision {
  readonly workspace: string;
  readonly request: string;
  readonly by: string;
}

/**
 * Says no, with a reason for the requester.
 * @throws Refusal `not_an_approver`, `approver_is_requester`, `request_not_open`,
 *   `request_expired`, `reject_needs_reason`
 */
export async function rejectRequest(
  deps: Deps,
  { workspace, request: id, by, reason }: Decision & { readonly reason: string },
): Promise<Request> {
  await requireRole(deps, workspace, by, 'approver');
  const note = reason.trim().slice(0, NOTE_MAX);
  if (note === '') throw new Refusal('reject_needs_reason');
  const store = deps.database.of(workspace);
  const request = await store.requests.find(id);
  const at = deps.now();
  assertMayDecide(request, by, at);
  return announced(deps, async (tx) => {
    const moved = await store.requests.move(request, { event: 'reject', by, at, note }, tx);
    await store.ledger.append(
      [
        {
          _id: `${id}.reject`,
          act: 'reject-request',
          cause: { kind: 'request', id },
          who: request.requestedBy,
          approver: by,
          planHash: request.plan.hash,
          at,
          addresses: [],
        },
      ],
      tx,
    );
    await about(deps, moved, ['approval-card', 'direct-decision'], at, tx);
    return moved;
  });
}

/**
 * Ends a request before its end: its requester or an admin may. What was changed stays changed;
 * mail that has not left is cancelled and its asks are given back.
 * @throws Refusal `not_an_admin`, `request_not_open`
 */
export async function cancelRequest(deps: Deps, decision: Decision): Promise<Request> {
  const moved = await moveBy(deps, decision, 'cancel');
  await cancelWaitingSends(deps, moved);
  return moved;
}

/** Stops the work after the page that is being written. @throws Refusal `request_not_open` */
export async function pauseRequest(deps: Deps, decision: Decision): Promise<Request> {
  return moveBy(deps, decision, 'pause');
}

/** Goes on where it was paused. @throws Refusal `request_not_open` */
export async function resumeRequest(deps: Deps, decision: Decision): Promise<Request> {
  const moved = await moveBy(deps, decision, 'resume');
  if (moved.state === 'asking') await deps.queue.wakeSender();
  else {
    const slots = slotsOf(deps, moved);
    await deps.queue.processRequestAt(decision.workspace, moved.id, deps.now(), slots);
  }
  return moved;
}

/** The clock's: nobody decided in time. Nothing was changed. */
export async function expireRequest(deps: Deps, workspace: string, id: string): Promise<void> {
  const store = deps.database.of(workspace);
  const request = await store.requests.find(id);
  const at = deps.now();
  if (request.state !== 'awaiting-approval' || request.expiresAt > at) return;
  await announced(deps, async (tx) => {
    const moved = await store.requests.move(request, { event: 'expire', by: 'assent', at }, tx);
    await about(deps, moved, ['approval-card', 'direct-decision'], at, tx);
    return moved;
  });
}

/**
 * Gives the asks of cancelled mail back, page by page; run again it finds nothing left to do. Where
 * asking was required (product rule: older than 6 months), whoever is not asked after all is put back.
 */
export async function cancelWaitingSends(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  { workspace, id }: Pick<Request, 'workspace' | 'id'>,
): Promise<number> {
  const store = database.of(workspace);
  const request = await store.requests.find(id);
  let cancelled = 0;
  for (;;) {
    const page = await database.inTransaction(async (tx) => {
      const sends = await store.sends.cancelQueued(id, 'request_cancelled', CANCEL_PAGE_SENDS, tx);
      for (const kind of ['ask', 'reminder'] as const) {
        const addresses = sends.filter((send) => send.kind === kind).map(({ address }) => address);
        if (addresses.length > 0) await store.addresses.returnAsks(addresses, id, kind, tx);
      }
      if (request.plan.terms.ask?.required === true)
        await putBack(store, request, sends, now(), tx);
      return sends.length;
    });
    cancelled += page;
    if (page < CANCEL_PAGE_SENDS) return cancelled;
  }
}

/** Back to non-marketable, with an entry of its own; who opted out or confirmed is left alone. */
async function putBack(
  store: Store,
  { id, requestedBy, plan }: Request,
  sends: readonly { readonly _id: string; readonly address: string }[],
  at: Date,
  tx: Tx,
): Promise<void> {
  const [first] = sends;
  if (first === undefined) return;
  const entry = `${id}.unasked.${first._id}`;
  const change = { from: 'single-opt-in', to: 'non-marketable', entry, at } as const;
  const ids = sends.map(({ address }) => address);
  const took = await store.addresses.change({ ids, ...change }, tx);
  if (took.length === 0) return;
  await store.ledger.append(
    [
      {
        _id: entry,
        act: 'silence',
        from: change.from,
        to: change.to,
        cause: { kind: 'request', id },
        who: requestedBy,
        planHash: plan.hash,
        facts: { neverAsked: true },
        at,
        addresses: [...took],
      },
    ],
    tx,
  );
}

async function moveBy(
  deps: Deps,
  { workspace, request: id, by }: Decision,
  what: 'cancel' | 'pause' | 'resume',
): Promise<Request> {
  const store = deps.database.of(workspace);
  const request = await store.requests.find(id);
  // Who asked and lost the role since steers nothing any more.
  const mine = request.requestedBy === by && (await hasRole(deps, workspace, by, 'requester'));
  const mayPause = what !== 'cancel' && (await hasRole(deps, workspace, by, 'approver'));
  if (!mine && !mayPause) await requireRole(deps, workspace, by, 'admin');
  const event = what === 'resume' ? resumeEvent(request) : what;
  const at = deps.now();
  return announced(deps, async (tx) => {
    const pausedFrom = what === 'pause' ? { set: { pausedFrom: request.state } } : {};
    const moved = await store.requests.move(request, { event, by, at }, tx, pausedFrom);
    const running = request.state !== 'awaiting-approval' && request.state !== 'scheduled';
    await about(deps, moved, ['approval-card', ...(running ? RUNNING[what] : [])], at, tx);
    return moved;
  });
}

/** What is told of a request that was running; its thread hears of a pause, since that notifies. */
const RUNNING = {
  cancel: ['progress'],
  pause: ['progress', 'milestone-paused'],
  resume: ['progress', 'milestone-resumed'],
} as const;

function resumeEvent({ state, pausedFrom }: Request): 'resume-processing' | 'resume-asking' {
  if (state !== 'paused') throw new Refusal('request_not_open');
  return pausedFrom === 'asking' ? 'resume-asking' : 'resume-processing';
}

async function announced(deps: Deps, act: (tx: Tx) => Promise<Request>): Promise<Request> {
  const moved = await deps.database.inTransaction(act);
  await deps.queue.wakeAnnouncer();
  return moved;
}
