/**
 * SMTP session: nodemailer's connection up to the login (DNS, TCP, TLS, STARTTLS, every kind of
 * authentication); from then on the socket is ours.
 *
 * Nodemailer's own way to hand over a mail is made for streams of any size and source. Ours are
 * whole and small: they are written in two pieces, and the moment between the two divides "try
 * again" from "nobody knows".
 */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Dialog, type SmtpError, smtpDialog } from './dialog.ts';
import type { SmtpLogin } from './login.ts';
import { REPLY_BYTES_MAX } from './replies.ts';
import type { SmtpRoute } from './url.ts';

/** How long a server may take to close its half after QUIT. */
const CLOSE_MS = 1000;

export interface SmtpTimeouts {
  /** DNS, TCP and TLS, in ms. */
  readonly connectMs: number;
  readonly greetingMs: number;
  /** Longest silence of the server within a session, in ms. */
  readonly silenceMs: number;
}
export interface SessionOptions {
  readonly route: SmtpRoute;
  readonly login: SmtpLogin | undefined;
  readonly timeouts: SmtpTimeouts;
}

export interface Session extends Dialog {
  readonly host: string;
  /** RFC 2920: several commands may be sent before the first is answered. */
  readonly pipelining: boolean;
  /** RFC 3461: reports of failure and delay. */
  readonly dsn: boolean;
  /** RFC 1870: offered; and the longest mail it takes, in bytes, 0 if it does not say. */
  readonly size: boolean;
  readonly sizeMax: number;
}
export type Opening =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly error: SmtpError };

const LOST: SmtpError = { code: 'ECONNECTION' };
const STOPPED: SmtpError = { code: 'EABORT' };

/** Connects and logs in. Never throws; after a failure nothing is left open. */
export function openSession(
  { route, login, timeouts }: SessionOptions,
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
      resolve(error ? { ok: false, error } : takeOver(connection, route.host));
    };
    // Stays for the life of the session: an 'error' that nobody hears ends the process.
    connection.on('error', settle);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) return onAbort();
    // For a close without an error; errors proper come first.
    connection.once('end', () => setImmediate(settle, LOST));
    return connection.connect((error) => {
      if (error || login === undefined) settle(error);
      else connection.login(login, settle);
    });
  });
}

/** What we read of nodemailer's connection besides its documented parts; checked before it is used. */
interface Inner {
  readonly _socket: Socket;
  readonly _onSocketData: (piece: Buffer) => void;
  readonly _supportedExtensions: readonly string[];
  readonly _maxAllowedSize: number;
  readonly _remainder: string;
  readonly _responseQueue: readonly string[];
}

/** From here on nodemailer only watches over the socket: its errors, its silences and its end. */
function takeOver(connection: SMTPConnection, host: string): Opening {
  const inner = connection as unknown as Inner;
  const { _socket: socket, _supportedExtensions: offers, _onSocketData: hear } = inner;
  const isKnown = Array.isArray(offers) && socket.listeners('data').includes(hear);
  assert(
    isKnown,
    'this nodemailer is built otherwise than the one smtp/session.ts was written for',
  );
  if (inner._remainder !== '' || inner._responseQueue.length > 0) {
    connection.close();
    return { ok: false, error: { code: 'EPROTOCOL' } };
  }
  socket.removeListener('data', hear);
  const dialog = smtpDialog({
    // Commands are ASCII, and written as such faster than as UTF-8.
    write: (data) => socket.write(data, 'latin1'),
    onData: (listen) => socket.on('data', listen),
    onEnd(listen) {
      connection.on('error', listen);
      connection.once('end', () => setImmediate(listen, LOST));
    },
    close: () => connection.close(),
  });
  const offered = {
    host,
    pipelining: offers.includes('PIPELINING'),
    dsn: offers.includes('DSN'),
    size: offers.includes('SIZE'),
    sizeMax: inner._maxAllowedSize,
  };
  return { ok: true, session: Object.assign(dialog, offered) };
}

/** Ends a refused transaction, so that the session can take the next mail. Never throws. */
export async function reset(session: Session): Promise<void> {
  const { replies } = await session.exchange('RSET\r\n', 1);
  if (Math.floor((replies[0]?.code ?? 0) / 100) !== 2) session.cut(LOST);
}

/** Says goodbye, and leaves even if nobody answers. */
export function closeSession(session: Session): void {
  if (!session.ended) void sayGoodbye(session);
}

async function sayGoodbye(session: Session): Promise<void> {
  const late = setTimeout(() => session.cut(LOST), CLOSE_MS).unref();
  await session.exchange('QUIT\r\n', 1);
  clearTimeout(late);
  session.cut(LOST);
}
