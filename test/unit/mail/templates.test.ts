/** Templates: how they are read, checked and hashed, and what ours look like. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  loadTemplates,
  readTemplate,
  TEMPLATE_BYTES_MAX,
  type Template,
  wordAsk,
} from '../../../src/mail/templates.ts';
import { askValues } from './an-ask.ts';

const ALL =
  '{{senderName}} {{postalAddress}} {{address}} {{howObtained}} {{ifSilent}} {{reviewUrl}} {{stopUrl}}';
const html = (locale: string, body = ALL) =>
  `<html lang="${locale}" dir="ltr"><head><title>T</title></head><body>${body}</body></html>`;

function files(changes: Record<string, string | undefined> = {}): Map<string, string> {
  const all: Record<string, string | undefined> = {
    'en.subject.txt': 'S {{senderName}}\n',
    'en.txt': ALL,
    'en.html': html('en'),
    'de.subject.txt': 'B {{senderName}}\n',
    'de.txt': ALL,
    'de.html': html('de'),
    ...changes,
  };
  const kept = Object.entries(all).filter(
    (file): file is [string, string] => file[1] !== undefined,
  );
  return new Map(kept);
}

describe('a template', () => {
  it('knows its locales, and fills all three texts of one', () => {
    const template = readTemplate('ask', files());
    expect(template.locales).toEqual(['de', 'en']);
    const { locale, subject, text } = wordAsk(template, { language: 'de-AT' }, askValues());
    expect({ locale, subject }).toEqual({ locale: 'de', subject: 'B Lindenhof & Söhne GmbH' });
    expect(text).toContain('Hauptstraße 12\n39576 Stendal\nGermany');
  });

  const about = '{{#about}}{{about}}{{/about}}';
  it.each<[string, Record<string, string | undefined>, string]>([
    ['a file is missing', { 'de.txt': undefined }, 'ask/de.txt: is missing'],
    ['a file is empty', { 'de.subject.txt': ' \n' }, 'ask/de.subject.txt: is missing'],
    [
      'there is no English',
      { 'en.txt': undefined, 'en.html': undefined, 'en.subject.txt': undefined },
      'ask/en.html: is missing',
    ],
    ['a file is no part of it', { 'de.md': 'x' }, 'ask/de.md: a file is like'],
    ['a file is a path', { '../de.txt': 'x' }, 'a file is like'],
    [
      'a placeholder is unknown',
      { 'de.txt': `${ALL} {{name}}` },
      'ask/de.txt:1: {{name}} is unknown',
    ],
    [
      'a needed one is missing',
      { 'de.html': html('de', ALL.replace('{{stopUrl}}', '')) },
      'ask/de.html: {{stopUrl}} is missing',
    ],
    [
      'text says less than HTML',
      { 'de.html': html('de', ALL + about) },
      'ask/de.txt: {{about}} is missing; ask/de.html has it',
    ],
    [
      'HTML says less than text',
      { 'de.txt': ALL + about },
      'ask/de.html: {{about}} is missing; ask/de.txt has it',
    ],
    [
      'one language says less',
      { 'en.txt': ALL + about, 'en.html': html('en', ALL + about) },
      'ask/de.txt: {{about}} is missing; ask/en.txt has it',
    ],
    [
      'one subject says less',
      { 'de.subject.txt': 'Hallo' },
      'ask/de.subject.txt: {{senderName}} is missing',
    ],
    [
      'the language is not told',
      { 'de.html': html('en') },
      'ask/de.html: must begin with <html lang="de" dir="ltr">',
    ],
    [
      'the title is empty',
      { 'de.html': html('de').replace('>T<', '><') },
      'ask/de.html: needs a <title>',
    ],
    [
      'a file is too long',
      { 'de.txt': ALL + ' '.repeat(TEMPLATE_BYTES_MAX) },
      `longer than ${TEMPLATE_BYTES_MAX} bytes`,
    ],
  ])('is refused if %s', (_, changes, why) => {
    expect(() => readTemplate('ask', files(changes))).toThrow(why);
  });

  it('in a right-to-left language must say so', () => {
    const arabic = { 'ar.subject.txt': '{{senderName}}', 'ar.txt': ALL, 'ar.html': html('ar') };
    expect(() => readTemplate('ask', files(arabic))).toThrow('<html lang="ar" dir="rtl">');
    const rtl = { ...arabic, 'ar.html': html('ar').replace('ltr', 'rtl') };
    expect(readTemplate('ask', files(rtl)).locales).toContain('ar');
  });

  it.each(['', 'Ask', 'a/b', '..', 'a_b'])('is not named %j', (name) => {
    expect(() => readTemplate(name, files())).toThrow('a name is like double-opt-in');
  });
});

describe('the hash', () => {
  const hash = (changes?: Record<string, string>) => readTemplate('ask', files(changes)).hash;

  it('is the same for the same words, whatever the order or the line ends', () => {
    const reversed = new Map([...files()].toReversed());
    expect(readTemplate('ask', reversed).hash).toBe(hash());
    expect(hash({ 'de.txt': `${ALL}\r\nx` })).toBe(hash({ 'de.txt': `${ALL}\nx` }));
  });
  it('changes with every word', () => {
    expect(hash({ 'de.txt': `${ALL}.` })).not.toBe(hash());
    expect(hash({ 'de.subject.txt': 'C {{senderName}}\n' })).not.toBe(hash());
  });
  it('changes if text moves from one file to another', () => {
    const one = hash({ 'de.txt': `${ALL}ab`, 'en.txt': ALL });
    const two = hash({ 'de.txt': ALL, 'en.txt': `${ALL}ab` });
    expect(one).not.toBe(two);
  });
});

describe('loadTemplates', () => {
  it('names the file of the first mistake', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'templates-'));
    await mkdir(join(folder, 'ask'));
    for (const [name, text] of files({ 'de.txt': `${ALL}\n\n{{typo}}` })) {
      await writeFile(join(folder, 'ask', name), text);
    }
    await expect(loadTemplates(folder)).rejects.toThrow('ask/de.txt:3: {{typo}} is unknown');
    await rm(folder, { recursive: true });
  });
  it('refuses a folder without any', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'templates-'));
    await expect(loadTemplates(folder)).rejects.toThrow('holds no template folder');
    await rm(folder, { recursive: true });
  });
});

const shipped: Template | undefined = (await loadTemplates('templates/mail')).get('double-opt-in');
if (shipped === undefined) throw new Error('templates/mail/double-opt-in is missing');

describe.each(shipped.locales)('our own template in %s', (locale) => {
  const values = askValues({
    about: 'Opening hours.',
    privacyUrl: 'https://lindenhof.example/privacy',
  });
  const full = wordAsk(shipped, { language: locale }, values);
  const bare = wordAsk(shipped, { language: locale }, askValues());

  it('says in text what it says in HTML', () => {
    const words = full.html
      .replace(/<[^>]+>/g, ' ')
      .replaceAll('&#38;', '&')
      .replaceAll('&#8209;', '-');
    for (const value of [values.senderName, values.address, values.howObtained, values.ifSilent]) {
      expect(full.text).toContain(value);
      expect(words).toContain(value);
    }
  });

  it('links to review, stop and privacy, and to nothing else', () => {
    const inText = full.text.match(/https?:\S+/g);
    expect(inText).toEqual([values.reviewUrl, values.stopUrl, values.privacyUrl]);
    const inHtml = [...full.html.matchAll(/href="([^"]+)"/g)].map(([, url = '']) =>
      url.replaceAll('&#38;', '&'),
    );
    expect(inHtml).toEqual([values.reviewUrl, values.reviewUrl, values.stopUrl, values.privacyUrl]);
    expect(full.html).toContain(`>${values.reviewUrl.replace('&', '&#38;')}</a>`);
  });

  it('leaves out what there is no value for, without a trace', () => {
    expect(bare.text).not.toMatch(/\n{3}|\{\{|undefined/);
    expect(bare.html).not.toMatch(/\{\{|undefined/);
    expect(bare.html.match(/<h2/g)).toHaveLength(3);
    expect(full.html.match(/<h2/g)).toHaveLength(4);
    expect(bare.html.match(/href=/g)).toHaveLength(3);
  });

  it('carries no picture, script, form or tracker', () => {
    expect(full.html).not.toMatch(/<(?:img|script|form|iframe|link|object|svg)|url\(|@import/i);
  });

  it('is laid out in tables that a screen reader passes over, with one heading', () => {
    for (const [table] of full.html.matchAll(/<table[^>]*>/g)) {
      expect(table).toContain('role="presentation"');
    }
    expect(full.html.match(/<h1/g)).toHaveLength(1);
    expect(full.html).toMatch(/^<!DOCTYPE html>\n<html lang="\w+" dir="ltr">/);
    expect(full.html).toContain('<meta name="color-scheme" content="light dark">');
  });

  it('uses no letter below 16 px', () => {
    const sizes = [...full.html.matchAll(/font-size: (\d+)px/g)].map(([, size]) => Number(size));
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(16);
  });

  it('wraps its own lines for a plain-text reader', () => {
    for (const line of full.text.split('\n')) {
      if (/https?:|lindenhof|further/i.test(line)) continue;
      expect(line.length).toBeLessThanOrEqual(76);
    }
  });
});

describe.each(shipped.locales)('the colours in %s', (locale) => {
  const { html: page } = wordAsk(
    shipped,
    { language: locale },
    askValues({ privacyUrl: 'https://lindenhof.example/' }),
  );
  const darkRules = page.slice(
    page.indexOf('@media (prefers-color-scheme: dark)'),
    page.indexOf('</style>'),
  );

  const light = (name: string, property: string): string => {
    const tag = [...page.matchAll(/<\w+ class="([^"]*)"[^>]*style="([^"]*)"/g)].find(
      ([, classes = '']) => classes.split(' ').includes(name),
    );
    return colour(tag?.[2], property);
  };
  const dark = (name: string, property: string): string => {
    const rule = new RegExp(String.raw`\.${name} \{([^}]*)\}`).exec(darkRules)?.[1];
    expect(rule).toMatch(new RegExp(String.raw`(?:^|[ ;])${property}: #\w+ !important`));
    return colour(rule, property);
  };

  it.each([
    ['text', 'card'],
    ['quiet', 'card'],
    ['link', 'card'],
    ['button', 'button'],
  ])('of %s stand out from %s by 4.5 to 1, light and dark', (front, ground) => {
    for (const scheme of [light, dark]) {
      expect(
        contrast(scheme(front, 'color'), scheme(ground, 'background-color')),
      ).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('that are set inline have a class that turns them in the dark', () => {
    for (const [tag] of page.matchAll(/<\w+[^>]*style="[^"]*(?<![-\w])color: [^"]*"[^>]*>/g)) {
      expect(tag).toMatch(/class="[^"]*\b(?:text|quiet|link|button)\b/);
    }
  });
});

function colour(style: string | undefined, property: string): string {
  const found = new RegExp(`(?:^|[ ;])${property}: (#[0-9a-f]{6})`).exec(style ?? '')?.[1];
  if (found === undefined) throw new Error(`no ${property}`);
  return found;
}

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, two: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(two)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
