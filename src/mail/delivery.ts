/**
 * Delivery: what became of one mail, judged from what SMTP said and when it said it.
 *
 * An SMTP error is data, not an exception: each kind has its own consequence. Sources: RFC 5321
 * (replies), RFC 3463 and its registry (enhanced codes); where servers differ from those, what
 * they are known to mean.
 */

import { maskReply, type Reply, readReply, retryHintMs } from './smtp/reply.ts';
import { byCode, byEnhanced, byWords, type Refused } from './smtp/reply-meaning.ts';

export type Delivery =
  | { readonly kind: 'accepted'; readonly reply: string; readonly serverMessageId?: string }
  /** This mailbox does not exist and will not: a hard bounce. */
  | { readonly kind: 'bounced'; readonly reply: string; readonly enhanced?: string }
  /** Refused for what we are or send; says nothing about the recipient. */
  | { readonly kind: 'blocked'; readonly reply: string; readonly enhanced?: string }
  /** Not now. Nothing was delivered: it is safe to try again. */
  | {
      readonly kind: 'deferred';
      readonly reply: string;
      readonly enhanced?: string;
      readonly retryAfterMs?: number;
    }
  /** It broke after the first byte of the message: delivered or not, nobody knows. */
  | { readonly kind: 'unknown'; readonly reply: string }
  | RouteDown;

/** No mail can leave on this route now. Nothing was sent, so no attempt is counted. */
export interface RouteDown {
  readonly kind: 'route-down';
  readonly fault: RouteFault;
  readonly reason: string;
}
/** `connect`, `tls` may mend themselves; `auth`, `config` need a person; `stopped` was us. */
type RouteFault = 'connect' | 'tls' | 'auth' | 'config' | 'stopped';

/** How far a mail had got. `data` begins with the first byte of the message. */
export type Phase = 'connect' | 'envelope' | 'data';

export interface SmtpFailure {
  readonly phase: Phase;
  /** Nodemailer's: ECONNECTION, EENVELOPE, … */
  readonly code?: string | undefined;
  /** Node's, below it: ECONNREFUSED, … */
  readonly originalCode?: string | undefined;
  /** The SMTP command that was answered: `RCPT TO`. The final dot counts as `DATA`. */
  readonly command?: string | undefined;
  /** The server's reply as it came. */
  readonly response?: string | undefined;
  /** Never shown: it is taken out of the reply. */
  readonly recipient: string;
}

const FAULTS: Readonly<Record<string, RouteFault>> = {
  EAUTH: 'auth',
  ENOAUTH: 'auth',
  EOAUTH2: 'auth',
  ETLS: 'tls',
  EREQUIRETLS: 'tls',
  EDNS: 'connect',
  ECONFIG: 'config',
  EPROXY: 'config',
};
/** The server wants us to log in, or does not like how we did. */
const AUTH_REPLIES = new Set([530, 534, 535, 538]);
/** Node's own codes for certificates and handshakes. */
const CERTIFICATE = /CERT|_SSL_|_TLS_|UNABLE_TO_VERIFY/;
/** Too busy or closing (421), confused about the session (503): the mail itself was not judged. */
const SESSION_REPLIES = new Set([421, 503]);
const REPLY_PERMANENT = 500;
const REPLY_FAILURE = 400;

/** Judges one failed attempt. */
export function judgeFailure(failure: SmtpFailure): Delivery {
  const reply = readReply(failure.response, failure.recipient);
  const isLogin = reply !== undefined && AUTH_REPLIES.has(reply.code) && failure.phase !== 'data';
  if (failure.phase === 'connect' || isLogin) return judgeRoute(failure);
  if (reply !== undefined && reply.code >= REPLY_FAILURE) return judgeReply(failure, reply);
  return judgeSilence(failure);
}

/** What a mail that was taken says for itself. */
export function accepted(response: string, recipient: string, serverMessageId?: string): Delivery {
  const reply = maskReply(response, recipient);
  return serverMessageId === undefined
    ? { kind: 'accepted', reply }
    : { kind: 'accepted', reply, serverMessageId };
}

export function stopped(): RouteDown {
  return { kind: 'route-down', fault: 'stopped', reason: 'the sender was stopped' };
}

/** The route could not be opened, or not be used without logging in. */
export function judgeRoute({ code, originalCode, response }: Partial<SmtpFailure>): RouteDown {
  const reply = readReply(response, '');
  const cause = originalCode ?? code ?? 'no code';
  const reason = reply === undefined ? cause : `${cause}: ${reply.text}`;
  return { kind: 'route-down', fault: faultOf({ code, originalCode }, reply), reason };
}

function faultOf(
  { code, originalCode }: Partial<SmtpFailure>,
  reply: Reply | undefined,
): RouteFault {
  if (reply !== undefined && /STARTTLS/i.test(reply.text)) return 'tls';
  if (reply !== undefined && AUTH_REPLIES.has(reply.code)) return 'auth';
  if (CERTIFICATE.test(originalCode ?? '')) return 'tls';
  return FAULTS[code ?? ''] ?? 'connect';
}

function judgeSilence(failure: SmtpFailure): Delivery {
  const { phase, code = 'no code', originalCode = code } = failure;
  if (phase === 'data') {
    return { kind: 'unknown', reply: `broke off after the mail began (${originalCode})` };
  }
  if (FAULTS[code] !== undefined) return judgeRoute(failure);
  // Our library would not even try: the mail is too long for this server, or malformed.
  const isOurs = code === 'EMESSAGE' || code === 'EENVELOPE';
  if (isOurs) return { kind: 'blocked', reply: `not sent: this server cannot take it (${code})` };
  return { kind: 'deferred', reply: `broke off before the mail began (${originalCode})` };
}

function judgeReply(failure: SmtpFailure, reply: Reply): Delivery {
  const kind = kindOf(reply, failure.command);
  const enhanced = reply.enhanced === undefined ? {} : { enhanced: reply.enhanced };
  if (kind !== 'deferred') return { kind, reply: reply.text, ...enhanced };
  const retryAfterMs = retryHintMs(reply);
  const hint = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { kind, reply: reply.text, ...enhanced, ...hint };
}

function kindOf(reply: Reply, command: string | undefined): Refused {
  if (reply.code < REPLY_PERMANENT || SESSION_REPLIES.has(reply.code)) return 'deferred';
  if (reply.enhanced?.startsWith('4.')) return 'deferred';
  const kind = byEnhanced(reply.enhanced) ?? byWords(reply.said) ?? byCode(reply.code, command);
  // What is wrong with MAIL FROM is wrong with us, also when the code speaks of "an address".
  return command === 'MAIL FROM' && kind === 'bounced' ? 'blocked' : kind;
}
