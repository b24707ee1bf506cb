/**
 * Interview blocks: the questions of consent/interview.ts as inputs, and the answers back.
 *
 * A question has the same block id under every source, so that the days of collection stay when the
 * source is changed. Also used by the import.
 */
import type { InputBlock, InputBlockElement } from '@slack/types';
import {
  type Interview,
  QUESTIONS,
  type Question,
  questionsOf,
  SOURCES,
  type Source,
} from '../../consent/interview.ts';
import type { Examination } from '../../consent/provenance.ts';
import {
  checkboxes,
  datePicker,
  input,
  option,
  radios,
  select,
  textInput,
  urlInput,
} from '../blocks/inputs.ts';
import type { Values } from '../guard/door.ts';
import { readDate, readOneOf, readOptions, readText, wasShown } from '../guard/values.ts';
import { faultWords, INTERVIEW_WORDS, questionWords, sourceName } from '../words/interview.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';

export const CHOOSE_SOURCE = 'choose-source';
const ATTEST = 'attest-permission';
const ATTESTED = 'attested';

/** Block id of a question. */
export function answerId(question: string): string {
  return `answer-${question}`;
}

type Answers = Interview['answers'];

/** The kind of source; choosing it brings its questions. */
export function sourceInput(chosen: Source | undefined, locale: SlackLocale): InputBlock {
  const { howObtained, chooseOne } = INTERVIEW_WORDS[locale];
  const options = SOURCES.map((source) => option(source, sourceName(source, locale)));
  return input({
    id: CHOOSE_SOURCE,
    label: howObtained,
    dispatch: true,
    element: select(options, { initial: chosen, placeholder: chooseOne }),
  });
}

/** The questions of a source, with what was answered before; none for a hard stop. */
export function questionInputs(
  source: Source,
  answers: Answers,
  locale: SlackLocale,
): InputBlock[] {
  return questionsOf(source).map((question) =>
    input({
      id: answerId(question.id),
      ...questionWords(question, locale),
      element: ELEMENTS[question.kind](question, answers[question.id], locale),
    }),
  );
}

export function attestationInput(attested: boolean, locale: SlackLocale): InputBlock {
  const words = INTERVIEW_WORDS[locale];
  return input({
    id: ATTEST,
    label: words.attest,
    hint: words.attestHint,
    element: checkboxes([option(ATTESTED, words.attested)], {
      initial: attested ? [ATTESTED] : [],
    }),
  });
}

export function readSource(values: Values): Source | undefined {
  return readOneOf(values, CHOOSE_SOURCE, SOURCES);
}

/** The answers that the view shows, laid over the earlier ones: other sources' answers are kept. */
export function readAnswers(values: Values, before: Answers): Record<string, string | boolean> {
  const answers: Record<string, string | boolean> = { ...before };
  for (const question of ALL_QUESTIONS) {
    const id = answerId(question.id);
    if (!wasShown(values, id)) continue;
    const answer = READERS[question.kind](values, id);
    if (answer === undefined) delete answers[question.id];
    else answers[question.id] = answer;
  }
  return answers;
}

export function readAttested(values: Values): boolean {
  return readOptions(values, ATTEST).includes(ATTESTED);
}

/** The interview of a source: only its own answers belong to it. */
export function interviewOf(source: Source, answers: Answers, attested: boolean): Interview {
  const own = questionsOf(source).flatMap(({ id }) => {
    const answer = answers[id];
    return answer === undefined ? [] : [[id, answer] as const];
  });
  return { source, answers: Object.fromEntries(own), attested };
}

/** What is wrong, at the inputs that it is wrong in. */
export function asInputErrors(
  { source }: Pick<Interview, 'source'>,
  wrong: Extract<Examination, { kind: 'incomplete' }>['questions'],
  locale: SlackLocale,
): Record<string, string> {
  return Object.fromEntries(
    wrong.map((one) => [
      one.question === 'attested' ? ATTEST : answerId(one.question),
      faultWords(
        one,
        questionsOf(source).find(({ id }) => id === one.question),
        locale,
      ),
    ]),
  );
}

const ALL_QUESTIONS: readonly Question[] = Object.values(QUESTIONS).flat();

type Kind = Question['kind'];
type Answer = string | boolean | undefined;

type Drawn = (question: Question, answer: Answer, locale: SlackLocale) => InputBlockElement;

const ELEMENTS: Readonly<Record<Kind, Drawn>> = {
  'yes-no': (_, answer, locale) => {
    const { yes, no } = NOTICE_WORDS[locale];
    return radios([option('yes', yes), option('no', no)], { initial: yesOrNo(answer) });
  },
  date: (_, answer) => datePicker({ initial: written(answer) }),
  url: (_, answer) => urlInput({ initial: written(answer) }),
  text: (question, answer) => textInput({ initial: written(answer), ...lengthOf(question) }),
  'long-text': (question, answer) =>
    textInput({ initial: written(answer), ...lengthOf(question), multiline: true }),
};

const READERS: Readonly<Record<Kind, (values: Values, id: string) => Answer>> = {
  'yes-no': (values, id) => {
    const said = readOneOf(values, id, ['yes', 'no'] as const);
    return said === undefined ? undefined : said === 'yes';
  },
  date: readDate,
  url: readText,
  text: readText,
  'long-text': readText,
};

const written = (answer: Answer): string | undefined =>
  typeof answer === 'string' ? answer : undefined;

const lengthOf = ({ lengthMin, lengthMax }: Question) => ({
  charactersMin: lengthMin,
  charactersMax: lengthMax,
});

function yesOrNo(answer: string | boolean | undefined): string | undefined {
  if (typeof answer !== 'boolean') return undefined;
  return answer ? 'yes' : 'no';
}
