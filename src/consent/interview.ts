/**
 * Interview: the questions on how addresses were obtained, one list per kind of source.
 *
 * The list is the single truth: the Slack form, the JSON schema for the command line and the check
 * of the answers are all made from it. Sources in HARD_STOPS have no questions: they are refused.
 */
import { z } from 'zod';

export interface Question {
  readonly id: string;
  readonly kind: 'text' | 'long-text' | 'url' | 'date' | 'yes-no';
  readonly label: string;
  readonly hint?: string;
  /** Characters; an answer shorter or longer than this is incomplete. */
  readonly lengthMin?: number;
  readonly lengthMax?: number;
}

/** Slack takes at most 3,000 characters in one input; we keep to that everywhere. */
const LONG_TEXT_MAX = 3_000;
const TEXT_MAX = 300;
/** A wording shorter than this cannot have told anybody anything. */
const WORDING_MIN = 20;
const URL_MAX = 500;

const text = (id: string, label: string, hint?: string): Question => ({
  id,
  kind: 'text',
  label,
  lengthMin: 2,
  lengthMax: TEXT_MAX,
  ...(hint === undefined ? {} : { hint }),
});
const longText = (id: string, label: string, hint: string): Question => ({
  id,
  kind: 'long-text',
  label,
  hint,
  lengthMin: WORDING_MIN,
  lengthMax: LONG_TEXT_MAX,
});
const date = (id: string, label: string): Question => ({ id, kind: 'date', label });
const yesNo = (id: string, label: string): Question => ({ id, kind: 'yes-no', label });

/** Asked of every source: the first and the last day on which addresses were collected. */
const WHEN: readonly Question[] = [
  date('collectedFrom', 'First day of collection'),
  date('collectedUntil', 'Last day of collection'),
];

export const QUESTIONS = {
  'web-form': [
    { id: 'url', kind: 'url', label: 'Address of the form', lengthMax: URL_MAX },
    longText('wording', 'Exact wording shown', 'What people read beside the box or button.'),
    yesNo('tickedByDefault', 'Was the box ticked by default?'),
    ...WHEN,
  ],
  event: [
    text('event', 'Name of the event'),
    yesNo('peopleTold', 'Were people told that they would get mail?'),
    ...WHEN,
  ],
  customers: [
    text('product', 'What did they buy?'),
    date('lastPurchase', 'Day of the latest purchase'),
    ...WHEN,
  ],
  paper: [
    text('place', 'Where did the paper lie?'),
    text('scan', 'Where is the scan kept?', 'A link or the name of a folder.'),
    ...WHEN,
  ],
  'other-system': [
    text('system', 'Which system?'),
    yesNo('unsubscribesCarriedOver', 'Were unsubscribes carried over?'),
    ...WHEN,
  ],
  spoken: [text('askedBy', 'Who asked them?', 'A team or a role.'), ...WHEN],
  other: [longText('explanation', 'Explain', 'How, where and when did they say yes?'), ...WHEN],
} as const satisfies Record<string, readonly Question[]>;

export type PermittedSource = keyof typeof QUESTIONS;

/** Sources that can never be opted in, with the words of the form. */
export const HARD_STOPS = {
  purchased: 'Purchased list',
  rented: 'Rented list',
  borrowed: 'Borrowed list',
  partner: 'Shared by a partner',
  scraped: 'Scraped or harvested',
  appended: 'Appended to other data',
  unknown: 'Nobody knows',
} as const;
export type HardStop = keyof typeof HARD_STOPS;

export const SOURCE_NAMES: Readonly<Record<PermittedSource | HardStop, string>> = {
  'web-form': 'Web form',
  event: 'Event',
  customers: 'Customers',
  paper: 'On paper',
  'other-system': 'Another system',
  spoken: 'Spoken',
  other: 'Something else',
  ...HARD_STOPS,
};
export type Source = keyof typeof SOURCE_NAMES;
export const SOURCES = Object.keys(SOURCE_NAMES) as readonly Source[];

export function isHardStop(source: Source): source is HardStop {
  return source in HARD_STOPS;
}

/** The questions of a source, in the order in which they are asked; none for a hard stop. */
export function questionsOf(source: Source): readonly Question[] {
  return isHardStop(source) ? [] : QUESTIONS[source];
}

/** The answers on file. Dates are calendar days (ISO 8601), yes/no is boolean, the rest is text. */
export interface Interview {
  readonly source: Source;
  readonly answers: Readonly<Record<string, string | boolean>>;
  /** The person states: these people gave their permission, and I can show it. */
  readonly attested: boolean;
}

/** Checks one answer: length in characters, an http(s) address, a real calendar day. */
function answerSchema(question: Question): z.ZodType<string | boolean> {
  switch (question.kind) {
    case 'yes-no':
      return z.boolean();
    case 'date':
      return z.iso.date();
    case 'url':
      return z.url({ protocol: /^https?$/ }).max(question.lengthMax ?? URL_MAX);
    case 'text':
    case 'long-text':
      return z
        .string()
        .trim()
        .min(question.lengthMin ?? 1)
        .max(question.lengthMax ?? TEXT_MAX);
  }
}

const sourceSchema = (source: Source): z.ZodObject =>
  z.strictObject({
    source: z.literal(source).describe(SOURCE_NAMES[source]),
    answers: z
      .strictObject(
        Object.fromEntries(
          questionsOf(source).map((question) => [
            question.id,
            answerSchema(question).describe(question.label),
          ]),
        ),
      )
      .describe(isHardStop(source) ? 'Always refused' : 'Answers'),
    attested: z
      .literal(true)
      .describe('These people gave their permission to be mailed, and I can show it'),
  });

/** Every interview with all its answers; the JSON schema of `assent import --interview-schema`. */
export const InterviewSchema = z.union(
  SOURCES.map(sourceSchema),
) as unknown as z.ZodType<Interview>;

/** JSON Schema (draft 2020-12) of an interview file. */
export function interviewJsonSchema(): object {
  return z.toJSONSchema(InterviewSchema, { io: 'input' });
}

export interface IncompleteAnswer {
  /** The question's id; `attested` for the attestation. */
  readonly question: string;
  /** What is wrong, for whoever says it in another language. */
  readonly fault: 'yes-no' | 'date' | 'url' | 'length' | 'future' | 'order' | 'attested';
  readonly problem: string;
}

/** Ids of the questions whose answers are missing or wrong, with what is wrong about each. */
export function incompleteAnswers(
  source: Source,
  answers: Readonly<Record<string, unknown>>,
): IncompleteAnswer[] {
  return questionsOf(source).flatMap((question) => {
    const checked = answerSchema(question).safeParse(answers[question.id]);
    if (checked.success) return [];
    return [{ question: question.id, ...faultOf(question) }];
  });
}

function faultOf(question: Question): Pick<IncompleteAnswer, 'fault' | 'problem'> {
  switch (question.kind) {
    case 'yes-no':
      return { fault: 'yes-no', problem: 'Answer yes or no.' };
    case 'date':
      return { fault: 'date', problem: 'Give a day, such as 2026-03-31.' };
    case 'url':
      return {
        fault: 'url',
        problem: 'Give the address of the page, beginning with https://.',
      };
    case 'text':
    case 'long-text':
      return {
        fault: 'length',
        problem: `Write ${question.lengthMin ?? 1} to ${question.lengthMax ?? TEXT_MAX} characters.`,
      };
  }
}
