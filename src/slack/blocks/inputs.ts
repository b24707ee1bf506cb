/**
 * Inputs: what people type, choose and tick in our modals.
 *
 * An input keeps what was entered over an update of the view only while its block id and its action
 * id stay the same (Slack's rule), so both are the same stable id here.
 */
import type {
  Checkboxes,
  Datepicker,
  DateTimepicker,
  FileInput,
  InputBlock,
  InputBlockElement,
  MultiExternalSelect,
  NumberInput,
  PlainTextInput,
  PlainTextOption,
  RadioButtons,
  StaticSelect,
  URLInput,
} from '@slack/types';
import { plain, present } from './blocks.ts';
import { shorten } from './escape.ts';
import {
  INPUT_HINT_CHARS_MAX,
  INPUT_LABEL_CHARS_MAX,
  OPTION_DESCRIPTION_CHARS_MAX,
  OPTION_TEXT_CHARS_MAX,
  PLACEHOLDER_CHARS_MAX,
  TEXT_INPUT_CHARS_MAX,
} from './limits.ts';

export interface InputLook {
  /** Block id and action id: stable, so that what was entered survives an update. */
  readonly id: string;
  readonly label: string;
  readonly element: InputBlockElement;
  readonly hint?: string | undefined;
  readonly optional?: boolean | undefined;
  /** Slack tells us of every change at once (`block_actions`), not only at the submission. */
  readonly dispatch?: boolean | undefined;
}

export function input({ id, label, element, hint, optional, dispatch }: InputLook): InputBlock {
  return present({
    type: 'input' as const,
    block_id: id,
    label: plain(label, INPUT_LABEL_CHARS_MAX),
    element: { ...element, action_id: id },
    hint: hint === undefined ? undefined : plain(hint, INPUT_HINT_CHARS_MAX),
    optional: optional === true ? true : undefined,
    dispatch_action: dispatch === true ? true : undefined,
  });
}

/** One choice. The text is one line of at most 75 characters; the value is an id. */
export function option(value: string, text: string, description?: string): PlainTextOption {
  return present({
    value,
    text: plain(text.replace(/\s+/gu, ' '), OPTION_TEXT_CHARS_MAX),
    description:
      description === undefined ? undefined : plain(description, OPTION_DESCRIPTION_CHARS_MAX),
  });
}

export function textInput({
  initial,
  multiline,
  charactersMin,
  charactersMax = TEXT_INPUT_CHARS_MAX,
  placeholder,
}: {
  readonly initial?: string | undefined;
  readonly multiline?: boolean | undefined;
  readonly charactersMin?: number | undefined;
  readonly charactersMax?: number | undefined;
  readonly placeholder?: string | undefined;
} = {}): PlainTextInput {
  return present({
    type: 'plain_text_input' as const,
    initial_value:
      initial === undefined || initial === '' ? undefined : shorten(initial, charactersMax),
    multiline: multiline === true ? true : undefined,
    min_length: charactersMin,
    max_length: charactersMax,
    placeholder: placeholder === undefined ? undefined : plain(placeholder, PLACEHOLDER_CHARS_MAX),
  });
}

export function numberInput({
  initial,
}: {
  readonly initial?: number | undefined;
} = {}): NumberInput {
  return present({
    type: 'number_input' as const,
    is_decimal_allowed: false,
    initial_value: initial === undefined ? undefined : String(initial),
    min_value: '0',
  });
}

export function select(
  options: readonly PlainTextOption[],
  {
    initial,
    placeholder,
  }: { readonly initial?: string | undefined; readonly placeholder?: string } = {},
): StaticSelect {
  return present({
    type: 'static_select' as const,
    options: [...options],
    initial_option: chosen(options, initial),
    placeholder: placeholder === undefined ? undefined : plain(placeholder, PLACEHOLDER_CHARS_MAX),
  });
}

/** One of a few (at most 10), all of them visible. */
export function radios(
  options: readonly PlainTextOption[],
  { initial }: { readonly initial?: string | undefined } = {},
): RadioButtons {
  return present({
    type: 'radio_buttons' as const,
    options: [...options],
    initial_option: chosen(options, initial),
  });
}

/** Several of a few (at most 10). */
export function checkboxes(
  options: readonly PlainTextOption[],
  { initial = [] }: { readonly initial?: readonly string[] | undefined } = {},
): Checkboxes {
  const ticked = options.filter(({ value }) => initial.includes(value ?? ''));
  return present({
    type: 'checkboxes' as const,
    options: [...options],
    initial_options: ticked.length === 0 ? undefined : ticked,
  });
}

/** Several of many that we are asked for while the person types. */
export function externalMultiSelect({
  initial,
  most,
  placeholder,
}: {
  readonly initial: readonly PlainTextOption[];
  readonly most: number;
  readonly placeholder: string;
}): MultiExternalSelect {
  return present({
    type: 'multi_external_select' as const,
    initial_options: initial.length === 0 ? undefined : [...initial],
    max_selected_items: most,
    // Slack's own default is 3; with 0 the latest are offered before anything is typed.
    min_query_length: 0,
    placeholder: plain(placeholder, PLACEHOLDER_CHARS_MAX),
  });
}

/** A calendar day, `2026-03-31`. */
export function datePicker({
  initial,
}: {
  readonly initial?: string | undefined;
} = {}): Datepicker {
  return present({ type: 'datepicker' as const, initial_date: initial });
}

/** An address of a page; Slack looks at its form. */
export function urlInput({ initial }: { readonly initial?: string | undefined } = {}): URLInput {
  return present({ type: 'url_text_input' as const, initial_value: initial });
}

/** A moment; the person picks it in their own time zone. */
export function dateTimePicker({
  initial,
}: {
  readonly initial?: Date | undefined;
} = {}): DateTimepicker {
  return present({
    type: 'datetimepicker' as const,
    initial_date_time: initial === undefined ? undefined : Math.floor(initial.getTime() / 1_000),
  });
}

/** Files of these types (a convenience of Slack's, not a check); at most 10 MB each. */
export function fileInput({
  types,
  most = 1,
}: {
  readonly types: readonly string[];
  readonly most?: number;
}): FileInput {
  return { type: 'file_input', filetypes: [...types], max_files: most };
}

function chosen(options: readonly PlainTextOption[], value: string | undefined) {
  return options.find((candidate) => candidate.value === value);
}
