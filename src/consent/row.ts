/**
 * Row: one row of an imported file as a contact, or why it is none.
 *
 * A row is rejected where taking it would mean guessing at who somebody is or whether they may be
 * mailed: no usable address, a status that is not known, a consent date that cannot be. A flaw
 * beside that (a second address, a name, a tag) costs that cell only and is noted.
 */
import { type AddressFaultReason, canonicalAddress } from './address.ts';
import { EMAIL_FIELDS, type EmailField } from './audience.ts';
import type { ColumnMapping, ColumnRole } from './columns.ts';
import { isZeroDate, readConsentDate } from './consent-date.ts';
import { readLanguage, readTimeZone } from './row-locale.ts';
import { flagMeaning, type ImportedStatus, statusMeaning, strongerStatus } from './status-words.ts';

/** In code points. */
export const NAME_LETTERS_MAX = 200;
export const TAG_LETTERS_MAX = 80;
export const EXTERNAL_ID_LETTERS_MAX = 200;
/** Tags of one row; more are not taken. */
export const ROW_TAGS_MAX = 50;

/** A date without offset may lie so far ahead: it is tomorrow in Kiribati (UTC+14) by then. */
const DATE_AHEAD_MS = 14 * 60 * 60 * 1000;

export interface ImportedAddress {
  readonly field: EmailField;
  readonly address: string;
  readonly key: string;
}

export interface ImportedContact {
  readonly externalId?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly name?: string;
  /** One to three, in the order of their fields, no two with the same key. */
  readonly addresses: readonly ImportedAddress[];
  readonly tags: readonly string[];
  /** BCP 47. */
  readonly language?: string;
  /** IANA. */
  readonly timeZone?: string;
  readonly consentAt?: Date;
  readonly status?: ImportedStatus;
}

/** What was left out of a row that was taken, for the reject file; holds no cell's text. */
export interface RowNote {
  readonly column: string;
  readonly reason: string;
}

export type RowResult =
  | { readonly ok: true; readonly contact: ImportedContact; readonly notes: readonly RowNote[] }
  | { readonly ok: false; readonly column: string; readonly reason: string };

export interface RowOptions {
  /** A consent date after this is impossible. */
  readonly now: Date;
  /** How `04/03/2025` is meant; without it such a date is rejected. */
  readonly dayFirst?: boolean | undefined;
}

/** Reads one row, whose cells stand in the order of the mapping's headers. */
export function readRow(
  cells: readonly string[],
  mapping: ColumnMapping,
  options: RowOptions,
): RowResult {
  const { headers, roles } = mapping;
  const draft: Draft = {
    contact: { addresses: [], tags: [] },
    addressFaults: [],
    notes: [],
    options,
  };
  for (let index = 0; index < roles.length; index++) {
    const role = roles[index] ?? 'ignore';
    const cell = role === 'ignore' ? '' : cleaned(cells[index] ?? '');
    if (cell === '') continue;
    const column = headers[index] || `column ${index + 1}`;
    const reason = TAKERS[role](draft, cell, column);
    if (reason !== undefined) return { ok: false, column, reason };
  }
  return finished(draft, mapping);
}

function cleaned(cell: string): string {
  return cell === '' ? '' : composed(undefused(cell)).trim();
}

/** Below U+0300 nothing combines, so nearly all cells are in NFC already. */
function composed(text: string): string {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) >= 0x300) return text.normalize('NFC');
  }
  return text;
}

/** What the reject file put before a cell that a spreadsheet would run; see store/reject-file.ts. */
const DEFUSED = /^'[=+\-@\t\r\n＝＋－＠]/;

const undefused = (text: string): string =>
  text.startsWith("'") && DEFUSED.test(text) ? text.slice(1) : text;

function finished(draft: Draft, { headers, roles }: ColumnMapping): RowResult {
  const { contact, addressFaults, notes } = draft;
  if (contact.addresses.length > 0) {
    if (contact.addresses.length > 1) contact.addresses = distinct(contact.addresses);
    for (const { column, reason } of addressFaults) note(draft, column, reason);
    return { ok: true, contact, notes };
  }
  const [fault] = addressFaults;
  if (fault !== undefined) {
    return { ok: false, column: fault.column, reason: `${fault.reason}.` };
  }
  const column = headers[roles.indexOf('email')] ?? '';
  return { ok: false, column, reason: 'The row holds no e-mail address.' };
}

/** In the order of the fields; an address that stands twice is taken once. */
function distinct(addresses: readonly ImportedAddress[]): ImportedAddress[] {
  const inOrder = EMAIL_FIELDS.flatMap((field) => addresses.filter((one) => one.field === field));
  return inOrder.filter(({ key }, at) => inOrder.findIndex((one) => one.key === key) === at);
}

/** A contact in the making. */
type Open<Contact> = { -readonly [Key in keyof Contact]: Contact[Key] } & {
  addresses: ImportedAddress[];
  readonly tags: string[];
};

interface Draft {
  readonly contact: Open<ImportedContact>;
  /** Why e-mail cells hold no address; whether that costs the row is known at its end only. */
  readonly addressFaults: RowNote[];
  readonly notes: RowNote[];
  readonly options: RowOptions;
}

function note(draft: Draft, column: string, what: string): void {
  draft.notes.push({ column, reason: `${what}; the row was imported without it.` });
}

/** Control characters, and marks that turn the direction of the text around them. */
const ODD = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

const isLonger = (text: string, lettersMax: number): boolean =>
  text.length > lettersMax && Array.from(text).length > lettersMax;

/** Takes one cell into the draft; returns why the whole row cannot be taken, if so. */
type Take = (draft: Draft, cell: string, column: string) => string | undefined;

