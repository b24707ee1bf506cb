/** Locale: the way from what is known of a recipient to a language that we have. */
import { describe, expect, it } from '@jest/globals';
import { directionOf, pickLocale } from '../../../src/mail/locale.ts';

const HAVE = ['de', 'en', 'pt', 'pt-BR', 'zh-Hant'];

describe('pickLocale', () => {
  it.each([
    ['de', undefined, 'de'],
    ['de-AT', undefined, 'de'],
    ['de_AT', 'pt', 'de'],
    ['DE', undefined, 'de'],
    [' de ', undefined, 'de'],
    ['pt-BR', undefined, 'pt-BR'],
    ['pt-br', undefined, 'pt-BR'],
    ['pt-PT', undefined, 'pt'],
    ['zh-Hant-TW', undefined, 'zh-Hant'],
    ['zh', undefined, 'en'],
    ['fr', 'de', 'de'],
    ['fr-CH', 'de-CH', 'de'],
    ['fr', 'it', 'en'],
    ['', 'de', 'de'],
    ['deutsch', undefined, 'en'],
    ['../../etc', undefined, 'en'],
    [undefined, 'de', 'de'],
    [undefined, undefined, 'en'],
  ])('%s, else %s → %s', (language, otherwise, expected) => {
    expect(pickLocale(HAVE, { language, otherwise })).toBe(expected);
  });
});

it.each([
  ['en', 'ltr'],
  ['ar', 'rtl'],
  ['he-IL', 'rtl'],
  ['FA', 'rtl'],
  ['arn', 'ltr'],
])('%s is read %s', (locale, direction) => {
  expect(directionOf(locale)).toBe(direction);
});
