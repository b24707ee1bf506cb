/**
 * Import modal: a CSV file, whether its people gave permission (there is no default), and how; and,
 * if its header does not say so, what its columns hold.
 */
import type { AnyBlock, InputBlock, ModalView } from '@slack/types';
import { COLUMN_ROLES, type ColumnMapping, type ColumnRole } from '../consent/columns.ts';
import { isHardStop, SOURCE_NAMES } from '../consent/interview.ts';
import type { ImportResult } from '../workflow/import-contacts.ts';
import { alert, context, modal, section } from './blocks.ts';
import type { Values } from './door.ts';
import { md } from './escape.ts';
import {
  ADD_TAGS,
  AGAIN,
  CHOOSE_FILE,
  CHOOSE_PERMISSION,
  IMPORT_AGAIN,
  type ImportForm,
  NAME_BATCH,
} from './import-form.ts';
import { checkboxes, fileInput, input, option, radios, select, textInput } from './inputs.ts';
import { attestationInput, questionInputs, sourceInput } from './interview-blocks.ts';
import { withoutAddresses } from './request-words.ts';
import { counted, formatNumber } from './texts.ts';
import { readOneOf } from './values.ts';

export const IMPORT_FILE = 'import-file';
export const NAME_COLUMNS = 'name-columns';

const TITLE = 'Import contacts';
const FILE_TYPES = ['csv', 'tsv', 'txt'];
const NAME_CHARS_MAX = 80;
const TAGS_CHARS_MAX = 800;
/** A modal takes 100 blocks; some are ours. Columns behind these are read by their header, or ignored. */
const COLUMNS_MAX = 90;

const ROLE_NAMES: Readonly<Record<ColumnRole, string>> = {
  email: 'E-mail 1',
  email2: 'E-mail 2',
  email3: 'E-mail 3',
  firstName: 'First name',
  lastName: 'Last name',
  name: 'Whole name',
  tags: 'Tags',
  language: 'Language',
  timeZone: 'Time zone',
  consentDate: 'Date of consent',
  status: 'Status in the old system',
  unsubscribed: 'Unsubscribed (yes, or the day)',
  bounced: 'Bounced (yes, or the day)',
  externalId: 'Id in the old system',
  ignore: 'Nothing of use',
};

export function importModal(form: ImportForm): ModalView {
  return modal({
    callbackId: IMPORT_FILE,
    title: TITLE,
    submit: 'Import',
    close: 'Cancel',
    blocks: [
      input({
        id: CHOOSE_FILE,
        label: 'CSV file',
        hint: 'One contact a row, with a header line; up to 10 MB. Larger files: assent import FILE on the command line.',
        element: fileInput({ types: FILE_TYPES }),
      }),
      input({
        id: NAME_BATCH,
        label: 'Name of the batch',
        hint: 'The name of the file, if you leave it empty.',
        element: textInput({ initial: form.name, charactersMax: NAME_CHARS_MAX }),
        optional: true,
      }),
      input({
        id: ADD_TAGS,
        label: 'Tags for all of them',
        hint: 'With commas between them.',
        element: textInput({ initial: form.tags.join(', '), charactersMax: TAGS_CHARS_MAX }),
        optional: true,
      }),
      ...permissionBlocks(form),
      input({
        id: IMPORT_AGAIN,
        label: 'If this very file was imported before',
        element: checkboxes([option(AGAIN, 'Import it once more')], {
          initial: form.again ? [AGAIN] : [],
        }),
        optional: true,
      }),
    ],
  });
}

/** The question without a default; with "yes", how the permission was obtained. */
function permissionBlocks({ permission, source, answers, attested }: ImportForm): AnyBlock[] {
  const question = input({
    id: CHOOSE_PERMISSION,
    label: 'Did these people give permission to be mailed?',
    dispatch: true,
    element: radios(
      [
        option('yes', 'Yes', 'New addresses are single opt-in; the next questions ask how.'),
        option('no', 'No, or not all of them', 'New addresses are non-marketable.'),
      ],
      { initial: permission },
    ),
  });
  const known = context(
    md`Addresses that are on file keep what is on file: whoever opted out stays opted out, whatever the file says.`,
  );
  if (permission !== 'yes') return [question, known];
  if (source === undefined) return [question, known, sourceInput(source)];
  if (isHardStop(source)) {
    const refused = md`${SOURCE_NAMES[source]}: that is no permission. Choose “No”, or the import is refused and the refusal put on record.`;
    return [question, known, sourceInput(source), alert('error', refused)];
  }
  const questions = questionInputs(source, answers);
  return [question, known, sourceInput(source), ...questions, attestationInput(attested)];
}

/** @param says what is not clear about the columns, in whole sentences */
export function columnsModal(draft: string, columns: ColumnMapping, says: string): ModalView {
  const shown = askedColumns(columns);
  return modal({
    callbackId: NAME_COLUMNS,
    title: TITLE,
    submit: 'Import',
    close: 'Cancel',
    metadata: draft,
    blocks: [
      alert('warning', md`${withoutAddresses(says)}`),
      ...shown.map(({ index, header, role }) => columnInput(index, header, role)),
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

function columnInput(index: number, header: string, role: ColumnRole): InputBlock {
  return input({
    id: columnId(index),
    label: `Column “${withoutAddresses(header).slice(0, NAME_CHARS_MAX)}”`,
    element: select(
      COLUMN_ROLES.map((one) => option(one, ROLE_NAMES[one])),
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
export function importedModal(result: ImportResult | undefined): ModalView {
  const text =
    result === undefined
      ? md`The import has begun. You can close this window: Assent tells you directly when it is done.`
      : md`Imported: ${counted(result.contacts, 'contact', 'contacts')} with ${formatNumber(result.addresses.new)} new and ${formatNumber(result.addresses.known)} known addresses. ${counted(result.rejected, 'row was', 'rows were')} not taken. A direct message holds the rest.`;
  return modal({
    callbackId: 'read-notice',
    title: TITLE,
    close: 'Close',
    blocks: [section(text)],
  });
}