const TAKERS: Readonly<Record<ColumnRole, Take>> = {
  email: takeAddress('email'),
  email2: takeAddress('email2'),
  email3: takeAddress('email3'),
  firstName: takeName('firstName'),
  lastName: takeName('lastName'),
  name: takeName('name'),
  tags: takeTags,
  language: takeKnown('language', readLanguage, 'This is no language that is known'),
  timeZone: takeKnown('timeZone', readTimeZone, 'This is no time zone (like Europe/Berlin)'),
  consentDate: takeConsentDate,
  status: takeStatus,
  unsubscribed: takeFlag('unsubscribed'),
  bounced: takeFlag('bounced'),
  externalId: takeExternalId,
  ignore: () => undefined,
};

const ADDRESS_REASONS: Readonly<Record<AddressFaultReason, string>> = {
  empty: 'There is nothing in it',
  'no-at': 'There is no @ in it',
  'not-an-address': 'This is not an e-mail address',
  'non-ascii-local-part': 'There are letters before the @ that most mail systems do not take',
  'bad-domain': 'What follows the @ is not a domain',
  'too-long': 'This is longer than an e-mail address can be',
};

function takeAddress(field: EmailField): Take {
  return (draft, cell, column) => {
    const read = canonicalAddress(cell);
    if (read.ok) draft.contact.addresses.push({ field, address: read.address, key: read.key });
    else draft.addressFaults.push({ column, reason: ADDRESS_REASONS[read.reason] });
    return undefined;
  };
}

function takeName(part: 'firstName' | 'lastName' | 'name'): Take {
  return (draft, cell, column) => {
    const name = cell.replace(/\s+/g, ' ');
    if (ODD.test(name)) note(draft, column, 'There are control characters in it');
    else if (isLonger(name, NAME_LETTERS_MAX)) {
      note(draft, column, `This is longer than ${NAME_LETTERS_MAX} letters`);
    } else draft.contact[part] = name;
    return undefined;
  };
}

function takeKnown(
  part: 'language' | 'timeZone',
  read: (text: string) => string | undefined,
  otherwise: string,
): Take {
  return (draft, cell, column) => {
    const value = read(cell);
    if (value === undefined) note(draft, column, otherwise);
    else draft.contact[part] = value;
    return undefined;
  };
}

const TAGS_REASON = `There are more than ${ROW_TAGS_MAX} tags; the row was imported with the first ${ROW_TAGS_MAX}.`;

/** Separated by `;` or line breaks if there is one, else by `,`. */
function takeTags(draft: Draft, cell: string, column: string): undefined {
  const { tags } = draft.contact;
  for (const part of cell.split(/[;\n]/.test(cell) ? /[;\n]/ : ',')) {
    const tag = unquoted(undefused(part.trim()));
    if (tag === '' || tags.includes(tag)) continue;
    if (ODD.test(tag)) note(draft, column, 'There are control characters in a tag');
    else if (isLonger(tag, TAG_LETTERS_MAX)) {
      note(draft, column, `A tag is longer than ${TAG_LETTERS_MAX} letters`);
    } else if (tags.length >= ROW_TAGS_MAX) {
      draft.notes.push({ column, reason: TAGS_REASON });
      return;
    } else tags.push(tag);
  }
}

/** Some systems put each tag of a cell into quotes. */
const unquoted = (text: string): string =>
  text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;

const DATE_REASONS = {
  unreadable: 'This is not a date that can be read (like 2025-03-31 or 2025-03-31 10:30)',
  impossible: 'There is no such date, or nobody could consent by e-mail then',
  ambiguous: 'It is not known whether the day or the month comes first',
} as const;

function takeConsentDate(draft: Draft, cell: string): string | undefined {
  if (isZeroDate(cell)) return undefined;
  const { now, dayFirst } = draft.options;
  const date = readConsentDate(cell, dayFirst);
  if (!date.ok) return `${DATE_REASONS[date.reason]}.`;
  const aheadMs = date.at.getTime() - now.getTime();
  if (aheadMs > (date.hasOffset ? 0 : DATE_AHEAD_MS)) return 'This date is in the future.';
  draft.contact.consentAt = aheadMs > 0 ? now : date.at;
  return undefined;
}

function takeStatus(draft: Draft, cell: string): string | undefined {
  const meaning = statusMeaning(cell);
  if (meaning === undefined) {
    return 'This status is not known, so it is not clear whether the person may be mailed.';
  }
  if (meaning !== 'none') setStatus(draft, meaning);
  return undefined;
}

function takeFlag(status: ImportedStatus): Take {
  return (draft, cell) => {
    const flag = readFlag(cell);
    if (flag === undefined) return 'This is neither yes, nor no, nor a date.';
    if (flag) setStatus(draft, status);
    return undefined;
  };
}

/** A date says when it happened, so it means yes, whatever the order of its day and month. */
function readFlag(cell: string): boolean | undefined {
  const flag = isZeroDate(cell) ? false : flagMeaning(cell);
  if (flag !== undefined) return flag;
  const date = readConsentDate(cell);
  return date.ok || date.reason === 'ambiguous' ? true : undefined;
}

function setStatus(draft: Draft, status: ImportedStatus): void {
  const stronger = strongerStatus(draft.contact.status, status);
  if (stronger !== undefined) draft.contact.status = stronger;
}

/** It says who the contact is, so a wrong one costs the row. */
function takeExternalId(draft: Draft, cell: string): string | undefined {
  if (ODD.test(cell)) return 'There are control characters in the id.';
  if (isLonger(cell, EXTERNAL_ID_LETTERS_MAX)) {
    return `The id is longer than ${EXTERNAL_ID_LETTERS_MAX} letters.`;
  }
  draft.contact.externalId = cell;
  return undefined;
}
