/**
 * Splitter: cuts the bytes of a CSV file (as UTF-8) into rows of cells.
 *
 * Bytes come in pieces of any size; what is not yet a whole row waits for the next piece, never
 * more than one row's worth. A row without a quote needs no parser and is split at its delimiters;
 * all rows of a piece that hold quotes go to csv-parse in one call.
 */
import assert from 'node:assert';
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { rowReason } from '../../consent/row-reasons.ts';
import { BlockFramer, type Broken, type Dialect, type Row } from './frame.ts';

/** `line` is the physical line (1-based) on which the row starts. */
export type CsvRow =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly fault: string; readonly raw: string };

export interface SplitOptions extends Dialect {
  /** How many cells a row must have; without it any number will do (used to look for a header). */
  readonly columns?: number;
  /** True if some bytes of the file are not UTF-8: each row is then looked at. */
  readonly isDamaged?: boolean;
}

/** Of a row that cannot be read, so much is kept for the reject file. */
const RAW_BYTES_MAX = 4_000;

/**
 * After a stray quote the bytes behind its line are read once more. Over so many bytes of that in
 * one file, what was read in vain is given up whole, so that no file can take quadratic time.
 */
const REREAD_BYTES_MAX = 64 * 1024 * 1024;

const DAMAGED = `${rowReason('not-utf8')}.`;
const NOTHING: Buffer = Buffer.alloc(0);
const NO_CELLS: readonly string[] = [];

/** A row with quotes: where its bytes are, and its place among the rows of the piece. */
interface Quoted {
  readonly index: number;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export class RowSplitter {
  readonly #options: SplitOptions;
  /** The beginning of a row whose end has not come yet. */
  #carry = NOTHING;
  #line = 1;
  #rereadBytes = 0;
  /** True while the rest of a given-up line is still to come. */
  #isSkipping = false;
  // The piece at hand.
  #block = NOTHING;
  #framer: BlockFramer;
  #rows: CsvRow[] = [];
  #quoted: Quoted[] = [];

  constructor(options: SplitOptions) {
    this.#options = options;
    this.#framer = new BlockFramer(NOTHING, options, false);
  }

  /** Rows that are complete now. The piece may be overwritten as soon as this returns. */
  push(piece: Buffer): CsvRow[] {
    return this.#split(piece, false);
  }

  /** The last rows; call it once, when nothing more comes. */
  end(): CsvRow[] {
    return this.#split(NOTHING, true);
  }

  #split(piece: Buffer, isLast: boolean): CsvRow[] {
    this.#block = this.#carry.length === 0 ? piece : Buffer.concat([this.#carry, piece]);
    this.#framer = new BlockFramer(this.#block, this.#options, isLast);
    this.#rows = [];
    this.#quoted = [];
    let start = this.#isSkipping ? this.#nextLine(0) : 0;
    while (start < this.#block.length) {
      const frame = this.#framer.frame(start);
      if (frame.kind === 'more') break;
      start = frame.kind === 'broken' ? this.#giveUp(start, frame) : this.#take(start, frame);
    }
    this.#parseQuoted();
    const rest = this.#block.subarray(start);
    this.#carry = rest.length === 0 ? NOTHING : Buffer.from(rest);
    return this.#rows;
  }

