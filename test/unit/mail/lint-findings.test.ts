/** Lint findings: where they are, in which order, which words are found, and what hostile files do. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hasErrors, lintTemplate } from '../../../src/mail/lint/lint.ts';
import type { LintRule } from '../../../src/mail/lint/rules.ts';
import { WORD_LISTS } from '../../../src/mail/lint/words.ts';
import {
  BODY,
  both,
  type Changes,
  html,
  page,
  rulesIn,
  TEXT,
  template,
  text,
} from './a-template.ts';

describe('a finding', () => {
  it.each<[string, Changes, LintRule, string, number]>([
    ['of a word in the text', text('a\n\nbuy\nnow'), 'no-promotion', 'en.txt', 9],
    [
      'of a word in the HTML',
      html('<p>a</p>\n<p>b\n<b>discount</b></p>'),
      'no-promotion',
      'en.html',
      10,
    ],
    ['of an element', html('\n<img\nsrc="x">'), 'no-images', 'en.html', 9],
    ['of a placeholder', text('\n{{x}}'), 'unknown-placeholder', 'en.txt', 8],
    ['of the compiler', both('{{about}}'), 'template-syntax', 'en.txt', 7],
  ])('%s names its line', (_, changes, rule, file, line) => {
    const found = lintTemplate(template(changes)).find(
      (one) => one.rule === rule && one.file === file,
    );
    expect(found).toMatchObject({ file, line });
  });
  it('comes errors first, and no more than 100 of them', () => {
    const changes = { ...text('Welcome'), ...html('<img src="x">\n'.repeat(300)) };
    const findings = lintTemplate(template(changes), 'neutral');
    expect(findings).toHaveLength(100);
    expect(findings[0]?.severity).toBe('error');
  });
  it('of a courtesy is a warning, unless the profile is strict', () => {
    expect(hasErrors(lintTemplate(template(both('Welcome to us')), 'neutral'))).toBe(false);
    expect(hasErrors(lintTemplate(template(both('Welcome to us')), 'strict'))).toBe(true);
  });
});

describe.each(Object.entries(WORD_LISTS))('the words of %s', (locale, lists) => {
  const own = (words: string, line = 'A question') => ({
    [`${locale}.subject.txt`]: `${line} {{senderName}}`,
    [`${locale}.txt`]: `${TEXT}\n${words}\n`,
    [`${locale}.html`]: page(`${BODY}<p>${words}</p>`, { lang: locale }),
  });
  it.each([
    ['promotion', 'no-promotion'],
    ['courtesies', 'no-courtesies'],
    ['claims', 'no-claimed-consent'],
  ] as const)('%s are found, each of them, in capitals too', (list, rule) => {
    for (const phrase of lists[list]) {
      const words = phrase.replace('*', '').toUpperCase();
      expect([phrase, rulesIn(own(`Xx ${words} xx`)).has(rule)]).toEqual([phrase, true]);
    }
  });
  it('deceptive are found in the subject, each of them', () => {
    for (const phrase of lists.deceptive) {
      const found = rulesIn(own('', phrase.replace('*', ''))).has('subject-deceptive');
      expect([phrase, found]).toEqual([phrase, true]);
    }
  });
});

it('takes any text without a fault, also long ones of a single sign', () => {
  const bits = [
    '<a',
    '"',
    "'",
    '<!--',
    '<style>',
    '{{',
    '}}',
    '{{#about}}',
    '<p style="',
    '>',
    '&#1;',
    '!',
    'A',
    '9',
    '%',
    ' ',
    '\n',
    'é',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...bits), { maxLength: 60 }), (pieces) => {
      const whole = pieces.join('');
      expect(lintTemplate(template({ 'en.html': whole, 'en.txt': whole })).length).toBeGreaterThan(
        0,
      );
    }),
    { numRuns: 200 },
  );
  for (const bit of bits) {
    const whole = bit.repeat(Math.floor(50_000 / bit.length));
    const files = template({ 'en.html': whole, 'en.txt': whole, 'en.subject.txt': whole });
    expect(lintTemplate(files)).not.toEqual([]);
  }
});
