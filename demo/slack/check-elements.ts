/** Check elements: what people click, choose and type in, and where each may stand. */
import {
  ACCESSIBILITY_LABEL_CHARS_MAX,
  ACTION_ID_CHARS_MAX,
  BUTTON_TEXT_CHARS_MAX,
  BUTTON_URL_CHARS_MAX,
  BUTTON_VALUE_CHARS_MAX,
  CHOICE_OPTIONS_MAX,
  ICON_BUTTON_USERS_MAX,
  OVERFLOW_OPTIONS_MAX,
  PLACEHOLDER_CHARS_MAX,
  SELECT_GROUPS_MAX,
  SELECT_OPTIONS_MAX,
} from '../../src/slack/blocks/limits.ts';
import {
  anything,
  blame,
  type Check,
  chars,
  type Fields,
  flag,
  type Kind,
  kind,
  list,
  matching,
  object,
  oneOf,
  optional,
  type Rule,
  type Surface,
  whole,
} from './check.ts';
import { RICH_INPUT, TYPED } from './check-inputs.ts';
import {
  confirmation,
  exactlyOne,
  initialAmongOptions,
  optionGroup,
  overflowOption,
  plainOption,
  plainText,
  richOption,
  uniqueValues,
} from './check-texts.ts';
import { asString } from './json.ts';

const MESSAGE: readonly Surface[] = ['message'];
const ID: Check = chars(255);

const acts: Fields = { action_id: optional(chars(ACTION_ID_CHARS_MAX)) };
const asks: Fields = { ...acts, confirm: optional(confirmation) };
const waits: Fields = { placeholder: optional(plainText(PLACEHOLDER_CHARS_MAX)) };
const focuses: Fields = { focus_on_load: optional(flag) };
const menu: Fields = { ...asks, ...waits, ...focuses };
const many: Fields = { max_selected_items: optional(whole(1)) };
const labelled: Fields = { accessibility_label: optional(chars(ACCESSIBILITY_LABEL_CHARS_MAX)) };
const buttonText: Fields = { text: plainText(BUTTON_TEXT_CHARS_MAX) };
const buttonValue: Check = chars(BUTTON_VALUE_CHARS_MAX, 0);
const style: Fields = { style: optional(oneOf('primary', 'danger')) };

const staticOptions: Fields = {
  options: optional(list(plainOption, SELECT_OPTIONS_MAX)),
  option_groups: optional(list(optionGroup, SELECT_GROUPS_MAX)),
};
const staticRules: Rule[] = [
  exactlyOne('options', 'option_groups'),
  uniqueValues,
  initialAmongOptions,
];
const choice: Fields = { ...asks, ...focuses, options: list(richOption, CHOICE_OPTIONS_MAX) };
const query: Fields = { min_query_length: optional(whole(0)) };
const respond: Fields = { response_url_enabled: optional(flag) };
const conversations: Fields = {
  ...menu,
  default_to_current_conversation: optional(flag),
  filter: optional(
    object({
      include: optional(list(oneOf('im', 'mpim', 'private', 'public'), 4)),
      exclude_external_shared_channels: optional(flag),
      exclude_bot_users: optional(flag),
    }),
  ),
};
const realDate: Check = (value, at, visit) => {
  const text = asString(value);
  const parsed = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== text)
    blame(visit, at, 'must be a date, YYYY-MM-DD');
};

const feedbackButton: Check = object({ ...buttonText, ...labelled, value: buttonValue });

export const buttonKind = kind({
  ...asks,
  ...buttonText,
  ...labelled,
  ...style,
  value: optional(buttonValue),
  url: optional(chars(BUTTON_URL_CHARS_MAX)),
});

const BUTTONS: Readonly<Record<string, Kind>> = {
  button: buttonKind,
  workflow_button: kind(
    { ...asks, ...buttonText, ...labelled, ...style, workflow: object({ trigger: anything }) },
    [],
    MESSAGE,
  ),
};

const SELECTS: Readonly<Record<string, Kind>> = {
  static_select: kind(
    { ...menu, ...staticOptions, initial_option: optional(plainOption) },
    staticRules,
  ),
  multi_static_select: kind(
    {
      ...menu,
      ...many,
      ...staticOptions,
      initial_options: optional(list(plainOption, SELECT_OPTIONS_MAX)),
    },
    staticRules,
  ),
  external_select: kind({ ...menu, ...query, initial_option: optional(plainOption) }),
  multi_external_select: kind({
    ...menu,
    ...many,
    ...query,
    initial_options: optional(list(plainOption, SELECT_OPTIONS_MAX)),
  }),
  users_select: kind({ ...menu, initial_user: optional(ID) }),
  multi_users_select: kind({ ...menu, ...many, initial_users: optional(list(ID, 100)) }),
  channels_select: kind({ ...menu, ...respond, initial_channel: optional(ID) }),
  multi_channels_select: kind({ ...menu, ...many, initial_channels: optional(list(ID, 100)) }),
  conversations_select: kind({
    ...conversations,
    ...respond,
    initial_conversation: optional(ID),
  }),
  multi_conversations_select: kind({
    ...conversations,
    ...many,
    initial_conversations: optional(list(ID, 100)),
  }),
};

const CHOICES: Readonly<Record<string, Kind>> = {
  checkboxes: kind({ ...choice, initial_options: optional(list(richOption, CHOICE_OPTIONS_MAX)) }, [
    uniqueValues,
    initialAmongOptions,
  ]),
  radio_buttons: kind({ ...choice, initial_option: optional(richOption) }, [
    uniqueValues,
    initialAmongOptions,
  ]),
};

const OVERFLOW: Readonly<Record<string, Kind>> = {
  overflow: kind({ ...asks, options: list(overflowOption, OVERFLOW_OPTIONS_MAX) }, [uniqueValues]),
};

const PICKERS: Readonly<Record<string, Kind>> = {
  datepicker: kind({ ...menu, initial_date: optional(realDate) }),
  timepicker: kind({
    ...menu,
    initial_time: optional(matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time, HH:mm')),
    timezone: optional(chars(100)),
  }),
};

const MOMENT: Readonly<Record<string, Kind>> = {
  datetimepicker: kind(
    {
      ...asks,
      ...focuses,
      initial_date_time: optional(whole(1_000_000_000, 9_999_999_999)),
    },
    [],
    ['message', 'modal'],
  ),
};

/** What may stand in an `actions` block. */
export const ACTION_ELEMENTS = {
  ...BUTTONS,
  ...SELECTS,
  ...CHOICES,
  ...OVERFLOW,
  ...PICKERS,
  ...MOMENT,
  ...RICH_INPUT,
};

/** What may stand beside the text of a `section`. */
export const ACCESSORIES = { ...BUTTONS, ...SELECTS, ...CHOICES, ...OVERFLOW, ...PICKERS };

/** What may stand in an `input` block. */
export const INPUT_ELEMENTS = {
  ...SELECTS,
  ...CHOICES,
  ...PICKERS,
  ...MOMENT,
  ...RICH_INPUT,
  ...TYPED,
};

/** What may stand in a `context_actions` block. */
export const CONTEXT_ACTION_ELEMENTS: Readonly<Record<string, Kind>> = {
  feedback_buttons: kind({
    ...acts,
    positive_button: feedbackButton,
    negative_button: feedbackButton,
  }),
  icon_button: kind({
    ...asks,
    ...labelled,
    ...buttonText,
    icon: chars(100),
    value: optional(buttonValue),
    visible_to_user_ids: optional(list(ID, ICON_BUTTON_USERS_MAX)),
  }),
};