  /** Keeps a row, or says what is wrong with it; returns where the next one starts. */
  #take(start: number, row: Row): number {
    const line = this.#line;
    const misfit = row.kind === 'quoted' ? this.#misfit(row.cells, row.filled) : undefined;
    if (misfit !== undefined && row.lines > 1) {
      // More likely a stray quote that found a partner lines later than one wrong long row.
      return this.#giveUp(start, { kind: 'broken', fault: misfit, stop: row.next - 1 });
    }
    this.#line += row.lines;
    if (misfit !== undefined) {
      this.#addFault(line, misfit, start, row.end);
    } else if (this.#options.isDamaged === true && !isUtf8(this.#block.subarray(start, row.end))) {
      this.#addFault(line, DAMAGED, start, row.end);
    } else if (row.kind === 'plain') {
      this.#addPlain(line, start, row.end);
    } else {
      this.#quoted.push({ index: this.#rows.length, line, start, end: row.end });
      this.#rows.push({ line, cells: NO_CELLS });
    }
    return row.next;
  }

  #addPlain(line: number, start: number, end: number): void {
    const cells = this.#block.toString('utf8', start, end).split(this.#options.delimiter);
    if (isBlank(cells)) return;
    const { columns } = this.#options;
    if (columns === undefined || cells.length === columns) {
      this.#rows.push({ line, cells });
      return;
    }
    const misfit = this.#misfit(cells.length, cells.findLastIndex((cell) => cell !== '') + 1);
    if (misfit === undefined) this.#rows.push({ line, cells: cells.slice(0, columns) });
    else this.#addFault(line, misfit, start, end);
  }

  /**
   * A row that is too short may be one whose end is lost, and with it the word "unsubscribed"; so
   * it is a fault. Empty cells too many are only delimiters too many.
   */
  #misfit(cells: number, filled: number): string | undefined {
    const { columns } = this.#options;
    if (columns === undefined || (cells >= columns && filled <= columns)) return undefined;
    const reason =
      cells === 1 ? rowReason('one-cell', columns) : rowReason('cells-differ', cells, columns);
    return `${reason}.`;
  }

  /** Gives up the first line of a broken row; reading goes on with the line behind it. */
  #giveUp(start: number, { fault, stop }: Broken): number {
    const lineEnd = this.#framer.lineEnd(start);
    this.#addFault(this.#line, fault, start, lineEnd);
    this.#rereadBytes += Math.max(0, stop - lineEnd);
    if (this.#rereadBytes <= REREAD_BYTES_MAX) return this.#nextLine(start);
    let next = this.#nextLine(start);
    while (next < stop) next = this.#nextLine(next);
    return next;
  }

  /** Where the next line starts; if this one goes on in the next piece, its rest is skipped. */
  #nextLine(position: number): number {
    const lineEnd = this.#framer.lineEnd(position);
    this.#isSkipping = lineEnd === this.#block.length;
    if (!this.#isSkipping) this.#line++;
    return lineEnd + 1;
  }

  #addFault(line: number, fault: string, start: number, end: number): void {
    const raw = this.#block.toString('utf8', start, Math.min(end, start + RAW_BYTES_MAX));
    this.#rows.push({ line, fault, raw });
  }

  /** The framer let only well-formed rows through, so csv-parse must find just as many. */
  #parseQuoted(): void {
    const quoted = this.#quoted;
    if (quoted.length === 0) return;
    const { delimiter, newline, columns } = this.#options;
    const length = quoted.reduce((sum, { start, end }) => sum + end - start + 1, 0);
    const bytes = Buffer.allocUnsafe(length);
    let position = 0;
    for (const { start, end } of quoted) {
      position += this.#block.copy(bytes, position, start, end);
      bytes[position++] = newline;
    }
    const records = parse(bytes, {
      delimiter,
      record_delimiter: String.fromCharCode(newline),
      relax_column_count: true,
      relax_quotes: true,
    });
    assert.equal(records.length, quoted.length, 'framer and csv-parse disagree on the rows');
    let blanks = 0;
    quoted.forEach(({ index, line }, at) => {
      const cells = records[at] ?? NO_CELLS;
      if (isBlank(cells)) blanks++;
      this.#rows[index] = { line, cells: columns === undefined ? cells : cells.slice(0, columns) };
    });
    if (blanks > 0) this.#rows = this.#rows.filter((row) => 'fault' in row || !isBlank(row.cells));
  }
}

/** Spreadsheets write such rows below their data; nothing is lost with them. */
const isBlank = (cells: readonly string[]): boolean =>
  cells[0]?.trim() === '' && cells.every((cell) => cell.trim() === '');
