/**
 * The mails that we ship: whatever value is missing, no hole shows; and their typography.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  GOODBYE_TEMPLATE,
  loadTemplates,
  purposeOf,
  REMINDER_TEMPLATE,
  type Template,
  templateFor,
  type Wording,
  wordAsk,
  wordGoodbye,
} from '../../../src/mail/templates.ts';
import { askValues } from './an-ask.ts';

const templates = await loadTemplates('templates/mail');
const each = [...templates.values()].flatMap((template) =>
  template.locales.map((locale) => [template.name, locale, template] as const),
);
const OPTIONAL = { about: 'Opening hours.', privacyUrl: 'https://lindenhof.example/privacy' };

/** Every way to leave optional values out: not there, empty, or nothing but space. */
const NOTHING = [undefined, '', ' \t\u00A0\n'];
const choices = <T>(value: T) => fc.constantFrom(value, ...NOTHING);

function wordsOf(template: Template, language: string, values = askValues(OPTIONAL)): Wording {
  return template.purpose === 'goodbye'
    ? wordGoodbye(template, { language }, values)
    : wordAsk(template, { language }, values);
}

/** The HTML as it is read: tags gone, blocks on lines of their own. */
const shown = (html: string) =>
  html
    .replace(/[\s\S]*<body/u, '<body')
    .replaceAll(/\s*\n\s*/gu, ' ')
    .replaceAll(/<(?:p|h1|h2|td|tr|table|br)\b[^>]*>|<\/(?:p|h1|h2|td|tr|table)>/gu, '\n')
    .replaceAll(/<[^>]+>/gu, '')
    .replaceAll(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('\u2011', '-');

it('are chosen by what is sent', () => {
  expect(templateFor('ask', 'our-own')).toBe('our-own');
  expect(templateFor('reminder', 'our-own')).toBe(REMINDER_TEMPLATE);
  expect([...templates.values()].map(({ name, purpose }) => [name, purpose])).toEqual([
    ['double-opt-in', 'request'],
    [GOODBYE_TEMPLATE, 'goodbye'],
    [REMINDER_TEMPLATE, 'reminder'],
  ]);
  expect(purposeOf('our-own')).toBe('request');
});

describe.each(each)('%s in %s', (_, locale, template) => {
  it('shows no hole, whatever is left out and whatever the values are like', () => {
    const name = fc.constantFrom('Söhne & Co.', 'Ö', 'Acme Inc.', 'L’Orée “des” <Bois>');
    const lines = fc.constantFrom('Street 1\n12345 Town', ' Street 1 \r\n\r\n\n Town ', 'Town');
    const values = fc.record({
      senderName: name,
      postalAddress: lines,
      about: choices(OPTIONAL.about),
      privacyUrl: choices(OPTIONAL.privacyUrl),
    });
    fc.assert(
      fc.property(values, (given) => {
        const { subject, text, html } = wordsOf(template, locale, askValues(given));
        for (const words of [subject, text]) {
          expect(words).not.toMatch(/ {2}| [,.]|,,|\.\.|\n{3}|\{\{|\}\}|undefined|\(\)|^ | $/mu);
        }
        // A Spanish greeting ends in a colon; everything else that does has something to say.
        expect(text.replace('Hola:\n', '')).not.toMatch(/:\n\n|:\n$/u);
        expect(html).not.toMatch(/\{\{|\}\}|undefined|href=""|<a [^>]*>\s*<\/a>|<p[^>]*>\s*<\/p>/u);
        expect(html).not.toMatch(/<h2[^>]*>\s*<\/h2>|<br>\s*<br>/u);
        expect(shown(html)).not.toMatch(/\S {2,}\S| [,.]|,,|\.\.|\(\)/u);
      }),
      { numRuns: 40 },
    );
  });

  it('says in text all that it says in HTML, and only in its own language’s words', () => {
    const { subject, text, html } = wordsOf(template, locale);
    const [title = ''] = /(?<=<title>)[^<]*/u.exec(html) ?? [];
    expect(title.replaceAll('&#38;', '&')).toBe(subject);
    expect(html).toContain(`<html lang="${locale}" dir="ltr">`);
    const heading = /(?<=<h1[^>]*>)[^<]*/u.exec(html)?.[0];
    expect(text.split('\n')[0]).toBe(heading?.replaceAll('&#8209;', '-'));
  });

  it('uses the marks of print', () => {
    const { subject, text, html } = wordsOf(template, locale);
    const own = [subject, text, shown(html)].join('\n').replaceAll(/https?:\S+/gu, '');
    expect(own).not.toMatch(/\p{L}'\p{L}|"/u);
    // French sets a narrow space that does not break before these; nobody else does.
    if (locale === 'fr') expect(own).not.toMatch(/(?<!\u202F)[;:!?](?=\s|$)/mu);
    else expect(own).not.toMatch(/\s[;:!?](?=\s|$)/mu);
    if (locale === 'es') expect(own.match(/¿/gu)?.length).toBe(own.match(/\?/gu)?.length);
  });

  it('names no hour, sex or number of the recipient', () => {
    const { text } = wordsOf(template, locale);
    expect(text).not.toMatch(/\b(?:good morning|buenos días|bom dia|guten morgen|bonsoir)\b/iu);
    expect(text).not.toMatch(/\((?:e|s|es|in|a|o|n|r)\)|\/(?:in|a|o|e)\b|[*_:]in(?:nen)?\b/iu);
  });
});
