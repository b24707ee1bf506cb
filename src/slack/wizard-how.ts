/**
 * Wizard, step How obtained: for an opt-in the interview, for an opt-out its reason.
 *
 * Some sources are no permission, and some answers undo the claim: then nothing can be asked for,
 * and the refusal is put on record.
 */
import type { AnyBlock, ModalView } from '@slack/types';
import { type Interview, isHardStop, SOURCE_NAMES } from '../consent/interview.ts';
import { examine } from '../consent/provenance.ts';
import { REFUSALS } from '../consent/refusal.ts';
import { REASON_MAX } from '../workflow/submit-request.ts';
import { alert, section } from './blocks.ts';
import { InputErrors, type Values } from './door.ts';
import type { Answers, Draft } from './drafts.ts';
import { md } from './escape.ts';
import { input, textInput } from './inputs.ts';
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
} from './interview-blocks.ts';
import { readText } from './values.ts';
import { frame } from './wizard-frame.ts';

const GIVE_REASON = 'give-reason';

export function howView({ draft }: { readonly draft: Draft }): ModalView {
  return draft.answers.kind === 'opt-out' ? reasonView(draft) : interviewView(draft);
}

function interviewView(draft: Draft): ModalView {
  const { source } = draft.answers;
  const blocks: AnyBlock[] = [sourceInput(source), ...followUps(draft.answers)];
  return frame(draft, blocks, { submit: 'Next' });
}

function followUps({ source, answers, attested }: Answers): AnyBlock[] {
  if (source === undefined) return [];
  if (isHardStop(source)) {
    return [
      alert(
        'error',
        md`${SOURCE_NAMES[source]}: that is no permission. These addresses cannot be opted in; going on puts the refusal on record.`,
      ),
    ];
  }
  return [...questionInputs(source, answers), attestationInput(attested)];
}

function reasonView(draft: Draft): ModalView {
  const blocks = [
    section(md`An opt-out needs no permission, only a reason that the approver can read.`),
    input({
      id: GIVE_REASON,
      label: 'Why shall these addresses not be mailed any more?',
      element: textInput({
        initial: draft.answers.reason,
        multiline: true,
        charactersMax: REASON_MAX,
      }),
    }),
  ];
  return frame(draft, blocks, { submit: 'Next' });
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
export function checkHow(answers: Answers, now: Date): HowOutcome {
  const { kind, source, reason, attested } = answers;
  if (kind !== 'opt-in') {
    if (kind === 'opt-out' && reason === undefined) {
      throw new InputErrors({ [GIVE_REASON]: REFUSALS.reason_missing });
    }
    return { kind: 'go-on', mustAsk: false };
  }
  if (source === undefined) {
    throw new InputErrors({ [CHOOSE_SOURCE]: REFUSALS.provenance_incomplete });
  }
  const interview = interviewOf(source, answers.answers, attested);
  const found = examine(interview, now);
  if (found.kind === 'incomplete') throw new InputErrors(asInputErrors(found.questions));
  if (found.kind === 'permitted') return { kind: 'go-on', mustAsk: found.mustAsk };
  return { kind: 'refused', interview, why: found.why, mend: found.mend };
}
