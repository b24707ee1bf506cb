/** Splitter: rows of any CSV dialect; a broken row costs itself only. */
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { array, constantFrom, integer, string } from 'fast-check';
import { CR, LF, ROW_BYTES_MAX } from '../../../src/store/csv/frame.ts';
import { RowSplitter, type SplitOptions } from '../../../src/store/csv/splitter.ts';
import { forAll } from '../../support/csv/for-all.ts';
import { csvText } from '../../support/csv/samples.ts';

const COMMA: SplitOptions = { delimiter: ',', newline: LF };

/** `line: cell|cell`, or `line! fault (raw)`, row by row. */
function split(text: string | Buffer, options: Partial<SplitOptions> = {}, pieceBytes = 1_000_000) {
  const splitter = new RowSplitter({ ...COMMA, ...options });
  const bytes = Buffer.from(text);
  const rows = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
    rows.push(...splitter.push(piece));
    piece.fill(0);
  }
  return [...rows, ...splitter.end()].map((row) =>
    'cells' in row
      ? `${row.line}: ${row.cells.join('|')}`
      : `${row.line}! ${row.fault} (${row.raw.slice(0, 40)})`,
  );
}

const UNCLOSED = 'A quoted cell is opened here and never closed.';
const TEXT_AFTER =
  'A closing quote is followed by more text; a quote inside a quoted cell must be doubled.';
const TOO_LONG = 'The row is longer than 256 KiB.';

describe('rows', () => {
  it.each<[string, string, Partial<SplitOptions>, string[]]>([
    ['plain', 'a,b\nc,d\n', {}, ['1: a|b', '2: c|d']],
    ['without a last line break', 'a,b\nc,d', {}, ['1: a|b', '2: c|d']],
    ['with CR LF', 'a,b\r\nc,d\r\n', {}, ['1: a|b', '2: c|d']],
    ['of old Macs', 'a,b\rc,"d\re"\r', { newline: CR }, ['1: a|b', '2: c|d\re']],
    ['with semicolons', 'a;b,c\n', { delimiter: ';' }, ['1: a|b,c']],
    ['with tabs', 'a\t"b\tc"\n', { delimiter: '\t' }, ['1: a|b\tc']],
    ['with bars', 'a|"b|c"\n', { delimiter: '|' }, ['1: a|b|c']],
    ['with quotes', '"a","b ""c"" d"\n"",x\n', {}, ['1: a|b "c" d', '2: |x']],
    ['with a quoted last cell', 'a,"b"\r\nc,"d"', {}, ['1: a|b', '2: c|d']],
    ['with CR at the very end', 'a,"b"\r', {}, ['1: a|b']],
    ['with quoted line breaks', 'a,"b\nc\r\nd"\ne,f\n', {}, ['1: a|b\nc\r\nd', '4: e|f']],
    ['with quotes inside of a word', 'a,b "c" d\n5",x\n', {}, ['1: a|b "c" d', '2: 5"|x']],
    ['with spaces around', ' a , b \n', {}, ['1:  a | b ']],
    ['of more than ASCII', 'ä,"ö"\n日,"本😀"\n', {}, ['1: ä|ö', '2: 日|本😀']],
    ['blank ones left out', '\n \r\na,b\n,\n"",""\n , \nc,d\n\n', {}, ['3: a|b', '7: c|d']],
    ['of one column', 'a\n\n"b"\n', {}, ['1: a', '3: b']],
    ['none', '', {}, []],
  ])('%s', (_, text, options, expected) => {
    expect(split(text, options)).toEqual(expected);
  });

  it('with empty cells beyond the header keep only those of the header', () => {
    const text = 'a,b\na,b,,\n"a","b","",\r\na,"b\n",\n';
    expect(split(text, { columns: 2 })).toEqual(['1: a|b', '2: a|b', '3: a|b', '4: a|b\n']);
  });
});

