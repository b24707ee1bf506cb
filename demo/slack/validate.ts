/**
 * Validate: what Slack would say about a view, a message or a list of options, before it is sent.
 *
 * Stricter than Slack in two places, where Slack takes what it then shows badly: blocks without a
 * `text` to read out (the fault's error is `none`), and tables, cards and carousels outside
 * messages.
 */
import {
  CALLBACK_ID_CHARS_MAX,
  DATA_TABLE_TEXT_CHARS_MAX,
  EXTERNAL_ID_CHARS_MAX,
  MESSAGE_ATTACHMENTS_MAX,
  MESSAGE_BLOCK_TEXT_CHARS_MAX,
  MESSAGE_BLOCKS_MAX,
  MESSAGE_CHARTS_MAX,
  MESSAGE_TABLES_MAX,
  MESSAGE_TEXT_CHARS_MAX,
  PRIVATE_METADATA_CHARS_MAX,
  SELECT_OPTIONS_MAX,
  VIEW_BLOCKS_MAX,
  VIEW_BYTES_MAX,
  VIEW_CLOSE_CHARS_MAX,
  VIEW_SUBMIT_CHARS_MAX,
  VIEW_TITLE_CHARS_MAX,
} from '../../src/slack/blocks/limits.ts';
import {
  anything,
  blame,
  chars,
  type Fault,
  type Fields,
  flag,
  list,
  object,
  oneOf,
  optional,
  type Visit,
} from './check.ts';
import { blocks, focused } from './check-blocks.ts';
import { cellText } from './check-figures.ts';
import { optionsOf, plainText, suggestedOptions } from './check-texts.ts';
import { asObject, asObjects, asString, codePoints, isObject, leaves } from './json.ts';

const common: Fields = {
  blocks: blocks(VIEW_BLOCKS_MAX, 1),
  private_metadata: optional(chars(PRIVATE_METADATA_CHARS_MAX, 0)),
  callback_id: optional(chars(CALLBACK_ID_CHARS_MAX, 0)),
  external_id: optional(chars(EXTERNAL_ID_CHARS_MAX, 0)),
};

const VIEWS = {
  modal: object({
    ...common,
    type: oneOf('modal'),
    title: plainText(VIEW_TITLE_CHARS_MAX),
    submit: optional(plainText(VIEW_SUBMIT_CHARS_MAX)),
    close: optional(plainText(VIEW_CLOSE_CHARS_MAX)),
    clear_on_close: optional(flag),
    notify_on_close: optional(flag),
    submit_disabled: optional(flag),
  }),
  home: object({ ...common, type: oneOf('home') }),
};

/** Everything that is wrong with a view; empty if Slack would show it. */
export function validateView(view: unknown, surface: 'modal' | 'home'): Fault[] {
  const visit: Visit = { surface, faults: [] };
  const bytes = Buffer.byteLength(JSON.stringify(asObject(view)));
  if (bytes > VIEW_BYTES_MAX) blame(visit, '', `view is ${bytes} bytes`, 'view_too_large');
  VIEWS[surface](view, '', visit);
  const { blocks: held, submit } = asObject(view);
  const asks = asObjects(held).some((block) => block['type'] === 'input');
  if (surface === 'modal' && asks && submit === undefined)
    blame(visit, '/submit', 'missing required field: submit (the view has an input block)');
  if (focused(held) > 1) blame(visit, '/blocks', 'only one element may have focus_on_load');
  return visit.faults;
}

