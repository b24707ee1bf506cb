/** Placeholders: what the template language does, and all that it refuses to read. */
import { describe, expect, it } from '@jest/globals';
import { assert, asyncProperty, pre, string } from 'fast-check';
import { compileText } from '../../../src/mail/compile-text.ts';
import { fillText, type Medium, type Values } from '../../../src/mail/placeholders.ts';

const VOCABULARY = {
  name: { kind: 'text', required: true },
  street: { kind: 'lines', required: true },
  link: { kind: 'url', required: true },
  extra: { kind: 'text', required: false },
  page: { kind: 'url', required: false },
} as const;

const compile = (text: string, medium: Medium = 'html') =>
  compileText({ file: 'x/en.html', text, medium }, VOCABULARY);
const fill = (text: string, values: Values, medium: Medium = 'html') =>
  fillText(compile(text, medium), values);

describe('a value', () => {
  it.each<[string, Medium, string, Values, string]>([
    [
      'is escaped in HTML',
      'html',
      '{{name}}',
      { name: `<b>"A" & 'B'</b>` },
      '&#60;b&#62;&#34;A&#34; &#38; &#39;B&#39;&#60;/b&#62;',
    ],
    ['stands as it is in text', 'text', '{{name}}', { name: '<A> & B' }, '<A> & B'],
    [
      'is one line in a subject',
      'header',
      '{{name}}',
      { name: 'A\r\nBcc: eve@example.com' },
      'A Bcc: eve@example.com',
    ],
    [
      'is one line in text too',
      'text',
      '{{name}}',
      { name: ' A\n\n\tB\u2028C\u0000D ' },
      'A B C D',
    ],
    ['loses tricks of direction', 'text', '{{name}}', { name: 'A\u202Egpj.exe\u2066' }, 'Agpj.exe'],
    ['keeps its lines in text', 'text', '{{street}}', { street: 'A 1\r\n\r\n B 2 \n' }, 'A 1\nB 2'],
    [
      'keeps its lines in HTML',
      'html',
      '{{street}}',
      { street: 'A <1>\nB 2' },
      'A &#60;1&#62;<br>B 2',
    ],
    [
      'is a link in href',
      'html',
      '<a href="{{link}}">',
      { link: 'https://a.example/?x=1&y="' },
      '<a href="https://a.example/?x=1&#38;y=%22">',
    ],
    [
      'is a bare link in text',
      'text',
      '{{link}}',
      { link: 'http://a.example/x' },
      'http://a.example/x',
    ],
    ['is never read as a template', 'text', '{{name}}', { name: '{{street}}' }, '{{street}}'],
    ['keeps dollar signs', 'text', '{{name}}', { name: '$& $1' }, '$& $1'],
  ])('%s', (_, medium, text, values, expected) => {
    expect(fill(text, values, medium)).toBe(expected);
  });

  it('can not leave its place in HTML, whatever it is', async () => {
    await assert(
      asyncProperty(string({ unit: 'binary' }), async (name) => {
        pre(/[^\s\p{Cc}\p{Z}\u202A-\u202E\u2066-\u2069]/u.test(name));
        expect(fill('{{name}}', { name })).not.toMatch(/[<>"'\r\n]/);
      }),
    );
  });

  it('can not start a line of its own in a header, whatever it is', async () => {
    await assert(
      asyncProperty(string({ unit: 'binary' }), async (tail) => {
        expect(fill('{{name}}', { name: `A${tail}` }, 'header')).not.toMatch(
          /[\p{Cc}\u2028\u2029]/u,
        );
      }),
    );
  });

  it.each([undefined, '', ' \n\t', '\u202E'])('that is %j is missing, and named', (name) => {
    expect(() => fill('{{name}}', { name })).toThrow(/\{\{name\}\} has no value/);
  });

  it.each([
    ['javascript:alert(1)', 'not an http or https URL'],
    ['data:text/html,x', 'not an http or https URL'],
    ['//a.example', 'not an http or https URL'],
    ['https://bank.example@a.example/', 'a user name'],
    [`https://a.example/${'x'.repeat(900)}`, 'longer than 900'],
  ])('as a URL is not %s', (link, why) => {
    expect(() => fill('{{link}}', { link })).toThrow(why);
    expect(() => fill('{{link}}', { link })).toThrow('{{link}}');
  });

  it('of a URL is not repeated in the error: it may carry a token', () => {
    expect(() => fill('{{link}}', { link: 'ftp://a.example/SECRET' })).not.toThrow(/SECRET/);
  });
});

describe('a section', () => {
  const text = 'A{{#extra}}[{{extra}}]{{/extra}}B{{#page}}<a href="{{page}}">p</a>{{/page}}';

  it('is there with its value', () => {
    expect(fill(text, { extra: 'x', page: 'https://a.example/' })).toBe(
      'A[x]B<a href="https://a.example/">p</a>',
    );
  });
  it.each([undefined, '', ' '])('is not there if its value is %j', (extra) => {
    expect(fill(text, { extra, page: undefined })).toBe('AB');
  });
  it('counts its placeholder once, in the names', () => {
    expect(compile(text).names).toEqual(new Set(['extra', 'page']));
  });
});

describe('a template with a slip', () => {
  it.each<[string, string, Medium, string]>([
    [
      'an unknown name',
      'a\nb {{nmae}}',
      'html',
      'x/en.html:2: {{nmae}} is unknown; known are extra, link, name, page, street',
    ],
    ['a name of Object', '{{constructor}}', 'html', '{{constructor}} is unknown'],
    ['an unknown section', '{{#nmae}}{{/nmae}}', 'text', '{{#nmae}} is unknown'],
    ['spaces', '{{ name }}', 'text', 'x/en.html:1: "{{" opens no placeholder'],
    ['half a mark', 'a {{name} b', 'text', '"{{" opens no placeholder'],
    ['three braces', '{{{name}}}', 'html', '{{name}} stands in three braces'],
    [
      'an optional value without a section',
      '{{extra}}',
      'text',
      '{{extra}} may be missing, so it must stand inside',
    ],
    [
      'an optional value in a section of another',
      '{{#page}}{{extra}}{{/page}}',
      'text',
      '{{extra}} may be missing',
    ],
    [
      'a required value in a section',
      '{{#page}}{{name}}{{/page}}',
      'text',
      '{{name}} is needed in every mail',
    ],
    [
      'a section for a required value',
      '{{#name}}{{name}}{{/name}}',
      'text',
      '{{#name}} is always there',
    ],
    [
      'a section in a section',
      '{{#page}}{{#extra}}',
      'text',
      '{{#extra}} stands inside of {{#page}}',
    ],
    ['a section that stays open', '{{#page}}', 'text', '{{#page}} is never closed'],
    [
      'a section closed twice',
      '{{#page}}{{/page}}{{/page}}',
      'text',
      '{{/page}} closes a section that is not open',
    ],
    [
      'a section closed by another',
      '{{#page}}{{/extra}}',
      'text',
      '{{/extra}} closes a section that is not open',
    ],
    [
      'text in an attribute',
      '<p title="{{name}}">',
      'html',
      '{{name}} must not stand inside of a tag',
    ],
    ['text in href', '<a href="{{name}}">', 'html', '{{name}} is not a URL'],
    [
      'a URL with more in href',
      '<a href="{{link}}/x">',
      'html',
      '{{link}} must not stand inside of a tag',
    ],
    [
      'a URL after more in href',
      '<a href="x?{{link}}">',
      'html',
      '{{link}} must not stand inside of a tag',
    ],
    [
      'a URL in href without quotes',
      '<a href={{link}}>',
      'html',
      '{{link}} must not stand inside of a tag',
    ],
    ['a URL in src', '<img src="{{link}}">', 'html', '{{link}} must not stand inside of a tag'],
    [
      'a value in a tag after a ">" in quotes',
      '<a title=">" {{name}}>',
      'html',
      '{{name}} must not stand inside of a tag',
    ],
    [
      'a value in a style',
      '<style>p { color: {{name}} }</style>',
      'html',
      '{{name}} must not stand inside of a tag, style',
    ],
    [
      'a value in a comment',
      '<!-- {{name}} -->',
      'html',
      '{{name}} must not stand inside of a tag, style or comment',
    ],
    [
      'a section in a tag',
      '<p {{#page}}hidden{{/page}}>',
      'html',
      '{{#page}} must not stand inside of a tag',
    ],
    ['a URL in a subject', '{{link}}', 'header', '{{link}} does not fit into a subject'],
    ['lines in a subject', '{{street}}', 'header', '{{street}} does not fit into a subject'],
  ])('is refused for %s', (_, text, medium, why) => {
    expect(() => compile(text, medium)).toThrow(why);
  });

  it('may hold "}}" where CSS does', () => {
    expect(fill('<style>@media x { p { a: b }}</style>{{name}}', { name: 'N' })).toContain(
      '}}</style>N',
    );
  });
});
