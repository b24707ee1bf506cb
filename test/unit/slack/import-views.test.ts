/** Import views: the modal in all its shapes, and what is told at the end. */
import { describe, expect, it } from '@jest/globals';
import { leaves } from '../../../demo/slack/json.ts';
import { leaksInChannel, leaksInHiding } from '../../../demo/slack/leaks.ts';
import { validateMessage, validateView } from '../../../demo/slack/validate.ts';
import { mapColumns } from '../../../src/consent/columns.ts';
import { SOURCES } from '../../../src/consent/interview.ts';
import { InputErrors } from '../../../src/slack/guard/door.ts';
import { checkForm, EMPTY_FORM, type ImportForm } from '../../../src/slack/import/form.ts';
import {
  importFailedMessage,
  importMessage,
  rejectsComment,
  rejectsMessage,
} from '../../../src/slack/import/message.ts';
import {
  columnsModal,
  importedModal,
  importModal,
  readColumns,
} from '../../../src/slack/import/modal.ts';
import { gatherRejects } from '../../../src/slack/import/rejects.ts';
import type { ImportDocument } from '../../../src/store/imports.ts';
import { anInterview, hostile, NOW } from './models.ts';

const ids = (view: object): string[] =>
  leaves(view)
    .filter(({ at }) => at.endsWith('/block_id'))
    .map(({ text }) => text);

describe('the modal', () => {
  const forms: ImportForm[] = [
    EMPTY_FORM,
    { ...EMPTY_FORM, permission: 'no', name: hostile(80), tags: [hostile(400)], again: true },
    ...SOURCES.map((source) => ({ ...EMPTY_FORM, permission: 'yes' as const, source })),
    {
      ...EMPTY_FORM,
      permission: 'yes',
      source: 'web-form',
      answers: { ...anInterview('web-form', hostile).answers },
      attested: true,
    },
  ];

  it.each(forms.map((form) => [form.permission, form.source, form] as const))(
    'is one that Slack takes: permission %s, source %s',
    (_permission, _source, form) => {
      const view = importModal(form, 'en');
      expect(validateView(view, 'modal')).toEqual([]);
      expect(leaksInHiding('test', { ...view })).toEqual([]);
    },
  );

  it('has no default for the permission', () => {
    expect(JSON.stringify(importModal(EMPTY_FORM, 'en'))).not.toContain('initial_option');
  });

  it('asks how only after a yes, and no questions about a source that is no permission', () => {
    expect(ids(importModal(EMPTY_FORM, 'en'))).not.toContain('choose-source');
    expect(ids(importModal({ ...EMPTY_FORM, permission: 'no' }, 'en'))).not.toContain(
      'choose-source',
    );
    const yes = { ...EMPTY_FORM, permission: 'yes' as const };
    expect(ids(importModal(yes, 'en'))).toContain('choose-source');
    expect(ids(importModal({ ...yes, source: 'event' }, 'en'))).toContain('answer-peopleTold');
    const bought = importModal({ ...yes, source: 'purchased' }, 'en');
    expect(ids(bought).filter((id) => id.startsWith('answer-'))).toEqual([]);
    expect(JSON.stringify(bought)).toContain('that is no permission');
  });
});

describe('what is missing', () => {
  const errorsOf = (form: ImportForm): string[] => {
    try {
      checkForm(form, { now: NOW, locale: 'en' });
      return [];
    } catch (error) {
      if (error instanceof InputErrors) return Object.keys(error.errors);
      throw error;
    }
  };
  const yes = { ...EMPTY_FORM, file: 'F1', permission: 'yes' as const };

  it.each([
    ['everything', EMPTY_FORM, ['choose-file', 'choose-permission']],
    ['the source', yes, ['choose-source']],
    [
      'an answer and the attestation',
      {
        ...yes,
        source: 'spoken' as const,
        answers: { askedBy: 'Sales', collectedFrom: '2026-02-01' },
      },
      ['answer-collectedUntil', 'attest-permission'],
    ],
    ['nothing, without permission', { ...yes, permission: 'no' as const }, []],
    [
      'nothing',
      {
        ...yes,
        source: 'spoken' as const,
        answers: { ...anInterview('spoken').answers },
        attested: true,
      },
      [],
    ],
    [
      'nothing that words could mend: it is refused and recorded',
      { ...yes, source: 'rented' as const },
      [],
    ],
  ])('is said at its input: %s', (_what, form, expected) => {
    expect(errorsOf(form)).toEqual(expected);
  });
});

