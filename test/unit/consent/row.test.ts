/** Row: a contact, or why it is none; nothing is guessed and nothing is lost silently. */
import { describe, expect, it } from '@jest/globals';
import { array, constantFrom, string } from 'fast-check';
import { type ColumnRole, mapColumns } from '../../../src/consent/columns.ts';
import { readRow } from '../../../src/consent/row.ts';
import { forAll } from '../../support/csv/for-all.ts';
import { contact, NOW, notes, type Row, read, rejected } from '../../support/csv/read-row.ts';

describe('a whole row', () => {
  it('becomes a contact', () => {
    expect(
      read({
        externalId: ' 0815 ',
        email: ' Ann@Example.org ',
        email2: 'ann@müller.de',
        firstName: ' Ann  Mary ',
        lastName: 'O\u2019Neil',
        name: 'Ann O\u2019Neil',
        tags: 'news; spring 2026',
        language: 'Deutsch',
        timeZone: 'europe/berlin',
        consentDate: '2025-03-04 10:30',
        status: 'subscribed',
      }),
    ).toEqual({
      ok: true,
      contact: {
        externalId: '0815',
        addresses: [
          { field: 'email', address: 'Ann@example.org', key: 'ann@example.org' },
          { field: 'email2', address: 'ann@xn--mller-kva.de', key: 'ann@xn--mller-kva.de' },
        ],
        firstName: 'Ann Mary',
        lastName: 'O\u2019Neil',
        name: 'Ann O\u2019Neil',
        tags: ['news', 'spring 2026'],
        language: 'de',
        timeZone: 'Europe/Berlin',
        consentAt: new Date('2025-03-04T10:30:00Z'),
      },
      notes: [],
    });
  });

  it('has no fields for empty cells and ignored columns', () => {
    expect(contact({ firstName: ' ', status: '', consentDate: '', ignore: 'x' })).toEqual({
      tags: [],
    });
  });

  it('may be shorter than the header', () => {
    expect(readRow(['ann@example.org'], mapColumns(['Email', 'Name']), { now: NOW })).toMatchObject(
      {
        ok: true,
      },
    );
  });
});

describe('addresses', () => {
  const fields = (row: Row) => {
    const result = read(row);
    return result.ok ? result.contact.addresses.map(({ field, key }) => `${field} ${key}`) : [];
  };

  it('stand in the order of their fields, whatever the order of the columns', () => {
    expect(fields({ email3: 'c@x.org', email: 'a@x.org', email2: 'b@x.org' })).toEqual([
      'email a@x.org',
      'email2 b@x.org',
      'email3 c@x.org',
    ]);
  });

  it('are taken once, in the first of their fields', () => {
    expect(fields({ email2: 'A@X.org', email3: 'b@x.org', email: 'a@x.org' })).toEqual([
      'email a@x.org',
      'email3 b@x.org',
    ]);
  });

  it('keep the row if one of them is good, and the others are noted', () => {
    const row = { email: 'ann', email2: 'ann@example.org', email3: 'ann@localhost' };
    expect(fields(row)).toEqual(['email2 ann@example.org']);
    expect(read(row)).toMatchObject({
      notes: [
        { column: 'email', reason: 'There is no @ in it; the row was imported without it.' },
        {
          column: 'email3',
          reason: 'What follows the @ is not a domain; the row was imported without it.',
        },
      ],
    });
  });

  it.each([
    [{ email: '', name: 'Ann' }, 'email: The row holds no e-mail address.'],
    [{ email: 'n/a' }, 'email: There is no @ in it.'],
    [{ email: 'ann..lee@x.org' }, 'email: This is not an e-mail address.'],
    [{ email: '', email2: 'ann@x' }, 'email2: What follows the @ is not a domain.'],
    [
      { email: 'änn@x.org' },
      'email: There are letters before the @ that most mail systems do not take.',
    ],
    [{ email: `${'a'.repeat(65)}@x.org` }, 'email: This is longer than an e-mail address can be.'],
    [{ email: '<>' }, 'email: There is nothing in it.'],
  ])('%j is rejected', (row, reason) => {
    const result = read(row);
    expect(result.ok ? 'taken' : `${result.column}: ${result.reason}`).toBe(reason);
  });

  it('are called by their place if their column has no name', () => {
    const mapping = {
      headers: ['Name', ''],
      roles: ['name', 'email'],
      unknown: [],
      faults: [],
    } as const;
    expect(readRow(['Ann', 'x'], mapping, { now: NOW })).toMatchObject({ column: 'column 2' });
  });
});

