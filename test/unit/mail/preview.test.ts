/** Preview: a page that shows each mail in both colour schemes and two widths, and lets nothing act. */
import { describe, expect, it } from '@jest/globals';
import { inScheme, previewPage } from '../../../src/mail/preview.ts';
import { loadTemplates } from '../../../src/mail/templates.ts';
import { askWordsOf, loadPageWords } from '../../../src/web/page-words.ts';
import { sampleMail } from '../../../src/workflow/sample-mail.ts';

const templates = await loadTemplates('templates/mail');
const words = askWordsOf(await loadPageWords('templates/pages'));
const at = new Date('2026-11-23T12:00:00Z');
const mails = [...templates.values()].flatMap((template) =>
  template.locales.map((locale) => ({
    title: template.name,
    wording: sampleMail(template, words, { locale, at, rest: 'given' }),
  })),
);

it('shows three mails in seven languages, each in four frames and as text', () => {
  const page = previewPage('Mails', mails);
  expect(mails).toHaveLength(21);
  for (const scheme of ['light', 'dark']) {
    for (const width of [600, 320]) {
      expect(page.split(`, ${scheme}, ${width} px" width="${width}"`)).toHaveLength(22);
    }
  }
  expect(page.match(/<pre /g)).toHaveLength(21);
  for (const { wording } of mails) expect(page).toContain(`<pre lang="${wording.locale}">`);
});

it('says in each language how the sample address was obtained, in that language', () => {
  const told = mails.filter(({ title }) => title === 'reminder').map(({ wording }) => wording.text);
  expect(told.find((text) => text.includes('am 25. August 2026'))).toContain('Guten Tag');
  expect(told.find((text) => text.includes('le 25 août 2026'))).toContain('Bonjour');
  expect(new Set(told).size).toBe(7);
});

it('has sandboxed frames only, and no mail can break out of its own', () => {
  const html = '<p title="&quot;">"></iframe><script>alert(1)</script></p>';
  const wording = { locale: 'en', subject: '<b>"', text: '</pre><script>', html };
  const page = previewPage('<i>', [{ title: '"><script>', wording }]);
  expect(page).not.toMatch(/<script|<b>|<i>/);
  expect(page.match(/<iframe/g)).toHaveLength(4);
  expect(page.match(/sandbox=""/g)).toHaveLength(4);
  const [, copy = ''] = /srcdoc="([^"]*)"/.exec(page) ?? [];
  const decoded = copy.replaceAll(/&#(\d+);/g, (_, code: string) =>
    String.fromCharCode(Number(code)),
  );
  expect(decoded).toBe(html);
});

describe('a scheme', () => {
  const html =
    '<meta name="color-scheme" content="light dark"><style>:root { color-scheme: light dark }\n@media (prefers-color-scheme: dark) { p { color: #fff } }</style>';
  it('dark answers the question of the style sheet with yes', () => {
    expect(inScheme(html, 'dark')).toBe(
      '<meta name="color-scheme" content="dark"><style>:root { color-scheme: dark }\n@media all { p { color: #fff } }</style>',
    );
  });
  it('light answers it with no', () => {
    expect(inScheme(html, 'light')).toContain('@media not all {');
    expect(inScheme(html, 'light')).not.toContain('dark');
  });
});
