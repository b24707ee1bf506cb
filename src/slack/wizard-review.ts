/**
 * Wizard, step Review: exactly what would happen, who would be asked and how, when it starts; and
 * the button that sends it for approval.
 */
import type { AnyBlock, ModalView } from '@slack/types';
import { SILENCE_MEANINGS, type SilenceMeaning } from '../consent/ask.ts';
import { makePlan, type PlanCounts } from '../consent/plan.ts';
import { REFUSALS } from '../consent/refusal.ts';
import type { Suggestion } from '../store/audiences.ts';
import { alert, context, section } from './blocks.ts';
import { InputErrors, type Values } from './door.ts';
import { type Answers, ASK_CHOICES, type AskChoice, type Draft } from './drafts.ts';
import { md } from './escape.ts';
import { dateTimePicker, input, option, radios, select } from './inputs.ts';
import { SELECT_OPTIONS_MAX } from './limits.ts';
import { audienceWords, countWords, fieldWords } from './request-words.ts';
import { KIND_NAMES } from './texts.ts';
import { readDateTime, readOneOf, readOption } from './values.ts';
import { frame } from './wizard-frame.ts';
import {
  type AskOffer,
  askChoice,
  askChoices,
  askOf,
  countingTerms,
  silenceChoices,
} from './wizard-terms.ts';

export const CHOOSE_ASK = 'choose-ask';
export const CHOOSE_TEMPLATE = 'choose-template';
export const CHOOSE_SILENCE = 'choose-silence';
export const CHOOSE_RUN_AT = 'choose-run-at';

export interface ReviewModel {
  readonly draft: Draft;
  readonly audience: readonly Suggestion[];
  readonly offer: AskOffer;
  readonly counts: PlanCounts;
  readonly now: Date;
  /** Hours after which nobody's decision is a decision too. */
  readonly approvalHours: number;
}

const ASK_WORDS: Readonly<Record<AskChoice, string>> = {
  nobody: 'Nobody',
  changed: 'The addresses that this opts in',
  'single-opt-in': 'All opted-in addresses of this audience',
};

const SILENCE_WORDS: Readonly<Record<SilenceMeaning, string>> = {
  keep: 'stays opted in, not confirmed',
  revert: 'is not mailed any more (non-marketable)',
};

export function reviewView(model: ReviewModel): ModalView {
  const { draft, offer, approvalHours } = model;
  const mayBeSent = !mustAskButCannot(draft.answers, offer);
  const blocks: AnyBlock[] = [
    ...summary(model),
    ...askBlocks(draft.answers, offer),
    ...(mayBeSent ? [runAtInput(draft.answers)] : []),
    context(
      md`An approver sees exactly this. Nothing changes before somebody else approves; undecided it expires after ${approvalHours} hours.`,
    ),
  ];
  return frame(draft, blocks, { submit: mayBeSent ? 'Send for approval' : undefined });
}

function summary({ draft: { answers }, audience, offer, counts, now }: ReviewModel): AnyBlock[] {
  const terms = countingTerms(answers, offer, now);
  const who = audienceWords(terms.audience, audience);
  const idle = counts.change === 0 && counts.asks === 0;
  return [
    section(md`*${KIND_NAMES[answers.kind]}:* ${who}, ${fieldWords(terms.audience)}`),
    section(countWords(makePlan(terms, counts, now))),
    ...(idle
      ? [alert('warning', md`No address would change or be asked. The counts above say why.`)]
      : []),
  ];
}

function askBlocks(answers: Answers, offer: AskOffer): AnyBlock[] {
  if (answers.kind === 'opt-out') return [];
  if (offer.templates.length === 0) return [cannotAsk(answers, offer)];
  const must = offer.mustAsk
    ? [
        alert(
          'info',
          md`Collected more than 6 months ago: they must be asked, and silence means no.`,
        ),
      ]
    : [];
  const who = answers.kind === 'opt-in' ? [askInput(answers, offer)] : [];
  return [...must, ...who, ...mailInputs(answers, offer)];
}

function cannotAsk(answers: Answers, offer: AskOffer): AnyBlock {
  if (mustAskButCannot(answers, offer)) return alert('error', md`${REFUSALS.mail_not_configured}`);
  return context(md`Assent cannot send mail yet, so nobody will be asked to confirm.`);
}

function mustAskButCannot({ kind }: Answers, { mustAsk, templates }: AskOffer): boolean {
  return templates.length === 0 && (mustAsk || kind === 'reconfirm');
}

function askInput(answers: Answers, offer: AskOffer): AnyBlock {
  return input({
    id: CHOOSE_ASK,
    label: 'Whom shall we ask to confirm by mail?',
    hint: 'Addresses that confirmed already, or were asked twice in 180 days, are left out.',
    dispatch: true,
    element: radios(
      askChoices(offer).map((choice) => option(choice, ASK_WORDS[choice])),
      { initial: askChoice(answers, offer) },
    ),
  });
}

function mailInputs(answers: Answers, offer: AskOffer): AnyBlock[] {
  const ask = askOf(answers, offer);
  if (ask === undefined) return [];
  const templates = offer.templates.slice(0, SELECT_OPTIONS_MAX);
  return [
    input({
      id: CHOOSE_TEMPLATE,
      label: 'Mail template',
      element: select(
        templates.map((name) => option(name, name)),
        { initial: ask.template },
      ),
    }),
    input({
      id: CHOOSE_SILENCE,
      label: 'Whoever does not answer …',
      hint: 'Silence is never recorded as an opt-out.',
      element: radios(
        silenceChoices(offer).map((meaning) => option(meaning, SILENCE_WORDS[meaning])),
        { initial: ask.silence },
      ),
    }),
  ];
}

function runAtInput({ runAt }: Answers): AnyBlock {
  return input({
    id: CHOOSE_RUN_AT,
    label: 'Start',
    hint: 'Empty: as soon as it is approved.',
    optional: true,
    element: dateTimePicker({ initial: runAt }),
  });
}

export function readReview(values: Values, answers: Answers): Answers {
  return {
    ...answers,
    ask: readOneOf(values, CHOOSE_ASK, ASK_CHOICES) ?? answers.ask,
    template: readOption(values, CHOOSE_TEMPLATE) ?? answers.template,
    silence: readOneOf(values, CHOOSE_SILENCE, SILENCE_MEANINGS) ?? answers.silence,
    runAt: readDateTime(values, CHOOSE_RUN_AT),
  };
}

/** @throws InputErrors if the chosen time has passed */
export function checkReview({ runAt }: Answers, now: Date): void {
  if (runAt !== undefined && runAt <= now) {
    throw new InputErrors({ [CHOOSE_RUN_AT]: REFUSALS.run_at_past });
  }
}
