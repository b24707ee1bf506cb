/** Page words: what is wrong in a translation is found at the start, by name. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { localeFor } from '../../../src/web/languages.ts';
import { loadPageStyle } from '../../../src/web/page-style.ts';
import { askWordsOf, loadPageWords, readPageWords } from '../../../src/web/page-words.ts';
import { sayDay } from '../../../src/workflow/ask-words.ts';

const FOLDER = fileURLToPath(new URL('../../../templates/pages', import.meta.url));
const LOCALES = ['de', 'en', 'es', 'fr', 'it', 'nl', 'pt'];
let english: string;
let folder: string;

beforeAll(async () => {
  english = await readFile(join(FOLDER, 'en.json'), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'assent-pages-'));
});
afterAll(async () => rm(folder, { recursive: true }));

it('reads the locales that we have, whole', async () => {
  const pages = await loadPageWords(FOLDER);
  expect([...pages.words.keys()]).toEqual(LOCALES);
  expect(askWordsOf(pages).get('de')?.ifSilent.keep).toContain('{date}');
});

describe('every locale', () => {
  /** `review.lead` → its placeholders, of every phrase. */
  const phrasesOf = (words: object, path = ''): [string, string][] =>
    Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string'
        ? [[`${path}${key}`, value] as [string, string]]
        : phrasesOf(value as object, `${path}${key}.`),
    );
  const placeholders = (phrase: string) =>
    [...new Set(phrase.match(/\{\w+\}/gu))].toSorted().join();

  it('has the same phrases with the same placeholders', async () => {
    const { words } = await loadPageWords(FOLDER);
    const shape = (locale: string) =>
      phrasesOf(words.get(locale) ?? {})
        .map(([path, phrase]) => `${path} ${placeholders(phrase)}`)
        .toSorted();
    expect(shape('en').length).toBeGreaterThan(60);
    for (const locale of LOCALES) expect(shape(locale)).toEqual(shape('en'));
  });
  it('is a translation: hardly a phrase is that of another', async () => {
    const { words } = await loadPageWords(FOLDER);
    const all = LOCALES.flatMap((locale) =>
      phrasesOf(words.get(locale) ?? {}).map(([, one]) => one),
    );
    const long = all.filter((phrase) => phrase.length > 12);
    // Two notices share their title, in each of the seven.
    expect(long.length - new Set(long).size).toBeLessThanOrEqual(LOCALES.length * 3);
  });
  it.each(['de', 'en', 'es', 'fr', 'it', 'nl', 'pt'])(
    '%s sets its marks as in print',
    async (locale) => {
      const { words } = await loadPageWords(FOLDER);
      const phrases = phrasesOf(words.get(locale) ?? {}).map(([, phrase]) => phrase);
      for (const phrase of phrases) {
        expect(phrase).not.toMatch(/ {2}| [,.;:!?]|\p{L}'\p{L}|"|^\s|\s$/u);
        if (locale === 'fr') expect(phrase).not.toMatch(/(?<!\u202F)[;:!?»]|«(?!\u202F)/u);
        else expect(phrase).not.toMatch(/[\u00A0\u202F]/u);
        if (locale === 'es') expect(phrase.includes('?')).toBe(phrase.includes('¿'));
      }
    },
  );
  it('says days as its people write them', () => {
    const day = new Date('2026-01-01T00:00:00Z');
    expect(LOCALES.map((locale) => sayDay(locale, day))).toEqual([
      '1. Januar 2026',
      'January 1, 2026',
      '1 de enero de 2026',
      '1er janvier 2026',
      '1 gennaio 2026',
      '1 januari 2026',
      '1 de janeiro de 2026',
    ]);
    expect(sayDay('fr', new Date('2026-01-21T00:00:00Z'))).toBe('21 janvier 2026');
  });
  it.each([
    ['fr-CA', undefined, 'fr'],
    ['pt-BR', undefined, 'pt'],
    [undefined, 'it-CH, de;q=0.8', 'it'],
    [undefined, 'sv, nl;q=0.9, en;q=0.5', 'nl'],
    ['sv', 'es-419', 'es'],
    ['de', 'fr', 'de'],
    ['xx', 'yy', 'en'],
  ])('is found: of the contact %s, of the browser %s → %s', (language, header, expected) => {
    expect(localeFor(LOCALES, language, header)).toBe(expected);
  });
});

describe('refuses', () => {
  const replaced = (a: string | RegExp, b: string) => {
    const text = english.replace(a, b);
    expect(text).not.toBe(english);
    return text;
  };

  it('a phrase that lost its placeholder', () => {
    const text = replaced('{sender} would like', 'We would like');
    expect(() => readPageWords('en.json', text)).toThrow(
      'en.json: review.lead: must hold {sender}',
    );
  });
  it('a phrase with a placeholder that nothing fills', () => {
    const text = replaced('"Thank you!"', '"Thank you, {name}!"');
    expect(() => readPageWords('en.json', text)).toThrow(
      'en.json: results.confirmed.title: must hold no placeholder',
    );
  });
  it('a phrase that is missing, empty or too long', () => {
    const texts = [
      replaced(/\s*"yes": "Yes, keep sending",/, ''),
      replaced('"Yes, keep sending"', '" "'),
      replaced('"Yes, keep sending"', `"${'y'.repeat(401)}"`),
    ];
    for (const text of texts) {
      expect(() => readPageWords('en.json', text)).toThrow('en.json: review.yes');
    }
  });
  it('a phrase that no page shows', () => {
    const text = replaced('"review": {', '"review": { "subtitle": "x",');
    expect(() => readPageWords('en.json', text)).toThrow('subtitle');
  });
  it('what is no JSON', () => {
    expect(() => readPageWords('en.json', '{')).toThrow('en.json is not JSON');
  });
  it('a folder without English', async () => {
    await writeFile(join(folder, 'de.json'), english);
    await expect(loadPageWords(folder)).rejects.toThrow('en.json is missing');
  });
  it('a style sheet that could end its own element', async () => {
    await writeFile(join(folder, 'style.css'), 'p { content: "</style><script>" }');
    await expect(loadPageStyle(folder)).rejects.toThrow('must not hold');
  });
});
