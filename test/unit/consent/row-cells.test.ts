/** Row cells: a status or a date of consent is understood, or rejects the row; never guessed. */
import { describe, expect, it } from '@jest/globals';
import { contact, NOW, rejected } from '../../support/csv/read-row.ts';

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
    expect(contact({ bounced: 'Soft Bounce', status: 'soft bounced' }).status).toBeUndefined();
  });

  it('takes the status where yes or no is meant', () => {
    expect(contact({ bounced: 'hard' }).status).toBe('bounced');
    expect(contact({ unsubscribed: 'Opted out' }).status).toBe('unsubscribed');
    expect(contact({ unsubscribed: 'Subscribed', bounced: 'active' }).status).toBeUndefined();
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
