/** Reject file: what was not taken comes back, mendable, private and harmless. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { constantFrom, string } from 'fast-check';
import { readRow } from '../../../src/consent/row.ts';
import { openCsv } from '../../../src/store/csv/file.ts';
import { openPassingRejects, openRejectFile } from '../../../src/store/reject-file.ts';
import { forAll } from '../../support/csv/for-all.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-rejects-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const newPath = () => join(folder, `${++files}.rejects.csv`);

/** What one cell looks like to a program that reads the file. */
async function written(cell: string): Promise<string | undefined> {
  const path = newPath();
  const file = openRejectFile(path);
  await file.add({ line: 2, column: '', reason: '', cells: [cell] });
  await file.close();
  const rows: string[][] = parse(await readFile(path), { bom: true });
  return rows.at(1)?.at(3);
}

it('is a CSV file for its owner, with line, column, reason and the row', async () => {
  const path = newPath();
  const file = openRejectFile(path, ['Email', 'Name']);
  await file.add({
    line: 7,
    column: 'Email',
    reason: 'There is no @ in it.',
    cells: ['ann', 'Zoë "Z"'],
  });
  await file.add({ line: 9, column: '', reason: 'The row is broken.', cells: ['a,"b'] });
  expect(await file.close()).toEqual({ path, count: 2 });
  expect(await readFile(path, 'utf8')).toBe(
    '\ufeff"line","column","reason","Email","Name"\r\n' +
      '"7","Email","There is no @ in it.","ann","Zoë ""Z"""\r\n' +
      '"9","","The row is broken.","a,""b"\r\n',
  );
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('is not written if there is nothing to write', async () => {
  const path = newPath();
  await writeFile(path, 'of an earlier import');
  expect(await openRejectFile(path).close()).toEqual({ path, count: 0 });
  expect(await readFile(path, 'utf8')).toBe('of an earlier import');
});

it('takes the place of an older one, which it makes private', async () => {
  const path = newPath();
  await writeFile(path, 'x'.repeat(1_000), { mode: 0o644 });
  const file = openRejectFile(path);
  await file.add({ line: 2, column: '', reason: 'bad', cells: ['a'] });
  await file.close();
  expect(await readFile(path, 'utf8')).toBe(
    '\ufeff"line","column","reason","row"\r\n"2","","bad","a"\r\n',
  );
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('keeps ten thousand rows whole and in order', async () => {
  const path = newPath();
  const file = openRejectFile(path, ['Note']);
  const lines = Array.from({ length: 10_000 }, (_, index) => index + 2);
  for (const line of lines)
    await file.add({ line, column: 'Note', reason: 'bad', cells: [`ä${line}`] });
  expect(await file.close()).toEqual({ path, count: 10_000 });
  const rows: string[][] = parse(await readFile(path), { bom: true });
  expect(rows.slice(1).map((row) => row.join())).toEqual(
    lines.map((line) => `${line},Note,bad,ä${line}`),
  );
});

it.each([
  ['=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'],
  ['+49 30 1234', "'+49 30 1234"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t'=1"],
  ['\r=1', "'\r'=1"],
  ['\n=1', "'\n'=1"],
  ['＝1', "'＝1"],
  ['a;=1+1', "a;'=1+1"],
  ['a\t"@x', 'a\t"\'@x'],
  ['a\n =1', "a\n '=1"],
  ['ann@example.org', 'ann@example.org'],
  ['a=b-c+d', 'a=b-c+d'],
  ["'quoted'", "'quoted'"],
  ['', ''],
])('a spreadsheet runs nothing of %j', async (cell, expected) => {
  expect(await written(cell)).toBe(expected);
});

it('has nothing that begins like a formula, wherever a spreadsheet cuts', async () => {
  const unit = constantFrom(
    '=',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    '\n',
    ';',
    '|',
    ',',
    '"',
    "'",
    ' ',
    'a',
  );
  await forAll([string({ unit, maxLength: 12 })], async (cell) => {
    const text = await written(cell);
    expect(text).not.toMatch(/^[=+\-@\t\r\n]/);
    expect(text).not.toMatch(/[;\t|\r\n]["' ]*(?<!')[=+\-@]/);
  });
});

it('can be mended and imported as it is', async () => {
  const path = newPath();
  const file = openRejectFile(path, ['Email', 'Name', 'Tags']);
  await file.add({
    line: 3,
    column: 'Email',
    reason: 'bad',
    cells: ['-ann@example.org', '=Ann', '+a;-b'],
  });
  await file.close();
  const csv = await openCsv(path, { bytesMax: 10_000 });
  const contacts = [];
  for await (const rows of csv.rows()) {
    for (const row of rows) {
      const result = readRow('cells' in row ? row.cells : [], csv.columns, { now: new Date(0) });
      contacts.push(result.ok ? result.contact : result.reason);
    }
  }
  await csv.close();
  expect(contacts).toEqual([
    {
      addresses: [{ field: 'email', address: '-ann@example.org', key: '-ann@example.org' }],
      name: '=Ann',
      tags: ['+a', '-b'],
    },
  ]);
});

it('says which file could not be written', async () => {
  const file = openRejectFile(join(folder, 'missing', 'x.csv'));
  await file.add({ line: 2, column: '', reason: 'bad', cells: ['a'] });
  await expect(file.close()).rejects.toThrow('ENOENT');
});

describe('a file for one reader', () => {
  const named = async () =>
    new Set((await readdir(tmpdir())).filter((name) => /^assent-rejects-.*\.csv$/u.test(name)));

  it('has no name on the disk, so that nothing of it outlives the process', async () => {
    const before = await named();
    const isMore = (names: Set<string>) => [...names].some((name) => !before.has(name));
    const file = openPassingRejects(['Email'], (reason) => reason);
    // More than is gathered before it is written.
    for (let line = 2; line < 1_002; line += 1) {
      await file.add({ line, column: '', reason: 'Odd.', cells: ['x'.repeat(100)] });
    }
    // Others make such files at the same time, and take their names away at once.
    let left = await named();
    for (let tries = 0; tries < 200 && isMore(left); tries += 1) {
      left = await named();
    }
    expect(isMore(left)).toBe(false);
    expect(await file.close()).toEqual({ count: 1_000 });
    const lines = file.content().toString().split('\r\n');
    expect(lines).toHaveLength(1_002);
    expect(lines.at(-2)).toBe(`"1001","","Odd.","${'x'.repeat(100)}"`);
  });

  it('is empty without a reject', async () => {
    const file = openPassingRejects(['Email'], (reason) => reason);
    expect(await file.close()).toEqual({ count: 0 });
    expect(file.content()).toHaveLength(0);
  });
});
