/**
 * Import modal: a CSV file, whether its people gave permission (there is no default), and how; and,
 * if its header does not say so, what its columns hold.
 */
import type { AnyBlock, InputBlock, ModalView } from '@slack/types';
import { COLUMN_ROLES, type ColumnMapping, type ColumnRole } from '../../consent/columns.ts';
import { isHardStop } from '../../consent/interview.ts';
import type { ImportResult } from '../../workflow/import-contacts.ts';
import { alert, context, modal, section } from '../blocks/blocks.ts';
import { md } from '../blocks/escape.ts';
import {
  checkboxes,
  fileInput,
  input,
  option,
  radios,
  select,
  textInput,
} from '../blocks/inputs.ts';
import type { Values } from '../guard/door.ts';
import { readOneOf } from '../guard/values.ts';
import { attestationInput, questionInputs, sourceInput } from '../request/interview-blocks.ts';
import { withoutAddresses } from '../request/words.ts';
import { IMPORT_WORDS } from '../words/imports.ts';
import { sourceName } from '../words/interview.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { formatNumber } from '../words/numbers.ts';
import { SHORTCUT_WORDS } from '../words/shortcuts.ts';
import {
  ADD_TAGS,
  AGAIN,
  CHOOSE_FILE,
  CHOOSE_PERMISSION,
  IMPORT_AGAIN,
  type ImportForm,
  NAME_BATCH,
} from './form.ts';

export const IMPORT_FILE = 'import-file';
export const NAME_COLUMNS = 'name-columns';

export const FILE_TYPES: readonly string[] = ['csv', 'tsv', 'txt'];
const NAME_CHARS_MAX = 80;
const TAGS_CHARS_MAX = 800;
/** A modal takes 100 blocks; some are ours. Columns behind these are read by their header, or ignored. */
const COLUMNS_MAX = 90;

export function importModal(form: ImportForm, locale: SlackLocale): ModalView {
  const words = IMPORT_WORDS[locale];
  return modal({
    callbackId: IMPORT_FILE,
    title: words.title,
    submit: words.submit,
    close: NOTICE_WORDS[locale].cancel,
    metadata: form.fromMessage === true ? form.file : undefined,
    blocks: [
      form.fromMessage === true
        ? section(md`${SHORTCUT_WORDS[locale].fromMessage}`)
        : input({
            id: CHOOSE_FILE,
            label: words.file,
            hint: words.fileHint,
            element: fileInput({ types: FILE_TYPES }),
          }),
      input({
        id: NAME_BATCH,
        label: words.name,
        hint: words.nameHint,
        element: textInput({ initial: form.name, charactersMax: NAME_CHARS_MAX }),
        optional: true,
      }),
      input({
        id: ADD_TAGS,
        label: words.tags,
        hint: words.tagsHint,
        element: textInput({ initial: form.tags.join(', '), charactersMax: TAGS_CHARS_MAX }),
        optional: true,
      }),
      ...permissionBlocks(form, locale),
      againInput(form.again, locale),
    ],
  });
}

/** Whether a file that was imported before is imported once more. */
function againInput(again: boolean, locale: SlackLocale): InputBlock {
  const words = IMPORT_WORDS[locale];
  return input({
    id: IMPORT_AGAIN,
    label: words.before,
    element: checkboxes([option(AGAIN, words.again)], { initial: again ? [AGAIN] : [] }),
    optional: true,
  });
}

/** The question without a default; with "yes", how the permission was obtained. */
function permissionBlocks(form: ImportForm, locale: SlackLocale): AnyBlock[] {
  const { permission, source, answers, attested } = form;
  const words = IMPORT_WORDS[locale];
  const question = input({
    id: CHOOSE_PERMISSION,
    label: words.question,
    dispatch: true,
    element: radios(
      [option('yes', words.yes, words.yesHint), option('no', words.no, words.noHint)],
      { initial: permission },
    ),
  });
  const known = context(md`${words.known}`);
  if (permission !== 'yes') return [question, known];
  const asked = [question, known, sourceInput(source, locale)];
  if (source === undefined) return asked;
  if (isHardStop(source)) {
    return [...asked, alert('error', md`${words.hardStop(sourceName(source, locale))}`)];
  }
  const questions = questionInputs(source, answers, locale);
  return [...asked, ...questions, attestationInput(attested, locale)];
}

interface AskedColumns {
  readonly draft: string;
  readonly columns: ColumnMapping;
  /** What is not clear about the columns, in whole sentences. */
  readonly says: string;
  /** As it was said in the form before. */
  readonly again: boolean;
}

export function columnsModal(
  { draft, columns, says, again }: AskedColumns,
  locale: SlackLocale,
): ModalView {
  const words = IMPORT_WORDS[locale];
  const shown = askedColumns(columns);
  return modal({
    callbackId: NAME_COLUMNS,
    title: words.title,
    submit: words.submit,
    close: NOTICE_WORDS[locale].cancel,
    metadata: draft,
    blocks: [
      alert('warning', md`${withoutAddresses(says, locale)}`),
      ...shown.map((column) => columnInput(column, locale)),
      againInput(again, locale),
    ],
  });
}

interface AskedColumn {
  readonly index: number;
  readonly header: string;
  readonly role: ColumnRole;
}

/** Columns that can be named: those with a header of their own. */
function askedColumns({ headers, roles }: ColumnMapping): AskedColumn[] {
  return headers
    .map((header, index) => ({ index, header, role: roles[index] ?? ('ignore' as const) }))
    .filter(({ header }) => header !== '' && headers.filter((one) => one === header).length === 1)
    .slice(0, COLUMNS_MAX);
}

const columnId = (index: number): string => `column-${index}`;

function columnInput({ index, header, role }: AskedColumn, locale: SlackLocale): InputBlock {
  const words = IMPORT_WORDS[locale];
  return input({
    id: columnId(index),
    label: words.column(withoutAddresses(header, locale).slice(0, NAME_CHARS_MAX)),
    element: select(
      COLUMN_ROLES.map((one) => option(one, words.roles[one])),
      { initial: role },
    ),
  });
}

/** What was chosen for each column: header → role. */
export function readColumns(values: Values, columns: ColumnMapping): Record<string, ColumnRole> {
  return Object.fromEntries(
    askedColumns(columns).map(({ index, header, role }) => [
      header,
      readOneOf(values, columnId(index), COLUMN_ROLES) ?? role,
    ]),
  );
}

/** What stands in the window after the submission: it is done, or goes on without it. */
export function importedModal(result: ImportResult | undefined, locale: SlackLocale): ModalView {
  const words = IMPORT_WORDS[locale];
  const text = result === undefined ? words.begun : finishedWords(result, locale);
  return modal({
    callbackId: 'read-notice',
    title: words.title,
    close: NOTICE_WORDS[locale].close,
    blocks: [section(md`${text}`)],
  });
}

function finishedWords({ contacts, addresses, rejected }: ImportResult, locale: SlackLocale) {
  const words = IMPORT_WORDS[locale];
  const number = (count: number) => formatNumber(count, locale);
  return words.finished(
    words.contacts(number(contacts), contacts === 1),
    number(addresses.new),
    number(addresses.known),
    words.rows(number(rejected), rejected === 1),
  );
}
