/**
 * Frame: where one row of a CSV file ends, found on bytes before anything is decoded.
 *
 * The parser that follows gets whole, well-formed rows only, so one stray quote cannot swallow the
 * rows behind it: it costs its own line, and reading goes on with the next. UTF-8 makes this safe
 * on bytes: no byte of a longer character looks like a delimiter, a quote or a line break.
 *
 * A quote opens a quoted cell only where the cell begins; anywhere else it is a letter, as
 * spreadsheets read it. Inside a quoted cell two quotes stand for one (RFC 4180, 2.7).
 */

import { rowReason } from '../../consent/row-reasons.ts';

/** The longest row that is read; one longer is a fault of that row. */
export const ROW_BYTES_MAX = 256 * 1024;

export const LF = 10;
export const CR = 13;
const QUOTE = 34;

/** How one file writes its cells and rows; each is one ASCII character. */
export interface Dialect {
  readonly delimiter: string;
  /** The byte that ends a line: LF (also for CR LF), or CR in files of old Macs. */
  readonly newline: typeof LF | typeof CR;
}

/** A complete row: the bytes up to `end` are its cells, the next row starts at `next`. */
export interface Row {
  readonly kind: 'plain' | 'quoted';
  readonly end: number;
  readonly next: number;
  /** Physical lines it spans; more than one only with line breaks in quoted cells. */
  readonly lines: number;
  /** How many cells, and how many up to the last one that holds something; 0 in a plain row. */
  readonly cells: number;
  readonly filled: number;
}

/** A row that cannot be read; `stop` is how far the search for its end went. */
export interface Broken {
  readonly kind: 'broken';
  readonly fault: string;
  readonly stop: number;
}

export type Frame = Row | Broken | { readonly kind: 'more' };

const MORE: Frame = { kind: 'more' };
const UNCLOSED = `${rowReason('quote-unclosed')}.`;
const TEXT_AFTER_QUOTE = `${rowReason('text-after-quote')}.`;
const TOO_LONG = `${rowReason('row-too-long', ROW_BYTES_MAX / 1024)}.`;

/** What ended a cell; `text` and `open` mean that its quotes are broken. */
type Ending = 'cell' | 'row' | 'block' | 'text' | 'open';

/** Frames the rows of one block of bytes, in order. `isLast`: nothing follows the block. */
export class BlockFramer {
  readonly #block: Buffer;
  readonly #isLast: boolean;
  readonly #delimiter: number;
  readonly #newline: number;
  /** The first quote at or after the row that was asked for last. */
  #quoteAt: number;
  // Where the walk through a quoted row stands, and how many lines it has seen.
  #position = 0;
  #lines = 1;

  constructor(block: Buffer, dialect: Dialect, isLast: boolean) {
    this.#block = block;
    this.#isLast = isLast;
    this.#delimiter = dialect.delimiter.charCodeAt(0);
    this.#newline = dialect.newline;
    this.#quoteAt = this.#find(QUOTE, 0);
  }

