/** Lint links: a question has a way to say yes, a way to say no, an imprint, and no other way out. */
import { type LintContext, type LintFile, quote } from './finding.ts';
import { readHtml } from './html.ts';
import { paragraphsOf } from './prose.ts';
import type { LintRule } from './rules.ts';

const ALLOWED = /^\s*\{\{(?:reviewUrl|stopUrl|privacyUrl)\}\}\s*$/u;
const TRACKED = /[?&](?:utm_[a-z]+|mc_[a-z]+|fbclid|gclid)=/iu;
/** Addresses of pages and mailboxes, also those that mail clients make links of. */
const ADDRESSES =
  /https?:\/\/\S+|www\.[^\s,;]+|[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,200}\.\p{L}{2,24}|(?<![\p{L}\p{N}.@-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|info|biz|io|eu|de|at|ch|fr|es|pt|br|nl|be|it|uk|us|shop|store|online|app|link|ly|page)(?![\p{L}\p{N}])/giu;

const NEEDED = [
  ['reviewUrl', 'confirm-link'],
  ['stopUrl', 'decline-link'],
] as const satisfies readonly (readonly [string, LintRule])[];

export function lintLinks(context: LintContext, file: LintFile): void {
  const { report } = context;
  for (const paragraph of paragraphsOf(file)) {
    for (const match of paragraph.text.matchAll(ADDRESSES)) {
      report('other-links', file.name, paragraph.lineOf(match.index), quote(match[0]));
    }
  }
  const linked = file.kind === 'html' ? lintHrefs(context, file) : undefined;
  if (context.purpose === 'goodbye') return;
  for (const [name, rule] of NEEDED) {
    const there = linked?.has(name) ?? file.text.includes(`{{${name}}}`);
    if (there) continue;
    const found = linked === undefined ? `{{${name}}} is missing` : `No link leads to {{${name}}}`;
    report(rule, file.name, 1, found);
  }
}

/** @returns the placeholders that links lead to */
function lintHrefs({ report }: LintContext, file: LintFile): ReadonlySet<string> {
  const linked = new Set<string>();
  for (const { name, attributes, line } of readHtml(file).elements) {
    const href = attributes.get('href') ?? attributes.get('xlink:href');
    if (href === undefined || name === 'link' || name === 'base') continue;
    const placeholder = /^\{\{([A-Za-z]+)\}\}$/u.exec(href.trim())?.[1];
    if (name === 'a' && ALLOWED.test(href) && placeholder !== undefined) linked.add(placeholder);
    else if (TRACKED.test(href)) report('tracking', file.name, line, quote(href));
    else report('other-links', file.name, line, quote(href === '' ? 'an empty link' : href));
  }
  return linked;
}
