/** Delimiter: finds which character separates the cells, by how well the first rows agree on it. */
import { emailRank } from '../../consent/column-words.ts';
import { type CsvRow, RowSplitter, type SplitOptions } from './splitter.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Rows that are compared. */
const ROWS_MAX = 200;

/** Excel's own note on the delimiter, in a line before the header: `sep=;`. */
const NOTE = /^"?sep=(?<delimiter>[,;\t|])"?\s*$/i;

export interface Layout {
  readonly delimiter: Delimiter;
  /** Lines before the header that are no rows: 1 with Excel's note, else 0. */
  readonly noteRows: 0 | 1;
}

/** The beginning of a file in one dialect: all its complete rows, the header first. */
export function firstRows(head: Buffer, isAll: boolean, options: SplitOptions): CsvRow[] {
  const splitter = new RowSplitter(options);
  const rows = splitter.push(head);
  return isAll ? [...rows, ...splitter.end()] : rows;
}

/** `head` is the beginning of the text; `isAll`: nothing follows it. One column only: a comma. */
export function findLayout(
  head: Buffer,
  isAll: boolean,
  { newline }: Pick<SplitOptions, 'newline'>,
): Layout {
  const lineEnd = head.indexOf(newline);
  const firstLine = head.toString('utf8', 0, lineEnd === -1 ? head.length : lineEnd);
  const noted = NOTE.exec(firstLine)?.groups?.['delimiter'];
  const delimiter = DELIMITERS.find((each) => each === noted);
  if (delimiter !== undefined) return { delimiter, noteRows: 1 };
  const scored = DELIMITERS.map((each) => ({
    delimiter: each,
    score: score(firstRows(head, isAll, { delimiter: each, newline })),
  }));
  const best = scored.reduce((a, b) => (compare(b.score, a.score) > 0 ? b : a));
  return { delimiter: best.delimiter, noteRows: 0 };
}

/** Compared from the left: an e-mail column is found, share of rows that agree, columns. */
type Score = readonly [number, number, number];

function score(rows: readonly CsvRow[]): Score {
  const [header, ...others] = rows.slice(0, ROWS_MAX);
  if (header === undefined || !('cells' in header) || header.cells.length < 2) return [0, 0, 0];
  const columns = header.cells.length;
  const agreeing = others.filter((row) => 'cells' in row && row.cells.length === columns).length;
  return [
    header.cells.some((name) => emailRank(name) !== undefined) ? 1 : 0,
    others.length === 0 ? 1 : agreeing / others.length,
    columns,
  ];
}

function compare(a: Score, b: Score): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
