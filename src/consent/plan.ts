/**
 * Plan: what a request would do, counted exactly, frozen with a hash that the approver approves.
 *
 * The terms (who, which direction, how obtained, what is asked and with which template) and the
 * counts stand in it. At the approver's click it is counted again: other terms or more addresses
 * void the click; fewer is fine, since somebody may have opted out meanwhile.
 */
import type { AskSkip, SilenceMeaning } from './ask.ts';
import type { Audience } from './audience.ts';
import { type Canonical, canonicalHash } from './canonical.ts';
import type { Skip } from './eligibility.ts';
import type { EvidenceFile } from './evidence.ts';
import type { Interview } from './interview.ts';
import { provenanceHash } from './provenance.ts';

/** What one ask of a teammate wants. `undo` compensates an earlier request. */
export const REQUEST_KINDS = ['opt-in', 'opt-out', 'reconfirm', 'undo'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** `hold`: left as it is, for ever; `resend-once`: tried once more, with the same links. */
export const UNKNOWN_POLICIES = ['hold', 'resend-once'] as const;
export type UnknownPolicy = (typeof UNKNOWN_POLICIES)[number];

/** How the double opt-in requests of a request go out. */
export interface AskTerms {
  /** `changed`: addresses this opt-in changes; `single-opt-in`: all such addresses of the audience. */
  readonly who: 'changed' | 'single-opt-in';
  readonly template: string;
  /** SHA-256 (hex) of the template's files as the requester saw them. */
  readonly templateHash: string;
  readonly silence: SilenceMeaning;
  /** Days for which a link confirms (1–30). */
  readonly linkDays: number;
  /** Collected more than 6 months ago: whoever cannot be asked is not opted in. */
  readonly required?: boolean | undefined;
  /** Whoever has not answered after so many days is reminded once; undefined: nobody is. */
  readonly reminderDays?: number | undefined;
  /** SHA-256 (hex) of the reminder's template, as the requester saw it. */
  readonly reminderHash?: string | undefined;
  /** What becomes of a mail of which nobody knows whether it arrived; undefined: `hold`. */
  readonly unknown?: UnknownPolicy | undefined;
  /** Reminders or second tries may follow when the asks have left. */
  readonly followsUp?: true | undefined;
  /** A campaign's: whoever was asked within so many days, by whatever request, is left out. */
  readonly notAskedDays?: number | undefined;
}

export interface Terms {
  readonly kind: RequestKind;
  readonly audience: Audience;
  readonly interview?: Interview | undefined;
  /** Files that show it; the plan's hash covers what they hold. */
  readonly evidence?: readonly EvidenceFile[] | undefined;
  /** Why the addresses are opted out. */
  readonly reason?: string | undefined;
  readonly ask?: AskTerms | undefined;
}

export interface PlanCounts {
  /** Addresses of the audience. */
  readonly addresses: number;
  readonly change: number;
  readonly skips: Readonly<Partial<Record<Skip, number>>>;
  /** Double opt-in requests that would go out. */
  readonly asks: number;
  readonly askSkips: Readonly<Partial<Record<AskSkip, number>>>;
}

export interface Plan {
  readonly terms: Terms;
  readonly counts: PlanCounts;
  readonly countedAt: Date;
  /** SHA-256 (hex) over terms and counts. */
  readonly hash: string;
}

export function makePlan(terms: Terms, counts: PlanCounts, countedAt: Date): Plan {
  return { terms, counts, countedAt, hash: planHash(terms, counts) };
}

/** SHA-256 (hex) over the canonical terms and counts; the time of counting is not part of it. */
function planHash(terms: Terms, counts: PlanCounts): string {
  return canonicalHash({ terms: termsForHash(terms), counts: counts as unknown as Canonical });
}

export type PlanComparison = 'same' | 'fewer' | 'more' | 'other-terms';

/** How a plan counted now stands against the one the approver looks at. */
export function comparePlans(shown: Plan, now: Plan): PlanComparison {
  if (canonicalHash(termsForHash(shown.terms)) !== canonicalHash(termsForHash(now.terms))) {
    return 'other-terms';
  }
  const { change, asks } = now.counts;
  if (change > shown.counts.change || asks > shown.counts.asks) return 'more';
  if (change < shown.counts.change || asks < shown.counts.asks) return 'fewer';
  return 'same';
}

/** The number that an approver types and that thresholds look at: addresses changed or asked. */
export function planSize({ counts }: Pick<Plan, 'counts'>): number {
  return Math.max(counts.change, counts.asks);
}

function termsForHash({ audience, interview, evidence, ...terms }: Terms): Canonical {
  return {
    ...terms,
    evidence: evidence?.map(({ name, sha256 }) => ({ name, sha256 })),
    ask: terms.ask as Canonical,
    audience: {
      ...audience,
      sources: audience.sources.map(({ kind, id }) => `${kind}:${id}`).sort(),
      fields: [...audience.fields].sort(),
    },
    provenance: interview === undefined ? undefined : provenanceHash(interview),
  };
}
