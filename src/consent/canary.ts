/**
 * Canary: the first mails of a request go alone, and what comes of them decides on the rest.
 *
 *   50 ──wait, judge──▶ 200 ──wait, judge──▶ 1,000 ──wait, judge──▶ the rest, judged on the way
 *
 * A list that was collected badly shows by its bounces, mail that nobody wanted by its complaints,
 * a sender that receivers do not trust by their refusals. Each pauses the request, and people see
 * why before more harm is done.
 */

/** Mails after which a request waits, all in all. */
export const CANARY_STAGES: readonly number[] = [50, 200, 1_000];
/** Of the mails that were tried may bounce for good: more is a bad list. */
const BOUNCED_SHARE_MAX = 0.08;
/** Of the mails that were tried may be refused for policy. */
const BLOCKED_SHARE_MAX = 0.05;
/** Gmail's figures: below 0.1 % is asked for, 0.3 % and more is punished. */
const COMPLAINED_SHARE_WARN = 0.001;
const COMPLAINED_SHARE_MAX = 0.003;
/** Shares are taken of at least so many mails, so that one unlucky mail of three stops nothing. */
const TRIED_MIN = 50;
/** The same for complaints, which are rarer. */
const COMPLAINTS_TRIED_MIN = 1_000;

export interface CanaryCounts {
  /** Mails whose fate is known, or unknown for good: sent, bounced, blocked, unknown. */
  readonly tried: number;
  /** Mails that are leased, on their way, or were put off by the server. */
  readonly underWay: number;
  readonly bounced: number;
  readonly blocked: number;
  readonly complained: number;
}

export const CANARY_REASONS = ['canary_bounces', 'canary_blocks', 'canary_complaints'] as const;
export type CanaryReason = (typeof CANARY_REASONS)[number];

export type CanaryVerdict =
  | { readonly kind: 'go'; readonly warn?: 'complaints' }
  /** The stage is not full yet, or its results may still come in. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'pause'; readonly reason: CanaryReason };

/** How far a stage has come. */
export const CANARY_PHASES = ['filling', 'waiting', 'due', 'over'] as const;
/**
 * `filling`: some of its mails have not been tried; `waiting`: all were, and their results may still
 * come in; `due`: they had their time; `over`: there is no stage any more.
 */
export type CanaryPhase = (typeof CANARY_PHASES)[number];

/** @param fullForMs how long the stage has been full; undefined: it is not */
export function phaseOf(stage: number, fullForMs: number | undefined, waitMs: number): CanaryPhase {
  if (CANARY_STAGES[stage] === undefined) return 'over';
  if (fullForMs === undefined) return 'filling';
  return fullForMs >= waitMs ? 'due' : 'waiting';
}

/** Judges what came of a request's mail so far. A pause waits for nothing. */
export function judgeCanary(counts: CanaryCounts, phase: CanaryPhase): CanaryVerdict {
  const { tried, bounced, blocked, complained } = counts;
  const base = Math.max(tried, TRIED_MIN);
  const complaintBase = Math.max(tried, COMPLAINTS_TRIED_MIN);
  if (bounced > base * BOUNCED_SHARE_MAX) return pause('canary_bounces');
  if (complained > complaintBase * COMPLAINED_SHARE_MAX) return pause('canary_complaints');
  if (blocked > base * BLOCKED_SHARE_MAX) return pause('canary_blocks');
  if (phase === 'filling' || phase === 'waiting') return { kind: 'wait' };
  const warns = complained > complaintBase * COMPLAINED_SHARE_WARN;
  return warns ? { kind: 'go', warn: 'complaints' } : { kind: 'go' };
}

/** What came since people looked at it and said "go on": that is judged, not what they knew. */
export function countsSince(counts: CanaryCounts, known: CanaryCounts | undefined): CanaryCounts {
  if (known === undefined) return counts;
  const less = (all: number, part: number) => Math.max(0, all - part);
  return {
    tried: less(counts.tried, known.tried),
    underWay: counts.underWay,
    bounced: less(counts.bounced, known.bounced),
    blocked: less(counts.blocked, known.blocked),
    complained: less(counts.complained, known.complained),
  };
}

const pause = (reason: CanaryReason): CanaryVerdict => ({ kind: 'pause', reason });