describe('tags', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['a; b, c ;', ['a', 'b, c']],
    ['one\ntwo', ['one', 'two']],
    ['"one","two"', ['one', 'two']],
    ['a,a, ,A', ['a', 'A']],
    ['caf\u0065\u0301', ['caf\u00e9']],
    [';,', [',']],
    ['x'.repeat(80), ['x'.repeat(80)]],
    ['😀'.repeat(80), ['😀'.repeat(80)]],
  ])('%j', (tags, expected) => {
    expect(contact({ tags }).tags).toEqual(expected);
  });

  it('leave out and note what cannot be a tag', () => {
    const bad = `ok,${'x'.repeat(81)},a\u0007b`;
    expect(contact({ tags: bad }).tags).toEqual(['ok']);
    expect(notes({ tags: bad })).toEqual([
      {
        column: 'tags',
        reason:
          'One of the tags cannot be taken. This is longer than 80 letters; the row was imported without it.',
      },
      {
        column: 'tags',
        reason:
          'One of the tags cannot be taken. There are control characters in it; the row was imported without it.',
      },
    ]);
  });

  it('are fifty at most', () => {
    const tags = Array.from({ length: 52 }, (_, index) => `t${index}`);
    expect(contact({ tags: tags.join() }).tags).toEqual(tags.slice(0, 50));
    expect(notes({ tags: tags.slice(0, 50).join() })).toEqual([]);
    expect(notes({ tags: tags.join() })).toEqual([
      {
        column: 'tags',
        reason: 'There is a tag after the first 50; the row was imported without it.',
      },
    ]);
  });

  it('come from several columns', () => {
    const mapping = mapColumns(['Email', 'Tags', 'Groups']);
    expect(readRow(['a@x.org', 'one', 'two,one'], mapping, { now: NOW })).toMatchObject({
      contact: { tags: ['one', 'two'] },
    });
  });
});

describe('a flaw beside the address', () => {
  it.each([
    ['firstName', 'x'.repeat(201), 'This is longer than 200 letters'],
    ['lastName', 'a\u0000b', 'There are control characters in it'],
    ['name', 'evil\u202egnp.exe', 'There are control characters in it'],
    ['language', 'Klingon', 'This is no known language'],
    ['language', 'xx', 'This is no known language'],
    ['timeZone', 'Mars/Olympus', 'This is no known time zone'],
    ['timeZone', '+02:00', 'This is no known time zone'],
  ] as const)('costs that cell only: %s', (role, cell, reason) => {
    expect(contact({ [role]: cell })).toEqual({ tags: [] });
    expect(notes({ [role]: cell })).toEqual([
      { column: role, reason: `${reason}; the row was imported without it.` },
    ]);
  });

  it('but in an id, which says who somebody is, it costs the row', () => {
    expect(rejected({ externalId: 'a\u0007' })).toBe(
      'externalId: There are control characters in it.',
    );
    expect(rejected({ externalId: 'x'.repeat(201) })).toBe(
      'externalId: This is longer than 200 letters.',
    );
  });
});

it.each([
  ['de', 'de'],
  ['DE_at', 'de-AT'],
  ['pt-BR', 'pt-BR'],
  ['deu', 'de'],
  ['German', 'de'],
  ['deutsch', 'de'],
  ['Französisch', 'fr'],
  ['français', 'fr'],
  ['Inglés', 'en'],
  ['nederlands', 'nl'],
  ['Portugiesisch', 'pt'],
  ['italien', 'it'],
  ['日本語', 'ja'],
  ['zh-Hant-TW', 'zh-Hant-TW'],
])('language %s is %s', (language, expected) => {
  expect(contact({ language }).language).toBe(expected);
});

it.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['america/new_york', 'America/New_York'],
  ['UTC', 'UTC'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
])('time zone %s is %s', (timeZone, expected) => {
  expect(contact({ timeZone }).timeZone).toBe(expected);
});

it("takes off the ' that a reject file puts before what a spreadsheet would run", () => {
  const row = {
    email: "'-ann@example.org",
    firstName: "'=Ann",
    lastName: "'t Hooft",
    tags: "'@a;'+b;'c",
  };
  const result = read(row);
  expect(result).toMatchObject({
    ok: true,
    contact: {
      addresses: [{ key: '-ann@example.org' }],
      firstName: '=Ann',
      lastName: "'t Hooft",
      tags: ['@a', '+b', "'c"],
    },
  });
});

it('never throws, and never shows a cell in a reason', async () => {
  const cells = string({ minLength: 12, maxLength: 60 });
  const roles = array(
    constantFrom<ColumnRole[]>(
      'email',
      'email2',
      'name',
      'status',
      'consentDate',
      'tags',
      'bounced',
      'externalId',
      'language',
      'timeZone',
    ),
    { minLength: 1, maxLength: 6 },
  );
  await forAll([roles, cells], (list, cell) => {
    const mapping = { headers: list, roles: list, unknown: [], faults: [] };
    const result = readRow(
      list.map(() => cell),
      mapping,
      { now: NOW },
    );
    const reasons = result.ok ? result.notes.map(({ reason }) => reason) : [result.reason];
    expect(reasons.filter((reason) => reason.includes(cell))).toEqual([]);
  });
});
