/**
 * CSV file: opens what somebody exported from another system, whatever its encoding, delimiter and
 * line ends, and gives its rows in chunks while memory stays flat.
 *
 * scan (scan.ts): hash, encoding ─▶ layout (delimiter.ts) ─▶ columns (consent/columns.ts)
 * ─▶ rows: read ─▶ decode (encoding.ts) ─▶ split (splitter.ts)
 *
 * A file that cannot be imported is refused here, before anything is changed; a row that cannot be
 * read is a fault of that row.
 */
import type { Readable } from 'node:stream';
import { type ColumnMapping, type GivenColumns, mapColumns } from '../../consent/columns.ts';
import { CsvRefused } from '../../consent/csv-refused.ts';
import { type Delimiter, findLayout, firstRows } from './delimiter.ts';
import { decoderOf, type Encoding } from './encoding.ts';
import { type Scan, scan } from './scan.ts';
import {
  type ByteSource,
  PIECE_BYTES,
  sourceOfBuffer,
  sourceOfPath,
  sourceOfStream,
} from './source.ts';
import { type CsvRow, RowSplitter, type SplitOptions } from './splitter.ts';

/** Rows of one chunk; the last one is shorter. The same file always gives the same chunks. */
export const CHUNK_ROWS = 1_000;
/** Columns of a file; more is no export of contacts. */
const COLUMNS_MAX = 1_000;
/** Rows that are kept to show or to suggest columns by. */
const SAMPLE_ROWS = 50;

export interface CsvOptions {
  /** Larger files are refused. */
  readonly bytesMax: number;
  /** What somebody said about columns; it wins over their headers. */
  readonly mapping?: GivenColumns | undefined;
}

export interface CsvFile {
  /** Of all bytes, as lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  readonly headers: readonly string[];
  /** Without faults: a file whose columns have any is refused. */
  readonly columns: ColumnMapping;
  /** Some of the first rows. */
  readonly sample: readonly (readonly string[])[];
  /**
   * All rows in order, from the first one, each time it is called.
   * @throws Error if the file is changed while it is read
   */
  rows(): AsyncGenerator<CsvRow[], void, undefined>;
  close(): Promise<void>;
}

/** @throws CsvRefused if this file cannot be imported */
export async function openCsv(path: string, options: CsvOptions): Promise<CsvFile> {
  return openSource(await sourceOfPath(path, options.bytesMax), options);
}

/**
 * The same for bytes that came by network.
 * @throws CsvRefused if this file cannot be imported; whatever the stream throws
 */
export async function openCsvBuffer(
  bytes: Buffer | Readable,
  options: CsvOptions,
): Promise<CsvFile> {
  const { bytesMax } = options;
  const source = Buffer.isBuffer(bytes)
    ? sourceOfBuffer(bytes, bytesMax)
    : await sourceOfStream(bytes, bytesMax);
  return openSource(source, options);
}

async function openSource(source: ByteSource, options: CsvOptions): Promise<CsvFile> {
  try {
    const file = describe(source, await scan(source), options.mapping);
    await refuseWithoutRows(file);
    refuseFaults(file.columns);
    return file;
  } catch (error) {
    await source.close();
    throw error;
  }
}

function describe(source: ByteSource, found: Scan, given: GivenColumns | undefined): CsvFile {
  const { sha256, encoding, newline, isDamaged, head, isHeadAll } = found;
  const { delimiter, noteRows } = findLayout(head, isHeadAll, { newline });
  const [header, ...others] = firstRows(head, isHeadAll, { delimiter, newline, isDamaged }).slice(
    noteRows,
  );
  const headers = headersOf(header, isHeadAll);
  const sample = others.flatMap((row) => ('cells' in row ? [row.cells] : [])).slice(0, SAMPLE_ROWS);
  const options = { delimiter, newline, isDamaged, columns: headers.length };
  return {
    sha256,
    bytes: source.bytes,
    encoding,
    delimiter,
    headers,
    columns: mapColumns(headers, given, sample),
    sample,
    rows: () => readRows(source, found, options, noteRows + 1),
    close: () => source.close(),
  };
}

/** Delimiters at the end of the line make no columns. */
function headersOf(header: CsvRow | undefined, isHeadAll: boolean): string[] {
  if (header === undefined) {
    if (isHeadAll) throw new CsvRefused('empty', 'It has no header line.');
    throw new CsvRefused('unreadable', 'Its first line does not end.');
  }
  if (!('cells' in header)) {
    throw new CsvRefused('unreadable', `Its header line is broken. ${header.fault}`);
  }
  const headers = header.cells.map((cell) => cell.normalize('NFC').trim());
  headers.length = headers.findLastIndex((name) => name !== '') + 1;
  if (headers.length > COLUMNS_MAX) {
    throw new CsvRefused('unreadable', `It has more than ${COLUMNS_MAX} columns.`);
  }
  return headers;
}

async function refuseWithoutRows(file: CsvFile): Promise<void> {
  for await (const chunk of file.rows()) if (chunk.length > 0) return;
  throw new CsvRefused('empty', 'It has a header line, but no rows below it.');
}

function refuseFaults(columns: ColumnMapping): void {
  const [first] = columns.faults;
  if (first === undefined) return;
  const detail = columns.faults.map(({ sentence }) => sentence).join(' ');
  throw new CsvRefused(first.code, detail, { columns, todo: first.todo });
}

/** `skip`: rows before the first one of data. */
async function* readRows(
  source: ByteSource,
  found: Scan,
  options: SplitOptions,
  skip: number,
): AsyncGenerator<CsvRow[], void, undefined> {
  let chunk: CsvRow[] = [];
  let toSkip = skip;
  for await (const rows of splitRows(source, found, options)) {
    for (const row of rows) {
      if (toSkip > 0) toSkip--;
      else if (chunk.push(row) === CHUNK_ROWS) {
        yield chunk;
        chunk = [];
      }
    }
  }
  await source.assertUnchanged();
  if (chunk.length > 0) yield chunk;
}

async function* splitRows(
  source: ByteSource,
  { encoding, textStart }: Scan,
  options: SplitOptions,
): AsyncGenerator<CsvRow[], void, undefined> {
  const decoder = decoderOf(encoding);
  const splitter = new RowSplitter(options);
  const room = Buffer.allocUnsafe(PIECE_BYTES);
  for (let position = textStart; position < source.bytes; ) {
    const piece = await source.read(position, room);
    if (piece.length === 0) break;
    position += piece.length;
    yield splitter.push(decoder.decode(piece));
  }
  yield splitter.push(decoder.end());
  yield splitter.end();
}
