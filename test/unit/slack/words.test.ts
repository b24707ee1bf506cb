/** Words: everything that is said is said in both languages, and nowhere but in words/. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { questionsOf, SOURCES } from '../../../src/consent/interview.ts';
import { examine } from '../../../src/consent/provenance.ts';
import { REFUSALS, Refusal, type RefusalCode } from '../../../src/consent/refusal.ts';
import { refusalWords } from '../../../src/slack/guard/refusals.ts';
import { CAMPAIGN_WORDS } from '../../../src/slack/words/campaigns.ts';
import { CARD_WORDS } from '../../../src/slack/words/cards.ts';
import { COMMAND_WORDS } from '../../../src/slack/words/commands.ts';
import { EVIDENCE_WORDS } from '../../../src/slack/words/evidence.ts';
import { HOME_WORDS } from '../../../src/slack/words/home.ts';
import { IMPORT_WORDS } from '../../../src/slack/words/imports.ts';
import {
  faultWords,
  questionWords,
  refusingWords,
  sourceName,
} from '../../../src/slack/words/interview.ts';
import { SLACK_LOCALES, slackLocale } from '../../../src/slack/words/language.ts';
import { addresses, formatNumber, formatSize, listed } from '../../../src/slack/words/numbers.ts';

const SLACK = 'src/slack';
const WORDS = join(SLACK, 'words');
const sources = readdirSync(SLACK, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.startsWith('words/'),
);
const areas = readdirSync(WORDS).filter((name) => name.endsWith('.ts'));

/** The same in both languages, and rightly so. */
const SAME = new Set(
  'Tags|E-Mail 1|E-Mail 2|E-Mail 3|Plan|plan|Name|Assent|Status|Start|Import|System|Text|Test|Gmail|Outlook|Yahoo|Neutral|HTML'.split(
    '|',
  ),
);

type Tree = Readonly<Record<string, unknown>>;
const isTree = (thing: unknown): thing is Tree => typeof thing === 'object' && thing !== null;
/** Both languages of one area, if that is what this is. */
const isWords = (thing: unknown): thing is { en: Tree; de: Tree } =>
  isTree(thing) && isTree(thing['en']) && isTree(thing['de']);

/** Every text of an area with its place; functions are called with words that stand for others. */
function textsOf(thing: unknown, at = ''): [string, string][] {
  if (typeof thing === 'string') return [[at, thing]];
  if (typeof thing === 'function') {
    const said: unknown = Reflect.apply(thing, undefined, ['7', '8', '9', '10']);
    return textsOf(said, at);
  }
  if (!isTree(thing)) return [];
  return Object.entries(thing).flatMap(([key, inner]) => textsOf(inner, `${at}/${key}`));
}

describe.each(areas)('the words of %s', (area) => {
  it('are not the same in both languages (that none is missing, the types see to)', async () => {
    const module: Tree = await import(`../../../src/slack/words/${area}`);
    for (const [name, words] of Object.entries(module)) {
      if (!isWords(words)) continue;
      const english = new Map(textsOf(words.en));
      const german = new Map(textsOf(words.de));
      const untranslated = [...german].filter(
        ([at, text]) => /\p{L}{3}/u.test(text) && english.get(at) === text && !SAME.has(text),
      );
      expect([name, untranslated]).toEqual([name, []]);
    }
  });
});

describe('refusals', () => {
  /** The command line names an option in them; the form in Slack has a box of its own to tick. */
  const INSISTING: readonly RefusalCode[] = ['import_differs', 'import_already_done'];
  const OTHERWISE: readonly RefusalCode[] = [...INSISTING, 'import_no_good_row'];
  const codes = Object.keys(REFUSALS) as RefusalCode[];

  it.each(codes)('%s has a sentence in each language', (code) => {
    const [english, german] = SLACK_LOCALES.map((locale) =>
      refusalWords(new Refusal(code), locale),
    );
    if (!OTHERWISE.includes(code)) expect(english).toBe(REFUSALS[code]);
    expect(german).toMatch(/[.!]$/u);
    expect(german).not.toBe(english);
  });

  it.each(INSISTING)('%s names the box that the form has for it', (code) => {
    for (const locale of SLACK_LOCALES) {
      const sentence = refusalWords(new Refusal(code), locale);
      expect(sentence).toContain(IMPORT_WORDS[locale].again);
      expect(sentence).not.toContain('--again');
    }
  });

  it('keep a detail that is a number, and English ones for those who read English', () => {
    expect(refusalWords(new Refusal('must_ask', '24'), 'de')).toMatch(/ 24$/u);
    const english = new Refusal('provenance_refused', 'Because of this.');
    expect(refusalWords(english, 'en')).toContain('Because of this.');
    expect(refusalWords(english, 'de')).not.toContain('Because');
  });
});

