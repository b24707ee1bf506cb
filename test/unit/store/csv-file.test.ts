/** CSV file: any dialect and encoding gives the same rows, in chunks, from disk or network. */
import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHUNK_ROWS, openCsv, openCsvBuffer } from '../../../src/store/csv/file.ts';
import { LIMIT, rowsOf, withCsv } from '../../support/csv/open-csv.ts';
import { csvBytes, ENCODINGS, encoded } from '../../support/csv/samples.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function pathOf(bytes: Buffer | string): Promise<string> {
  const path = join(folder, `${++files}.csv`);
  await writeFile(path, bytes);
  return path;
}

const TABLE = [
  ['E-Mail', 'Name', 'Note'],
  ['ann@example.org', 'Zoë Müller', 'costs 5 €, „nice“'],
  ['bob@example.org', 'Ÿves; Š', 'two\nlines'],
  ['cy@example.org', '', 'a "word"\tand | more'],
];

describe('every way to write a table gives the same rows', () => {
  const shapes = ENCODINGS.flatMap((encoding) =>
    [',', ';', '\t', '|'].flatMap((delimiter) =>
      ['\n', '\r\n'].flatMap((newline) =>
        [true, false].flatMap((hasMark) =>
          [true, false].map((isQuoted) => ({ encoding, delimiter, newline, hasMark, isQuoted })),
        ),
      ),
    ),
  );

  it.each(shapes)('%j', async (shape) => {
    const bytes = csvBytes(TABLE, shape);
    await withCsv(bytes, async (csv) => {
      expect(csv).toMatchObject({
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        encoding: shape.encoding,
        delimiter: shape.delimiter,
        headers: ['E-Mail', 'Name', 'Note'],
        sample: TABLE.slice(1),
      });
      expect(csv.columns.roles).toEqual(['email', 'name', 'ignore']);
      expect(csv.columns.unknown).toEqual(['Note']);
      const expected = ['2: ', '3: ', '5: '].map(
        (line, index) => line + TABLE[index + 1]?.join('|'),
      );
      expect(await rowsOf(csv)).toEqual(expected);
    });
  });
});

describe('the layout', () => {
  it.each([
    ['email\na@x.org\n', ',', ['2: a@x.org']],
    ['email;amount\na@x.org;1,50\nb@x.org;2,50\n', ';', ['2: a@x.org|1,50', '3: b@x.org|2,50']],
    ['email,tags\na@x.org,a;b;c\nb@x.org,d;e\n', ',', ['2: a@x.org|a;b;c', '3: b@x.org|d;e']],
    ['Name, Vorname;E-Mail\nMeier, Ann;a@x.org\n', ';', ['2: Meier, Ann|a@x.org']],
    ['sep=|\r\nemail|a;b\r\na@x.org|c;d\r\n', '|', ['3: a@x.org|c;d']],
    ['"sep=;"\nemail;note\na@x.org;1\n', ';', ['3: a@x.org|1']],
    ['\n \nemail;note\n\na@x.org;1\n', ';', ['5: a@x.org|1']],
    ['email,note,,\na@x.org,1,,\nb@x.org,2\n', ',', ['2: a@x.org|1', '3: b@x.org|2']],
    ['"email\nof them",note\na@x.org,1\n', ',', ['3: a@x.org|1']],
    ['email\ta\r"a\rb@x.org"\t1\r', '\t', ['2: a\rb@x.org|1']],
  ])('%j', async (text, delimiter, expected) => {
    const mapping = text.includes('of them') ? { 'email of them': 'email' as const } : undefined;
    await withCsv(
      text,
      async (csv) => {
        expect(csv.delimiter).toBe(delimiter);
        expect(await rowsOf(csv)).toEqual(expected);
      },
      { ...LIMIT, mapping },
    );
  });
});

