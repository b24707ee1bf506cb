/**
 * Row: one row of an imported file as a contact, or why it is none.
 *
 * A row is rejected where taking it would mean guessing at who somebody is or whether they may be
 * mailed: no usable address, a status that is not known, a consent date that cannot be. A flaw
 * beside that (a second address, a name, a tag) costs that cell only and is noted.
 */
import { canonicalAddress } from './address.ts';
import { EMAIL_FIELDS, type EmailField } from './audience.ts';
import type { ColumnMapping, ColumnRole } from './columns.ts';
import {
  ADDRESS_REASONS,
  addTags,
  cleanCell,
  consentDateIn,
  type DateOptions,
  EXTERNAL_ID_LETTERS_MAX,
  flagIn,
  NAME_LETTERS_MAX,
  textFault,
} from './row-cells.ts';
import { readLanguage, readTimeZone } from './row-locale.ts';
import { CELL_LEFT_OUT, rowReason } from './row-reasons.ts';
import { type ImportedStatus, statusMeaning, strongerStatus } from './status-words.ts';

interface ImportedAddress {
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

export type RowOptions = DateOptions;

/** Reads one row, whose cells stand in the order of the mapping's headers. */
export function readRow(
  cells: readonly string[],
  { headers, roles }: ColumnMapping,
  options: RowOptions,
): RowResult {
  const draft = newDraft(options);
  for (let index = 0; index < roles.length; index++) {
    const role = roles[index] ?? 'ignore';
    const cell = role === 'ignore' ? '' : cleanCell(cells[index] ?? '');
    if (cell === '') continue;
    const column = headers[index] || `column ${index + 1}`;
    const reason = take(draft, role, cell, column);
    if (reason !== undefined) return { ok: false, column, reason: `${reason}.` };
  }
  if (draft.addresses.length === 0) return withoutAddress(draft, { headers, roles });
  for (const { column, reason } of draft.addressFaults) leaveOut(draft, column, reason);
  return { ok: true, contact: contactOf(draft), notes: draft.notes };
}

/** A contact in the making. All fields are there from the start: a million of them are made. */
interface Draft {
  readonly options: RowOptions;
  readonly addresses: ImportedAddress[];
  /** Why e-mail cells hold no address; whether that costs the row is known at its end only. */
  readonly addressFaults: RowNote[];
  readonly tags: string[];
  readonly notes: RowNote[];
  externalId: string | undefined;
  firstName: string | undefined;
  lastName: string | undefined;
  name: string | undefined;
  language: string | undefined;
  timeZone: string | undefined;
  consentAt: Date | undefined;
  status: ImportedStatus | undefined;
}

const newDraft = (options: RowOptions): Draft => ({
  options,
  addresses: [],
  addressFaults: [],
  tags: [],
  notes: [],
  externalId: undefined,
  firstName: undefined,
  lastName: undefined,
  name: undefined,
  language: undefined,
  timeZone: undefined,
  consentAt: undefined,
  status: undefined,
});

/** Takes one cell into the draft; returns why the whole row cannot be taken, if so. */
function take(draft: Draft, role: ColumnRole, cell: string, column: string): string | undefined {
  switch (role) {
    case 'email':
    case 'email2':
    case 'email3':
      return takeAddress(draft, role, cell, column);
    case 'firstName':
      draft.firstName = nameIn(draft, cell, column);
      return undefined;
    case 'lastName':
      draft.lastName = nameIn(draft, cell, column);
      return undefined;
    case 'name':
      draft.name = nameIn(draft, cell, column);
      return undefined;
    case 'tags':
      addTags(draft.tags, cell, (reason) => leaveOut(draft, column, reason));
      return undefined;
    case 'language':
      draft.language = readLanguage(cell);
      if (draft.language === undefined) leaveOut(draft, column, rowReason('language-unknown'));
      return undefined;
    case 'timeZone':
      draft.timeZone = readTimeZone(cell);
      if (draft.timeZone === undefined) leaveOut(draft, column, rowReason('zone-unknown'));
      return undefined;
    case 'consentDate':
      return takeConsentDate(draft, cell);
    case 'status':
      return takeStatus(draft, cell);
    case 'unsubscribed':
    case 'bounced':
      return takeFlag(draft, role, cell);
    case 'externalId':
      return takeExternalId(draft, cell);
    case 'ignore':
      return undefined;
  }
  return role satisfies never;
}

/** Notes a cell that is not taken, although its row is. */
function leaveOut(draft: Draft, column: string, reason: string): void {
  draft.notes.push({ column, reason: `${reason}${CELL_LEFT_OUT}` });
}

function takeAddress(draft: Draft, field: EmailField, cell: string, column: string): undefined {
  const read = canonicalAddress(cell);
  if (read.ok) draft.addresses.push({ field, address: read.address, key: read.key });
  else draft.addressFaults.push({ column, reason: ADDRESS_REASONS[read.reason] });
}

function nameIn(draft: Draft, cell: string, column: string): string | undefined {
  const name = cell.replace(/\s+/g, ' ');
  const fault = textFault(name, NAME_LETTERS_MAX);
  if (fault === undefined) return name;
  leaveOut(draft, column, fault);
  return undefined;
}

function takeConsentDate(draft: Draft, cell: string): string | undefined {
  const date = consentDateIn(cell, draft.options);
  if (typeof date === 'string') return date;
  draft.consentAt = date;
  return undefined;
}

function takeStatus(draft: Draft, cell: string): string | undefined {
  const meaning = statusMeaning(cell);
  if (meaning === undefined) {
    return rowReason('status-unknown');
  }
  if (meaning !== 'none') draft.status = strongerStatus(draft.status, meaning);
  return undefined;
}

function takeFlag(draft: Draft, status: ImportedStatus, cell: string): string | undefined {
  const flag = flagIn(cell);
  if (flag === undefined) return rowReason('flag-unknown');
  if (flag) draft.status = strongerStatus(draft.status, status);
  return undefined;
}

/** It says who the contact is, so a wrong one costs the row. */
function takeExternalId(draft: Draft, cell: string): string | undefined {
  const fault = textFault(cell, EXTERNAL_ID_LETTERS_MAX);
  if (fault === undefined) draft.externalId = cell;
  return fault;
}

function withoutAddress(
  draft: Draft,
  { headers, roles }: Pick<ColumnMapping, 'headers' | 'roles'>,
): RowResult {
  const [fault] = draft.addressFaults;
  if (fault !== undefined) {
    return { ok: false, column: fault.column, reason: `${fault.reason}.` };
  }
  const column = headers[roles.indexOf('email')] ?? '';
  return { ok: false, column, reason: `${rowReason('no-address')}.` };
}

function contactOf(draft: Draft): ImportedContact {
  const { externalId, firstName, lastName, name, language, timeZone, consentAt, status } = draft;
  const addresses = draft.addresses.length === 1 ? draft.addresses : distinct(draft.addresses);
  const contact: { -readonly [Key in keyof ImportedContact]: ImportedContact[Key] } = {
    addresses,
    tags: draft.tags,
  };
  if (externalId !== undefined) contact.externalId = externalId;
  if (firstName !== undefined) contact.firstName = firstName;
  if (lastName !== undefined) contact.lastName = lastName;
  if (name !== undefined) contact.name = name;
  if (language !== undefined) contact.language = language;
  if (timeZone !== undefined) contact.timeZone = timeZone;
  if (consentAt !== undefined) contact.consentAt = consentAt;
  if (status !== undefined) contact.status = status;
  return contact;
}

/** In the order of the fields; an address that stands twice is taken once. */
function distinct(addresses: readonly ImportedAddress[]): readonly ImportedAddress[] {
  const inOrder = EMAIL_FIELDS.flatMap((field) => addresses.filter((one) => one.field === field));
  return inOrder.filter(({ key }, at) => inOrder.findIndex((one) => one.key === key) === at);
}
