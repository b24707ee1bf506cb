/** Row: a contact, or why it is none; nothing is guessed and nothing is lost silently. */
import { describe, expect, it } from '@jest/globals';
import { array, constantFrom, string } from 'fast-check';
import { type ColumnRole, mapColumns } from '../../../src/consent/columns.ts';
import { readRow } from '../../../src/consent/row.ts';
import { forAll } from '../../support/csv/for-all.ts';

const NOW = new Date('2026-03-10T12:00:00Z');

/** Reads one row whose columns are called as what they hold. */
function read(row: Partial<Record<ColumnRole, string>>, dayFirst?: boolean) {
  const roles = Object.keys(row);
  const given = Object.fromEntries(roles.map((role) => [role, role])) as Record<string, ColumnRole>;
  return readRow(Object.values(row), mapColumns(roles, given), { now: NOW, dayFirst });
}

/** The contact of a row that has an address; its addresses left out. */
function contact(row: Partial<Record<ColumnRole, string>>, dayFirst?: boolean) {
  const result = read({ email: 'ann@example.org', ...row }, dayFirst);
  if (!result.ok) throw new Error(`rejected: ${result.column}: ${result.reason}`);
  const { addresses: _, ...others } = result.contact;
  return others;
}

function notes(row: Partial<Record<ColumnRole, string>>) {
  const result = read({ email: 'ann@example.org', ...row });
  return result.ok ? result.notes : 'rejected';
}