  /** The row that starts at `start`; `more` if its end is not in this block and may still come. */
  frame(start: number): Frame {
    const lineEnd = this.lineEnd(start);
    const isTooLong = lineEnd - start > ROW_BYTES_MAX;
    if (lineEnd === this.#block.length && !this.#isLast && !isTooLong) return MORE;
    if (this.#quoteAt < start) this.#quoteAt = this.#find(QUOTE, start);
    if (this.#quoteAt < lineEnd) return this.#quoted(start);
    if (isTooLong) return { kind: 'broken', fault: TOO_LONG, stop: lineEnd };
    const end = this.#withoutReturn(start, lineEnd);
    return { kind: 'plain', end, next: lineEnd + 1, lines: 1, cells: 0, filled: 0 };
  }

  /** Where the physical line that holds `position` ends; the block's length if that is not in it. */
  lineEnd(position: number): number {
    return this.#find(this.#newline, position);
  }

  #find(byte: number, from: number): number {
    const found = this.#block.indexOf(byte, from);
    return found === -1 ? this.#block.length : found;
  }

  /** In CR LF the CR is part of the line break, not of the last cell. */
  #withoutReturn(start: number, end: number): number {
    return this.#newline === LF && end > start && this.#block[end - 1] === CR ? end - 1 : end;
  }

  /** Walks cell by cell, never further than one byte past the longest row. */
  #quoted(start: number): Frame {
    const limit = Math.min(this.#block.length, start + ROW_BYTES_MAX + 1);
    this.#position = start;
    this.#lines = 1;
    let filled = 0;
    for (let cells = 1; ; cells++) {
      const cellStart = this.#position;
      const ending = this.#walkCell(limit);
      const unfinished = this.#unfinished(ending, limit - start);
      if (unfinished !== undefined) return unfinished;
      if (!this.#isEmpty(cellStart, ending)) filled = cells;
      if (ending !== 'cell') return this.#quotedRow(start, cells, filled);
      this.#position++;
    }
  }

  /** Why the walk cannot end in a row: quotes are broken, or bytes are missing. */
  #unfinished(ending: Ending, bytes: number): Frame | undefined {
    if (ending === 'text') return this.#broken(TEXT_AFTER_QUOTE);
    if (ending === 'cell' || ending === 'row') return undefined;
    const isOpen = ending === 'open';
    if (bytes > ROW_BYTES_MAX) return this.#broken(isOpen ? UNCLOSED : TOO_LONG);
    if (!this.#isLast) return MORE;
    return isOpen ? this.#broken(UNCLOSED) : undefined;
  }

  #broken(fault: string): Broken {
    return { kind: 'broken', fault, stop: this.#position };
  }

  #quotedRow(start: number, cells: number, filled: number): Row {
    const end = this.#withoutReturn(start, this.#position);
    return { kind: 'quoted', end, next: this.#position + 1, lines: this.#lines, cells, filled };
  }

  /** Nothing, or two quotes with nothing between. */
  #isEmpty(cellStart: number, ending: Ending): boolean {
    const position = this.#position;
    const length =
      (ending === 'cell' ? position : this.#withoutReturn(cellStart, position)) - cellStart;
    return length === 0 || (length === 2 && this.#block[cellStart] === QUOTE);
  }

  /** Goes to the byte that ends the cell and says what it is. */
  #walkCell(limit: number): Ending {
    const block = this.#block;
    if (this.#position < limit && block[this.#position] === QUOTE) {
      return this.#walkQuotes(limit) ? this.#afterQuotes(limit) : 'open';
    }
    const delimiter = this.#delimiter;
    const newline = this.#newline;
    let position = this.#position;
    while (position < limit && block[position] !== delimiter && block[position] !== newline) {
      position++;
    }
    this.#position = position;
    if (position === limit) return 'block';
    return block[position] === delimiter ? 'cell' : 'row';
  }

  /** From an opening quote to behind the closing one; false if there is none before the limit. */
  #walkQuotes(limit: number): boolean {
    const block = this.#block;
    const newline = this.#newline;
    let position = this.#position + 1;
    for (; position < limit; position++) {
      const byte = block[position];
      if (byte === newline) this.#lines++;
      if (byte !== QUOTE) continue;
      if (block[position + 1] !== QUOTE) {
        this.#position = position + 1;
        return true;
      }
      position++;
    }
    this.#position = limit;
    return false;
  }

  #afterQuotes(limit: number): Ending {
    const position = this.#position;
    if (position >= limit) return 'block';
    const byte = this.#block[position];
    if (byte === this.#delimiter) return 'cell';
    if (byte === this.#newline) return 'row';
    if (byte !== CR || this.#newline !== LF) return 'text';
    if (position + 1 < limit && this.#block[position + 1] !== LF) return 'text';
    this.#position++;
    return position + 1 < limit ? 'row' : 'block';
  }
}
