/**
 * Parse: what somebody typed after `/assent`. Pure and total: whatever was typed has a meaning, be it
 * "did you mean".
 */

/**
 * Subcommands in the order of the help, with what they take. What each does is said in
 * words/commands.ts, what it answers in assent-command.ts.
 */
export const SUBCOMMANDS = {
  status: 'maybe-request',
  requests: 'nothing',
  campaigns: 'nothing',
  imports: 'nothing',
  tags: 'nothing',
  import: 'nothing',
  why: 'address',
  pause: 'request',
  resume: 'request',
  cancel: 'request',
  mail: 'nothing',
  templates: 'nothing',
  settings: 'nothing',
  help: 'nothing',
} as const;
export type Subcommand = keyof typeof SUBCOMMANDS;
/** What takes nothing, one by one. */
type Bare = {
  [Name in Subcommand]: (typeof SUBCOMMANDS)[Name] extends 'nothing'
    ? { readonly kind: Name }
    : never;
}[Subcommand];

const NAMES = Object.keys(SUBCOMMANDS) as readonly Subcommand[];
/** A word this many typing errors away from a subcommand may have meant it. */
const TYPOS_MAX = 2;

export type Asked =
  | Bare
  | { readonly kind: 'status'; readonly request: string | undefined }
  | { readonly kind: 'why'; readonly address: string }
  | { readonly kind: 'pause' | 'resume' | 'cancel'; readonly request: string }
  /** The subcommand is clear, what it is about is not. */
  | {
      readonly kind: 'incomplete';
      readonly subcommand: Subcommand;
      readonly needs: 'request' | 'address';
    }
  | {
      readonly kind: 'unknown';
      readonly typed: string;
      readonly meant: Subcommand | undefined;
    };

export function parseAssent(text: string): Asked {
  const clean = text.normalize('NFKC').trim();
  const [typed = '', ...rest] = clean.split(/\s+/u);
  const word = typed.toLowerCase();
  if (word === '') return { kind: 'help' };
  const subcommand = NAMES.find((name) => name === word);
  if (subcommand === undefined) return { kind: 'unknown', typed, meant: closest(word) };
  return asked(subcommand, rest.join(' '));
}

function asked(subcommand: Subcommand, argument: string): Asked {
  if (subcommand === 'why') {
    const address = bareAddress(argument);
    return address === ''
      ? { kind: 'incomplete', subcommand, needs: 'address' }
      : { kind: 'why', address };
  }
  const request = bareId(argument);
  if (subcommand === 'status') {
    return { kind: 'status', request: request === '' ? undefined : request };
  }
  if (subcommand === 'pause' || subcommand === 'resume' || subcommand === 'cancel') {
    return request === ''
      ? { kind: 'incomplete', subcommand, needs: 'request' }
      : { kind: subcommand, request };
  }
  return { kind: subcommand };
}

/** Slack's `<mailto:ann@example.org|ann@example.org>` is an address like the bare one. */
function bareAddress(argument: string): string {
  const linked = /^<mailto:([^|>]+)(?:\|[^>]*)?>$/iu.exec(argument)?.[1] ?? argument;
  return linked.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim();
}

/** An id as it was copied from one of our messages, where it may stand between backticks. */
const bareId = (argument: string): string => argument.replaceAll(/[`'"“”]/gu, '').trim();

/** The subcommand that was probably meant. */
function closest(word: string): Subcommand | undefined {
  const ranked = NAMES.map((name) => ({ name, typos: typosBetween(word, name) }));
  const best = ranked.toSorted((a, b) => a.typos - b.typos)[0];
  return best !== undefined && best.typos <= TYPOS_MAX ? best.name : undefined;
}

/** Letters to add, drop or change to make one word of the other (Levenshtein). */
function typosBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (let at = 1; at <= other.length; at += 1) {
      const same = letter === other[at - 1] ? 0 : 1;
      const dropped = (row[at] ?? 0) + 1;
      const added = (next[at - 1] ?? 0) + 1;
      next.push(Math.min(dropped, added, (row[at - 1] ?? 0) + same));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
