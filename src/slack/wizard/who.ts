/**
 * Wizard, step Who: the batches and tags, any or all of them, and live how many addresses that is.
 */
import type { AnyBlock, ModalView, PlainTextOption } from '@slack/types';
import { AUDIENCE_SOURCES_MAX, readSourceKey, sourceKey } from '../../consent/audience.ts';
import type { Suggestion } from '../../store/audiences.ts';
import { section } from '../blocks/blocks.ts';
import { joinMrkdwn, type Mrkdwn, shorten } from '../blocks/escape.ts';
import { externalMultiSelect, input, option, radios } from '../blocks/inputs.ts';
import { OPTION_TEXT_CHARS_MAX } from '../blocks/limits.ts';
import { InputErrors, type Values } from '../guard/door.ts';
import { readOneOf, readOptions } from '../guard/values.ts';
import { withoutAddresses } from '../request/words.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { formatNumber } from '../words/numbers.ts';
import { refusalSentence } from '../words/refusals.ts';
import { WIZARD_WORDS } from '../words/wizard.ts';
import type { Answers, Draft } from './drafts.ts';
import { frame } from './frame.ts';

export const CHOOSE_AUDIENCE = 'choose-audience';
export const CHOOSE_MATCH = 'choose-match';
const COUNT = 'audience-count';

const MATCHES = ['any', 'all'] as const;

export interface WhoModel {
  readonly draft: Draft;
  /** The chosen batches and tags, with their names. */
  readonly audience: readonly Suggestion[];
  /** What is known about the number of addresses. */
  readonly count: Mrkdwn;
  /** What was asked for in the command and could not be taken, a sentence each. */
  readonly notes?: readonly string[];
}

export function whoView(
  { draft, audience, count, notes = [] }: WhoModel,
  locale: SlackLocale,
): ModalView {
  const { match } = draft.answers;
  const words = WIZARD_WORDS[locale].who;
  const blocks: AnyBlock[] = [
    ...(notes.length === 0 ? [] : [section(joinMrkdwn(notes))]),
    input({
      id: CHOOSE_AUDIENCE,
      label: words.audience,
      hint: words.audienceHint,
      dispatch: true,
      element: externalMultiSelect({
        initial: audience.map((one) => audienceOption(one, locale)),
        most: AUDIENCE_SOURCES_MAX,
        placeholder: words.search,
      }),
    }),
    input({
      id: CHOOSE_MATCH,
      label: words.match,
      dispatch: true,
      element: radios([option('any', words.any), option('all', words.all)], {
        initial: match,
      }),
    }),
    section(count, { id: COUNT }),
  ];
  return frame(draft, blocks, { submit: NOTICE_WORDS[locale].next, locale });
}

/** `Spring fair · 12,480`: the number survives however long the name is. */
export function audienceOption(suggestion: Suggestion, locale: SlackLocale): PlainTextOption {
  const size = ` · ${formatNumber(suggestion.size, locale)}`;
  // Batches are called after files, and files after people.
  const whole = withoutAddresses(suggestion.name.replace(/\s+/gu, ' '), locale);
  const name = shorten(whole, OPTION_TEXT_CHARS_MAX - size.length);
  return option(sourceKey(suggestion), `${name}${size}`);
}

/** What the view says; what is not ours in it is left out. */
export function readWho(values: Values, answers: Answers): Answers {
  const sources = readOptions(values, CHOOSE_AUDIENCE)
    .map(readSourceKey)
    .filter((source) => source !== undefined);
  return {
    ...answers,
    sources: sources.slice(0, AUDIENCE_SOURCES_MAX).map((source) => ({ ...source })),
    match: readOneOf(values, CHOOSE_MATCH, MATCHES) ?? answers.match,
  };
}

/** @throws InputErrors if nobody was chosen */
export function checkWho({ sources }: Answers, locale: SlackLocale): void {
  if (sources.length > 0) return;
  throw new InputErrors({ [CHOOSE_AUDIENCE]: refusalSentence('audience_empty', locale) });
}