describe('the columns', () => {
  const columns = mapColumns(['Kontakt', 'Name', 'Kontakt', '', 'ann@example.org', hostile(500)]);

  it('can be named, but not those without a name of their own', () => {
    const view = columnsModal({ draft: 'i_1', columns, says: hostile(300), again: true }, 'en');
    expect(validateView(view, 'modal')).toEqual([]);
    expect(leaksInHiding('test', { ...view })).toEqual([]);
    expect(ids(view)).toEqual(['column-1', 'column-4', 'column-5', 'import-again']);
    expect(JSON.stringify(view)).not.toContain('ann@example.org');
  });

  it('fit however many there are', () => {
    const many = mapColumns(Array.from({ length: 1_000 }, (_, index) => `Column ${index}`));
    expect(
      validateView(
        columnsModal({ draft: 'i_1', columns: many, says: 'Say which.', again: false }, 'en'),
        'modal',
      ),
    ).toEqual([]);
  });

  it('are read as they were chosen, and as they were understood where nothing was', () => {
    const found = mapColumns(['Kontakt', 'Vorname']);
    const chosen = { 'column-0': { 'column-0': { selected_option: { value: 'email' } } } };
    expect(readColumns(chosen, found)).toEqual({ Kontakt: 'email', Vorname: 'firstName' });
  });
});

describe('the end', () => {
  const batch = {
    _id: 'b_1',
    name: hostile(200),
    permission: 'yes',
    counts: {
      rows: 10,
      contacts: 9,
      addressesNew: 8,
      addressesKnown: 1,
      rejected: 1,
      duplicatesInFile: 0,
    },
    permissions: { 'single-opt-in': 8, 'opted-out-by-recipient': 1 },
    request: 'q_1',
  } as unknown as ImportDocument;

  it('is told with counts, and without any address', () => {
    const reasons = new Map(Array.from({ length: 30 }, (_, at) => [`Reason ${at}.`, 30 - at]));
    for (const message of [
      importMessage(batch, 'en'),
      rejectsMessage(hostile(200), { reasons, fault: 'refused' }, 'en'),
      importFailedMessage(hostile(200), { sentence: hostile(500), draft: 'i_1' }, 'en'),
    ]) {
      expect(validateMessage(message)).toEqual([]);
      expect(JSON.stringify(message)).not.toContain('<!channel>');
    }
    expect(leaksInChannel('test', { ...importMessage(batch, 'en') })).toEqual([]);
    const text = JSON.stringify(importMessage(batch, 'en'));
    expect(text).toContain('8 single opt-in');
    expect(text).toContain('request q_1 waits');
    expect(text).toContain('/optin batch:b_1');
  });

  it('tells the reasons of rejected rows by number, most first', () => {
    const reasons = new Map([
      ['No address.', 2],
      ['No @.', 1],
      ['Odd.', 7],
    ]);
    const message = JSON.stringify(rejectsMessage('a.csv', { reasons, fault: 'refused' }, 'en'));
    const comment = rejectsComment('a.csv', reasons, 'en');
    for (const text of [message, comment]) {
      expect(text).toContain('10 rows of');
      expect(text.indexOf('7 rows: Odd.')).toBeLessThan(text.indexOf('2 rows: No address.'));
      expect(text).toContain('1 row: No @.');
    }
    expect(message).toContain('assent import FILE');
    expect(comment).toContain('This file gives them back');
    expect(rejectsComment('<!channel>', reasons, 'en')).not.toContain('<!channel>');
  });

  it('stands in the window when it comes soon, and is promised when it does not', () => {
    expect(validateView(importedModal(undefined, 'en'), 'modal')).toEqual([]);
    expect(JSON.stringify(importedModal(undefined, 'en'))).toContain('has begun');
  });

  it('counts each reason in the language of the one who imported, and writes it so', async () => {
    const rejects = gatherRejects(['email'], 'de');
    const reject = { line: 2, column: 'email', reason: 'There is no @ in it.', cells: ['x'] };
    await rejects.add(reject);
    await rejects.add({ ...reject, line: 3, cells: ['=y'] });
    await rejects.add({ ...reject, line: 4, reason: 'Of a later version.', cells: ['z"'] });
    await rejects.close();
    expect(Object.fromEntries(rejects.reasons)).toEqual({
      'Es steht kein @ darin.': 2,
      'Of a later version.': 1,
    });
    expect(rejects.content().toString()).toBe(
      [
        '\ufeff"line","column","reason","email"',
        '"2","email","Es steht kein @ darin.","x"',
        `"3","email","Es steht kein @ darin.","'=y"`,
        '"4","email","Of a later version.","z"""',
        '',
      ].join('\r\n'),
    );
  });
});
