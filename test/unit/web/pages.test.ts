/** Pages: what stands on them, in every language, and what may never stand on them. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadPageWords, type PageLocales } from '../../../src/web/page-words.ts';
import { type Pages, pagesOf, type ResultName } from '../../../src/web/pages.ts';
import type { AskView } from '../../../src/workflow/read-ask.ts';

const FOLDER = fileURLToPath(new URL('../../../templates/pages', import.meta.url));
const EVIL = `<script>alert("1")</script>'&{sender}`;
const RESULTS: readonly ResultName[] = [
  'confirmed',
  'alreadyConfirmed',
  'stopped',
  'alreadyStopped',
  'optedOut',
  'expired',
  'stale',
];

let locales: PageLocales;
let pages: Pages;

beforeAll(async () => {
  locales = await loadPageWords(FOLDER);
  pages = pagesOf(locales, 'confirm.example.com');
});

const sender = {
  name: 'Example GmbH',
  postalAddress: 'Example GmbH\nBeispielweg 1\n10115 Berlin',
  privacyUrl: 'https://example.com/privacy',
};
const view = (over: Partial<AskView> = {}): AskView => ({
  state: 'open',
  sender,
  language: 'en',
  provenance: {
    source: 'event',
    answers: { event: 'Spring fair', collectedFrom: '2026-05-02', collectedUntil: '2026-05-03' },
    since: new Date('2026-06-01'),
  },
  askedAt: new Date('2026-11-23T10:00:00Z'),
  silence: 'revert',
  expiresAt: new Date('2026-12-07T10:00:00Z'),
  ...over,
});
const frame = (locale: string, over = {}) => ({ locale, sender, token: 'T1.send.k1.mac', ...over });

const everyPage = (locale: string): string[] => [
  pages.review(frame(locale), view()),
  pages.stop(frame(locale)),
  ...RESULTS.map((name) =>
    pages.result(frame(locale), name, { offerStop: true, expiresAt: view().expiresAt }),
  ),
  pages.notice(locale, 'home'),
  pages.notice(locale, 'unknownLink'),
];

describe.each(['en', 'de'])('in %s', (locale) => {
  it('every page is a whole document with its language, one heading, landmarks and no script', () => {
    for (const page of everyPage(locale)) {
      expect(page).toMatch(new RegExp(`^<!DOCTYPE html>\n<html lang="${locale}" dir="ltr">`));
      expect(page.match(/<h1>/g)).toHaveLength(1);
      for (const landmark of ['<header>', '<main>', '<title>', 'name="viewport"']) {
        expect(page).toContain(landmark);
      }
      expect(page).not.toMatch(/<script|<img|<link|<iframe|style="|\son\w+=|\{\w+\}|undefined/);
    }
  });

  it('every form is a POST to a door of ours, and every button says what it does', () => {
    for (const page of everyPage(locale)) {
      for (const [form] of page.matchAll(/<form[^>]*>/g)) {
        expect(form).toMatch(/^<form method="post" action="\.\.\/[cs]\/T1\.send\.k1\.mac">$/);
      }
      for (const [, label] of page.matchAll(/<button[^>]*>([^<]*)</g)) {
        expect(label).not.toMatch(/confirm|submit|ok|bestätigen/i);
      }
    }
  });

  it('says how the address was obtained, when it was asked, and what silence means', () => {
    const page = pages.review(frame(locale), view());
    expect(page).toContain('Spring fair');
    expect(page).toContain(locale === 'en' ? 'November 23, 2026' : '23. November 2026');
    expect(page).toContain(locale === 'en' ? 'December 6, 2026' : '6. Dezember 2026');
    const kept = pages.review(frame(locale), view({ silence: 'keep' }));
    expect(kept).toContain(locale === 'en' ? 'Everything stays as it is' : 'Dann bleibt alles');
  });
});

describe('what others wrote', () => {
  it('stands as text, wherever it stands', () => {
    const evil = frame('en', {
      sender: { name: EVIL, postalAddress: EVIL, privacyUrl: `https://x.example/"${EVIL}` },
      token: 'a"><script>',
    });
    const provenance = {
      ...view().provenance,
      answers: { ...view().provenance.answers, event: EVIL },
    };
    for (const page of [
      pages.review(evil, view({ provenance })),
      pages.stop(evil),
      pages.result(evil, 'confirmed', { offerStop: true }),
    ]) {
      expect(page).not.toContain('<script');
      expect(page).toContain('&#60;script&#62;');
    }
  });

  it('a privacy link that is no web address is left out', () => {
    for (const privacyUrl of ['javascript:alert(1)', 'data:text/html,x', 'nonsense', undefined]) {
      const page = pages.stop(frame('en', { sender: { ...sender, privacyUrl } }));
      expect(page).not.toContain('Privacy notice');
    }
    expect(pages.stop(frame('en'))).toContain('href="https://example.com/privacy"');
  });

  it('the sender stands in the imprint once', () => {
    const page = pages.stop(frame('en'));
    const imprint = page.slice(page.indexOf('<footer>'));
    expect(imprint.match(/Example GmbH/g)).toHaveLength(1);
    const other = { ...sender, postalAddress: 'Beispielweg 1' };
    expect(pages.stop(frame('en', { sender: other }))).toContain('Example GmbH<br>Beispielweg 1');
  });
});

it('a right-to-left language would be set right to left', () => {
  const en = locales.words.get('en');
  if (en === undefined) throw new Error('there is English');
  const arabic = pagesOf({ ...locales, words: new Map([['ar', en]]) }, 'x.example');
  expect(arabic.notice('ar', 'home')).toContain('<html lang="ar" dir="rtl">');
});

describe('colours', () => {
  type Colours = ReadonlyMap<string, number>;

  const coloursIn = (css: string): Colours =>
    new Map(
      [...css.matchAll(/--([\w-]+): #([0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [
        name,
        Number.parseInt(hex, 16),
      ]),
    );
  const luminance = (rgb: number): number => {
    const linear = (value: number) => {
      const share = (value & 0xff) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
  };
  /** WCAG 2.2, contrast ratio. */
  const contrast = (colours: Colours, a: string, b: string): number => {
    const x = luminance(colours.get(a) ?? 0);
    const y = luminance(colours.get(b) ?? 0);
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  };

  it.each(['light', 'dark'])('can be read in the %s scheme', (scheme) => {
    const css = locales.style.css.text;
    const dark = css.indexOf('@media (prefers-color-scheme: dark)');
    const end = css.indexOf('*,', dark);
    const colours = coloursIn(scheme === 'light' ? css.slice(0, dark) : css.slice(dark, end));
    expect(colours.size).toBeGreaterThanOrEqual(10);
    for (const [text, ground] of [
      ['text', 'card'],
      ['text', 'page'],
      ['text', 'wash'],
      ['quiet', 'card'],
      ['quiet', 'page'],
      ['accent', 'page'],
      ['accent', 'card'],
      ['accent-strong', 'page'],
      ['on-accent', 'accent'],
      ['on-accent', 'accent-strong'],
    ] as const) {
      expect([text, ground, contrast(colours, text, ground) >= 4.5]).toEqual([text, ground, true]);
    }
    // Edges of what can be pressed (WCAG 2.2, 1.4.11).
    expect(contrast(colours, 'edge', 'card')).toBeGreaterThanOrEqual(3);
    expect(contrast(colours, 'accent', 'wash')).toBeGreaterThanOrEqual(3);
  });
});
