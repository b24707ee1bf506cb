/**
 * Wizard frame: what all steps of the wizard look like around their questions: title, "Step 2 of 4",
 * Back, and the button that goes on.
 */
import type { AnyBlock, ModalView } from '@slack/types';
import { actions, button, context, modal } from './blocks.ts';
import {
  type Draft,
  type Step,
  stepsOf,
  WIZARD_KINDS,
  type WizardKind,
  writePlace,
} from './drafts.ts';
import { md } from './escape.ts';

/** Callback ids, one a kind; which step it is stands in the metadata. */
const CALLBACKS: Readonly<Record<WizardKind, string>> = {
  'opt-in': 'request-opt-in',
  'opt-out': 'request-opt-out',
  reconfirm: 'request-reconfirm',
};
export const WIZARD_CALLBACKS: readonly string[] = Object.values(CALLBACKS);
export const GO_BACK = 'go-back';

/** At most 24 characters each. */
const TITLES: Readonly<Record<WizardKind, string>> = {
  'opt-in': 'Opt in contacts',
  'opt-out': 'Opt out contacts',
  reconfirm: 'Ask for confirmation',
};

const STEP_NAMES: Readonly<Record<Step, string>> = {
  who: 'Who',
  what: 'What',
  how: 'How obtained',
  review: 'Review',
};

/** `Step 2 of 4 · What`. */
export function stepLine({ step, answers: { kind } }: Draft): string {
  const steps = stepsOf(kind);
  const name = step === 'how' && kind === 'opt-out' ? 'Why' : STEP_NAMES[step];
  return `Step ${steps.indexOf(step) + 1} of ${steps.length} · ${name}`;
}

/** The modal of one step. Without `submit` the step is a dead end: only Back and Close are left. */
export function frame(
  draft: Draft,
  blocks: readonly AnyBlock[],
  { submit }: { readonly submit: string | undefined },
): ModalView {
  const first = stepsOf(draft.answers.kind)[0] === draft.step;
  const back = actions('wizard-ways', button({ id: GO_BACK, text: 'Back' }));
  return modal({
    callbackId: CALLBACKS[draft.answers.kind],
    title: titleOf(draft.answers.kind),
    submit,
    close: 'Close',
    blocks: [context(md`${stepLine(draft)}`), ...blocks, ...(first ? [] : [back])],
    metadata: writePlace(draft),
  });
}

/** The kind that a view of the wizard was drawn for; undefined for other views. */
export function kindOfCallback(callbackId: string): WizardKind | undefined {
  return WIZARD_KINDS.find((kind) => CALLBACKS[kind] === callbackId);
}

export function titleOf(kind: WizardKind): string {
  return TITLES[kind];
}
