/**
 * Row reasons: why a row of an imported file, or a cell of it, was not taken. The sentences are those
 * of the reject file; doors that speak other languages find them by their codes.
 */

/** Without a full stop, since more may follow; `#` stands for a number. */
export const ROW_REASONS = {
  'cell-empty': 'There is nothing in it',
  'no-at': 'There is no @ in it',
  'not-an-address': 'This is not an e-mail address',
  'non-ascii-local-part': 'There are letters before the @ that most mail systems do not take',
  'bad-domain': 'What follows the @ is not a domain',
  'address-too-long': 'This is longer than an e-mail address can be',
  'no-address': 'The row holds no e-mail address',
  'control-characters': 'There are control characters in it',
  'text-too-long': 'This is longer than # letters',
  'tags-too-many': 'There is a tag after the first #',
  'date-unreadable': 'This is not a date that can be read (like 2025-03-31 or 2025-03-31 10:30)',
  'date-impossible': 'There is no such date, or nobody could consent to e-mail then',
  'date-ambiguous': 'It is not known whether the day or the month comes first',
  'date-ahead': 'This date is in the future',
  'language-unknown': 'This is no known language',
  'zone-unknown': 'This is no known time zone',
  'status-unknown': 'This status is not known, so it is not clear whether the person may be mailed',
  'flag-unknown': 'This is neither yes, nor no, nor a date',
  'not-utf8': 'The row holds bytes that are not UTF-8',
  'cells-differ': 'The row has # cells, the header has #',
  'one-cell': 'The row has 1 cell, the header has #',
  'quote-unclosed': 'A quoted cell is opened here and never closed',
  'text-after-quote':
    'A closing quote is followed by more text; a quote inside a quoted cell must be doubled',
  'row-too-long': 'The row is longer than # KiB',
} as const;
export type RowReason = keyof typeof ROW_REASONS;

/** Stands before the reason of a tag among others, … */
export const TAG_LEFT_OUT = 'One of the tags cannot be taken. ';
/** … and behind every reason that cost a cell only. */
export const CELL_LEFT_OUT = '; the row was imported without it.';

/** The sentence of a reason, without its full stop. @param numbers for its `#`, in their order */
export function rowReason(code: RowReason, ...numbers: readonly number[]): string {
  return fillNumbers(ROW_REASONS[code], numbers.map(String));
}

/** Puts numbers where `#` stands, in their order. */
export function fillNumbers(text: string, numbers: readonly string[]): string {
  let at = 0;
  return text.replaceAll('#', () => numbers[at++] ?? '');
}

/** What a reason of the reject file says, taken apart. */
export interface ReadReason {
  readonly code: RowReason;
  readonly numbers: readonly string[];
  readonly ofTag: boolean;
  /** True if it cost a cell only. */
  readonly ofCell: boolean;
}

/** Undefined if it is none of ours (of another version). */
export function readReason(reason: string): ReadReason | undefined {
  const ofCell = reason.endsWith(CELL_LEFT_OUT);
  const ofTag = reason.startsWith(TAG_LEFT_OUT);
  const end = ofCell ? -CELL_LEFT_OUT.length : -1;
  const sentence = reason.slice(ofTag ? TAG_LEFT_OUT.length : 0, end);
  const code = BY_SHAPE.get(shapeOf(sentence));
  if (code === undefined) return undefined;
  const numbers = ROW_REASONS[code].includes('#') ? (sentence.match(NUMBER) ?? []) : [];
  return { code, numbers: numbers.slice(code === 'one-cell' ? 1 : 0), ofTag, ofCell };
}

const NUMBER = /\d+/gu;
const shapeOf = (sentence: string): string => sentence.replaceAll(NUMBER, '#');
/** `1 cell` and `2 cells` differ in more than their number. */
const BY_SHAPE: ReadonlyMap<string, RowReason> = new Map(
  Object.entries(ROW_REASONS).map(([code, says]) => [shapeOf(says), code as RowReason]),
);
