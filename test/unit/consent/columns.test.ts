/** Columns: known by their words in seven languages, or said; never guessed. */
import { describe, expect, it } from '@jest/globals';
import { stdSerializers } from 'pino';
import { COLUMN_ROLES, isColumnRole, mapColumns } from '../../../src/consent/columns.ts';
import { CsvRefused } from '../../../src/consent/csv-refused.ts';

/** The mapping in one line: roles by index. */
const roles = (headers: string[], given = {}) => mapColumns(headers, given).roles.join(' ');

const sentences = (headers: string[], given = {}, sample: string[][] = []) =>
  mapColumns(headers, given, sample).faults.map(({ code, sentence }) => `${code}: ${sentence}`);

describe('the words of a header', () => {
  it.each([
    [
      'en',
      'Email Address|First Name|Last Name|Tags|Language|Time Zone|Opt-in date|Status|Customer ID',
    ],
    [
      'de',
      'E-Mail-Adresse|Vorname|Nachname|Schlagwörter|Sprache|Zeitzone|Einwilligungsdatum|Anmeldestatus|Kundennummer',
    ],
    [
      'fr',
      'Adresse e-mail|Prénom|Nom|Étiquettes|Langue|Fuseau horaire|Date d’inscription|Statut|Numéro de client',
    ],
    [
      'es',
      'Correo electrónico|Nombre|Apellidos|Etiquetas|Idioma|Zona horaria|Fecha de alta|Estado|Número de cliente',
    ],
    [
      'pt',
      'Endereço de e-mail|Nome|Sobrenome|Etiquetas|Idioma|Fuso horário|Data de inscrição|Situação|Número do cliente',
    ],
    [
      'nl',
      'E-mailadres|Voornaam|Achternaam|Trefwoorden|Taal|Tijdzone|Inschrijfdatum|Abonnementsstatus|Klantnummer',
    ],
    [
      'it',
      'Indirizzo email|Nome|Cognome|Etichette|Lingua|Fuso orario|Data di iscrizione|Stato|Codice cliente',
    ],
  ])('are known in %s', (_, headers) => {
    expect(roles(headers.split('|'))).toBe(
      'email firstName lastName tags language timeZone consentDate status externalId',
    );
  });

  it.each([
    'email',
    'EMAIL',
    ' E-Mail ',
    'e_mail',
    'E‑Mail',
    'emailAddress',
    'Email address:',
    'E-MAIL (1)',
    'Mail',
    'courriel',
    'Mél',
    'adresse e-mail',
    'ADRESSE ÉLECTRONIQUE',
    'adresse e\u0301lectronique',
    'correo',
    'Correo Electrónico',
    'correio eletrônico',
    'Correio eletrónico',
    'e-mailadres',
    'Indirizzo e-mail',
    'posta elettronica',
    'E-mail 1 - Value',
  ])('%j is an e-mail address', (header) => {
    expect(roles([header])).toBe('email');
  });

  it.each([
    'Email status',
    'E-mail 1 - Label',
    'E-mail Display Name',
    'Email domain',
    'Mailbox',
    'Emails sent',
    'Mail merge',
    '',
    '?',
    '1',
  ])('%j is none', (header) => {
    expect(mapColumns([header]).roles).not.toContain('email');
  });

  it.each([
    [
      'Mailchimp',
      'Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,TIMEZONE,LAST_CHANGED,LEID,EUID,TAGS',
      'email firstName lastName ignore consentDate ignore ignore timeZone ignore externalId ignore tags',
    ],
    [
      'Mailchimp, unsubscribed',
      'Email Address,First Name,UNSUB_TIME,UNSUB_REASON',
      'email firstName unsubscribed ignore',
    ],
    [
      'Salesforce',
      'Contact ID,First Name,Last Name,Email,Email Opt Out,Email Bounced Date',
      'externalId firstName lastName email unsubscribed bounced',
    ],
    [
      'HubSpot',
      'Record ID,First Name,Last Name,Email,Lead Status,Unsubscribed from all email',
      'externalId firstName lastName email ignore unsubscribed',
    ],
    [
      'Google',
      'First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value',
      'firstName lastName tags ignore email ignore email2',
    ],
    [
      'Outlook',
      'First Name,Last Name,E-mail Address,E-mail Type,E-mail 2 Address,E-mail 3 Address,Categories',
      'firstName lastName email ignore email2 email3 tags',
    ],
    [
      'Klaviyo',
      'Email,Klaviyo ID,First Name,Email Marketing Consent,Email Marketing Consent Timestamp',
      'email externalId firstName status consentDate',
    ],
    [
      'listmonk',
      'uuid,email,name,attributes,status,created_at',
      'externalId email name ignore status ignore',
    ],
    [
      'Keap',
      'Id,First Name,Email,Email Address 2,Email Address 3,Tags',
      'externalId firstName email email2 email3 tags',
    ],
  ])('are known in the export of %s', (_, headers, expected) => {
    expect(roles(headers.split(','))).toBe(expected);
  });

  it.each([
    ['Name|Vorname', 'lastName firstName'],
    ['Name', 'name'],
    ['Prénom|Nom', 'firstName lastName'],
    ['Nom|Nom de famille', 'name lastName'],
    ['Naam|Voornaam', 'lastName firstName'],
    ['Nombre|Apellido', 'firstName lastName'],
    ['Nome|Cognome', 'firstName lastName'],
    ['Nome', 'name'],
    ['Name|First name', 'name firstName'],
  ])('%s: %s', (headers, expected) => {
    expect(roles(['email', ...headers.split('|')])).toBe(`email ${expected}`);
  });
});

