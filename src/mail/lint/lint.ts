/**
 * Lint: says what is wrong with a mail template before anybody is mailed with it: each finding with
 * file, line, why, and what to do. Pure: the same files, the same findings.
 *
 * It runs when a custom template is handed in, on the command line, and again before a request that
 * uses the template is approved.
 */

import { type MailPurpose, readTemplate, TEMPLATE_BYTES_MAX } from '../templates.ts';
import { lintContrast } from './contrast.ts';
import { type Finding, findingOf, type LintContext } from './finding.ts';
import { lintHtml } from './html-rules.ts';
import { lintLinks } from './links.ts';
import { lintPhrases } from './phrases.ts';
import type { LintProfile } from './rules.ts';
import { lintSubject } from './subject.ts';
import { lintFiles, lintLocale, lintPlaceholders } from './whole.ts';

/** More tell nothing new. */
const FINDINGS_MAX = 100;
/** A name that any set of files may be read under, to see whether it can be read. */
const READ_AS: Readonly<Record<MailPurpose, string>> = {
  request: 'custom',
  reminder: 'reminder',
  goodbye: 'goodbye',
};

/**
 * @param files by name: `en.subject.txt`, `en.txt`, `en.html` and the same of other languages
 * @returns at most 100 findings: errors first, then by file and line
 */
export function lintTemplate(
  files: ReadonlyMap<string, string>,
  profile: LintProfile = 'neutral',
  purpose: MailPurpose = 'request',
): readonly Finding[] {
  const found = new Map<string, Finding>();
  const context: LintContext = {
    profile,
    purpose,
    report(rule, file, line, what) {
      const finding = findingOf(profile, rule, { file, line, found: what });
      found.set([rule, file, line, what].join('\0'), finding);
    },
  };
  const read = lintFiles(context, files);
  for (const file of read) {
    if (Buffer.byteLength(file.text) > TEMPLATE_BYTES_MAX) {
      context.report(
        'size-hard',
        file.name,
        1,
        `More than ${TEMPLATE_BYTES_MAX} bytes in one file`,
      );
      continue;
    }
    lintPlaceholders(context, file);
    if (file.kind === 'subject.txt') lintSubject(context, file);
    else lintLinks(context, file);
    if (file.kind !== 'subject.txt') lintPhrases(context, file);
    if (file.kind === 'html') lintHtml(context, file);
    if (file.kind === 'html') lintContrast(context, file);
  }
  for (const locale of new Set(read.map((file) => file.locale))) {
    lintLocale(
      context,
      read.filter((file) => file.locale === locale),
    );
  }
  const findings = [...found.values()];
  const mistake = hasErrors(findings) ? undefined : mistakeIn(files, purpose);
  if (mistake !== undefined) findings.push(findingOf(profile, 'template-syntax', mistake));
  return findings.toSorted(byWeight).slice(0, FINDINGS_MAX);
}

/** True if the template must not be kept or mailed. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** What the reader of templates says: it is stricter about braces and sections than any rule. */
function mistakeIn(files: ReadonlyMap<string, string>, purpose: MailPurpose) {
  const name = READ_AS[purpose];
  try {
    readTemplate(name, files);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, file = '', line = '1', what = message] =
      new RegExp(String.raw`^${name}/([^:]+):(?:(\d+):)? ?([\s\S]*)$`, 'u').exec(message) ?? [];
    return { file, line: Number(line), found: what };
  }
}

function byWeight(one: Finding, other: Finding): number {
  const weight = ({ severity }: Finding) => (severity === 'error' ? 0 : 1);
  return (
    weight(one) - weight(other) ||
    (one.file < other.file ? -1 : Number(one.file > other.file)) ||
    one.line - other.line
  );
}
