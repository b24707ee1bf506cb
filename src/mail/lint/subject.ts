/** Lint subject: rules on the one line that everybody reads. */
import { oneLine } from '../clean-text.ts';
import { type LintContext, type LintFile, quote } from './finding.ts';
import { listsFor, shoutsIn, withPlainMarks } from './phrases.ts';
import { paragraphsOf, VALUE_SIGN } from './prose.ts';
import { SALE_SIGNS } from './words.ts';

/** Besides the sender's name, which is filled in. */
const SUBJECT_CHARACTERS_MAX = 60;
/** Letters of a single word in capitals that shout in so short a line. */
const SHOUTED_WORD = /(?<![\p{L}\p{N}])\p{Lu}{5,}(?![\p{L}\p{N}])/u;
/** "Re:" in the languages whose clients write something else. */
const REPLY =
  /^\s*(?:\[[^\]]*\]\s*)?(?:re|fwd?|aw|wg|antw|antwort|tr|réf|rv|rép|res|enc|r|i|doorst)\s*(?:\[\d{1,3}\])?\s*:/iu;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

export function lintSubject(context: LintContext, file: LintFile): void {
  const { text, name, locale } = file;
  const report = (rule: Parameters<LintContext['report']>[0], found: string) =>
    context.report(rule, name, 1, found);
  const body = text.replace(/\n$/u, '');
  if (/[\r\n]/u.test(body)) report('header-injection', 'The subject has more than one line');
  if (CONTROL.test(body.replaceAll('\n', '')))
    report('header-injection', 'The subject has control characters');
  const subject = withPlainMarks(
    oneLine(paragraphsOf(file).reduce((line, part) => `${line} ${part.text}`, '')),
  );
  const letters = Array.from(subject.replaceAll(VALUE_SIGN, '')).length;
  if (letters > SUBJECT_CHARACTERS_MAX) report('subject-length', `${letters} characters`);
  if (REPLY.test(subject)) report('subject-reply', quote(subject));
  const [shout] = shoutsIn(subject);
  const capitals = SHOUTED_WORD.exec(subject)?.[0];
  const loud = shout?.found ?? capitals;
  if (loud !== undefined) report('subject-shouting', quote(loud));
  const { promotion, deceptive, claims, courtesies } = listsFor(locale);
  const rules = [
    ['no-promotion', [...promotion, ...SALE_SIGNS]],
    ['no-claimed-consent', claims],
    ['no-courtesies', courtesies],
    ['subject-deceptive', deceptive],
  ] as const;
  for (const [rule, patterns] of rules) {
    const found = patterns.flatMap((pattern) => subject.match(pattern) ?? [])[0];
    if (found !== undefined) report(rule, quote(found));
  }
}
