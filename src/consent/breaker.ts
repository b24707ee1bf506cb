/**
 * Breaker: stops mail over a route, or over a route to one provider, before it does harm.
 *
 *   closed ──5 failures in a row, a login refused, or too many policy blocks──▶ open
 *   open ──rest over──▶ half-open: one mail goes, alone ──it works──▶ closed
 *                            └──it fails──▶ open, for longer
 *   held: a person stopped it; only a person lets it go on
 *
 * Half-open is no state on file: it is an open breaker whose rest is over.
 */

const MINUTE_MS = 60_000;
/** The rest after the first opening, the second in a row, and so on; the last for all further. */
export const BREAKER_RESTS_MS: readonly number[] = [1, 2, 4, 8, 16, 30].map((n) => n * MINUTE_MS);
/** Failures to connect in a row that open it. */
export const FAILURES_MAX = 5;
/** The latest results that policy blocks are counted in. */
export const RESULTS_KEPT = 200;
/** Fewer results than this say nothing about a share. */
const RESULTS_MIN = 50;
/** Of the latest results may be policy blocks. */
const BLOCKED_SHARE_MAX = 0.05;
/** A mail that was let through as a probe and of which nothing was heard is given up after this. */
export const PROBE_MS = 3 * MINUTE_MS;

export const BREAKER_STATES = ['closed', 'open', 'held'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];
export const BREAKER_REASONS = ['connect', 'auth', 'policy_blocks', 'stopped_by_person'] as const;
export type BreakerReason = (typeof BREAKER_REASONS)[number];

export interface Breaker {
  readonly state: BreakerState;
  /** Failures to connect in a row. */
  readonly failures: number;
  /** Openings in a row: how long it rests. */
  readonly openings: number;
  /** The latest results, oldest first: 1 for a policy block, 0 for anything else. */
  readonly results: readonly number[];
  readonly until?: Date | undefined;
  readonly reason?: BreakerReason | undefined;
  /** Until when a probe is on its way. */
  readonly probeUntil?: Date | undefined;
}

/** What a mail told about its route. `fine`: the server took or judged it on its own merits. */
export type RouteNews = 'fine' | 'policy-block' | 'connect-failure' | 'auth-failure';

export const CLOSED_BREAKER: Breaker = { state: 'closed', failures: 0, openings: 0, results: [] };

export type Passage = 'free' | 'probe' | 'shut';

/** What may pass now: anything, one probe, nothing. */
export function passage(breaker: Breaker | undefined, now: Date): Passage {
  if (breaker === undefined || breaker.state === 'closed') return 'free';
  if (breaker.state === 'held') return 'shut';
  if (breaker.until !== undefined && breaker.until > now) return 'shut';
  return breaker.probeUntil !== undefined && breaker.probeUntil > now ? 'shut' : 'probe';
}

/** The breaker after one mail. Mail that was on its way when it was held changes nothing. */
export function afterNews(breaker: Breaker, news: RouteNews, now: Date): Breaker {
  if (breaker.state === 'held') return breaker;
  const results = resultsAfter(breaker.results, news);
  if (news === 'auth-failure') return opened({ ...breaker, results }, 'auth', now);
  if (news === 'connect-failure') {
    const failing = { ...breaker, results, failures: breaker.failures + 1 };
    const isOver = failing.failures >= FAILURES_MAX || breaker.state === 'open';
    return isOver ? opened(failing, 'connect', now) : failing;
  }
  if (news === 'policy-block') {
    const judged = { ...breaker, results, failures: 0 };
    const isOver = breaker.state === 'open' || tooManyBlocks(results);
    return isOver ? opened(judged, 'policy_blocks', now) : judged;
  }
  // What was begun before the opening may arrive after it: only a probe's success closes.
  if (breaker.state === 'open' && !isProbed(breaker, now)) return { ...breaker, results };
  return breaker.state === 'open' ? CLOSED_BREAKER : { ...breaker, results, failures: 0 };
}

/** Takes the one passage of a half-open breaker. */
export function probing(breaker: Breaker, now: Date): Breaker {
  return { ...breaker, probeUntil: new Date(now.getTime() + PROBE_MS) };
}

/** A person says "go on": closed, and its past forgotten. */
export function resumed(): Breaker {
  return CLOSED_BREAKER;
}

/** A person says "stop": nothing passes until a person says otherwise. */
export function held(breaker: Breaker): Breaker {
  const { until: _until, probeUntil: _probe, ...rest } = breaker;
  return { ...rest, state: 'held', reason: 'stopped_by_person' };
}

function resultsAfter(results: readonly number[], news: RouteNews): readonly number[] {
  if (news === 'connect-failure' || news === 'auth-failure') return results;
  return [...results, news === 'policy-block' ? 1 : 0].slice(-RESULTS_KEPT);
}

function tooManyBlocks(results: readonly number[]): boolean {
  const blocked = results.reduce((sum, result) => sum + result, 0);
  return results.length >= RESULTS_MIN && blocked > results.length * BLOCKED_SHARE_MAX;
}

const isProbed = ({ probeUntil, until }: Breaker, now: Date): boolean =>
  probeUntil !== undefined && (until === undefined || until <= now);

/** Mails that failed together open it once: a rest that has just begun is not made longer. */
function opened(breaker: Breaker, reason: BreakerReason, now: Date): Breaker {
  const { probeUntil: _probe, ...rest } = breaker;
  if (breaker.state === 'open' && breaker.until !== undefined && breaker.until > now)
    return breaker;
  const restMs = BREAKER_RESTS_MS[breaker.openings] ?? BREAKER_RESTS_MS.at(-1) ?? MINUTE_MS;
  const until = new Date(now.getTime() + restMs);
  return { ...rest, state: 'open', openings: breaker.openings + 1, until, reason };
}
