/** Lint phrases: rules on what a template says: promotion, courtesies, claimed consent, shouting. */

import { LAST_RESORT } from '../locale.ts';
import { type LintContext, type LintFile, quote } from './finding.ts';
import { type Paragraph, paragraphsOf } from './prose.ts';
import type { LintRule } from './rules.ts';
import { SALE_SIGNS, TICKED_SIGNS, WORD_LISTS, type WordLists } from './words.ts';

/** Letters in a row of capital words that are still no shouting: abbreviations, a company's form. */
const SHOUTED_LETTERS = 8;
const EMOJI = /\p{Extended_Pictographic}/gu;
/** Signs of law and print that count as pictographs. */
const NO_EMOJI = new Set(['©', '®', '™', '☑', '☒', '✅', '↔']);
const EXCLAIMED = /[!¡]\s?[!¡?]|[?]\s?!/gu;
const CAPITALS = /(?:(?<![\p{L}\p{N}])\p{Lu}{2,}(?![\p{L}\p{N}])[\s'’&.,:-]*)+/gu;

/** The body of a mail: its text and its HTML. */
export function lintPhrases(context: LintContext, file: LintFile): void {
  const lists = listsFor(file.locale);
  for (const paragraph of paragraphsOf(file)) {
    const each = (rule: LintRule, patterns: readonly RegExp[]) =>
      reportEach({ context, file, paragraph, rule }, patterns);
    each('no-promotion', [...lists.promotion, ...SALE_SIGNS]);
    each('no-courtesies', lists.courtesies);
    each('no-claimed-consent', [...lists.claims, TICKED_SIGNS]);
    for (const { index, found } of shoutsIn(paragraph.text)) {
      context.report('no-shouting', file.name, paragraph.lineOf(index), quote(found));
    }
  }
}

interface Place {
  readonly context: LintContext;
  readonly file: LintFile;
  readonly paragraph: Paragraph;
  readonly rule: LintRule;
}

/** One finding a place: "special offer" is not told once more as "offer". */
function reportEach({ context, file, paragraph, rule }: Place, patterns: readonly RegExp[]): void {
  const text = withPlainMarks(paragraph.text);
  const found = patterns
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map((match) => ({ start: match.index, end: match.index + match[0].length }))
    .toSorted((a, b) => a.start - b.start || b.end - a.end);
  let done = -1;
  for (const { start, end } of found) {
    if (start < done) continue;
    done = end;
    context.report(rule, file.name, paragraph.lineOf(start), quote(text.slice(start, end)));
  }
}

/** What presses people: rows of marks, emoji, words in capitals. */
export function shoutsIn(text: string): { readonly index: number; readonly found: string }[] {
  const marks = [...text.matchAll(EXCLAIMED)];
  const emoji = [...text.matchAll(EMOJI)].filter(([sign]) => !NO_EMOJI.has(sign));
  const capitals = [...text.matchAll(CAPITALS)].filter(
    ([run]) => (run.match(/\p{Lu}/gu)?.length ?? 0) >= SHOUTED_LETTERS,
  );
  return [...marks, ...emoji, ...capitals].map((match) => ({
    index: match.index,
    found: match[0],
  }));
}

type Patterns = { readonly [Name in keyof WordLists]: readonly RegExp[] };
const COMPILED = new Map<string, Patterns>();

/** The lists of a language; English for one that we have no list of. */
export function listsFor(locale: string): Patterns {
  const language = locale.split('-')[0]?.toLowerCase() ?? LAST_RESORT;
  const key = Object.hasOwn(WORD_LISTS, language) ? language : LAST_RESORT;
  const known = COMPILED.get(key);
  if (known !== undefined) return known;
  const lists = WORD_LISTS[key];
  if (lists === undefined) throw new Error(`there are no word lists for ${key}`);
  const compiled = {
    promotion: [patternOf(lists.promotion)],
    courtesies: [patternOf(lists.courtesies)],
    claims: [patternOf(lists.claims)],
    deceptive: [patternOf(lists.deceptive)],
  };
  COMPILED.set(key, compiled);
  return compiled;
}

/** One pattern for all phrases, the longest first; between words may stand any space. */
function patternOf(phrases: readonly string[]): RegExp {
  const alternatives = phrases
    .toSorted((a, b) => b.length - a.length)
    .map((phrase) => withPlainMarks(phrase).replaceAll(/[.+?()[\]{}|\\^$]/gu, String.raw`\$&`))
    .map((phrase) => phrase.replaceAll('*', String.raw`\p{L}*`).replaceAll(' ', String.raw`\s+`));
  return new RegExp(
    String.raw`(?<![\p{L}\p{N}])(?:${alternatives.join('|')})(?![\p{L}\p{N}])`,
    'giu',
  );
}

/** Typographic marks as plain ones, one for one: a slogan is one with either. */
export const withPlainMarks = (text: string): string =>
  text.replaceAll(/[’‘‛]/gu, "'").replaceAll(/[\u2010\u2011]/gu, '-');