describe('a broken row costs itself only', () => {
  it.each<[string, string, string[]]>([
    ['too few cells', 'a\nc,d\n', ['1! The row has 1 cell, the header has 2. (a)', '2: c|d']],
    [
      'too many cells',
      'a,b,c\nd,e\n',
      ['1! The row has 3 cells, the header has 2. (a,b,c)', '2: d|e'],
    ],
    ['too few, quoted', '"a"\nc,d\n', ['1! The row has 1 cell, the header has 2. ("a")', '2: c|d']],
    ['text after a quote', '"a"x,b\nc,d\n', [`1! ${TEXT_AFTER} ("a"x,b)`, '2: c|d']],
    ['CR after a quote', '"a"\rx,b\nc,d\n', [`1! ${TEXT_AFTER} ("a"\rx,b)`, '2: c|d']],
    ['a quote not closed', 'a,"b\nc,d\ne,f', [`1! ${UNCLOSED} (a,"b)`, '2: c|d', '3: e|f']],
    ['a quote not closed, at the end', 'a,b\nc,"d', ['1: a|b', `2! ${UNCLOSED} (c,"d)`]],
    [
      'a quote before quoted rows',
      'a,"b\n"c","d"\ne,f',
      [`1! ${TEXT_AFTER} (a,"b)`, '2: c|d', '3: e|f'],
    ],
    [
      'two stray quotes that find each other',
      'a,"b\nc,d\ne,f",x\ng,h\n',
      [
        '1! The row has 3 cells, the header has 2. (a,"b)',
        '2: c|d',
        '3! The row has 3 cells, the header has 2. (e,f",x)',
        '4: g|h',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(split(text, { columns: 2 })).toEqual(expected);
  });

  it('but a quoted cell over many lines, with the right number of cells, is a row', () => {
    expect(split('a,"b\nc,d\ne,f"\ng,h\n', { columns: 2 })).toEqual(['1: a|b\nc,d\ne,f', '4: g|h']);
  });

  it('also if its bytes are not UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('Jürgen,a\nJ'),
      Buffer.from([0xfc]),
      Buffer.from('rgen,b\n"J'),
      Buffer.from([0xe2, 0x82]),
      Buffer.from('",c\nZoë,d\n'),
    ]);
    expect(split(bytes, { columns: 2, isDamaged: true })).toEqual([
      '1: Jürgen|a',
      '2! The row holds bytes that are not UTF-8. (J\ufffdrgen,b)',
      '3! The row holds bytes that are not UTF-8. ("J\ufffd",c)',
      '4: Zoë|d',
    ]);
  });
});

describe('a row that is too long', () => {
  const long = 'x'.repeat(ROW_BYTES_MAX);
  const shown = 'x'.repeat(40);
  const PIECES = [1_000, 65_536, 262_144, 10_000_000];

  it.each(PIECES)('is given up, in pieces of %i bytes', (piece) => {
    expect(split(`a\n${long}x\nb\n`, {}, piece)).toEqual([
      '1: a',
      `2! ${TOO_LONG} (${shown})`,
      '3: b',
    ]);
    expect(split(`a\n${long}${long}${long}\nb\n`, {}, piece)).toEqual([
      '1: a',
      `2! ${TOO_LONG} (${shown})`,
      '3: b',
    ]);
    expect(split(`a\n${long}${long}`, {}, piece)).toEqual(['1: a', `2! ${TOO_LONG} (${shown})`]);
  });

  it.each(PIECES)('is taken up to the limit, in pieces of %i bytes', (piece) => {
    expect(split(`${long}\nb`, {}, piece)).toEqual([`1: ${long}`, '2: b']);
    expect(split(`"${long.slice(2)}"\nb`, {}, piece)).toEqual([`1: ${long.slice(2)}`, '2: b']);
    expect(split(long, {}, piece)).toEqual([`1: ${long}`]);
  });

  it.each(PIECES)('is not looked for further than that, in pieces of %i bytes', (piece) => {
    const lines = Array.from({ length: 6 }, (_, index) => `${index}${long.slice(0, 60_000)}`);
    expect(split(`a,"b\n${lines.join('\n')}\n`, {}, piece)).toEqual([
      `1! ${UNCLOSED} (a,"b)`,
      ...lines.map((line, index) => `${index + 2}: ${line}`),
    ]);
    expect(split(`"a"${long}\nb`, {}, piece)).toEqual([
      `1! ${TEXT_AFTER} ("a"${shown.slice(3)})`,
      '2: b',
    ]);
    expect(split(`"a",${long}\nb`, {}, piece)).toEqual([
      `1! ${TOO_LONG} ("a",${shown.slice(4)})`,
      '2: b',
    ]);
  });

  it('keeps a part of it for the reject file', () => {
    const splitter = new RowSplitter(COMMA);
    const [row] = [...splitter.push(Buffer.from(`${long}x\n`)), ...splitter.end()];
    expect(row).toEqual({ line: 1, fault: TOO_LONG, raw: 'x'.repeat(4_000) });
  });
});

