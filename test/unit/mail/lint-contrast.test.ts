/** Lint of contrast: which colours meet, in both schemes, as a mail client would find out. */
import { describe, expect, it } from '@jest/globals';
import { lintTemplate } from '../../../src/mail/lint/lint.ts';
import { BODY, HEAD, page, template } from './a-template.ts';

const RULES = ['contrast', 'dark-contrast', 'hidden-text'];
const dark = (rules: string) => `@media (prefers-color-scheme: dark) { ${rules} }`;
const BOX =
  '<div class="box" id="b" style="background-color: #fff"><p class="ink" style="color: #111">words</p></div>';
const BARE = '<div class="box"><p class="ink">words</p></div>';
const ONE_LINK = '<div class="box"><a href="{{stopUrl}}">words</a></div>';
/** Turns the whole box; the ink on it is judged. */
const GROUND = '.box { background-color: #111 !important }';

/** `contrast 2.8 to 1`, of the words in the body alone. */
function contrasts(style: string, body: string, head = HEAD): string[] {
  const file = page(`${BODY}\n${body}`, { head: `${head}<style>${style}</style>` });
  return lintTemplate(template({ 'en.html': file }), 'neutral')
    .filter(({ rule, found }) => RULES.includes(rule) && found.includes('words'))
    .map(({ rule, found }) => `${rule} ${/[\d.]+ to 1/u.exec(found)?.[0]}`);
}

describe('in the dark', () => {
  it.each<[string, string, string, string[]]>([
    ['nothing set', '', BOX, []],
    ['text and ground turned', dark(`.ink { color: #eee !important } ${GROUND}`), BOX, []],
    ['the ground alone', dark(GROUND), BOX, ['hidden-text 1.0 to 1']],
    [
      'an inline colour beats the rule',
      dark(`.ink { color: #eee } ${GROUND}`),
      BOX,
      ['hidden-text 1.0 to 1'],
    ],
    [
      'an inline ground does',
      dark('.ink { color: #eee !important } .box { background: #111 }'),
      BOX,
      ['hidden-text 1.1 to 1'],
    ],
    [
      'turned a little',
      dark(`.ink { color: #777 !important } ${GROUND}`),
      BOX,
      ['dark-contrast 4.2 to 1'],
    ],
    ['by tag', dark('p { color: #777 !important }'), BOX, ['dark-contrast 4.4 to 1']],
    ['by tag and class', dark('p.ink { color: #777 !important }'), BOX, ['dark-contrast 4.4 to 1']],
    ['by another tag', dark('td.ink { color: #777 !important }'), BOX, []],
    ['by two classes, of which it has one', dark('.ink.bold { color: #777 !important }'), BOX, []],
    ['by place', dark('.box .ink { color: #777 !important }'), BOX, ['dark-contrast 4.4 to 1']],
    ['by another place', dark('.card .ink { color: #777 !important }'), BOX, []],
    ['the other way round', dark('.ink .box { color: #777 !important }'), BOX, []],
    ['by parent', dark('div > p { color: #777 !important }'), BOX, ['dark-contrast 4.4 to 1']],
    ['by id', dark('#b { background: #777 !important }'), BOX, ['dark-contrast 4.2 to 1']],
    [
      'one of several selectors',
      dark('h1, .ink , h2 { color: #777 !important }'),
      BOX,
      ['dark-contrast 4.4 to 1'],
    ],
    ['while it is pointed at', dark('.ink:hover { color: #777 !important }'), BOX, []],
    [
      'the stronger rule',
      dark('p.ink { color: #222 !important } .ink { color: #777 !important }'),
      BOX,
      [],
    ],
    [
      'the later rule',
      dark('.ink { color: #777 !important } .ink { color: #222 !important }'),
      BOX,
      [],
    ],
    [
      'the important one',
      dark('.ink { color: #222 !important } p.ink { color: #777 }'),
      BARE,
      ['hidden-text 1.1 to 1'],
    ],
    [
      'an inline colour that is important',
      dark('.ink { color: #777 !important }'),
      BOX.replace('#111', '#111 !important'),
      [],
    ],
    ['24 px', dark('.ink { color: #777 !important; font-size: 24px }'), BOX, []],
    [
      'a colour that we cannot read',
      dark(`.ink { color: hsl(0 0% 20%) !important } ${GROUND}`),
      BOX,
      [],
    ],
    [
      'the parent’s colour',
      dark(`.box { color: #eee !important } .ink { color: inherit !important } ${GROUND}`),
      BOX,
      [],
    ],
    [
      'text on the client’s own page',
      dark('.ink { color: #333 !important }'),
      BARE,
      ['dark-contrast 1.4 to 1'],
    ],
    ['the client’s own text', dark(GROUND), BARE, []],
    [
      'the client’s own text on a light ground',
      dark('.box { background: #fff !important }'),
      BARE,
      ['hidden-text 1.0 to 1'],
    ],
    ['the client’s own links', dark(GROUND), ONE_LINK, []],
    [
      'a link on a light ground',
      dark('.box { background: #eee !important }'),
      ONE_LINK,
      ['dark-contrast 2.0 to 1'],
    ],
    [
      'a comment',
      dark(`/* .ink { color: #eee !important } } */ ${GROUND}`),
      BOX,
      ['hidden-text 1.0 to 1'],
    ],
  ])('%s', (_what, style, body, expected) => {
    expect(contrasts(style, body)).toEqual(expected);
  });

  const grey = '.ink { color: #777 !important }';
  it.each<[string, string, boolean]>([
    ['screen and dark', `@media screen and (prefers-color-scheme:dark){${grey}}`, true],
    [
      'dark and narrow',
      `@media (prefers-color-scheme: dark) and (max-width: 480px) {${grey}}`,
      true,
    ],
    ['dark in screen', `@media screen { ${dark(grey)} }`, true],
    ['capitals', `@MEDIA (Prefers-Color-Scheme: DARK) {${grey}}`, true],
    ['a block that is not closed', `@media (prefers-color-scheme: dark) {${grey}`, true],
    ['behind an import', `@import "x.css"; ${dark(grey)}`, true],
    ['light in dark', dark(`@media (prefers-color-scheme: light) {${grey}}`), false],
    ['narrow', `@media (max-width: 480px) {${grey}}`, false],
    ['print', `@media print and (prefers-color-scheme: dark) {${grey}}`, false],
    ['not dark', `@media not all and (prefers-color-scheme: dark) {${grey}}`, false],
    ['another block', `@supports (color: red) {${grey}}`, false],
  ])('%s is looked at: %s', (_what, style, isRead) => {
    expect(contrasts(style, BOX)).toEqual(isRead ? ['dark-contrast 4.4 to 1'] : []);
  });

  it('behind a mail that does not say that it can be dark is a white page', () => {
    const plain = '<title>A question</title>';
    const light = dark('.ink { color: #eee !important }');
    expect(contrasts(light, BARE)).toEqual([]);
    expect(contrasts(light, BARE, plain)).toEqual(['hidden-text 1.1 to 1']);
    expect(contrasts(`:root { color-scheme: light dark } ${light}`, BARE, plain)).toEqual([]);
  });
});