describe('several e-mail columns', () => {
  it.each([
    ['E-Mail|E-Mail|E-Mail', 'email email2 email3'],
    ['Email 2|Email', 'email2 email'],
    ['Email 3|Email 2|Email 1', 'email3 email2 email'],
    ['Work email|Email', 'email2 email'],
    ['Private E-Mail|Geschäftliche E-Mail', 'email email2'],
    ['Zweite E-Mail|Name|E-Mail', 'email2 name email'],
    ['E-Mail|Autre e-mail|Altra e-mail', 'email email2 email3'],
  ])('%s are %s', (headers, expected) => {
    expect(roles(headers.split('|'))).toBe(expected);
  });

  it('leaves a fourth one out, and says so', () => {
    const mapping = mapColumns(['Email', 'Email 2', 'Email 3', 'Email 4']);
    expect(mapping.roles).toEqual(['email', 'email2', 'email3', 'ignore']);
    expect(mapping.unknown).toEqual(['Email 4']);
    expect(mapping.faults).toEqual([]);
  });
});

describe('what somebody said', () => {
  it('wins over the words, whatever its case, accents and punctuation', () => {
    const headers = ['Email', 'Prénom', 'Contact'];
    const given = { contact: 'email', PRENOM: 'ignore', 'e-mail': 'email2' } as const;
    expect(mapColumns(headers, given)).toEqual({
      headers,
      roles: ['email2', 'ignore', 'email'],
      unknown: [],
      faults: [],
    });
  });

  it('leaves the free fields to the words', () => {
    expect(roles(['Kontakt', 'Email', 'Email 2', 'Email 3'], { Kontakt: 'email' })).toBe(
      'email email2 email3 ignore',
    );
  });

  it('makes another column that looks the same one of no use', () => {
    const mapping = mapColumns(['Email', 'Status', 'Newsletter status'], {
      'Newsletter status': 'status',
    });
    expect(mapping.roles).toEqual(['email', 'ignore', 'status']);
    expect(mapping.unknown).toEqual(['Status']);
  });

  it('takes the exact header before one that only compares equal', () => {
    expect(roles(['Email', 'code', 'Code'], { Code: 'externalId' })).toBe(
      'email ignore externalId',
    );
  });

  it.each([
    [{ Mobile: 'name' }, 'unknown-column: There is no column "Mobile".'],
    [{ '': 'name' }, 'unknown-column: There is no column "".'],
    [{ 'ann@example.org': 'name' }, 'unknown-column: There is no column "…@…".'],
    [{ Code: 'name' }, 'unknown-column: There are 2 columns "Code"; rename them in the file.'],
    [
      { Note: 'adress' },
      `unknown-column: "adress" is not known; it must be one of ${COLUMN_ROLES.join(', ')}.`,
    ],
    [
      { Note: 'constructor' },
      `unknown-column: "constructor" is not known; it must be one of ${COLUMN_ROLES.join(', ')}.`,
    ],
    [
      { Note: 'name', Name: 'name' },
      'unknown-column: The columns "Note" and "Name" both seem to hold the whole name.',
    ],
  ])('%j is a fault', (given, sentence) => {
    expect(sentences(['Email', 'Note', 'Name', 'Code', 'Code'], given)).toEqual([sentence]);
  });

  it('knows its own words only', () => {
    expect(COLUMN_ROLES.every(isColumnRole)).toBe(true);
    expect(['Email', '', 'toString', '__proto__'].some(isColumnRole)).toBe(false);
  });
});

