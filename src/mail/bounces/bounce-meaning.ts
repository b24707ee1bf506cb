/**
 * Bounce meaning: what a returned mail says: is the mailbox dead, is it only now, or is it us?
 *
 * The same tables as for a server that answers directly (reply-meaning.ts), and the words of
 * servers that answer for others. When in doubt the address is not called dead: it may be, when
 * this happens again and again.
 */
import { byEnhanced, byWords, type Refused } from '../smtp/reply-meaning.ts';

export type BounceKind = 'hard-bounce' | 'soft-bounce' | 'blocked';

const KINDS: Readonly<Record<Refused, BounceKind>> = {
  bounced: 'hard-bounce',
  deferred: 'soft-bounce',
  blocked: 'blocked',
};

/** Said by the server that gave up, not by the one that refused. */
const WORDS: readonly (readonly [BounceKind, RegExp])[] = [
  ['soft-bounce', /\b(?:timed? ?out|time-?out|retry time|connection (?:refused|reset)|expired)\b/i],
  ['soft-bounce', /\btoo many hops\b|\bloop(?:s|ing)?\b/i],
  ['hard-bounce', /\b(?:host|domain)(?: or domain)?(?: name)? (?:was )?not found\b/i],
  ['hard-bounce', /\b(?:no such|non-?existent|unknown) (?:domain|host|person)\b/i],
  [
    'hard-bounce',
    /\bunroute?able (?:mail domain|address)\b|\bno mailbox (?:here )?by that name\b/i,
  ],
  ['hard-bounce', /\bnot listed in\b.{0,60}\bdirectory\b/i],
  ['hard-bounce', /\b(?:account|mailbox)\b.{0,30}\b(?:closed|deleted|terminated|discontinued)\b/i],
];

/** Not a part of an IP address or of a version. */
const ENHANCED = /(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])/;
const TRANSIENT_REPLY = /^\s*4\d\d[ -]/;

/**
 * @param status of the report's Status field, if there is one
 * @param said the diagnostic, or the sentence that gives the reason
 */
export function bounceKind(status: string | undefined, said: string): BounceKind {
  return knownBounceKind(status, said) ?? 'soft-bounce';
}

/** The same; undefined where nothing is known, for callers who were told more than that. */
export function knownBounceKind(status: string | undefined, said: string): BounceKind | undefined {
  const code = bounceCode(status, said);
  if (code?.startsWith('4') === true) return transientKind(code, said);
  const known = byEnhanced(code) ?? byWords(said);
  if (known !== undefined) return KINDS[known];
  if (TRANSIENT_REPLY.test(said)) return 'soft-bounce';
  return WORDS.find(([, pattern]) => pattern.test(said))?.[0];
}

/** The enhanced code that tells most: the report's, or the one that stands in the sentence. */
export function bounceCode(status: string | undefined, said: string): string | undefined {
  const inWords = ENHANCED.exec(said)?.[1];
  return exact(status) ?? exact(inWords) ?? status ?? inWords;
}

/** Given up after a time: unless they do not like us, it was the mailbox's trouble. */
function transientKind(code: string, said: string): BounceKind {
  return code.startsWith('4.7') || byWords(said) === 'blocked' ? 'blocked' : 'soft-bounce';
}

/** A code that tells something: not "other", not of a class that is only a class. */
function exact(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  return code.startsWith('4') || byEnhanced(code) !== undefined ? vagueless(code) : undefined;
}

const vagueless = (code: string): string | undefined => (code.endsWith('.0.0') ? undefined : code);