describe('in the light', () => {
  it.each<[string, string, string, string[]]>([
    ['a rule', '.ink { color: #999 }', BARE, ['contrast 2.8 to 1']],
    [
      'a rule for the light alone',
      '@media (prefers-color-scheme: light) { .ink { color: #999 } }',
      BARE,
      ['contrast 2.8 to 1'],
    ],
    ['a rule that an inline colour beats', '.ink { color: #999 }', BOX, []],
    ['a rule that is important', '.ink { color: #999 !important }', BOX, ['contrast 2.8 to 1']],
    [
      'a rule of the dark',
      dark('.ink { color: #999 !important } .box { background: #111 !important }'),
      BOX,
      [],
    ],
    [
      'a rule that both schemes have',
      `.ink { color: #999 !important } ${dark(GROUND)}`,
      BOX,
      ['contrast 2.8 to 1'],
    ],
    [
      'the old attributes',
      '',
      '<table bgcolor="black"><tr><td>words</td></tr></table>',
      ['hidden-text 1.0 to 1'],
    ],
    [
      'the old attributes, beaten',
      'table { background: white }',
      '<table bgcolor="black"><tr><td>words</td></tr></table>',
      [],
    ],
  ])('%s', (_what, style, body, expected) => {
    expect(contrasts(style, body)).toEqual(expected);
  });
});

it('names line, reason and remedy, a warning if neutral and an error if strict', () => {
  const file = page(`${BODY}\n\n${BOX}`, {
    head: `${HEAD}<style>${dark('.ink { color: #777 !important }')}</style>`,
  });
  for (const [profile, severity] of [
    ['neutral', 'warning'],
    ['strict', 'error'],
  ] as const) {
    const findings = lintTemplate(template({ 'en.html': file }), profile);
    expect(findings).toEqual([
      {
        rule: 'dark-contrast',
        severity,
        file: 'en.html',
        line: 9,
        found: 'In the dark 4.4 to 1 at “words”',
        why: expect.stringContaining('4.5 to 1 against its background'),
        fix: expect.stringContaining('!important'),
      },
    ]);
  }
});

it('ends soon with any style', () => {
  const hostile = [
    '{'.repeat(50_000),
    '{}'.repeat(25_000),
    '@media{'.repeat(8_000),
    '/*'.repeat(25_000),
    `${'a '.repeat(20_000)}{color:red}`,
    `.a{${'color:red;'.repeat(5_000)}}`,
    'a{color:red}'.repeat(4_500),
    'color-scheme:'.repeat(4_000),
  ];
  for (const style of hostile) {
    expect(() => contrasts(style, `${'<b>'.repeat(500)}words`)).not.toThrow();
  }
});
