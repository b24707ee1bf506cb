/**
 * Parse: what somebody typed after `/assent`. Pure and total: whatever was typed has a meaning, be it
 * "did you mean".
 */

/** Subcommands, in the order of the help, with what they take and do. */
export const SUBCOMMANDS = {
  status: { takes: '[request]', does: 'how a request stands, or the latest ones' },
  imports: { takes: '', does: 'the latest import batches' },
  tags: { takes: '', does: 'the tags used last' },
  import: { takes: '', does: 'import a CSV file' },
  why: { takes: 'address', does: 'what we may send to this address, and why; only you see it' },
  pause: { takes: 'request', does: 'pause a running request' },
  resume: { takes: 'request', does: 'go on with a paused request' },
  cancel: { takes: 'request', does: 'end a request before its end' },
  help: { takes: '', does: 'this list' },
} as const;
export type Subcommand = keyof typeof SUBCOMMANDS;

const NAMES: readonly Subcommand[] = [
  'status',
  'imports',
  'tags',
  'import',
  'why',
  'pause',
  'resume',
  'cancel',
  'help',
];
/** A word this many typing errors away from a subcommand may have meant it. */
const TYPOS_MAX = 2;

export type Asked =
  | { readonly kind: 'help' | 'imports' | 'tags' | 'import' }
  | { readonly kind: 'status'; readonly request: string | undefined }
  | { readonly kind: 'why'; readonly address: string }
  | { readonly kind: 'pause' | 'resume' | 'cancel'; readonly request: string }
  /** The subcommand is clear, what it is about is not. */
  | { readonly kind: 'incomplete'; readonly subcommand: Subcommand }
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
    return address === '' ? { kind: 'incomplete', subcommand } : { kind: 'why', address };
  }
  const request = bareId(argument);
  if (subcommand === 'status') {
    return { kind: 'status', request: request === '' ? undefined : request };
  }
  if (subcommand === 'pause' || subcommand === 'resume' || subcommand === 'cancel') {
    return request === '' ? { kind: 'incomplete', subcommand } : { kind: subcommand, request };
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
