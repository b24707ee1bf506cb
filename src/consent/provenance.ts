/**
 * Provenance: what the answers on how addresses were obtained allow.
 *
 * Bought, rented, borrowed, shared, scraped, appended or unknown addresses are refused, and so are
 * answers that undo the claim (a box ticked by default is no consent: CJEU C-673/17 Planet49).
 * Collections older than 6 months must be asked again, older than 24 months are refused. The first
 * day of collection decides: the oldest address of a batch is as much a person as the newest.
 */
import { DateTime } from 'luxon';
import { canonicalHash } from './canonical.ts';
import {
  type IncompleteAnswer,
  type Interview,
  InterviewSchema,
  incompleteAnswers,
  isHardStop,
  SOURCE_NAMES,
} from './interview.ts';
import { Refusal } from './refusal.ts';

const MUST_ASK_AFTER_MONTHS = 6;
const REFUSE_AFTER_MONTHS = 24;

export type Examination =
  | {
      readonly kind: 'permitted';
      /** Older than 6 months: the request must ask for confirmation, and silence reverts. */
      readonly mustAsk: boolean;
      /** "Other" always goes to an approver with a warning, even when it comes from an import. */
      readonly needsApprover: boolean;
    }
  | {
      readonly kind: 'refused';
      readonly claim: RefusedClaim;
      readonly why: string;
      readonly mend: string;
    }
  | { readonly kind: 'incomplete'; readonly questions: readonly IncompleteAnswer[] };

/** What undoes the claim that these people said yes; `why` says it in English. */
export type RefusedClaim =
  | 'hard-stop'
  | 'ticked-by-default'
  | 'people-not-told'
  | 'unsubscribes-lost'
  | 'too-old';

/** What is wrong with an answer; `problem` says it in English. */
export type AnswerFault = IncompleteAnswer['fault'];

const MEND_HARD_STOP =
  'Opt these addresses out, or invite the people to sign up themselves on a form of yours.';

/** Says what an interview allows on the day `now`. Hard stops need no answers to be refused. */
export function examine(interview: Interview, now: Date): Examination {
  const { source, answers } = interview;
  if (isHardStop(source)) {
    return refused('hard-stop', `“${SOURCE_NAMES[source]}” is no permission.`, MEND_HARD_STOP);
  }
  const undone = undoneClaim(interview);
  if (undone !== undefined) return undone;
  const questions = [...incompleteAnswers(source, answers)];
  if (!interview.attested) {
    const problem = 'Attest that these people said yes.';
    questions.push({ question: 'attested', fault: 'attested', problem });
  }
  if (questions.length > 0) return { kind: 'incomplete', questions };
  return examineDates(interview, now);
}

/** Answers that undo the claim, looked at before anything is missing: more words cannot mend them. */
function undoneClaim({ source, answers }: Interview): Examination | undefined {
  if (source === 'web-form' && answers['tickedByDefault'] === true) {
    return refused(
      'ticked-by-default',
      'A box that is ticked by default is no consent.',
      'Send a new form with an empty box to people who may be mailed for another reason.',
    );
  }
  if (source === 'event' && answers['peopleTold'] === false) {
    return refused(
      'people-not-told',
      'People who were not told that they would get mail did not agree to it.',
      'Tell people at the next event, and collect their yes there.',
    );
  }
  if (source === 'other-system' && answers['unsubscribesCarriedOver'] === false) {
    return refused(
      'unsubscribes-lost',
      'Without its unsubscribes, the old list holds people who said no.',
      'Export the unsubscribes of the old system and import them with a status column.',
    );
  }
  return undefined;
}

function examineDates({ source, answers }: Interview, now: Date): Examination {
  const today = DateTime.fromJSDate(now, { zone: 'utc' }).startOf('day');
  const wrong = impossibleDates(answers, today);
  if (wrong.length > 0) return { kind: 'incomplete', questions: wrong };
  const from = day(answers['collectedFrom']);
  if (from < today.minus({ months: REFUSE_AFTER_MONTHS })) {
    return refused(
      'too-old',
      'The addresses were collected more than 24 months ago.',
      'Choose only the newer ones, or invite the people to sign up again.',
    );
  }
  return {
    kind: 'permitted',
    mustAsk: from < today.minus({ months: MUST_ASK_AFTER_MONTHS }),
    needsApprover: source === 'other',
  };
}

/** Days in the future, and a last day before the first. Today counts in every time zone on Earth. */
function impossibleDates(answers: Interview['answers'], today: DateTime): IncompleteAnswer[] {
  const latest = today.plus({ days: 1 });
  const wrong = ['collectedFrom', 'collectedUntil', 'lastPurchase']
    .filter((id) => typeof answers[id] === 'string' && day(answers[id]) > latest)
    .map((question): IncompleteAnswer => {
      return { question, fault: 'future', problem: 'This day has not come yet.' };
    });
  if (day(answers['collectedUntil']) < day(answers['collectedFrom'])) {
    const problem = 'The last day is before the first.';
    wrong.push({ question: 'collectedUntil', fault: 'order', problem });
  }
  return wrong;
}

const day = (answer: unknown): DateTime => DateTime.fromISO(String(answer), { zone: 'utc' });

/**
 * The interview as it may be stored: complete and permitted.
 * @throws Refusal `provenance_refused`, `provenance_incomplete`
 */
export function permittedInterview(
  interview: Interview,
  now: Date,
): { interview: Interview; mustAsk: boolean; needsApprover: boolean } {
  const found = examine(interview, now);
  if (found.kind === 'refused')
    throw new Refusal('provenance_refused', `${found.why} ${found.mend}`);
  if (found.kind === 'incomplete') {
    const list = found.questions.map(({ question, problem }) => `${question}: ${problem}`);
    throw new Refusal('provenance_incomplete', list.join(' '));
  }
  return { interview: InterviewSchema.parse(interview), ...found };
}

/** SHA-256 (hex) of the answers as they stand; ledger entries carry it instead of the text. */
export function provenanceHash(interview: Interview): string {
  return canonicalHash({
    source: interview.source,
    answers: { ...interview.answers },
    attested: interview.attested,
  });
}

const refused = (claim: RefusedClaim, why: string, mend: string): Examination => ({
  kind: 'refused',
  claim,
  why,
  mend,
});
