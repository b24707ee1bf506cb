/** Lint finding: what is wrong where in a template's file, why it matters and what to do. */

import type { MailPurpose } from '../templates.ts';
import { LINT_RULES, type LintProfile, type LintRule, type Severity } from './rules.ts';

export interface Finding {
  readonly rule: LintRule;
  readonly severity: Severity;
  /** As it was handed in: `de.html`. */
  readonly file: string;
  /** From 1; 1 too where a whole file is meant. */
  readonly line: number;
  /** What was found, in a few words. */
  readonly found: string;
  /** The same, and why it is wrong. */
  readonly why: string;
  readonly fix: string;
}

export type FileKind = 'subject.txt' | 'txt' | 'html';

export interface LintFile {
  readonly name: string;
  readonly locale: string;
  readonly kind: FileKind;
  /** With `\n` line ends. */
  readonly text: string;
}

export interface LintContext {
  readonly profile: LintProfile;
  readonly purpose: MailPurpose;
  /** Adds a finding. @param found what was found, in a few words */
  report(rule: LintRule, file: string, line: number, found: string): void;
}

/** Longest piece of a template that a finding repeats (characters). */
const QUOTE_CHARACTERS_MAX = 60;

export function findingOf(
  profile: LintProfile,
  rule: LintRule,
  { file, line, found }: { file: string; line: number; found: string },
): Finding {
  const { why, fix, [profile]: severity } = LINT_RULES[rule];
  return { rule, severity, file, line, found, why: `${found}: ${why}`, fix };
}

/** Tells of an index in the text the number of its line, from 1. */
export function lineCounter(text: string): (index: number) => number {
  const breaks: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) breaks.push(at);
  return (index) => {
    let [low, high] = [0, breaks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((breaks[middle] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/** A piece of a template in quotes, on one line, cut. */
export function quote(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim();
  const letters = Array.from(line);
  const cut =
    letters.length <= QUOTE_CHARACTERS_MAX
      ? line
      : `${letters.slice(0, QUOTE_CHARACTERS_MAX - 1).join('')}…`;
  return `“${cut}”`;
}