function rejected(row: Partial<Record<ColumnRole, string>>, dayFirst?: boolean) {
  const result = read({ email: 'ann@example.org', ...row }, dayFirst);
  return result.ok ? 'taken' : `${result.column}: ${result.reason}`;
}

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
  const fields = (row: Partial<Record<ColumnRole, string>>) => {
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

describe('status', () => {
  it.each([
    ['', undefined],
    [
      'Subscribed|active|OPT-IN|Abonniert|aktiv|Inscrit|abonné|Suscrito|activo|Inscrito|Ativo|ingeschreven|Iscritto',
      undefined,
    ],
    [
      'Unsubscribed|opt-out|Opted Out|abgemeldet|ausgetragen|Désabonné|désinscrite|baja|Dado de baja|descadastrado|uitgeschreven|afgemeld|disiscritto',
      'unsubscribed',
    ],
    [
      'Bounced|hard bounce|HARD_BOUNCED|Cleaned|unzustellbar|rebotado|devolvido|gebounced|rimbalzato|non distribuable',
      'bounced',
    ],
    [
      'Complained|spam|Spam complaint|abuse|Beschwerde|plainte|queja|reclamação|klacht|segnalato come spam',
      'complained',
    ],
  ])('%s', (words, expected) => {
    for (const status of words.split('|')) expect(contact({ status }).status).toBe(expected);
  });

  it.each([
    'pending',
    'unconfirmed',
    'never subscribed',
    'inactive',
    'archived',
    'yes',
    '0',
    'lead',
  ])('rejects %j, since it may or may not mean permission', (status) => {
    expect(rejected({ status })).toBe(
      'status: This status is not known, so it is not clear whether the person may be mailed.',
    );
  });

  it.each([
    ['yes|TRUE|1|x|ja|oui|sí|sim|sì|✓|2024-05-06|05/06/2024|2024-05-06T07:08:09Z', true],
    ['|no|False|0|nein|non|não|nee|0000-00-00 00:00:00', false],
  ])('columns of yes and no: %s', (words, isYes) => {
    for (const cell of words.split('|')) {
      expect(contact({ unsubscribed: cell }).status).toBe(isYes ? 'unsubscribed' : undefined);
      expect(contact({ bounced: cell }).status).toBe(isYes ? 'bounced' : undefined);
    }
  });

  it.each(['maybe', '2', '31.02.2024'])('rejects %j where yes or no is meant', (cell) => {
    const sentence = 'This is neither yes, nor no, nor a date.';
    expect(rejected({ unsubscribed: cell })).toBe(`unsubscribed: ${sentence}`);
    expect(rejected({ bounced: cell })).toBe(`bounced: ${sentence}`);
  });

  it('takes a soft bounce for none', () => {
    expect(contact({ bounced: 'soft' }).status).toBeUndefined();
    expect(contact({ bounced: 'hard', status: 'soft bounce' } as never)).toMatchObject({});
  });

  it.each([
    ['bounced', 'yes', 'yes', 'unsubscribed'],
    ['spam', 'yes', 'yes', 'complained'],
    ['unsubscribed', 'no', 'yes', 'unsubscribed'],
    ['subscribed', 'yes', 'no', 'unsubscribed'],
    ['subscribed', 'no', 'no', undefined],
  ])(
    '%s, unsubscribed %s, bounced %s: the strongest wins: %s',
    (status, unsubscribed, bounced, expected) => {
      expect(contact({ status, unsubscribed, bounced }).status).toBe(expected);
      expect(contact({ bounced, unsubscribed, status }).status).toBe(expected);
    },
  );
});

describe('the date of consent', () => {
  const at = (consentDate: string, dayFirst?: boolean) =>
    contact({ consentDate }, dayFirst).consentAt?.toISOString();

  it.each([
    ['2025-03-04', '2025-03-04T00:00:00.000Z'],
    ['2025/3/4', '2025-03-04T00:00:00.000Z'],
    ['2025-03-04 10:30', '2025-03-04T10:30:00.000Z'],
    ['2025-03-04T10:30:15', '2025-03-04T10:30:15.000Z'],
    ['2025-03-04T10:30:15.123456Z', '2025-03-04T10:30:15.123Z'],
    ['2025-03-04 10:30:15 UTC', '2025-03-04T10:30:15.000Z'],
    ['2025-03-04T10:30:15+02:00', '2025-03-04T08:30:15.000Z'],
    ['2025-03-04T10:30:15-0530', '2025-03-04T16:00:15.000Z'],
    ['04.03.2025', '2025-03-04T00:00:00.000Z'],
    ['4.3.2025, 10:30', '2025-03-04T10:30:00.000Z'],
    ['25/03/2025', '2025-03-25T00:00:00.000Z'],
    ['03/25/2025 1:05 PM', '2025-03-25T13:05:00.000Z'],
    ['03/25/2025 12:05 a.m.', '2025-03-25T00:05:00.000Z'],
    ['25-03-2025', '2025-03-25T00:00:00.000Z'],
    ['03/03/2025', '2025-03-03T00:00:00.000Z'],
    ['29.02.2024', '2024-02-29T00:00:00.000Z'],
    ['0000-00-00 00:00:00', undefined],
  ])('%s is %s', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  it.each(['04/03/2025', '04-03-2025 10:30'])('%s is as the file means it', (text) => {
    expect(at(text, true)).toMatch(/^2025-03-04/);
    expect(at(text, false)).toMatch(/^2025-04-03/);
    expect(rejected({ consentDate: text })).toBe(
      'consentDate: It is not known whether the day or the month comes first.',
    );
  });

  it.each([
    [
      'yesterday',
      undefined,
      'This is not a date that can be read (like 2025-03-31 or 2025-03-31 10:30).',
    ],
    [
      '25.03.25',
      undefined,
      'This is not a date that can be read (like 2025-03-31 or 2025-03-31 10:30).',
    ],
    [
      '2025-03-04 noon',
      undefined,
      'This is not a date that can be read (like 2025-03-31 or 2025-03-31 10:30).',
    ],
    [
      '2025-03/04',
      undefined,
      'This is not a date that can be read (like 2025-03-31 or 2025-03-31 10:30).',
    ],
    [
      '45123',
      undefined,
      'This is not a date that can be read (like 2025-03-31 or 2025-03-31 10:30).',
    ],
    ['2025-02-29', undefined, 'There is no such date, or nobody could consent to e-mail then.'],
    ['1900-02-29', undefined, 'There is no such date, or nobody could consent to e-mail then.'],
    ['2025-13-01', undefined, 'There is no such date, or nobody could consent to e-mail then.'],
    ['2025-00-10', undefined, 'There is no such date, or nobody could consent to e-mail then.'],
    [
      '2025-03-04 24:00',
      undefined,
      'There is no such date, or nobody could consent to e-mail then.',
    ],
    [
      '2025-03-04 13:00 pm',
      undefined,
      'There is no such date, or nobody could consent to e-mail then.',
    ],
    ['1970-01-01', undefined, 'There is no such date, or nobody could consent to e-mail then.'],
    ['03/25/2025', true, 'There is no such date, or nobody could consent to e-mail then.'],
    ['25/03/2025', false, 'There is no such date, or nobody could consent to e-mail then.'],
    ['2026-03-10T12:00:01Z', undefined, 'This date is in the future.'],
    ['2026-03-12', undefined, 'This date is in the future.'],
    ['2027-01-01', undefined, 'This date is in the future.'],
  ])('%s rejects the row', (consentDate, dayFirst, reason) => {
    expect(rejected({ consentDate }, dayFirst)).toBe(`consentDate: ${reason}`);
  });

  it('may be today where today has begun already, and is never after now', () => {
    expect(at('2026-03-11')).toBe(NOW.toISOString());
    expect(at('2026-03-10 23:59')).toBe(NOW.toISOString());
    expect(at('2026-03-10')).toBe('2026-03-10T00:00:00.000Z');
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