describe('the interview in German', () => {
  it.each(SOURCES)(
    'asks every question of %s, and says what is wrong with each answer',
    (source) => {
      expect(sourceName(source, 'de')).not.toBe(sourceName(source, 'en'));
      for (const question of questionsOf(source)) {
        const german = questionWords(question, 'de');
        expect(german.label).not.toBe(question.label);
        expect(german.hint === undefined).toBe(question.hint === undefined);
      }
      const found = examine({ source, answers: {}, attested: false }, new Date());
      if (found.kind === 'refused') {
        const { why, mend } = refusingWords(found, source, 'de');
        expect([why, mend]).not.toContain(found.why);
        expect(why.length * mend.length).toBeGreaterThan(0);
      }
      if (found.kind !== 'incomplete') return;
      expect(found.questions.length).toBeGreaterThan(2);
      for (const one of found.questions) {
        const question = questionsOf(source).find(({ id }) => id === one.question);
        expect(faultWords(one, question, 'de')).toMatch(/^(?:Bitte|Dieser|Der) .+\.$/u);
        expect(faultWords(one, question, 'en')).toBe(one.problem);
      }
    },
  );
});

describe('numbers and languages', () => {
  it('are written as each language writes them', () => {
    expect(formatNumber(12_480, 'en')).toBe('12,480');
    expect(formatNumber(12_480, 'de')).toBe('12.480');
    expect([addresses(1, 'de'), addresses(2, 'de')]).toEqual(['1 Adresse', '2 Adressen']);
    expect(listed(['a', 'b', 'c'], 'de')).toBe('a, b und c');
    expect(listed([], 'en')).toBe('');
  });

  it.each([
    [0, '0 bytes', '0 Byte'],
    [1, '1 byte', '1 Byte'],
    [47, '47 bytes', '47 Byte'],
    [999, '999 bytes', '999 Byte'],
    [1_000, '1 kB', '1 kB'],
    [4_210, '4.21 kB', '4,21 kB'],
    [999_499, '999 kB', '999 kB'],
    [999_500, '1 MB', '1 MB'],
    [1_234_567, '1.23 MB', '1,23 MB'],
    [10_000_000, '10 MB', '10 MB'],
  ])('%i bytes are a size that people read', (bytes, english, german) => {
    expect(formatSize(bytes, 'en')).toBe(english);
    // German has a space there that does not break a line.
    expect(formatSize(bytes, 'de').replace('\u00A0', ' ')).toBe(german);
  });

  it.each([
    ['de-DE', 'de'],
    ['de', 'de'],
    ['DE_at', 'de'],
    ['en-GB', 'en'],
    ['fr-FR', 'en'],
    ['', 'en'],
    [undefined, 'en'],
  ])('the tag %s means %s', (tag, expected) => {
    expect(slackLocale(tag)).toBe(expected);
  });
});

/** A property that people read, with English beside it; or marked-up text with words in it. */
const SPOKEN = [
  /\b(?:label|title|text|hint|submit|close|placeholder|yes|no)\s*:\s*(?:md)?['"`][^'"`]*\p{L}{3}/u,
  /\bmd`(?:[^`$]|\$(?!\{))*(?<![\w/.`\\-])\p{L}{3,}(?:[^`]*)`/u,
];
/** `${rest}`, as it stands in a source. */
const HOLE = ['$', '{rest}'].join('');
/** What these say, nobody reads in Slack, or in no language. */
const SPARED = /^\s*(?:\*|\/\/|\/\*)|log\.\w+\(|mrkdwn\(\)|<!date|SHA-256/u;

describe('outside of words/', () => {
  it.each(sources)('%s says nothing', (name) => {
    const lines = readFileSync(join(SLACK, name), 'utf8').split('\n');
    const spoken = lines.filter(
      (line) => !SPARED.test(line) && SPOKEN.some((pattern) => pattern.test(withoutPieces(line))),
    );
    expect(spoken).toEqual([]);
  });

  it('is looked at by a check that finds what is said', () => {
    const found = (line: string) => SPOKEN.some((one) => one.test(withoutPieces(line)));
    expect(found("    title: 'Review request',")).toBe(true);
    expect(found(`  return md\`Nothing was done: ${HOLE}.\`;`)).toBe(true);
    expect(found(`  return md\`*${HOLE}* ${HOLE}\`;`)).toBe(false);
    expect(found('    title: words.title,')).toBe(false);
  });
});

/** The line without what is put into its texts, and without emoji. */
const withoutPieces = (line: string): string => line.replace(/\$\{[^}]*\}|:[a-z_]+:/gu, '');

/** WCAG 2.5.3: who speaks what they see must reach the button (id and name stand for any). */
describe('what a screen reader says of a button', () => {
  it.each(SLACK_LOCALES)('begins with the text that is seen on it, in %s', (locale) => {
    const campaign = CAMPAIGN_WORDS[locale];
    const evidence = EVIDENCE_WORDS[locale];
    const { approval } = CARD_WORDS[locale];
    const home = HOME_WORDS[locale];
    const command = COMMAND_WORDS[locale];
    const pairs: readonly (readonly [string, string])[] = [
      [campaign.review, campaign.reviewOf('x')],
      [campaign.details, campaign.detailsOf('x')],
      [evidence.send, evidence.sendOf('x')],
      [evidence.drop, evidence.dropOf('x')],
      [approval.review, approval.reviewOf('x')],
      [home.review, home.reviewOf('x')],
      [command.details, command.detailsOf('x')],
    ];
    for (const [seen, said] of pairs) expect([seen, said.startsWith(seen)]).toEqual([seen, true]);
  });
});
