/**
 * Preview: counts exactly what a request would do, and changes nothing.
 */
import { ASKS_MAX, askedLatelySince, askWindowStart } from '../consent/ask.ts';
import { type Audience, type AudienceChoice, checkAudience } from '../consent/audience.ts';
import { oldestConsent } from '../consent/eligibility.ts';
import { countPlan } from '../consent/judging.ts';
import type { PlanCounts, Terms } from '../consent/plan.ts';
import { Refusal } from '../consent/refusal.ts';
import type { Suggestion } from '../store/audiences.ts';
import type { Deps } from './deps.ts';

/** A consent date that is surely too old, for a group that is known to be. */
const LONG_AGO = new Date(0);

/**
 * Counts the outcome of a request per permission and skip, exact at this instant.
 * @throws Refusal `audience_empty`, `audience_too_many`, `fields_empty`
 */
export async function previewRequest(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  workspace: string,
  terms: Terms,
): Promise<PlanCounts> {
  checkAudience(terms.audience);
  const at = now();
  const groups = await database.of(workspace).addresses.countFacts(terms.audience, {
    consentNotBefore: oldestConsent(at),
    askWindowStart: terms.ask === undefined ? undefined : askWindowStart(at),
    askedLatelySince: askedLatelySince(at, terms.ask?.notAskedDays),
  });
  return countPlan(
    terms,
    groups.map(
      ({ permission, suppressions, consentTooOld, askedTooOften, askedLately, count }) => ({
        permission,
        suppressions,
        consentAt: consentTooOld ? LONG_AGO : undefined,
        asksInWindow: askedTooOften ? ASKS_MAX : 0,
        askedLately,
        count,
      }),
    ),
    at,
  );
}

/** The audience as it stands now. Memberships that come later are not part of it. */
export function freezeAudience(choice: AudienceChoice, now: Date): Audience {
  return {
    sources: choice.sources.map(({ kind, id }) => ({ kind, id })),
    match: choice.match,
    fields: [...choice.fields],
    cutoff: now,
  };
}

/**
 * The batches and tags of an audience with their names.
 * @throws Refusal `audience_not_found` if one was deleted
 */
export async function describeAudience(
  { database }: Pick<Deps, 'database'>,
  workspace: string,
  { sources }: Pick<AudienceChoice, 'sources'>,
): Promise<Suggestion[]> {
  const found = await database.of(workspace).audiences.describe(sources);
  if (found.length < sources.length) throw new Refusal('audience_not_found');
  return found;
}
