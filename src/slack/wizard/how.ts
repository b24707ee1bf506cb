/**
 * Wizard, step How obtained: for an opt-in the interview, for an opt-out its reason.
 *
 * Some sources are no permission, and some answers undo the claim: then nothing can be asked for,
 * and the refusal is put on record.
 */
import type { AnyBlock, ModalView } from '@slack/types';
import { type Interview, isHardStop } from '../../consent/interview.ts';
import { examine } from '../../consent/provenance.ts';
import { REASON_MAX } from '../../workflow/submit-request.ts';
import { alert, section } from '../blocks/blocks.ts';
import { md } from '../blocks/escape.ts';
import { input, textInput } from '../blocks/inputs.ts';
import { InputErrors, type Values } from '../guard/door.ts';
import { readText } from '../guard/values.ts';
import { evidenceInputs } from '../request/evidence-blocks.ts';
import {
  asInputErrors,
  attestationInput,
  CHOOSE_SOURCE,
  interviewOf,
  questionInputs,
  readAnswers,
  readAttested,
  readSource,
  sourceInput,
} from '../request/interview-blocks.ts';
import { refusingWords, sourceName } from '../words/interview.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { refusalSentence } from '../words/refusals.ts';
import { WIZARD_WORDS } from '../words/wizard.ts';
import type { Answers, Draft } from './drafts.ts';
import { frame } from './frame.ts';

const GIVE_REASON = 'give-reason';

export function howView({ draft }: { readonly draft: Draft }, locale: SlackLocale): ModalView {
  return draft.answers.kind === 'opt-out'
    ? reasonView(draft, locale)
    : interviewView(draft, locale);
}

function interviewView(draft: Draft, locale: SlackLocale): ModalView {
  const { source } = draft.answers;
  const blocks: AnyBlock[] = [sourceInput(source, locale), ...followUps(draft.answers, locale)];
  return frame(draft, blocks, { submit: NOTICE_WORDS[locale].next, locale });
}

function followUps(given: Answers, locale: SlackLocale): AnyBlock[] {
  const { source, answers, attested, evidence } = given;
  if (source === undefined) return [];
  if (isHardStop(source)) {
    const { hardStop } = WIZARD_WORDS[locale].how;
    return [alert('error', md`${hardStop(sourceName(source, locale))}`)];
  }
  return [
    ...questionInputs(source, answers, locale),
    ...evidenceInputs(evidence, locale),
    attestationInput(attested, locale),
  ];
}

function reasonView(draft: Draft, locale: SlackLocale): ModalView {
  const words = WIZARD_WORDS[locale].how;
  const blocks = [
    section(md`${words.optOut}`),
    input({
      id: GIVE_REASON,
      label: words.reason,
      element: textInput({
        initial: draft.answers.reason,
        multiline: true,
        charactersMax: REASON_MAX,
      }),
    }),
  ];
  return frame(draft, blocks, { submit: NOTICE_WORDS[locale].next, locale });
}

export function readHow(values: Values, answers: Answers): Answers {
  if (answers.kind === 'opt-out') {
    return { ...answers, reason: readText(values, GIVE_REASON) };
  }
  return {
    ...answers,
    source: readSource(values) ?? answers.source,
    answers: readAnswers(values, answers.answers),
    attested: readAttested(values),
  };
}

/** What came of the answers: permitted, or refused with why and what would mend it. */
export type HowOutcome =
  | { readonly kind: 'go-on'; readonly mustAsk: boolean }
  | {
      readonly kind: 'refused';
      readonly interview: Interview;
      readonly why: string;
      readonly mend: string;
    };

/** @throws InputErrors at each answer that is missing or impossible */
export function checkHow(
  answers: Answers,
  { now, locale }: { readonly now: Date; readonly locale: SlackLocale },
): HowOutcome {
  const { kind, source, reason, attested } = answers;
  if (kind !== 'opt-in') {
    if (kind === 'opt-out' && reason === undefined) {
      throw new InputErrors({ [GIVE_REASON]: refusalSentence('reason_missing', locale) });
    }
    return { kind: 'go-on', mustAsk: false };
  }
  if (source === undefined) {
    throw new InputErrors({ [CHOOSE_SOURCE]: refusalSentence('provenance_incomplete', locale) });
  }
  const interview = interviewOf(source, answers.answers, attested);
  const found = examine(interview, now);
  if (found.kind === 'incomplete')
    throw new InputErrors(asInputErrors(interview, found.questions, locale));
  if (found.kind === 'permitted') return { kind: 'go-on', mustAsk: found.mustAsk };
  return { kind: 'refused', interview, ...refusingWords(found, source, locale) };
}
