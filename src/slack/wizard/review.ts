/**
 * Wizard, step Review: exactly what would happen, who would be asked and how, when it starts; and
 * the button that sends it for approval.
 */
import type { AnyBlock, ModalView } from '@slack/types';
import { SILENCE_MEANINGS } from '../../consent/ask.ts';
import { makePlan, type PlanCounts } from '../../consent/plan.ts';
import type { Suggestion } from '../../store/audiences.ts';
import { alert, context, section } from '../blocks/blocks.ts';
import { md } from '../blocks/escape.ts';
import { dateTimePicker, input, option, radios, select } from '../blocks/inputs.ts';
import { SELECT_OPTIONS_MAX } from '../blocks/limits.ts';
import { InputErrors, type Values } from '../guard/door.ts';
import { readDateTime, readOneOf, readOption } from '../guard/values.ts';
import { evidenceLines } from '../request/evidence-blocks.ts';
import { followUpInputs, readFollowUps } from '../request/follow-up-inputs.ts';
import { sampleLines } from '../request/masked-samples.ts';
import { audienceWords, countWords, fieldWords } from '../request/words.ts';
import type { SlackLocale } from '../words/language.ts';
import { refusalSentence } from '../words/refusals.ts';
import { REQUEST_WORDS } from '../words/requests.ts';
import { WIZARD_WORDS } from '../words/wizard.ts';
import { type Answers, ASK_CHOICES, type Draft } from './drafts.ts';
import { frame } from './frame.ts';
import {
  type AskOffer,
  askChoice,
  askChoices,
  askOf,
  countingTerms,
  silenceChoices,
} from './terms.ts';

export const CHOOSE_ASK = 'choose-ask';
export const CHOOSE_TEMPLATE = 'choose-template';
export const CHOOSE_SILENCE = 'choose-silence';
export const CHOOSE_RUN_AT = 'choose-run-at';

export interface ReviewModel {
  readonly draft: Draft;
  readonly audience: readonly Suggestion[];
  readonly offer: AskOffer;
  readonly counts: PlanCounts;
  /** A few of its addresses, masked. */
  readonly samples: readonly string[];
  readonly now: Date;
  /** Hours after which nobody's decision is a decision too. */
  readonly approvalHours: number;
}

export function reviewView(model: ReviewModel, locale: SlackLocale): ModalView {
  const { draft, offer, approvalHours } = model;
  const words = WIZARD_WORDS[locale].review;
  const mayBeSent = !mustAskButCannot(draft.answers, offer);
  const blocks: AnyBlock[] = [
    ...summary(model, locale),
    ...askBlocks(draft.answers, offer, locale),
    ...(mayBeSent ? [runAtInput(draft.answers, locale)] : []),
    context(md`${words.approver(approvalHours)}`),
  ];
  return frame(draft, blocks, { submit: mayBeSent ? words.send : undefined, locale });
}

function summary(
  { draft: { answers }, audience, offer, counts, samples, now }: ReviewModel,
  locale: SlackLocale,
): AnyBlock[] {
  const terms = countingTerms(answers, offer, now);
  const who = audienceWords(terms.audience, audience, locale);
  const kind = REQUEST_WORDS[locale].kinds[answers.kind];
  const idle = counts.change === 0 && counts.asks === 0;
  return [
    section(md`*${kind}:* ${who}, ${fieldWords(terms.audience, locale)}`),
    section(countWords(makePlan(terms, counts, now), locale)),
    ...sampleLines(samples, locale),
    ...(answers.kind === 'opt-in' ? evidenceLines(answers.evidence, locale) : []),
    ...(idle ? [alert('warning', md`${WIZARD_WORDS[locale].review.idle}`)] : []),
  ];
}

function askBlocks(answers: Answers, offer: AskOffer, locale: SlackLocale): AnyBlock[] {
  if (answers.kind === 'opt-out') return [];
  if (offer.templates.length === 0) return [cannotAsk(answers, offer, locale)];
  const must = offer.mustAsk ? [alert('info', md`${WIZARD_WORDS[locale].review.mustAsk}`)] : [];
  const who = answers.kind === 'opt-in' ? [askInput(answers, offer, locale)] : [];
  return [...must, ...who, ...mailInputs(answers, offer, locale)];
}

function cannotAsk(answers: Answers, offer: AskOffer, locale: SlackLocale): AnyBlock {
  return mustAskButCannot(answers, offer)
    ? alert('error', md`${refusalSentence('mail_not_configured', locale)}`)
    : context(md`${WIZARD_WORDS[locale].review.cannotAsk}`);
}

function mustAskButCannot({ kind }: Answers, { mustAsk, templates }: AskOffer): boolean {
  return templates.length === 0 && (mustAsk || kind === 'reconfirm');
}

function askInput(answers: Answers, offer: AskOffer, locale: SlackLocale): AnyBlock {
  const words = WIZARD_WORDS[locale].review;
  return input({
    id: CHOOSE_ASK,
    label: words.ask,
    hint: words.askHint,
    dispatch: true,
    element: radios(
      askChoices(offer).map((choice) => option(choice, words.asks[choice])),
      { initial: askChoice(answers, offer) },
    ),
  });
}

function mailInputs(answers: Answers, offer: AskOffer, locale: SlackLocale): AnyBlock[] {
  const words = WIZARD_WORDS[locale].review;
  const ask = askOf(answers, offer);
  if (ask === undefined) return [];
  const templates = offer.templates.slice(0, SELECT_OPTIONS_MAX);
  return [
    input({
      id: CHOOSE_TEMPLATE,
      label: words.template,
      element: select(
        templates.map((name) => option(name, name)),
        { initial: ask.template },
      ),
    }),
    input({
      id: CHOOSE_SILENCE,
      label: words.silence,
      hint: words.silenceHint,
      element: radios(
        silenceChoices(offer).map((meaning) => option(meaning, words.silences[meaning])),
        { initial: ask.silence },
      ),
    }),
    ...followUpInputs(ask, offer.linkDays, locale),
  ];
}

function runAtInput({ runAt }: Answers, locale: SlackLocale): AnyBlock {
  const words = WIZARD_WORDS[locale].review;
  return input({
    id: CHOOSE_RUN_AT,
    label: words.runAt,
    hint: words.runAtHint,
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
    ...readFollowUps(values, answers),
    runAt: readDateTime(values, CHOOSE_RUN_AT),
  };
}

/** @throws InputErrors if the chosen time has passed */
export function checkReview(
  { runAt }: Answers,
  { now, locale }: { readonly now: Date; readonly locale: SlackLocale },
): void {
  if (runAt !== undefined && runAt <= now) {
    throw new InputErrors({ [CHOOSE_RUN_AT]: refusalSentence('run_at_past', locale) });
  }
}