/** Everything that is wrong with a message: its `text`, `blocks`, `attachments` and `metadata`. */
export function validateMessage(message: unknown): Fault[] {
  const visit: Visit = { surface: 'message', faults: [] };
  const { text, blocks: given, attachments, metadata } = asObject(message);
  checkText(message, visit);
  if (given !== undefined) {
    blocks(MESSAGE_BLOCKS_MAX, 0)(given, '/blocks', visit);
    checkTotals(given, visit);
  }
  if (attachments !== undefined)
    list(attachment, MESSAGE_ATTACHMENTS_MAX, 0)(attachments, '/attachments', visit);
  if (metadata !== undefined) checkMetadata(metadata, visit);
  if (asObjects(given).length > 0 && asString(text) === '')
    blame(visit, '/text', 'missing text for notifications and screen readers', 'none');
  return visit.faults;
}

/** Everything that is wrong with an answer to an options request. */
export function validateOptions(answer: unknown): Fault[] {
  const visit: Visit = { surface: 'modal', faults: [] };
  suggestedOptions(answer, '', visit);
  const count = isObject(answer) ? optionsOf(answer).length : 0;
  if (count > SELECT_OPTIONS_MAX)
    blame(visit, '', `no more than ${SELECT_OPTIONS_MAX} items allowed`);
  return visit.faults;
}

/** A fault as Slack words it in `response_metadata.messages`; `root` is `/view` for views. */
export const inSlackWords = (fault: Fault, root = ''): string =>
  `[ERROR] ${fault.says} [json-pointer:${root}${fault.at}]`;

const attachment = (value: unknown, at: string, visit: Visit): void => {
  const held = asObject(value)['blocks'];
  if (held !== undefined) blocks(MESSAGE_BLOCKS_MAX, 0)(held, `${at}/blocks`, visit);
};

function checkText(message: unknown, visit: Visit): void {
  const { text, blocks: given, attachments } = asObject(message);
  const empty = [given, attachments].every((part) => asObjects(part).length === 0);
  if (text !== undefined && typeof text !== 'string')
    blame(visit, '/text', 'must provide a string', 'invalid_arguments');
  if (asString(text) === '' && empty) blame(visit, '/text', 'nothing to say', 'no_text');
  if (codePoints(asString(text)) > MESSAGE_TEXT_CHARS_MAX)
    blame(
      visit,
      '/text',
      `must be less than ${MESSAGE_TEXT_CHARS_MAX + 1} characters`,
      'msg_too_long',
    );
}

/** What Slack counts over all blocks of a message. */
function checkTotals(given: unknown, visit: Visit): void {
  const held = asObjects(given);
  const typed = (...types: string[]) =>
    held.filter((block) => types.includes(asString(block['type'])));
  const length = (texts: string[]) => texts.reduce((sum, text) => sum + codePoints(text), 0);
  if (typed('table', 'data_table').length > MESSAGE_TABLES_MAX)
    blame(visit, '/blocks', `no more than ${MESSAGE_TABLES_MAX} table allowed`);
  if (typed('data_visualization').length > MESSAGE_CHARTS_MAX)
    blame(visit, '/blocks', `no more than ${MESSAGE_CHARTS_MAX} charts allowed`);
  if (length(typed('data_table').flatMap(cellText)) > DATA_TABLE_TEXT_CHARS_MAX)
    blame(
      visit,
      '/blocks',
      `table text must be less than ${DATA_TABLE_TEXT_CHARS_MAX + 1} characters`,
    );
  const others = held.filter((block) => !asString(block['type']).includes('table'));
  const texts = leaves(others).filter(({ at }) => at.endsWith('/text'));
  if (length(texts.map(({ text }) => text)) > MESSAGE_BLOCK_TEXT_CHARS_MAX)
    blame(visit, '/blocks', 'the text of all blocks is too long', 'msg_blocks_too_long');
}

function checkMetadata(metadata: unknown, visit: Visit): void {
  const found: Visit = { surface: 'message', faults: [] };
  object({ event_type: chars(255), event_payload: anything })(metadata, '/metadata', found);
  if (!isObject(asObject(metadata)['event_payload']))
    blame(found, '/metadata/event_payload', 'must provide an object');
  for (const { at, says } of found.faults) blame(visit, at, says, 'invalid_metadata_format');
}
