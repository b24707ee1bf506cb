/**
 * State values: what an element holds: at first, after somebody chose, and after its view was
 * updated.
 */
import { optionsOf, sameOption } from './check-texts.ts';
import { elementsOf, flatBlocks } from './elements.ts';
import { asObject, asObjects, asString, type Json, textOf } from './json.ts';
import type { StateValue, Values } from './workspace.ts';

/** How an element's first value is named, and how its value is named in the state. */
interface Shape {
  readonly initial?: string;
  readonly holds: string;
  readonly empty: unknown;
}

const one = (initial: string, holds: string): Shape => ({ initial, holds, empty: null });
const many = (initial: string, holds: string): Shape => ({ initial, holds, empty: [] });
const written: Shape = one('initial_value', 'value');

const SHAPES: Readonly<Record<string, Shape>> = {
  plain_text_input: written,
  email_text_input: written,
  url_text_input: written,
  number_input: written,
  rich_text_input: one('initial_value', 'rich_text_value'),
  static_select: one('initial_option', 'selected_option'),
  external_select: one('initial_option', 'selected_option'),
  radio_buttons: one('initial_option', 'selected_option'),
  users_select: one('initial_user', 'selected_user'),
  channels_select: one('initial_channel', 'selected_channel'),
  conversations_select: one('initial_conversation', 'selected_conversation'),
  multi_static_select: many('initial_options', 'selected_options'),
  multi_external_select: many('initial_options', 'selected_options'),
  checkboxes: many('initial_options', 'selected_options'),
  multi_users_select: many('initial_users', 'selected_users'),
  multi_channels_select: many('initial_channels', 'selected_channels'),
  multi_conversations_select: many('initial_conversations', 'selected_conversations'),
  datepicker: one('initial_date', 'selected_date'),
  timepicker: one('initial_time', 'selected_time'),
  datetimepicker: one('initial_date_time', 'selected_date_time'),
  file_input: { holds: 'files', empty: [] },
};

const typeOf = (element: Json): string => asString(element['type']);

const shapeOf = (element: Json): Shape | undefined =>
  Object.hasOwn(SHAPES, typeOf(element)) ? SHAPES[typeOf(element)] : undefined;

/** Whether the element keeps what was entered (a button keeps nothing). */
export const isStateful = (element: Json): boolean => shapeOf(element) !== undefined;

/** The value as Slack sends it, holding this; empty where `held` is undefined. */
export function stateValue(element: Json, held?: unknown): StateValue {
  const shape = shapeOf(element);
  if (shape === undefined) throw new Error(`a ${typeOf(element)} holds no value`);
  return { type: typeOf(element), [shape.holds]: held ?? shape.empty };
}

const initialValue = (element: Json): StateValue => {
  const name = shapeOf(element)?.initial;
  return stateValue(element, name === undefined ? undefined : element[name]);
};

/** What is held: a string, an option, a list; null or an empty list if nothing is. */
export const heldIn = (element: Json, value: StateValue): unknown => {
  const shape = shapeOf(element);
  return shape === undefined ? null : (value[shape.holds] ?? shape.empty);
};

export const isEmpty = (held: unknown): boolean =>
  held === null || held === '' || (Array.isArray(held) && held.length === 0);

/**
 * The state of blocks: first values, or what was entered before in an element of the same type,
 * block id and action id (docs.slack.dev/surfaces/modals). A choice that is no longer offered is
 * dropped.
 */
export function statesOf(blocks: readonly Json[], before: Values = {}): Values {
  const values: Values = {};
  for (const block of flatBlocks(blocks)) {
    for (const element of elementsOf(block).filter(isStateful)) {
      const blockId = asString(block['block_id']);
      const actionId = asString(element['action_id']);
      const kept = valueAt(before, blockId, actionId);
      const fits = kept !== undefined && stillFits(element, kept);
      values[blockId] = {
        ...values[blockId],
        [actionId]: fits ? kept : initialValue(element),
      };
    }
  }
  return values;
}

/** What was entered in an element, if it stands in these values. */
export const valueAt = (
  values: Values,
  blockId: string,
  actionId: string,
): StateValue | undefined => values[blockId]?.[actionId];

function stillFits(element: Json, kept: StateValue): boolean {
  if (kept.type !== typeOf(element)) return false;
  if (!isOffered(element)) return true;
  const held = heldIn(element, kept);
  const chosen = Array.isArray(held) ? asObjects(held) : held === null ? [] : [asObject(held)];
  return chosen.every((choice) => optionsOf(element).some((option) => sameOption(option, choice)));
}

const isOffered = (element: Json): boolean =>
  ['static_select', 'multi_static_select', 'radio_buttons', 'checkboxes'].includes(typeOf(element));

/** What one person chooses or types: one thing, several, or null for nothing. */
export type Choice = string | number | readonly string[] | null;

/**
 * The state value after a choice. Options go by value or text; `offered` are the options of an
 * external select as its last search answered them; `ids` are the users and channels that exist.
 * @throws Error if the choice is not on offer
 */
export function chosenValue(
  element: Json,
  choice: Choice,
  offered: readonly Json[],
  ids: (id: string) => boolean,
): StateValue {
  const type = typeOf(element);
  if (choice === null) return stateValue(element);
  if (type === 'rich_text_input') return stateValue(element, richTextOf(String(choice)));
  if (type === 'datetimepicker') return stateValue(element, Number(choice));
  const wanted = (Array.isArray(choice) ? choice : [choice]).map(String);
  const picked = wanted.map((want) => pick(element, want, offered, ids));
  const limit = Number(element['max_selected_items'] ?? Number.POSITIVE_INFINITY);
  if (picked.length > limit) throw new Error(`at most ${limit} can be chosen here`);
  return stateValue(element, Array.isArray(stateValueEmpty(element)) ? picked : picked[0]);
}

const stateValueEmpty = (element: Json): unknown => shapeOf(element)?.empty;

function pick(
  element: Json,
  want: string,
  offered: readonly Json[],
  ids: (id: string) => boolean,
): unknown {
  const type = typeOf(element);
  if (isOffered(element) || type.includes('external')) {
    const options = type.includes('external') ? offered : optionsOf(element);
    const option = options.find(
      (entry) => entry['value'] === want || textOf(entry['text']) === want,
    );
    if (option === undefined)
      throw new Error(`"${want}" is not on offer; there is: ${textsOf(options)}`);
    return option;
  }
  if (/users|channels|conversations/.test(type) && !ids(want))
    throw new Error(`there is no ${want} in this workspace`);
  if (type === 'datepicker' && !/^\d{4}-\d\d-\d\d$/.test(want))
    throw new Error(`a date is picked as YYYY-MM-DD, not "${want}"`);
  if (type === 'timepicker' && !/^\d\d:\d\d$/.test(want))
    throw new Error(`a time is picked as HH:mm, not "${want}"`);
  return want;
}

const textsOf = (options: readonly Json[]): string =>
  options.map((option) => `${textOf(option['text'])} (${asString(option['value'])})`).join('; ') ||
  'nothing (search first?)';

const richTextOf = (text: string): Json => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
