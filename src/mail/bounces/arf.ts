/**
 * ARF: the machine's part of a complaint (RFC 5965), and which mail of ours it is about.
 *
 * Mailbox providers hide the recipient, and anybody can write a report. So the mail is found by
 * what only we could have put into it: an address or a link with our MAC, in what comes back of it.
 */
import { readToken, type TokenKey } from '../../consent/link.ts';
import type { MailEventKind } from '../../consent/mail-event.ts';
import { readBlocks } from './dsn.ts';
import { readMailTarget } from './verp.ts';

/** RFC 5965, 7.3, RFC 6430 (not-spam), and `opt-out` of an earlier draft, which is still sent. */
const FEEDBACK: Readonly<Record<string, MailEventKind>> = {
  abuse: 'complaint',
  fraud: 'complaint',
  virus: 'complaint',
  other: 'complaint',
  'opt-out': 'unsubscribe',
  'opt-out-list': 'unsubscribe',
  unsubscribe: 'unsubscribe',
};
/** So much of what comes back is searched; our listener takes no more. */
const RETURNED_CHARACTERS_MAX = 300_000;
/** More of them are no mail of ours. */
const PROOFS_MAX = 20;
const ADDRESS = /[a-z]+\+[a-z2-7]{26}\.[a-z2-7]{16}@[a-z0-9.-]+/gi;
const LINK = /\/[ucs]\/([A-Za-z0-9_.~%-]{20,300})/g;

export interface Feedback {
  /** In lower case: `abuse`. */
  readonly type: string;
  /** Undefined if the report is no reason to do anything: `not-spam`, `auth-failure`. */
  readonly kind: MailEventKind | undefined;
  /** The envelope sender that it names. */
  readonly originalMailFrom: string;
}

/** Undefined if this is no feedback report. */
export function readFeedback(text: string): Feedback | undefined {
  const [fields] = readBlocks(text);
  const type = fields?.get('feedback-type')?.trim().toLowerCase();
  if (type === undefined || type === '') return undefined;
  return { type, kind: FEEDBACK[type], originalMailFrom: fields?.get('original-mail-from') ?? '' };
}

/** The id of the send whose address or link stands in a returned mail; undefined without any. */
export function findProof(
  returned: string,
  { domain, keys }: { domain: string; keys: readonly TokenKey[] },
): string | undefined {
  const text = returned.slice(0, RETURNED_CHARACTERS_MAX).replaceAll(/\r?\n[ \t]+/g, '');
  for (const [address] of [...text.matchAll(ADDRESS)].slice(0, PROOFS_MAX)) {
    const target = readMailTarget(address, domain, keys);
    if (target?.kind === 'bounce' || target?.kind === 'stop') return target.send;
  }
  for (const [, token = ''] of [...text.matchAll(LINK)].slice(0, PROOFS_MAX)) {
    const target = readToken(decoded(token), keys);
    if (target !== undefined) return target.send;
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
