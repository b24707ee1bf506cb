/** Lint whole: rules on a template as a whole: its files, its placeholders, its size, text against HTML. */

import { LAST_RESORT } from '../locale.ts';
import { placeholdersOf, TEMPLATE_FILE } from '../templates.ts';
import { type FileKind, type LintContext, type LintFile, lineCounter } from './finding.ts';
import { readHtml } from './html.ts';
import { paragraphsOf } from './prose.ts';
import type { LintRule } from './rules.ts';

const SIZE_BYTES = 30_000;
const SIZE_HARD_BYTES = 100_000;
/** Share of the words of one that the other may lack: a button has words of its own. */
const WORDS_LACKING_MAX = 0.4;
/** Shorter words say nothing about what is told (characters). */
const WORD_CHARACTERS_MIN = 4;
const KINDS: readonly FileKind[] = ['subject.txt', 'txt', 'html'];
const MARK = /\{\{(\{?)([#/]?)\s*([A-Za-z][A-Za-z0-9]*)\s*\}\}/gu;
const TRICKY = /[\u202A-\u202E\u2066-\u2069\u200B\u2060\uFEFF\uFFFD]/gu;
const RULE_OF: Readonly<Record<string, LintRule>> = {
  senderName: 'sender-name',
  postalAddress: 'postal-address',
  reviewUrl: 'confirm-link',
  stopUrl: 'decline-link',
};

/** The files that belong to a template; what is no file of one is reported. */
export function lintFiles(
  context: LintContext,
  files: ReadonlyMap<string, string>,
): readonly LintFile[] {
  const read: LintFile[] = [];
  for (const [name, text] of files) {
    const [, locale, kind] = TEMPLATE_FILE.exec(name) ?? [];
    if (locale === undefined) context.report('file-name', name, 1, 'An unknown kind of file');
    else read.push({ name, locale, kind: kind as FileKind, text: text.replaceAll('\r\n', '\n') });
  }
  for (const locale of new Set([LAST_RESORT, ...read.map((file) => file.locale)])) {
    for (const kind of KINDS) {
      const there = read.find((file) => file.locale === locale && file.kind === kind);
      if (there === undefined || there.text.trim() === '') {
        context.report('file-missing', `${locale}.${kind}`, 1, 'Missing or empty');
      }
    }
  }
  return read;
}

/** The placeholders of one file, and what no eye would see. */
export function lintPlaceholders(context: LintContext, file: LintFile): void {
  const vocabulary = placeholdersOf(context.purpose);
  const lineOf = lineCounter(file.text);
  for (const match of file.text.matchAll(MARK)) {
    const [whole, brace, , name = ''] = match;
    const line = lineOf(match.index);
    if (brace !== '')
      context.report('triple-braces', file.name, line, `{{{${name}}}}`.slice(0, -1));
    if (!Object.hasOwn(vocabulary, name)) {
      context.report('unknown-placeholder', file.name, line, whole);
    }
  }
  for (const match of file.text.matchAll(TRICKY)) {
    const code = match[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
    context.report('tricky-characters', file.name, lineOf(match.index), `U+${code}`);
  }
  if (file.kind === 'subject.txt') return;
  const shown = file.kind === 'html' ? bodyText(file) : file.text;
  const used = new Set([...shown.matchAll(MARK)].map(([, , , name = '']) => name));
  for (const [name, { required }] of Object.entries(vocabulary)) {
    const rule = RULE_OF[name] ?? 'needed-placeholder';
    const isLink = rule === 'confirm-link' || rule === 'decline-link';
    if (!required || used.has(name) || isLink) continue;
    context.report(rule, file.name, 1, `{{${name}}} is missing`);
  }
}

/** What stands in the HTML to be read: not its title, not its comments. */
const bodyText = (file: LintFile): string =>
  readHtml(file)
    .texts.filter(({ path }) => path.every(({ name }) => name !== 'head' && name !== 'title'))
    .map(({ text }) => text)
    .join('');

/** One language: its size, and whether text and HTML tell the same. */
export function lintLocale({ report }: LintContext, files: readonly LintFile[]): void {
  const html = files.find(({ kind }) => kind === 'html');
  const text = files.find(({ kind }) => kind === 'txt');
  if (html === undefined || text === undefined) return;
  const bytes = files.reduce((sum, file) => sum + Buffer.byteLength(file.text), 0);
  if (bytes > SIZE_HARD_BYTES) report('size-hard', html.name, 1, `${bytes} bytes`);
  else if (bytes > SIZE_BYTES) report('size', html.name, 1, `${bytes} bytes`);
  const [inHtml, inText] = [wordsOf(html), wordsOf(text)];
  const lacks = (words: ReadonlySet<string>, other: ReadonlySet<string>) =>
    words.size === 0 ? 0 : [...words].filter((word) => !other.has(word)).length / words.size;
  if (lacks(inHtml, inText) > WORDS_LACKING_MAX) {
    report('same-in-text', text.name, 1, 'The text leaves out much of what the HTML says');
  } else if (lacks(inText, inHtml) > WORDS_LACKING_MAX) {
    report('same-in-text', html.name, 1, 'The HTML leaves out much of what the text says');
  }
  for (const name of namesIn(html)) {
    if (!namesIn(text).has(name)) report('same-in-text', text.name, 1, `{{${name}}} is missing`);
  }
  for (const name of namesIn(text)) {
    if (!namesIn(html).has(name)) report('same-in-text', html.name, 1, `{{${name}}} is missing`);
  }
}

const namesIn = ({ text }: LintFile): ReadonlySet<string> =>
  new Set([...text.matchAll(MARK)].map(([, , , name = '']) => name));

function wordsOf(file: LintFile): ReadonlySet<string> {
  const words = paragraphsOf(file).flatMap(
    ({ text }) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [],
  );
  return new Set(words.filter((word) => word.length >= WORD_CHARACTERS_MIN));
}
