/** Row reasons: every one that an import can give is said in the reader's language. */
import { describe, expect, it } from '@jest/globals';
import type { ColumnRole } from '../../../src/consent/columns.ts';
import { readRow } from '../../../src/consent/row.ts';
import {
  ROW_REASONS,
  type RowReason,
  readReason,
  rowReason,
} from '../../../src/consent/row-reasons.ts';
import { SLACK_LOCALES } from '../../../src/slack/words/language.ts';
import { ROW_REASON_WORDS, reasonWords } from '../../../src/slack/words/row-reasons.ts';
import { LF, ROW_BYTES_MAX } from '../../../src/store/csv/frame.ts';
import { RowSplitter } from '../../../src/store/csv/splitter.ts';

const NOW = new Date('2026-03-31T10:00:00Z');
const OK = 'ann@example.org';
const codes = Object.keys(ROW_REASONS) as RowReason[];

/** What a cell gives as reasons, beside a good address or in its place. */
function reasonsOf(role: ColumnRole, cell: string): string[] {
  const email = role === 'email';
  const headers = email ? ['email'] : ['email', role];
  const roles: ColumnRole[] = email ? ['email'] : ['email', role];
  const cells = email ? [cell] : [OK, cell];
  const columns = { headers, roles, unknown: [], faults: [] };
  const result = readRow(cells, columns, { now: NOW });
  return result.ok ? result.notes.map(({ reason }) => reason) : [result.reason];
}

/** What rows that cannot be split give as reasons. */
function reasonsIn(csv: string | Buffer): string[] {
  const options = { delimiter: ',', newline: LF, columns: 2, isDamaged: true } as const;
  const splitter = new RowSplitter(options);
  const rows = [...splitter.push(Buffer.from(csv)), ...splitter.end()];
  return rows.flatMap((row) => ('fault' in row ? [row.fault] : []));
}

const CELLS: readonly (readonly [ColumnRole, string])[] = [
  ['email', ''],
  ['email', 'ann'],
  ['email', '<ann@example.org'],
  ['email', 'änn@example.org'],
  ['email', 'ann@-'],
  ['email', `${'a'.repeat(65)}@example.org`],
  ['email2', 'bob'],
  ['firstName', 'x'.repeat(201)],
  ['lastName', 'a\u0000b'],
  ['tags', 'y'.repeat(81)],
  ['tags', Array.from({ length: 51 }, (_, at) => `t${at}`).join(',')],
  ['language', 'zz-nowhere'],
  ['timeZone', 'Mars/Base'],
  ['consentDate', 'soon'],
  ['consentDate', '2025-02-31'],
  ['consentDate', '04/03/2025'],
  ['consentDate', '2027-01-01'],
  ['status', 'perhaps'],
  ['unsubscribed', 'perhaps'],
  ['externalId', 'x'.repeat(201)],
];
const FILES: readonly (string | Buffer)[] = [
  'email,name\nann@example.org\nbob@example.org,B\n',
  'email,name\na,b,c\nbob@example.org,B\n',
  'email,name\n"ann@example.org,A\nbob@example.org,B\n',
  'email,name\n"ann@example.org"x,A\nbob@example.org,B\n',
  `ann@example.org,${'x'.repeat(ROW_BYTES_MAX)}\nbob@example.org,B\n`,
  Buffer.concat([
    Buffer.from('email,name\nann@example.org,'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('\nbob@example.org,B\n'),
  ]),
];

describe('what an import says of rows', () => {
  it('is known, all of it, and nothing else is', () => {
    const said = CELLS.flatMap(([role, cell]) => reasonsOf(role, cell));
    for (const file of FILES) said.push(...reasonsIn(file));
    const found = said.map((reason) => readReason(reason)?.code);
    expect(found).not.toContain(undefined);
    // An empty cell is skipped before it is read as an address; the code stays, for it may be.
    expect(codes.filter((code) => !found.includes(code))).toEqual(['cell-empty']);
    for (const reason of said) {
      expect(reasonWords(reason, 'en')).toBe(reason);
      const german = reasonWords(reason, 'de');
      expect(german).not.toMatch(/ (?:is|the|There|row|This) /u);
      expect(german).not.toContain('#');
    }
  });

  it.each([
    ['The row has 3 cells, the header has 4.', 'Die Zeile hat 3 Zellen, die Kopfzeile hat 4.'],
    ['The row has 1 cell, the header has 12.', 'Die Zeile hat 1 Zelle, die Kopfzeile hat 12.'],
    [
      'One of the tags cannot be taken. This is longer than 80 letters; the row was imported without it.',
      'Einer der Tags wurde nicht übernommen. Das ist länger als 80 Zeichen; die Zeile wurde ohne diese Angabe importiert.',
    ],
    ['Something of tomorrow.', 'Something of tomorrow.'],
  ])('%s', (english, german) => {
    expect(reasonWords(english, 'de')).toBe(german);
  });

  it.each(codes.flatMap((code) => SLACK_LOCALES.map((locale) => [code, locale] as const)))(
    '%s takes as many numbers in %s as its sentence has',
    (code, locale) => {
      const signs = (text: string) => text.split('#').length;
      expect(signs(ROW_REASON_WORDS[locale].reasons[code])).toBe(signs(ROW_REASONS[code]));
      expect(readReason(`${rowReason(code, 7, 8)}.`)?.code).toBe(code);
    },
  );
});
