/**
 * Wizard frame: what all steps of the wizard look like around their questions: title, "Step 2 of 4",
 * Back, and the button that goes on.
 */
import type { AnyBlock, ModalView } from '@slack/types';
import { actions, button, context, modal, section } from '../blocks/blocks.ts';
import { md } from '../blocks/escape.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { WIZARD_WORDS } from '../words/wizard.ts';
import { type Draft, stepsOf, WIZARD_KINDS, type WizardKind, writePlace } from './drafts.ts';

/** Callback ids, one a kind; which step it is stands in the metadata. */
const CALLBACKS: Readonly<Record<WizardKind, string>> = {
  'opt-in': 'request-opt-in',
  'opt-out': 'request-opt-out',
  reconfirm: 'request-reconfirm',
};
export const WIZARD_CALLBACKS: readonly string[] = Object.values(CALLBACKS);
export const GO_BACK = 'go-back';

/** `Step 2 of 4 · What`. */
export function stepLine({ step, answers: { kind } }: Draft, locale: SlackLocale): string {
  const words = WIZARD_WORDS[locale];
  const steps = stepsOf(kind);
  const name = step === 'how' && kind === 'opt-out' ? words.why : words.steps[step];
  return words.stepOf(steps.indexOf(step) + 1, steps.length, name);
}

/** The modal of one step. Without `submit` the step is a dead end: only Back and Close are left. */
export function frame(
  draft: Draft,
  blocks: readonly AnyBlock[],
  { submit, locale }: { readonly submit: string | undefined; readonly locale: SlackLocale },
): ModalView {
  const words = NOTICE_WORDS[locale];
  const first = stepsOf(draft.answers.kind)[0] === draft.step;
  const back = actions('wizard-ways', button({ id: GO_BACK, text: words.back }));
  return modal({
    callbackId: CALLBACKS[draft.answers.kind],
    title: titleOf(draft.answers.kind, locale),
    submit,
    close: words.close,
    blocks: [context(md`${stepLine(draft, locale)}`), ...blocks, ...(first ? [] : [back])],
    metadata: writePlace(draft),
  });
}

/**
 * A step with sentences above their inputs. Slack itself shows them only in the answer to a
 * submission, which is over once "Working…" was shown.
 */
export function withSentences(
  view: ModalView,
  sentences: Readonly<Record<string, string>>,
): ModalView {
  const blocks = view.blocks.flatMap((block) => {
    const sentence = sentences[block.block_id ?? ''];
    return sentence === undefined ? [block] : [section(md`:warning: *${sentence}*`), block];
  });
  return { ...view, blocks };
}

/** The kind that a view of the wizard was drawn for; undefined for other views. */
export function kindOfCallback(callbackId: string): WizardKind | undefined {
  return WIZARD_KINDS.find((kind) => CALLBACKS[kind] === callbackId);
}

export function titleOf(kind: WizardKind, locale: SlackLocale): string {
  return WIZARD_WORDS[locale].titles[kind];
}
