/** Refused CSV files: nothing of them is imported, and the sentence says why and what to do. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CsvRefused } from '../../../src/consent/csv-refused.ts';
import { type CsvOptions, openCsv, openCsvBuffer } from '../../../src/store/csv/file.ts';
import { LIMIT, rowsOf, withCsv } from '../../support/csv/open-csv.ts';
import { encoded } from '../../support/csv/samples.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-refused-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** `code: message`, or `opened`. */
async function refusal(bytes: Buffer | string, options: CsvOptions = LIMIT): Promise<string> {
  return withCsv(bytes, () => 'opened', options).catch((error: unknown) => {
    if (!(error instanceof CsvRefused)) throw error;
    return `${error.code}: ${error.message}`;
  });
}

describe('a file is refused whole', () => {
  const HOW_TO_EXPORT =
    'Nothing was imported. Export the contacts as CSV (comma-separated values) and import that file.';
  const HOW_TO_SAVE =
    'Nothing was imported. Open it, choose "Save as" or "Download", and there "CSV UTF-8".';
  const HOW_TO_UNPACK = 'Nothing was imported. Unpack it and import the CSV file inside.';
  const zip = (name: string) =>
    Buffer.concat([Buffer.from('504b0304140000000800', 'hex'), Buffer.from(name)]);

  it.each<[string, Buffer | string, string]>([
    [
      'xlsx',
      zip('[Content_Types].xml xl/workbook.xml'),
      `It looks like an Excel workbook (.xlsx). ${HOW_TO_SAVE}`,
    ],
    [
      'ods',
      zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
      `It looks like an OpenDocument sheet (.ods). ${HOW_TO_SAVE}`,
    ],
    ['numbers', zip('Index/Document.iwa'), `It looks like a Numbers sheet. ${HOW_TO_SAVE}`],
    ['docx', zip('word/document.xml'), `It looks like a Word document (.docx). ${HOW_TO_EXPORT}`],
    ['zip', zip('contacts.csv'), `It looks like a ZIP archive. ${HOW_TO_UNPACK}`],
    [
      'xls',
      Buffer.from('d0cf11e0a1b11ae100', 'hex'),
      `It looks like an old Excel workbook (.xls). ${HOW_TO_SAVE}`,
    ],
    ['pdf', '%PDF-1.7\n', `It looks like a PDF document. ${HOW_TO_EXPORT}`],
    ['gzip', Buffer.from('1f8b0800', 'hex'), `It looks like a gzip archive. ${HOW_TO_UNPACK}`],
    [
      'png',
      Buffer.from('89504e470d0a1a0a00', 'hex'),
      `It looks like a PNG picture. ${HOW_TO_EXPORT}`,
    ],
    ['html', '\ufeff\n<!DOCTYPE html><table>', `It looks like a web page (HTML). ${HOW_TO_EXPORT}`],
    ['xml', '<?xml version="1.0"?>', `It looks like an XML document. ${HOW_TO_EXPORT}`],
    ['json', '[{"email":"a@x.org"}]', `It looks like JSON. ${HOW_TO_EXPORT}`],
    ['vcard', 'BEGIN:VCARD\n', `It looks like a vCard address book (.vcf). ${HOW_TO_EXPORT}`],
    [
      'zeros',
      'email,name\na@x.org,\0\n',
      `It holds zero bytes, which text never does. ${HOW_TO_EXPORT}`,
    ],
    [
      'zeros far behind',
      `email\n${'a@x.org\n'.repeat(50_000)}\0`,
      `It holds zero bytes, which text never does. ${HOW_TO_EXPORT}`,
    ],
    [
      'zeros in UTF-16',
      encoded('email\na@x.org\0', { encoding: 'utf-16le', hasMark: true }),
      `It holds zero bytes, which text never does. ${HOW_TO_EXPORT}`,
    ],
  ])('not text: %s', async (_, bytes, rest) => {
    expect(await refusal(bytes)).toBe(`not-text: This file is not CSV text. ${rest}`);
  });

  it('but not for a letter whose UTF-16 has a zero on either side', async () => {
    const text = 'email,name\na@x.org,aĀ一a\n';
    for (const encoding of ['utf-16le', 'utf-16be'] as const) {
      const rows = await withCsv(encoded(text, { encoding, hasMark: true }), rowsOf);
      expect(rows).toEqual(['2: a@x.org|aĀ一a']);
    }
  });

  const CHECK =
    'Nothing was imported. Check the export: a header line and at least one row are needed.';

  it.each([
    ['', `It has no bytes at all. ${CHECK}`],
    ['\ufeff', `It has no header line. ${CHECK}`],
    [' \r\n\r\n', `It has no header line. ${CHECK}`],
    ['email,name', `It has a header line, but no rows below it. ${CHECK}`],
    ['email,name\r\n\r\n,\r\n', `It has a header line, but no rows below it. ${CHECK}`],
  ])('empty: %j', async (text, rest) => {
    expect(await refusal(text)).toBe(`empty: This file holds no contacts. ${rest}`);
  });

  it('empty, although it has blank lines without end', async () => {
    expect(await refusal(`email,name\n${' \n'.repeat(300_000)}`)).toMatch(/^empty: /);
    expect(await refusal(`email,name\n${' \n'.repeat(300_000)}a@x.org,Ann`)).toBe('opened');
  });

  it.each(['path', 'buffer', 'stream'])('over the limit of size, as a %s', async (kind) => {
    const bytes = Buffer.from('email\na@x.org\n');
    const path = join(folder, 'small.csv');
    await writeFile(path, bytes);
    const open = async (bytesMax: number) => {
      if (kind === 'path') return openCsv(path, { bytesMax });
      return openCsvBuffer(kind === 'buffer' ? bytes : Readable.from([bytes]), { bytesMax });
    };
    await (await open(bytes.length)).close();
    await expect(open(bytes.length - 1)).rejects.toMatchObject({
      code: 'too-large',
      message:
        'This file is too large. It is over the limit of 0 MiB. Nothing was imported. ' +
        'Split it into smaller files, each with the header line, or raise the limit.',
    });
  });

  it('a stream without end, as soon as it is over the limit', async () => {
    let given = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          given += 1_000;
          yield Buffer.alloc(1_000, 'a');
        }
      })(),
    );
    await expect(openCsvBuffer(endless, { bytesMax: 100_000 })).rejects.toMatchObject({
      code: 'too-large',
    });
    expect(given).toBeLessThan(200_000);
    expect(endless.destroyed).toBe(true);
  });

  it.each([
    ['missing', 'There is no such file.'],
    ['.', 'It is not a file.'],
  ])('unreadable: %s', async (name, sentence) => {
    await expect(openCsv(join(folder, name), LIMIT)).rejects.toMatchObject({
      code: 'unreadable',
      message: `This file cannot be read. ${sentence} Nothing was imported. Check it and try again.`,
    });
  });

  it.each([
    ['"email,name\na@x.org,Ann\n', /^unreadable: .*Its header line is broken\. A quoted cell/],
    [`${'a'.repeat(70_000)}\nb\n`, /^unreadable: .*Its first line does not end\./],
    [
      `${Array.from({ length: 1_001 }, (_, n) => `c${n}`).join()}\nb\n`,
      /^unreadable: .*more than 1000 columns/,
    ],
    ['Kontakt,Name\na@x.org,Ann\n', /^no-email-column: .*By its content it may be "Kontakt"\./],
    [
      'a@x.org,Ann\nb@x.org,Bob\n',
      /^no-email-column: .*the header line seems to be missing\..* Put a line with the names of the columns before it\.$/,
    ],
    ['email,status,email status\na@x.org,x,y\n', /^unknown-column: .*"status" and "email status"/],
  ])('for its header: %#', async (text, sentence) => {
    expect(await refusal(text)).toMatch(sentence);
  });

  it('for what somebody said of its columns; it says what it understood', async () => {
    const mapping = { Kontakt: 'email', Nmae: 'name' } as const;
    const error = await withCsv('Kontakt,Name\na@x.org,Ann\n', () => undefined, {
      ...LIMIT,
      mapping,
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unknown-column', columns: { roles: ['email', 'name'] } });
  });
});
