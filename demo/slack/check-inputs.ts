/** Check inputs: the elements that people type or drop files into. */
import {
  ACTION_ID_CHARS_MAX,
  FILE_INPUT_FILES_MAX,
  PLACEHOLDER_CHARS_MAX,
  RICH_TEXT_INPUT_LINES_MAX,
  TEXT_INPUT_CHARS_MAX,
} from '../../src/slack/blocks/limits.ts';
import {
  blame,
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
import { richText } from './check-rich-text.ts';
import { plainText } from './check-texts.ts';
import { asString, codePoints } from './json.ts';

const MODAL: readonly Surface[] = ['modal'];

const acts: Fields = { action_id: optional(chars(ACTION_ID_CHARS_MAX)) };
const typed: Fields = {
  ...acts,
  placeholder: optional(plainText(PLACEHOLDER_CHARS_MAX)),
  focus_on_load: optional(flag),
  dispatch_action_config: optional(
    object({
      trigger_actions_on: optional(list(oneOf('on_enter_pressed', 'on_character_entered'), 2)),
    }),
  ),
};
const decimal = matching(/^-?\d+(\.\d+)?$/, 'a number, as a string');

const fewestIsBelowMost = (fewest: string, most: string): Rule => {
  return (value, at, visit) => {
    if (Number(value[fewest]) > Number(value[most]))
      blame(visit, at, `${fewest} must not be greater than ${most}`);
  };
};

const initialFits: Rule = (value, at, visit) => {
  const max = Number(value['max_length'] ?? TEXT_INPUT_CHARS_MAX);
  if (codePoints(asString(value['initial_value'])) > max)
    blame(visit, `${at}/initial_value`, `must be less than ${max + 1} characters`);
};

export const RICH_INPUT: Readonly<Record<string, Kind>> = {
  rich_text_input: kind(
    {
      ...typed,
      initial_value: optional(richText),
      min_lines: optional(whole(1, RICH_TEXT_INPUT_LINES_MAX)),
      max_lines: optional(whole(1, RICH_TEXT_INPUT_LINES_MAX)),
    },
    [fewestIsBelowMost('min_lines', 'max_lines')],
    ['modal', 'home'],
  ),
};

export const TYPED: Readonly<Record<string, Kind>> = {
  plain_text_input: kind(
    {
      ...typed,
      initial_value: optional(chars(TEXT_INPUT_CHARS_MAX, 0)),
      multiline: optional(flag),
      min_length: optional(whole(0, TEXT_INPUT_CHARS_MAX)),
      max_length: optional(whole(1, TEXT_INPUT_CHARS_MAX)),
    },
    [fewestIsBelowMost('min_length', 'max_length'), initialFits],
  ),
  email_text_input: kind({ ...typed, initial_value: optional(chars(3_000)) }, [], MODAL),
  url_text_input: kind({ ...typed, initial_value: optional(chars(3_000)) }, [], MODAL),
  number_input: kind(
    {
      ...typed,
      is_decimal_allowed: flag,
      initial_value: optional(decimal),
      min_value: optional(decimal),
      max_value: optional(decimal),
    },
    [fewestIsBelowMost('min_value', 'max_value')],
    MODAL,
  ),
  file_input: kind(
    {
      ...acts,
      filetypes: optional(list(matching(/^[a-z0-9]+$/, 'a file extension without its dot'), 100)),
      max_files: optional(whole(1, FILE_INPUT_FILES_MAX)),
    },
    [],
    MODAL,
  ),
};
