/**
 * Judging: what a request does with one address, and with all of them counted.
 *
 * The dry run and the engine ask the same function, so what is approved is what is done. The dry
 * run asks it once per group of addresses that share all facts, the engine once per address.
 */
import { ASK_SKIPS, type AskSkip, type AskVerdict, judgeAsk } from './ask.ts';
import { type AddressFacts, judge, SKIPS, type Verdict } from './eligibility.ts';
import type { PlanCounts, Terms } from './plan.ts';

export interface Judged {
  /** Undefined for a request that changes no permission (`reconfirm`). */
  readonly verdict: Verdict | undefined;
  /** Undefined if the request does not ask this address. */
  readonly ask: AskVerdict | undefined;
}

export interface JudgedFacts extends AddressFacts {
  readonly asksInWindow: number;
  readonly askedLately?: boolean | undefined;
}

/** Judges one address under the terms of a request. */
export function judgeUnder(terms: Terms, facts: JudgedFacts, now: Date): Judged {
  switch (terms.kind) {
    case 'opt-out':
      return { verdict: judge(facts, 'opt-out', now), ask: undefined };
    case 'reconfirm':
      return { verdict: undefined, ask: terms.ask === undefined ? undefined : judgeAsk(facts) };
    case 'opt-in': {
      const verdict = judge(facts, 'opt-in', now);
      return unlessUnasked(terms, verdict, askAfter(terms, facts, verdict));
    }
    case 'undo':
      throw new Error('An undo is judged against its ledger entries, not against these terms.');
  }
}

/** Where asking is required, whoever may not be asked is not opted in either. */
function unlessUnasked(terms: Terms, verdict: Verdict, ask: AskVerdict | undefined): Judged {
  const unasked = verdict.kind === 'change' && ask?.kind === 'skip' && terms.ask?.required === true;
  if (!unasked || ask.reason !== 'asked_too_often') return { verdict, ask };
  return { verdict: { kind: 'skip', reason: ask.reason }, ask };
}

/** Whom an opt-in asks is judged on the permission that the address has after it. */
function askAfter({ ask }: Terms, facts: JudgedFacts, verdict: Verdict): AskVerdict | undefined {
  if (ask === undefined) return undefined;
  if (verdict.kind === 'change') return judgeAsk({ ...facts, permission: verdict.to });
  return ask.who === 'single-opt-in' ? judgeAsk(facts) : undefined;
}

/** Counts a plan from groups of addresses that share all facts. */
export function countPlan(
  terms: Terms,
  groups: readonly (JudgedFacts & { readonly count: number })[],
  now: Date,
): PlanCounts {
  let addresses = 0;
  let change = 0;
  let asks = 0;
  const skips: Record<string, number> = {};
  const askSkips: Partial<Record<AskSkip, number>> = {};
  for (const group of groups) {
    const { verdict, ask } = judgeUnder(terms, group, now);
    addresses += group.count;
    if (verdict?.kind === 'change') change += group.count;
    if (verdict?.kind === 'skip') add(skips, verdict.reason, group.count);
    if (ask?.kind === 'ask') asks += group.count;
    if (ask?.kind === 'skip') add(askSkips, ask.reason, group.count);
  }
  return {
    addresses,
    change,
    skips: inOrder(skips, SKIPS),
    asks,
    askSkips: inOrder(askSkips, ASK_SKIPS),
  };
}

/** Groups come in any order; people read reasons in one. */
function inOrder(
  counts: Readonly<Record<string, number>>,
  order: readonly string[],
): Record<string, number> {
  return Object.fromEntries(
    order.flatMap((key) => (counts[key] === undefined ? [] : [[key, counts[key]]])),
  );
}

function add(counts: Record<string, number>, key: string, count: number): void {
  counts[key] = (counts[key] ?? 0) + count;
}
