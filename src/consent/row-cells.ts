/** Row cells: what single cells of an imported row say, and what is wrong with them. */
import type { AddressFaultReason } from './address.ts';
import { isZeroDate, readConsentDate } from './consent-date.ts';
import { rowReason, TAG_LEFT_OUT } from './row-reasons.ts';
import { flagMeaning } from './status-words.ts';

/** In code points. */
export const NAME_LETTERS_MAX = 200;
export const TAG_LETTERS_MAX = 80;
export const EXTERNAL_ID_LETTERS_MAX = 200;
/** Tags of one row; more are not taken. */
const ROW_TAGS_MAX = 50;

/** A date without offset may lie so far ahead: it is tomorrow in Kiribati (UTC+14) by then. */
const DATE_AHEAD_MS = 14 * 60 * 60 * 1000;

/** What the reject file put before a cell that a spreadsheet would run; see store/reject-file.ts. */
const DEFUSED = /^'[=+\-@\t\r\n＝＋－＠]/;

/** Control characters, and marks that turn the direction of the text around them. */
const ODD = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** In NFC, without white space around it. */
export function cleanCell(cell: string): string {
  return cell === '' ? '' : composed(undefused(cell)).trim();
}

const undefused = (text: string): string =>
  text.startsWith("'") && DEFUSED.test(text) ? text.slice(1) : text;

/** Below U+0300 nothing combines, so nearly all cells are in NFC already. */
const MAY_COMBINE = /[\u0300-\uffff]/;

const composed = (text: string): string => (MAY_COMBINE.test(text) ? text.normalize('NFC') : text);

/** Why an e-mail cell holds no address; without a full stop, as all reasons for notes. */
export const ADDRESS_REASONS: Readonly<Record<AddressFaultReason, string>> = {
  empty: rowReason('cell-empty'),
  'no-at': rowReason('no-at'),
  'not-an-address': rowReason('not-an-address'),
  'non-ascii-local-part': rowReason('non-ascii-local-part'),
  'bad-domain': rowReason('bad-domain'),
  'too-long': rowReason('address-too-long'),
};

/** What is wrong with a short text; undefined if nothing is. */
export function textFault(text: string, lettersMax: number): string | undefined {
  if (ODD.test(text)) return rowReason('control-characters');
  const isTooLong = text.length > lettersMax && Array.from(text).length > lettersMax;
  return isTooLong ? rowReason('text-too-long', lettersMax) : undefined;
}

/**
 * Adds the tags of a cell, separated by `;` or line breaks if there is one, else by `,`; those it
 * leaves out it tells to `leaveOut`, with the reason.
 */
export function addTags(tags: string[], cell: string, leaveOut: (reason: string) => void): void {
  for (const part of cell.split(/[;\n]/.test(cell) ? /[;\n]/ : ',')) {
    const tag = unquoted(undefused(part.trim()));
    if (tag === '' || tags.includes(tag)) continue;
    if (tags.length === ROW_TAGS_MAX) {
      leaveOut(rowReason('tags-too-many', ROW_TAGS_MAX));
      return;
    }
    const fault = textFault(tag, TAG_LETTERS_MAX);
    if (fault === undefined) tags.push(tag);
    else leaveOut(`${TAG_LEFT_OUT}${fault}`);
  }
}

/** Some systems put each tag of a cell into quotes. */
const unquoted = (text: string): string =>
  text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;

const DATE_REASONS = {
  unreadable: rowReason('date-unreadable'),
  impossible: rowReason('date-impossible'),
  ambiguous: rowReason('date-ambiguous'),
} as const;

export interface DateOptions {
  /** A consent date after this is impossible. */
  readonly now: Date;
  /** How `04/03/2025` is meant; without it such a date is a fault. */
  readonly dayFirst?: boolean | undefined;
}

/** The consent date, or why it is none; undefined if the old system says "never". */
export function consentDateIn(cell: string, options: DateOptions): Date | string | undefined {
  if (isZeroDate(cell)) return undefined;
  const date = readConsentDate(cell, options.dayFirst);
  if (!date.ok) return DATE_REASONS[date.reason];
  const aheadMs = date.at.getTime() - options.now.getTime();
  if (aheadMs > (date.hasOffset ? 0 : DATE_AHEAD_MS)) return rowReason('date-ahead');
  return aheadMs > 0 ? options.now : date.at;
}

/**
 * Yes or no; undefined if the cell says neither. A date says when it happened, so it means yes,
 * whatever the order of its day and month.
 */
export function flagIn(cell: string): boolean | undefined {
  const flag = isZeroDate(cell) ? false : flagMeaning(cell);
  if (flag !== undefined) return flag;
  const date = readConsentDate(cell);
  return date.ok || date.reason === 'ambiguous' ? true : undefined;
}