describe('bytes that are not UTF-8', () => {
  const far = 'a@x.org,Ann\n'.repeat(50_000);

  it('make the file Windows-1252, wherever they are', async () => {
    const bytes = Buffer.concat([
      encoded(`email,name\n${far}`),
      Buffer.from('b@x.org,J\xfcrgen\n', 'latin1'),
    ]);
    await withCsv(bytes, async (csv) => {
      expect(csv.encoding).toBe('windows-1252');
      expect((await rowsOf(csv)).at(-1)).toBe('50002: b@x.org|Jürgen');
    });
  });

  it('cost their row only, if most letters are good UTF-8', async () => {
    const bytes = Buffer.concat([
      encoded('email,name\na@x.org,Zoë\nb@x.org,Jürgen\n'),
      Buffer.from('c@x.org,J\xfcrgen\n', 'latin1'),
      encoded('d@x.org,Émile\n'),
    ]);
    await withCsv(bytes, async (csv) => {
      expect(csv.encoding).toBe('utf-8');
      expect(await rowsOf(csv)).toEqual([
        '2: a@x.org|Zoë',
        '3: b@x.org|Jürgen',
        '4! The row holds bytes that are not UTF-8. (c@x.org,J\ufffdrgen)',
        '5: d@x.org|Émile',
      ]);
    });
  });

  it.each([0, 1, 2, 3])('are not seen in a letter that two reads share (%i)', async (shift) => {
    const row = `a@x.org,${'x'.repeat(shift)}${'€'.repeat(1_000)}\n`;
    await withCsv(`email,name\n${row.repeat(400)}`, async (csv) => {
      expect(csv.encoding).toBe('utf-8');
      const rows = await rowsOf(csv);
      expect(rows).toHaveLength(400);
      expect(rows.every((each) => each.endsWith('€'.repeat(1_000)))).toBe(true);
    });
  });
});

describe('rows', () => {
  const many = (count: number) =>
    `email,n\n${Array.from({ length: count }, (_, n) => `p${n}@x.org,${n}\n`).join('')}`;

  it.each([1, 999, 1_000, 1_001, 30_000])('come in chunks: %i', async (count) => {
    await withCsv(many(count), async (csv) => {
      const sizes: number[] = [];
      for await (const chunk of csv.rows()) sizes.push(chunk.length);
      expect(sizes.slice(0, -1).every((size) => size === CHUNK_ROWS)).toBe(true);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(count);
      expect(sizes.at(-1)).toBeGreaterThan(0);
    });
  });

  it('come from the beginning each time, also two at a time, and may be left', async () => {
    const path = await pathOf(many(30_000));
    const csv = await openCsv(path, LIMIT);
    const expected = await rowsOf(csv);
    for await (const chunk of csv.rows()) {
      expect(chunk[0]).toEqual({ line: 2, cells: ['p0@x.org', '0'] });
      break;
    }
    expect(await Promise.all([rowsOf(csv), rowsOf(csv)])).toEqual([expected, expected]);
    await csv.close();
  });

  it('are the same from a path, a buffer and a stream', async () => {
    const text = many(30_000);
    const opened = [
      await openCsv(await pathOf(text), LIMIT),
      await openCsvBuffer(Buffer.from(text), LIMIT),
      await openCsvBuffer(Readable.from(text.match(/.{1,1000}/gs) ?? []), LIMIT),
      await openCsvBuffer(Readable.from([Buffer.from(text)]), LIMIT),
    ];
    const all = await Promise.all(opened.map(rowsOf));
    expect(all[0]).toHaveLength(30_000);
    expect(new Set(all.map((rows) => rows.join())).size).toBe(1);
    expect(new Set(opened.map(({ sha256 }) => sha256)).size).toBe(1);
    await Promise.all(opened.map((csv) => csv.close()));
  });

  it('that are broken do not stop the others', async () => {
    const text = 'email,name\na@x.org,"Ann\nb@x.org,Bob\nc@x.org\nd@x.org,Di,4\ne@x.org,Ed';
    await withCsv(text, async (csv) => {
      expect(await rowsOf(csv)).toEqual([
        '2! A quoted cell is opened here and never closed. (a@x.org,"Ann)',
        '3: b@x.org|Bob',
        '4! The row has 1 cell, the header has 2. (c@x.org)',
        '5! The row has 3 cells, the header has 2. (d@x.org,Di,4)',
        '6: e@x.org|Ed',
      ]);
    });
  });

  it('stop with a fault if the file changes meanwhile', async () => {
    const path = await pathOf(many(10));
    const csv = await openCsv(path, LIMIT);
    await appendFile(path, 'late@x.org,11\n');
    await expect(rowsOf(csv)).rejects.toThrow('changed while it was being read');
    await csv.close();
  });

  it('of a stream leave nothing behind in the temporary folder', async () => {
    const ours = async () =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('assent-import-'));
    const before = await ours();
    const csv = await openCsvBuffer(Readable.from([many(10)]), LIMIT);
    expect(await ours()).toEqual(before);
    expect(await rowsOf(csv)).toHaveLength(10);
    await csv.close();
  });
});