describe('a mapping that is not clear', () => {
  it('has a fault where two columns look like one thing, but for tags', () => {
    expect(sentences(['Email', 'Status', 'Email status', 'Tags', 'Groups'])).toEqual([
      'unknown-column: The columns "Status" and "Email status" both seem to hold the status in the old system.',
    ]);
  });

  it('lists the columns that told nothing, but not those without a name', () => {
    expect(mapColumns(['Email', 'Shoe size', '', 'Phone ']).unknown).toEqual([
      'Shoe size',
      'Phone',
    ]);
  });

  it('names the columns if none is an e-mail address', () => {
    expect(sentences(['Kontakt', '', 'Phone'])).toEqual([
      'no-email-column: Its columns are "Kontakt", number 2, "Phone".',
    ]);
  });

  it('names a few of very many columns, and long names in part', () => {
    const sentence = sentences(
      Array.from({ length: 500 }, (_, i) => `${'x'.repeat(900)}${i}`),
    ).join();
    expect(sentence).toMatch(/^no-email-column: Its columns are "x{40}…", .*, …\.$/);
    expect(sentence.length).toBeLessThan(700);
  });

  it('suggests the column whose cells are mostly addresses', () => {
    const sample = [
      ['Ann', 'ann@example.org', ''],
      ['Bob', '', 'bob@example.org'],
      ['Cy', 'cy@example.org', 'none'],
      ['Di', 'n/a', 'none'],
    ];
    expect(sentences(['Wer', 'Kontakt', 'Notiz'], {}, sample)).toEqual([
      'no-email-column: By its content it may be "Kontakt".',
    ]);
  });

  it('says that the header line is missing, without showing the address in its place', () => {
    expect(sentences(['Ann', 'ann@example.org'], {}, [['Bob', 'bob@example.org']])).toEqual([
      'no-email-column: The first line holds an e-mail address, so the header line seems to be missing.',
    ]);
  });
});

describe('CsvRefused', () => {
  const columns = mapColumns(['ann@example.org']);
  const refused = new CsvRefused('no-email-column', 'By its content it may be "Kontakt".', {
    columns,
  });

  it('says what happened, what was not done, and what to do', () => {
    expect(refused.message).toBe(
      'No column of this file is known to hold e-mail addresses. By its content it may be "Kontakt". ' +
        'Nothing was imported. Say which column does.',
    );
  });

  it('gives the columns to who asks, but to no logger', () => {
    expect(refused.columns).toBe(columns);
    const logged = JSON.stringify(stdSerializers.err(refused));
    expect(logged).toContain('no-email-column');
    expect(logged).not.toContain('ann@example.org');
  });
});