it('gives up what it read in vain, rather than read it again and again', () => {
  // Each line leaves a quote open that the lines behind it never close.
  const line = 'x","y\n';
  const text = line.repeat(400_000);
  const splitter = new RowSplitter({ ...COMMA, columns: 2 });
  const rows = [...splitter.push(Buffer.from(text)), ...splitter.end()];
  expect(rows.length).toBeGreaterThan(200);
  expect(rows.length).toBeLessThan(400);
  expect(rows.every((row) => 'fault' in row)).toBe(true);
  expect(rows.at(-1)?.line).toBeLessThanOrEqual(400_000);
});

const cells = string({
  unit: constantFrom('a', 'é', '😀', ' ', '"', ',', ';', '\t', '|', '\n', '\r', "'"),
  maxLength: 6,
});
const delimiters = constantFrom(',', ';', '\t', '|');

it('reads back whatever was written, in pieces of any size', async () => {
  const tables = array(array(cells, { minLength: 2, maxLength: 2 }), { maxLength: 8 });
  await forAll(
    [tables, delimiters, constantFrom('\n', '\r\n'), integer({ min: 1, max: 9 })],
    (table, delimiter, newline, piece) => {
      const text = csvText(table, { delimiter, newline });
      const rows = table.filter((row) => row.some((cell) => cell.trim() !== ''));
      const read = split(text, { delimiter, columns: 2 }, piece).map((row) =>
        row.replace(/^\d+: /, ''),
      );
      expect(read).toEqual(rows.map((row) => row.join('|')));
    },
  );
});

it('reads any text, in pieces of any size, to the same rows', async () => {
  const texts = string({
    unit: constantFrom('a', 'é', '"', ',', '\n', '\r', '"\n', ',"', '",'),
    maxLength: 60,
  });
  await forAll(
    [texts, integer({ min: 1, max: 12 }), constantFrom(undefined, 1, 2, 3)],
    (text, piece, columns) => {
      const options = columns === undefined ? {} : { columns };
      const whole = split(text, options);
      expect(split(text, options, piece)).toEqual(whole);
      const lines = whole.map((row) => Number.parseInt(row, 10));
      expect(lines).toEqual([...new Set(lines)].toSorted((a, b) => a - b));
    },
    500,
  );
});

it('agrees with csv-parse wherever that takes the whole text', async () => {
  const texts = string({
    unit: constantFrom('a', 'é', '"', ',', '\n', '"a"', '""', ',"b'),
    maxLength: 30,
  });
  let compared = 0;
  await forAll(
    [texts],
    (text) => {
      let expected: string[][];
      try {
        expected = parse(text, { record_delimiter: '\n', relax_column_count: true });
      } catch {
        return;
      }
      compared++;
      const rows = expected.filter((row) => row.some((cell) => cell.trim() !== ''));
      const read = split(text).map((row) => row.replace(/^\d+: /, ''));
      expect(read).toEqual(rows.map((row) => row.join('|')));
    },
    1_000,
  );
  expect(compared).toBeGreaterThan(200);
});
