/**
 * Watch canary: how many mails of a request may leave now, judged by what came of those that left.
 *
 * All senders share one stage: what it allows is counted by a budget in the database, so that two of
 * them cannot send it twice. A pause stands on the request, with its reason; when people resume it,
 * what they knew is no reason any more, and it goes on in the same stage.
 */
import {
  CANARY_STAGES,
  type CanaryCounts,
  type CanaryReason,
  countsSince,
  judgeCanary,
  phaseOf,
} from '../consent/canary.ts';
import type { StepNote } from '../consent/note.ts';
import { Refusal } from '../consent/refusal.ts';
import type { Request } from '../consent/request.ts';
import type { Store } from '../store/database.ts';
import type { Canary } from '../store/paces-canary.ts';
import { about } from './announce-request.ts';
import type { Deps } from './deps.ts';

/** Senders that write at once: each reads again what the other wrote. */
const TRIES_MAX = 10;

/** What may leave of a request now. */
export type Allowance =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'some';
      /** Mails of a round; some may be gone already. */
      readonly most: number;
      /**
       * Takes a part of what the stage allows, for mails that the caller has claimed: whoever looks
       * at the same time sees them under way. @returns how many of them may leave
       */
      take(claimed: number): Promise<number>;
    };

/** Looks at what came of a request's mail, and widens its stage, waits, or pauses it. */
export async function watchCanary(deps: Deps, store: Store, request: Request): Promise<Allowance> {
  // What is left of a request that is done are reminders and second tries.
  if (request.state === 'done') {
    return { kind: (await store.sends.hasOpen(request.id)) ? 'all' : 'none' };
  }
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const allowance = await watchOnce(deps, store, request);
    if (allowance !== 'again') return allowance;
  }
  // Others are at it: the next look finds what they wrote.
  return { kind: 'none' };
}

/** One step; `again`: something was written that changes what may leave. */
async function watchOnce(deps: Deps, store: Store, request: Request): Promise<Allowance | 'again'> {
  const counts = await store.sendGroups.canaryCounts(request.id);
  const canary = (await store.canaries.find(request.id)) ?? firstStage(request.id);
  // The caller may not know yet that it is paused.
  const isPaused =
    canary.pausedFor !== undefined && (await store.requests.stateOf(request.id)) === 'paused';
  if (isPaused) return { kind: 'none' };
  const step = judge(deps, canary, counts);
  switch (step.kind) {
    case 'allow':
      return step.allowance === 'some' ? someOf(store, canary) : { kind: step.allowance };
    case 'write':
      await store.canaries.change(canary, step.next);
      return 'again';
    case 'pause':
      await pause(deps, store, { request, canary, reason: step.reason });
      return { kind: 'none' };
    default:
      return step satisfies never;
  }
}

type Step =
  | { readonly kind: 'allow'; readonly allowance: Allowance['kind'] }
  | { readonly kind: 'write'; readonly next: Omit<Canary, 'id' | 'rev'> }
  | { readonly kind: 'pause'; readonly reason: CanaryReason };

function judge({ now, limits, log }: Deps, canary: Canary, counts: CanaryCounts): Step {
  const { id, stage } = canary;
  // It runs although we paused it: people said "go on". A stage that is full waits once more.
  if (canary.pausedFor !== undefined) {
    const next = { ...canary, pausedFor: undefined, known: counts, fullAt: undefined };
    return { kind: 'write', next };
  }
  const done = counts.tried + counts.underWay;
  const isFull = done >= (CANARY_STAGES[stage] ?? 0);
  if (stage < CANARY_STAGES.length && isFull !== (canary.fullAt !== undefined)) {
    return { kind: 'write', next: { ...canary, fullAt: isFull ? now() : undefined } };
  }
  const fullForMs = canary.fullAt && now().getTime() - canary.fullAt.getTime();
  const phase = phaseOf(stage, fullForMs, limits.canaryWaitMs ?? 0);
  const verdict = judgeCanary(countsSince(counts, canary.known), phase);
  if (verdict.kind === 'pause') return { kind: 'pause', reason: verdict.reason };
  if (verdict.kind === 'go') {
    if (verdict.warn) log.warn({ request: id }, 'complaints about a request come near the limit');
    if (phase === 'over') return { kind: 'allow', allowance: 'all' };
    return { kind: 'write', next: nextRound(canary, stage + 1, done) };
  }
  return { kind: 'allow', allowance: phase === 'filling' ? 'some' : 'none' };
}

const firstStage = (id: string): Canary => ({
  id,
  rev: 0,
  stage: 0,
  round: 0,
  allowed: CANARY_STAGES[0] ?? 0,
});

function nextRound(canary: Canary, stage: number, done: number): Omit<Canary, 'id' | 'rev'> {
  const allowed = Math.max(0, (CANARY_STAGES[stage] ?? done) - done);
  return { ...canary, stage, round: canary.round + 1, allowed, fullAt: undefined };
}

/**
 * What a stage hands out. Mails that were handed out and did not leave (they were put back, or may
 * not be sent any more) leave it short: when nothing is left of it and nothing is under way, the rest
 * is handed out anew.
 */
function someOf(store: Store, canary: Canary): Allowance {
  const { id, round, allowed, stage } = canary;
  const name = `canary:${id}:${round}`;
  const budget = store.budget({ name, perSecond: 0, capacity: allowed });
  return {
    kind: 'some',
    most: allowed,
    async take(claimed) {
      const taken = await budget.take(claimed);
      if (taken > 0) return taken;
      const { tried, underWay } = await store.sendGroups.canaryCounts(id);
      const done = tried + underWay - claimed;
      if (done < (CANARY_STAGES[stage] ?? 0)) {
        await store.canaries.change(canary, nextRound(canary, stage, done));
      }
      return 0;
    },
  };
}

interface Pausing {
  readonly request: Request;
  readonly canary: Canary;
  readonly reason: CanaryReason;
}

/** Pauses the request and says why, in one transaction, unless it moved meanwhile. */
async function pause(
  deps: Deps,
  store: Store,
  { request, canary, reason }: Pausing,
): Promise<void> {
  const at = deps.now();
  const { state } = request;
  if (state !== 'asking' && state !== 'processing') return;
  try {
    const isDone = await deps.database.inTransaction(async (tx) => {
      const paused = { ...canary, pausedFor: reason };
      if (!(await store.canaries.change(canary, paused, tx))) return false;
      const note: StepNote = reason;
      const move = { event: 'pause', by: 'assent', at, note } as const;
      const moved = await store.requests.move(request, move, tx, { set: { pausedFrom: state } });
      await about(deps, moved, ['approval-card', 'progress', 'canary'], at, tx);
      return true;
    });
    if (!isDone) return;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return;
  }
  deps.log.error(
    { request: request.id, reason },
    'paused: the first mails of a request went badly',
  );
  await deps.queue.wakeAnnouncer();
}
