/**
 * Refill view: a submitted form drawn anew with everything that was entered in it, and what was
 * refused above it. For forms in whose place "Working…" stands by now: a window put over that would
 * leave nothing to go back to.
 *
 * Slack sends a submitted view whole: its blocks, and what was entered beside them.
 */
import type { AnyBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { context, divider, section } from '../blocks/blocks.ts';
import { joinMrkdwn, md } from '../blocks/escape.ts';
import { VIEW_BLOCKS_MAX } from '../blocks/limits.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import type { SubmissionAnswer } from './door.ts';

/** Block ids of what stands above; a form that is refused again loses the sentences of before. */
const ABOVE = 'refused-';

const record = z.record(z.string(), z.unknown());
const Block = z.looseObject({
  type: z.string(),
  block_id: z.string().optional(),
  element: z.looseObject({ type: z.string(), action_id: z.string() }).optional().catch(undefined),
});
const text = z.looseObject({ type: z.literal('plain_text'), text: z.string() });
const Body = z.object({
  view: z.object({
    type: z.literal('modal'),
    callback_id: z.string(),
    title: text,
    submit: text,
    close: text.nullish(),
    private_metadata: z.string().optional(),
    notify_on_close: z.boolean().optional(),
    blocks: z.array(Block).min(1),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), record)) }),
  }),
});
type SeenBlock = z.infer<typeof Block>;
type Entered = Readonly<Record<string, unknown>>;

/** Where Slack says what was entered → where a view says it beforehand. */
const ENTERED: Readonly<Record<string, string>> = {
  value: 'initial_value',
  selected_date: 'initial_date',
  selected_time: 'initial_time',
  selected_date_time: 'initial_date_time',
  selected_option: 'initial_option',
  selected_options: 'initial_options',
  selected_user: 'initial_user',
  selected_users: 'initial_users',
  selected_conversation: 'initial_conversation',
  selected_conversations: 'initial_conversations',
  selected_channel: 'initial_channel',
  selected_channels: 'initial_channels',
};
const INITIALS: ReadonlySet<string> = new Set(Object.values(ENTERED));

/**
 * The form of a submission that was refused.
 * @param body of the submission, as Slack sent it
 * @returns undefined if nothing was refused, or the body does not hold the form
 */
export function refilledView(
  body: unknown,
  answer: SubmissionAnswer,
  locale: SlackLocale,
): ModalView | undefined {
  const refused = wordsOf(answer);
  const found = Body.safeParse(body);
  if (refused === undefined || !found.success) return undefined;
  const { view } = found.data;
  const form = view.blocks.filter(({ block_id: id }) => id?.startsWith(ABOVE) !== true);
  const hint = bringsFiles(form, view.state.values)
    ? [context(md`${NOTICE_WORDS[locale].filesAgain}`)]
    : [];
  const above = [...refused, ...hint, divider()];
  const blocks = [
    ...above.map((block, at) => ({ ...block, block_id: `${ABOVE}${at}` })),
    ...form.map((block) => refilled(block, view.state.values)),
  ];
  if (blocks.length > VIEW_BLOCKS_MAX) return undefined;
  const { callback_id, title, submit, close, private_metadata = '', notify_on_close } = view;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own view, back from Slack
  return {
    type: 'modal',
    callback_id,
    title,
    submit,
    ...(close == null ? {} : { close }),
    private_metadata,
    ...(notify_on_close === true ? { notify_on_close } : {}),
    blocks,
  } as unknown as ModalView;
}

/** What was refused, as blocks; undefined if the answer is no refusal. */
function wordsOf(answer: SubmissionAnswer): readonly AnyBlock[] | undefined {
  if (answer?.response_action === 'errors') {
    const lines = Object.values(answer.errors).map((sentence) => md`:warning: ${sentence}`);
    return [section(joinMrkdwn(lines))];
  }
  if (answer?.response_action !== 'push') return undefined;
  const { blocks } = answer.view;
  return blocks.some(({ type }) => type === 'input') ? undefined : blocks;
}

function refilled(
  block: SeenBlock,
  values: Readonly<Record<string, Readonly<Record<string, Entered>>>>,
) {
  const { block_id: id = '', element } = block;
  const entered = element === undefined ? undefined : values[id]?.[element.action_id];
  if (element === undefined || entered === undefined) return block;
  const bare = Object.entries(element).filter(([key]) => !INITIALS.has(key));
  const initial = Object.entries(ENTERED).flatMap(([from, to]) => {
    const value = entered[from];
    return isNothing(value) ? [] : [[to, asOffered(value, element)]];
  });
  return { ...block, element: Object.fromEntries([...bare, ...initial]) };
}

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0);

const Option = z.looseObject({ value: z.string() });
const Offer = z.object({ options: z.array(Option) });

/** An option is set by the very one that is offered. */
function asOffered(value: unknown, element: Entered): unknown {
  const offered = Offer.safeParse(element);
  if (!offered.success) return value;
  const same = (one: unknown) => {
    const chosen = Option.safeParse(one);
    const found = offered.data.options.find((option) => option.value === chosen.data?.value);
    return found ?? one;
  };
  return Array.isArray(value) ? value.map(same) : same(value);
}

/** Slack fills no file into an input: whoever brought one has to choose it again. */
function bringsFiles(
  blocks: readonly SeenBlock[],
  values: Readonly<Record<string, Readonly<Record<string, Entered>>>>,
): boolean {
  return blocks.some(({ block_id: id = '', element }) => {
    if (element?.type !== 'file_input') return false;
    return !isNothing(values[id]?.[element.action_id]?.['files']);
  });
}
