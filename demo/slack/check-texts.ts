/**
 * Check texts: text objects, options, confirmation dialogs and pictures, which many blocks share.
 */
import {
  CONFIRM_BUTTON_CHARS_MAX,
  CONFIRM_TEXT_CHARS_MAX,
  CONFIRM_TITLE_CHARS_MAX,
  IMAGE_ALT_TEXT_CHARS_MAX,
  IMAGE_URL_CHARS_MAX,
  OPTION_DESCRIPTION_CHARS_MAX,
  OPTION_GROUP_LABEL_CHARS_MAX,
  OPTION_TEXT_CHARS_MAX,
  OPTION_URL_CHARS_MAX,
  OPTION_VALUE_CHARS_MAX,
  SELECT_GROUPS_MAX,
  SELECT_OPTIONS_MAX,
} from '../../src/slack/blocks/limits.ts';
import {
  anyKind,
  blame,
  type Check,
  chars,
  type Fields,
  flag,
  kind,
  list,
  object,
  oneOf,
  optional,
  type Rule,
  type Visit,
} from './check.ts';
import { asObject, asObjects, asString, type Json, textOf } from './json.ts';

const plainKind = (max: number) => kind({ text: chars(max), emoji: optional(flag) });
const mrkdwnKind = (max: number) => kind({ text: chars(max), verbatim: optional(flag) });

export const plainText = (max: number): Check =>
  anyKind('plain_text', { plain_text: plainKind(max) });
export const mrkdwn = (max: number): Check => anyKind('mrkdwn', { mrkdwn: mrkdwnKind(max) });
/** Plain or marked-up text. */
export const anyText = (max: number): Check =>
  anyKind('text object', { plain_text: plainKind(max), mrkdwn: mrkdwnKind(max) });

export const confirmation: Check = object({
  title: optional(plainText(CONFIRM_TITLE_CHARS_MAX)),
  text: anyText(CONFIRM_TEXT_CHARS_MAX),
  confirm: optional(plainText(CONFIRM_BUTTON_CHARS_MAX)),
  deny: optional(plainText(CONFIRM_BUTTON_CHARS_MAX)),
  style: optional(oneOf('primary', 'danger')),
});

const optionFields = (text: Check): Fields => ({
  text,
  value: chars(OPTION_VALUE_CHARS_MAX),
  description: optional(plainText(OPTION_DESCRIPTION_CHARS_MAX)),
});

/** An option of a select menu: plain text only. */
export const plainOption: Check = object(optionFields(plainText(OPTION_TEXT_CHARS_MAX)));
/** An option of radio buttons or checkboxes: may be marked up. */
export const richOption: Check = object(optionFields(anyText(OPTION_TEXT_CHARS_MAX)));
/** An option of an overflow menu: may be a link. */
export const overflowOption: Check = object({
  ...optionFields(plainText(OPTION_TEXT_CHARS_MAX)),
  url: optional(chars(OPTION_URL_CHARS_MAX)),
});

export const optionGroup: Check = object({
  label: plainText(OPTION_GROUP_LABEL_CHARS_MAX),
  options: list(plainOption, SELECT_OPTIONS_MAX),
});

/**
 * What an app answers to an options request: `options` or `option_groups`, not both; an empty list
 * means "no results".
 */
export const suggestedOptions: Check = object(
  {
    options: optional(list(plainOption, SELECT_OPTIONS_MAX, 0)),
    option_groups: optional(list(optionGroup, SELECT_GROUPS_MAX, 0)),
  },
  exactlyOne('options', 'option_groups'),
  uniqueValues,
);

export const pictureFields: Fields = {
  image_url: optional(chars(IMAGE_URL_CHARS_MAX)),
  slack_file: optional(object({ id: optional(chars(255)), url: optional(chars(3_000)) })),
  alt_text: chars(IMAGE_ALT_TEXT_CHARS_MAX),
};
/** A picture as an element of a context, section or card. */
export const pictureKind = kind(pictureFields, [exactlyOne('image_url', 'slack_file')]);

export function exactlyOne(one: string, other: string): Rule {
  return (value, at, visit) => {
    if ((value[one] === undefined) === (value[other] === undefined))
      blame(visit, at, `must provide either ${one} or ${other}`);
  };
}

/** All options of an element, those of its groups included. */
export const optionsOf = (element: Json): Json[] => [
  ...asObjects(element['options']),
  ...asObjects(element['option_groups']).flatMap((group) => asObjects(group['options'])),
];

/** No two options of one element may carry the same value. */
export function uniqueValues(element: Json, at: string, visit: Visit): void {
  const seen = new Set<string>();
  for (const option of optionsOf(element)) {
    const value = asString(option['value']);
    if (seen.has(value)) blame(visit, at, `options must have unique values: ${value}`);
    seen.add(value);
  }
}

/** What is chosen at first must be one of the options, word for word. */
export function initialAmongOptions(element: Json, at: string, visit: Visit): void {
  const chosen = [
    ...asObjects(element['initial_options']),
    ...(element['initial_option'] === undefined ? [] : [asObject(element['initial_option'])]),
  ];
  for (const initial of chosen) {
    if (!optionsOf(element).some((option) => sameOption(option, initial)))
      blame(visit, at, `initial option is not among the options: ${asString(initial['value'])}`);
  }
}

export const sameOption = (one: Json, other: Json): boolean =>
  one['value'] === other['value'] && textOf(one['text']) === textOf(other['text']);
