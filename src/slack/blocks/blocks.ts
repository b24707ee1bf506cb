/**
 * Blocks: the pieces that our views and messages are put together from.
 *
 * Each helper cuts what it is given at Slack's limit, so that a long name makes a shorter line and
 * never a view that Slack refuses. Inputs have their own file (inputs.ts).
 */
import type {
  ActionsBlock,
  ActionsBlockElement,
  AlertBlock,
  AnyBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  ModalView,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
  SectionBlockAccessory,
} from '@slack/types';
import { type Mrkdwn, shorten, shortenMrkdwn, withoutDeceit } from './escape.ts';
import {
  ALERT_TEXT_CHARS_MAX,
  BUTTON_TEXT_CHARS_MAX,
  CONFIRM_BUTTON_CHARS_MAX,
  CONFIRM_TEXT_CHARS_MAX,
  CONFIRM_TITLE_CHARS_MAX,
  CONTEXT_ELEMENTS_MAX,
  HEADER_TEXT_CHARS_MAX,
  SECTION_FIELD_CHARS_MAX,
  SECTION_FIELDS_MAX,
  SECTION_TEXT_CHARS_MAX,
  TEXT_CHARS_MAX,
  VIEW_CLOSE_CHARS_MAX,
  VIEW_SUBMIT_CHARS_MAX,
  VIEW_TITLE_CHARS_MAX,
} from './limits.ts';

/** Slack refuses empty text; this stands where nothing is to be said. */
const NOTHING = '–';

/** Plain text: shown as it is, nothing in it is read as markup. `max` in code points. */
export function plain(text: string, max = TEXT_CHARS_MAX): PlainTextElement {
  const clean = withoutDeceit(text);
  return { type: 'plain_text', text: clean.trim() === '' ? NOTHING : shorten(clean, max) };
}

/** Marked-up text. Verbatim: Slack turns no bare `#name`, `@name` or URL in it into a link. */
export function mrkdwn(text: Mrkdwn, max = TEXT_CHARS_MAX): MrkdwnElement {
  const { mrkdwn: shown } = shortenMrkdwn(text, max);
  return { type: 'mrkdwn', text: shown.trim() === '' ? NOTHING : shown, verbatim: true };
}

export function section(
  text: Mrkdwn,
  { id, accessory }: { readonly id?: string; readonly accessory?: SectionBlockAccessory } = {},
): SectionBlock {
  return present({
    type: 'section' as const,
    block_id: id,
    text: mrkdwn(text, SECTION_TEXT_CHARS_MAX),
    accessory,
  });
}

/** Short texts in two columns; as many sections as needed (10 fields each). */
export function fields(texts: readonly Mrkdwn[]): SectionBlock[] {
  const sections: SectionBlock[] = [];
  for (let start = 0; start < texts.length; start += SECTION_FIELDS_MAX) {
    const some = texts.slice(start, start + SECTION_FIELDS_MAX);
    const shown = some.map((text) => mrkdwn(text, SECTION_FIELD_CHARS_MAX));
    sections.push({ type: 'section', fields: shown });
  }
  return sections;
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, HEADER_TEXT_CHARS_MAX) };
}

/** Small grey text; what is more than Slack's ten elements is left out. */
export function context(...texts: readonly Mrkdwn[]): ContextBlock {
  const elements = texts.slice(0, CONTEXT_ELEMENTS_MAX).map((text) => mrkdwn(text));
  return { type: 'context', elements };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

/** A coloured box. Modals only; 200 characters. */
export function alert(level: NonNullable<AlertBlock['level']>, text: Mrkdwn): AlertBlock {
  return { type: 'alert', level, text: mrkdwn(text, ALERT_TEXT_CHARS_MAX) };
}

export function actions(id: string, ...elements: readonly ActionsBlockElement[]): ActionsBlock {
  return { type: 'actions', block_id: id, elements: [...elements] };
}

export interface ButtonLook {
  /** Action id, kebab-case verb-noun. */
  readonly id: string;
  readonly text: string;
  /** Ids only, never data of a person. */
  readonly value?: string | undefined;
  readonly style?: Button['style'] | undefined;
  readonly confirm?: ConfirmationDialog | undefined;
  readonly url?: string | undefined;
  /** What a screen reader says instead of the text. */
  readonly label?: string | undefined;
}

export function button({ id, text, value, style, confirm, url, label }: ButtonLook): Button {
  return present({
    type: 'button' as const,
    action_id: id,
    text: plain(text, BUTTON_TEXT_CHARS_MAX),
    value,
    style,
    confirm,
    url,
    accessibility_label: label === undefined ? undefined : shorten(label, BUTTON_TEXT_CHARS_MAX),
  });
}

/** The question that a button asks before it acts. */
export function confirmation({
  title,
  text,
  yes,
  no,
  style,
}: {
  readonly title: string;
  readonly text: Mrkdwn;
  readonly yes: string;
  readonly no: string;
  readonly style?: ConfirmationDialog['style'] | undefined;
}): ConfirmationDialog {
  return present({
    title: plain(title, CONFIRM_TITLE_CHARS_MAX),
    text: mrkdwn(text, CONFIRM_TEXT_CHARS_MAX),
    confirm: plain(yes, CONFIRM_BUTTON_CHARS_MAX),
    deny: plain(no, CONFIRM_BUTTON_CHARS_MAX),
    style,
  });
}

export interface ModalLook {
  readonly callbackId: string;
  readonly title: string;
  readonly submit?: string | undefined;
  readonly close: string;
  readonly blocks: readonly AnyBlock[];
  /** Ids only: it passes through Slack. */
  readonly metadata?: string | undefined;
  readonly notifyOnClose?: boolean | undefined;
}

export function modal(look: ModalLook): ModalView {
  const { callbackId, title, submit, close, blocks, metadata, notifyOnClose } = look;
  return present({
    type: 'modal' as const,
    callback_id: callbackId,
    title: plain(title, VIEW_TITLE_CHARS_MAX),
    submit: submit === undefined ? undefined : plain(submit, VIEW_SUBMIT_CHARS_MAX),
    close: plain(close, VIEW_CLOSE_CHARS_MAX),
    blocks: [...blocks],
    private_metadata: metadata,
    notify_on_close: notifyOnClose,
  });
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The object without what is undefined: Slack's types know absent, not undefined. */
export function present<T extends object>(value: T): Present<T>;
export function present(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
