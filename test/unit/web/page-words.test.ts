/** Page words: what is wrong in a translation is found at the start, by name. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadPageStyle } from '../../../src/web/page-style.ts';
import { askWordsOf, loadPageWords, readPageWords } from '../../../src/web/page-words.ts';

const FOLDER = fileURLToPath(new URL('../../../templates/pages', import.meta.url));
let english: string;
let folder: string;

beforeAll(async () => {
  english = await readFile(join(FOLDER, 'en.json'), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'assent-pages-'));
});
afterAll(async () => rm(folder, { recursive: true }));

it('reads the locales that we have, whole', async () => {
  const pages = await loadPageWords(FOLDER);
  expect([...pages.words.keys()]).toEqual(expect.arrayContaining(['de', 'en']));
  expect(askWordsOf(pages).get('de')?.ifSilent.keep).toContain('{date}');
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
