/**
 * SMTP session: nodemailer's connection, in promises, telling how far a mail had got.
 *
 * Nodemailer's connection without its pool: the pool reads a mail before the server has asked for
 * it, so after a failure nobody could say whether a byte had left. Here the body is read when the
 * server has answered DATA with 354, and not before: that moment divides "try again" from "nobody
 * knows".
 */
import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import type { ComposedMail } from './ask-mail.ts';
import type { Phase } from './delivery.ts';
import type { SmtpRoute } from './smtp-url.ts';

/** A reply longer than this is an attack or an accident. */
const REPLY_BYTES_MAX = 64 * 1024;
/** How long a server may take to close its half after QUIT. */
const CLOSE_MS = 1000;
/** Longest transaction, in silences: a server that only trickles bytes ends here. */
const SILENCES_PER_MAIL_MAX = 4;
/** RFC 3461, 4.4. */
const ENVID_CHARACTERS_MAX = 100;

export interface SmtpTimeouts {
  /** DNS, TCP and TLS, in ms. */
  readonly connectMs: number;
  readonly greetingMs: number;
  /** Longest silence of the server within a session, in ms. */
  readonly silenceMs: number;
}
export interface SessionOptions {
  readonly route: SmtpRoute;
  readonly timeouts: SmtpTimeouts;
}
export interface Attempt {
  readonly mail: ComposedMail;
  /** What goes over the line: the mail, signed if we sign. */
  readonly raw: Buffer;
  readonly signal: AbortSignal;
}

/** What nodemailer's errors carry; any of it may be missing. */
export interface SmtpError {
  readonly code?: string | undefined;
  readonly originalCode?: string | undefined;
  readonly command?: string | undefined;
  readonly response?: string | undefined;
}
export type Outcome =
  | { readonly ok: true; readonly info: SMTPConnectionSendInfo }
  | { readonly ok: false; readonly phase: Phase; readonly error: SmtpError };

export type Opening =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly error: SmtpError };
export type Session = SMTPConnection;

const LOST: SmtpError = { code: 'ECONNECTION' };
const STOPPED: SmtpError = { code: 'EABORT' };

/** Connects and logs in. Never throws; after a failure nothing is left open. */
export function openSession(
  { route, timeouts }: SessionOptions,
  signal?: AbortSignal,
): Promise<Opening> {
  const connection = new SMTPConnection({
    host: route.host,
    port: route.port,
    secure: route.secure,
    requireTLS: route.requireTls,
    ignoreTLS: route.ignoreTls,
    tls: { rejectUnauthorized: route.rejectUnauthorized },
    name: route.helloName,
    connectionTimeout: timeouts.connectMs,
    dnsTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.silenceMs,
    socketCloseTimeout: CLOSE_MS,
    maxResponseSize: REPLY_BYTES_MAX,
  });
  return new Promise((resolve) => {
    const onAbort = () => {
      connection.close();
      settle(STOPPED);
    };
    const settle = (error?: SmtpError | null) => {
      signal?.removeEventListener('abort', onAbort);
      if (error) connection.close();
      resolve(error ? { ok: false, error } : { ok: true, session: connection });
    };
    // Stays for the life of the session: an 'error' that nobody hears ends the process.
    connection.on('error', settle);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) return onAbort();
    // For a close without an error; errors proper come first.
    connection.once('end', () => setImmediate(settle, LOST));
    return connection.connect((error) => {
      if (error || route.login === undefined) settle(error);
      else connection.login(route.login, settle);
    });
  });
}

/** Hands over one mail. Never throws. The session may be closed afterwards; `destroyed` tells. */
export function transmit(session: Session, attempt: Attempt, silenceMs: number): Promise<Outcome> {
  const { mail, raw, signal } = attempt;
  let phase: Phase = 'envelope';
  const body = new Readable({
    read() {
      phase = 'data';
      this.push(raw);
      this.push(null);
    },
  });
  return new Promise((resolve) => {
    const finish = (outcome: Outcome) => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
      session.off('end', onEnd);
      resolve(outcome);
    };
    const fail = (error: SmtpError) => finish({ ok: false, phase, error });
    const end = (error: SmtpError) => {
      fail(error);
      session.close();
    };
    const onAbort = () => end(STOPPED);
    const onEnd = () => setImmediate(fail, LOST);
    const deadline = setTimeout(
      () => end({ code: 'ETIMEDOUT' }),
      silenceMs * SILENCES_PER_MAIL_MAX,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) return onAbort();
    session.once('end', onEnd);
    return session.send(envelopeOf(mail, raw), body, (error, info) =>
      error ? fail(error) : finish({ ok: true, info }),
    );
  });
}

/** Ends a refused transaction, so that the session can take the next mail. Never throws. */
export function reset(session: Session): Promise<void> {
  return new Promise((resolve) => {
    session.once('end', resolve);
    session.reset((error) => {
      session.off('end', resolve);
      if (error) session.close();
      resolve();
    });
  });
}

/** Says goodbye, and leaves even if nobody answers. */
export function closeSession(session: Session): void {
  if (session.destroyed) return;
  session.quit();
  setTimeout(() => session.close(), CLOSE_MS).unref();
}

/** One recipient. Where the server offers it (RFC 3461), it reports failure and delay, headers only. */
function envelopeOf(mail: ComposedMail, raw: Buffer) {
  const sendId = mail.messageId
    .slice(1, mail.messageId.indexOf('@'))
    .slice(0, ENVID_CHARACTERS_MAX);
  return {
    from: mail.envelope.from,
    to: [mail.envelope.to],
    size: raw.length,
    dsn: { ret: 'HDRS', envid: sendId, notify: ['FAILURE', 'DELAY'] },
  };
}
