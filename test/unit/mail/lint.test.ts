/** Lint: for each rule a template that keeps it and at least two that break it, where, and how badly. */
import { describe, expect, it } from '@jest/globals';
import { lintTemplate } from '../../../src/mail/lint/lint.ts';
import { LINT_PROFILES, LINT_RULES, type LintRule } from '../../../src/mail/lint/rules.ts';
import {
  BODY,
  both,
  type Changes,
  HEAD,
  html,
  page,
  rulesIn,
  subject,
  TEXT,
  template,
  text,
  without,
} from './a-template.ts';

/** What keeps a rule, and what breaks it. */
/** Dark text on white, inline; in the dark as the rules say. */
const styled = (dark: string) => ({
  'en.html': page(
    `${BODY}\n<div class="b" style="background: #fff"><p class="a" style="color: #333">a</p></div>`,
    { head: `${HEAD}<style>@media (prefers-color-scheme: dark) { ${dark} }</style>` },
  ),
});

const CASES: Readonly<Record<LintRule, { keeps: Changes; breaks: readonly Changes[] }>> = {
  'file-name': {
    keeps: { 'de-AT.txt': TEXT },
    breaks: [{ 'logo.png': 'x' }, { 'en.md': 'x' }, { '../en.txt': TEXT }],
  },
  'file-missing': {
    keeps: {},
    breaks: [
      { 'en.txt': undefined },
      { 'en.subject.txt': ' \n' },
      { 'de.txt': TEXT },
      { 'en.txt': undefined, 'en.html': undefined, 'en.subject.txt': undefined },
    ],
  },
  'confirm-link': {
    keeps: {},
    breaks: [
      without('{{reviewUrl}}'),
      { 'en.html': page(`${BODY.replace('href="{{reviewUrl}}"', '')}{{reviewUrl}}`) },
      { 'en.html': page(BODY.replace(/<p><a href="\{\{reviewUrl.*?<\/p>/u, '<!--$&-->')) },
      { 'en.txt': TEXT.replace('{{reviewUrl}}', '') },
    ],
  },
  'decline-link': {
    keeps: {},
    breaks: [
      without('{{stopUrl}}'),
      { 'en.html': page(BODY.replace('href="{{stopUrl}}"', 'href="#"')) },
      { 'en.txt': TEXT.replace('{{stopUrl}}', '') },
    ],
  },
  'sender-name': {
    keeps: {},
    breaks: [
      without('{{senderName}}'),
      { 'en.txt': TEXT.replace('{{senderName}}', 'We') },
      {
        'en.html': page(BODY.replace('{{senderName}}', 'We'), {
          head: `${HEAD}<title>{{senderName}}</title>`,
        }),
      },
    ],
  },
  'postal-address': {
    keeps: {},
    breaks: [
      without('{{postalAddress}}'),
      { 'en.html': page(BODY.replace('{{postalAddress}}', 'Main Street 1')) },
    ],
  },
  'needed-placeholder': {
    keeps: {},
    breaks: ['{{address}}', '{{howObtained}}', '{{ifSilent}}'].map(without),
  },
  'unknown-placeholder': {
    keeps: both('{{#about}}{{about}}{{/about}}'),
    breaks: [text('{{firstName}}'), html('<p>{{ reviewurl }}</p>'), subject('{{toString}}')],
  },
  'triple-braces': {
    keeps: text('{ {'),
    breaks: [text('{{{address}}}'), html('<p>{{{howObtained}}}</p>')],
  },
  'template-syntax': {
    keeps: both('{{#about}}{{about}}{{/about}}'),
    breaks: [
      both('{{about}}'),
      text('{{'),
      both('{{#about}}{{about}}'),
      subject('{{postalAddress}}'),
    ],
  },
  'same-in-text': {
    keeps: both('The same words stand everywhere.'),
    breaks: [
      html('<p>{{#privacyUrl}}{{privacyUrl}}{{/privacyUrl}}</p>'),
      html(
        `<p>${'Words which only those readers get whose clients show pictures. '.repeat(2)}</p>`,
      ),
      text('Words which only those readers get whose clients show plain letters instead.'),
    ],
  },
  'no-images': {
    keeps: html('<p>No picture.</p>'),
    breaks: [
      html('<img src="https://a.example/logo.png" width="200" height="80" alt="">'),
      html('<!--[if mso]><v:image src="x"></v:image><![endif]-->'),
      html('<table background="x.png"><tr><td>a</td></tr></table>'),
      html('<p style="background: url(x.png)">a</p>'),
      html('<svg></svg>'),
      { 'en.html': page(BODY, { head: `${HEAD}<style>p { background: url(x) }</style>` }) },
    ],
  },
  tracking: {
    keeps: {},
    breaks: [
      html('<img src="x" width="1" height="1" alt="">'),
      html('<img src="x" style="display:none" alt="">'),
      html('<a href="https://a.example/?utm_source=mail">a</a>'),
      html('<p ping="x">a</p>'),
    ],
  },
  'no-active-content': {
    keeps: html('<p>Press the link.</p>'),
    breaks: [
      html('<script>x</script>'),
      html('<form><p>a</p></form>'),
      html('<p onclick="x">a</p>'),
      html('<a href="javascript:x">a</a>'),
      html('<meta http-equiv="refresh" content="0">'),
      html('<iframe></iframe>'),
    ],
  },
  'no-outside-style': {
    keeps: { 'en.html': page(BODY, { head: `${HEAD}<style>p { margin: 0 }</style>` }) },
    breaks: [
      { 'en.html': page(BODY, { head: `${HEAD}<link rel="stylesheet" href="x">` }) },
      { 'en.html': page(BODY, { head: `${HEAD}<style>@import "x";</style>` }) },
      { 'en.html': page(BODY, { head: `${HEAD}<style>@font-face { src: url(x) }</style>` }) },
    ],
  },
  'other-links': {
    keeps: {
      ...html('<p>{{#privacyUrl}}<a href="{{privacyUrl}}">Privacy</a>{{/privacyUrl}}</p>'),
      ...text('{{#privacyUrl}}Privacy: {{privacyUrl}}{{/privacyUrl}}'),
    },
    breaks: [
      html('<a href="https://shop.example/">a</a>'),
      html('<a href="{{reviewUrl}}?to=shop">a</a>'),
      text('See www.shop.example'),
      text('See shop.com today'),
      text('Write to info@firm.example'),
      html('<p>www.<b>shop.example</b></p>'),
      html('<a href="">a</a>'),
    ],
  },
  'no-promotion': {
    keeps: both('We only ask whether we may write.'),
    breaks: [
      both('Now 20&nbsp;% off'),
      both('Only € 9.99'),
      both('Buy now'),
      text('Our special\noffer for you'),
      html('<p>sp<b>ecial</b> offer</p>'),
      html('<p aria-label="Free gift">a</p>'),
      subject('{{senderName}}: a voucher'),
    ],
  },
  'no-courtesies': {
    keeps: both('We ask for a decision.'),
    breaks: [both('Welcome to us'), both('Questions? Contact us'), both('Visit our shop')],
  },
  'no-shouting': {
    keeps: both('The UNO asks. Really!'),
    breaks: [
      both('Please answer!!'),
      both('PLEASE ANSWER NOW'),
      both('Hello 👋'),
      html('<p style="text-transform: uppercase">a</p>'),
    ],
  },
  'no-claimed-consent': {
    keeps: both('You can say yes or no.'),
    breaks: [
      both('You have already agreed to this'),
      both('No answer means yes'),
      both('☑ I agree'),
      html('<p checked>a</p>'),
    ],
  },
  'subject-length': {
    keeps: subject(`${'x'.repeat(60)}{{senderName}}`),
    breaks: [subject('x'.repeat(61)), subject(`{{senderName}} ${'word '.repeat(13)}`)],
  },
  'subject-shouting': {
    keeps: subject('The UNO asks'),
    breaks: [subject('ANSWER us'), subject('Answer!!'), subject('A question 🎉')],
  },
  'subject-reply': {
    keeps: subject('Regarding your address'),
    breaks: [subject('Re: your address'), subject('AW: a question'), subject('[list] Fwd : a')],
  },
  'subject-deceptive': {
    keeps: subject('A question from {{senderName}}'),
    breaks: [subject('Urgent: a question'), subject('Your invoice'), subject('Action required')],
  },
  'header-injection': {
    keeps: subject('One line\n'),
    breaks: [subject('One\nBcc: a'), subject('One\r\nX: y\r\n'), subject('One\u0000two')],
  },
  size: {
    keeps: html(`<!-- ${'x'.repeat(20_000)} -->`),
    breaks: [html(`<!-- ${'x'.repeat(30_000)} -->`), text(' '.repeat(30_000))],
  },
  'size-hard': {
    keeps: html(`<!-- ${'x'.repeat(50_000)} -->`),
    breaks: [
      html(`<!-- ${'x'.repeat(60_000)} -->`),
      { ...html(`<!-- ${'x'.repeat(55_000)} -->`), ...text(' '.repeat(55_000)) },
    ],
  },
  'html-lang': {
    keeps: {},
    breaks: [
      { 'en.html': page(BODY, { lang: 'de' }) },
      { 'en.html': `<head>${HEAD}</head>${BODY}` },
    ],
  },
  'html-title': {
    keeps: {},
    breaks: [
      { 'en.html': page(BODY, { head: '' }) },
      { 'en.html': page(BODY, { head: '<title> </title>' }) },
    ],
  },
  'dark-scheme': {
    keeps: {},
    breaks: [
      { 'en.html': page(BODY, { head: '<title>A</title>' }) },
      {
        'en.html': page(BODY, {
          head: '<title>A</title><meta name="color-scheme" content="light">',
        }),
      },
    ],
  },
  contrast: {
    keeps: html('<p style="color: #595959">a</p>'),
    breaks: [
      html('<p style="color: #999">a</p>'),
      html('<div style="background-color: rgb(40, 40, 40)"><p>a</p></div>'),
      html('<table bgcolor="blue"><tr><td style="color: black">a</td></tr></table>'),
    ],
  },
  'dark-contrast': {
    keeps: styled('.a { color: #eee !important } .b { background: #111 !important }'),
    breaks: [
      styled('.b { background: #111 !important }'),
      styled('.a { color: #eee } .b { background: #111 !important }'),
      styled('.a { color: #bbb !important }'),
    ],
  },
  'hidden-text': {
    keeps: html('<p style="color: #000; display: block">a</p>'),
    breaks: [
      html('<p style="display:none">a</p>'),
      html('<p style="color: white">a</p>'),
      html('<p style="color:#fff; font-size:0">a</p>'),
      { 'en.html': page(BODY, { head: `${HEAD}<style>.x{visibility:hidden}</style>` }) },
    ],
  },
  'small-print': {
    keeps: html('<p style="font-size: 16px">a</p>'),
    breaks: [
      html('<p style="font-size: 9px">a</p>'),
      html('<p style="margin:0;font-size:12.5px">a</p>'),
    ],
  },
  'tricky-characters': {
    keeps: text('naïve – “fine”'),
    breaks: [text('a\u202Eb'), html('<p>a\u200Bb</p>'), subject('a\u2066b')],
  },
};

const table = Object.entries(CASES) as [LintRule, (typeof CASES)[LintRule]][];

it('finds nothing in a plain template', () => {
  for (const profile of LINT_PROFILES) expect(lintTemplate(template(), profile)).toEqual([]);
});

describe.each(table)('%s', (rule, { keeps, breaks }) => {
  it('lets pass what keeps it', () => {
    expect(rulesIn(keeps)).not.toContain(rule);
  });
  it.each(breaks.map((changes, index) => [index + 1, changes] as const))(
    'finds case %i',
    (_, changes) => {
      const findings = lintTemplate(template(changes), 'strict').filter((one) => one.rule === rule);
      expect(findings).not.toEqual([]);
      for (const { severity, why, fix, line } of findings) {
        expect(severity).toBe(LINT_RULES[rule].strict);
        expect(why).toContain(LINT_RULES[rule].why);
        expect(fix).toBe(LINT_RULES[rule].fix);
        expect(line).toBeGreaterThanOrEqual(1);
      }
    },
  );
  it('was tried at least twice', () => {
    expect(breaks.length).toBeGreaterThanOrEqual(2);
  });
});
