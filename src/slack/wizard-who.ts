/**
 * Wizard, step Who: the batches and tags, any or all of them, and live how many addresses that is.
 */
import type { AnyBlock, ModalView, PlainTextOption } from '@slack/types';
import { AUDIENCE_SOURCES_MAX, readSourceKey, sourceKey } from '../consent/audience.ts';
import { REFUSALS } from '../consent/refusal.ts';
import type { Suggestion } from '../store/audiences.ts';
import { section } from './blocks.ts';
import { InputErrors, type Values } from './door.ts';
import type { Answers, Draft } from './drafts.ts';
import { joinMrkdwn, type Mrkdwn, md, shorten } from './escape.ts';
import { externalMultiSelect, input, option, radios } from './inputs.ts';
import { OPTION_TEXT_CHARS_MAX } from './limits.ts';
import { formatNumber } from './texts.ts';
import { readOneOf, readOptions } from './values.ts';
import { frame } from './wizard-frame.ts';

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

/** Before anything is chosen. */
export const COUNT_NOTHING: Mrkdwn = md`Choose batches or tags to see how many addresses that is.`;
export const COUNT_RUNNING: Mrkdwn = md`Counting…`;
export const COUNT_LATER: Mrkdwn = md`Counting takes longer than usual. You can go on; the review shows the exact numbers.`;

export function whoView({ draft, audience, count, notes = [] }: WhoModel): ModalView {
  const { match } = draft.answers;
  const blocks: AnyBlock[] = [
    ...(notes.length === 0 ? [] : [section(joinMrkdwn(notes))]),
    input({
      id: CHOOSE_AUDIENCE,
      label: 'Import batches and tags',
      hint: 'Type the beginning of a name. Up to 10.',
      dispatch: true,
      element: externalMultiSelect({
        initial: audience.map(audienceOption),
        most: AUDIENCE_SOURCES_MAX,
        placeholder: 'Search batches and tags',
      }),
    }),
    input({
      id: CHOOSE_MATCH,
      label: 'Addresses in',
      dispatch: true,
      element: radios([option('any', 'any of them'), option('all', 'all of them at once')], {
        initial: match,
      }),
    }),
    section(count, { id: COUNT }),
  ];
  return frame(draft, blocks, { submit: 'Next' });
}

/** `Spring fair · 12,480`: the number survives however long the name is. */
export function audienceOption(suggestion: Suggestion): PlainTextOption {
  const size = ` · ${formatNumber(suggestion.size)}`;
  const name = shorten(suggestion.name.replace(/\s+/gu, ' '), OPTION_TEXT_CHARS_MAX - size.length);
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
export function checkWho({ sources }: Answers): void {
  if (sources.length === 0) throw new InputErrors({ [CHOOSE_AUDIENCE]: REFUSALS.audience_empty });
}
