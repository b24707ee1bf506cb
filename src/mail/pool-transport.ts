/**
 * Pool transport: any transport of nodemailer (its pool, SES, one of a company's own) with its
 * plugins, behind the interface of ours.
 *
 * Slower than ours, and less in control: it opens, requeues and closes as it likes. What it says of
 * a failure is judged by the same rules. How far a mail had got is seen from its body: not asked for
 * (connecting), asked for (envelope), read (from here on nobody knows).
 */
import { Readable } from 'node:stream';
import {
  createTransport,
  type SendMailOptions,
  type SentMessageInfo,
  type Transporter,
} from 'nodemailer';
import type { ComposedMail } from './ask-mail.ts';
import {
  accepted,
  type Delivery,
  judgeFailure,
  judgeRoute,
  type Phase,
  stopped,
} from './delivery.ts';
import { aheadSigner } from './dkim/ahead.ts';
import type { DkimSigner } from './dkim/dkim.ts';
import type { SmtpError } from './smtp/dialog.ts';
import { MAILS_PER_SESSION_MAX, SILENCES_PER_MAIL_MAX } from './smtp/line.ts';
import { type OAuth2Grant, smtpLogin } from './smtp/login.ts';
import { onAbort } from './smtp/on-abort.ts';
import { readSmtpUrl, type SmtpRoute } from './smtp/url.ts';
import {
  CONNECTIONS_DEFAULT,
  type SmtpTransportOptions,
  TIMEOUTS_DEFAULT,
  type Transport,
} from './transport.ts';

/** RFC 3461, 4.4. */
const ENVID_CHARACTERS_MAX = 100;
/** From the moment the transport turns to a mail. Nodemailer knows no end to a server that trickles. */
const MAIL_MS_MAX = 6 * 60_000;
/** A mail that is on its way gets this long when the transport is closed. */
const CLOSE_GRACE_MS = 20_000;
/** What a transport that tells no reply is taken to say: it took the mail. */
const TAKEN = '250 taken';

export interface PoolTransportOptions {
  /** Of `nodemailer.createTransport`, for us alone: it gets a plugin, and is closed with us. */
  readonly transporter: Transporter;
  /** Signs each mail, unless the provider does. Nodemailer's own DKIM misses headers that we need. */
  readonly dkim?: DkimSigner | undefined;
  readonly mailMsMax?: number | undefined;
}

/** One mail on its way, known to nodemailer by its body. */
interface Sending {
  readonly raw: Buffer;
  readonly stop: AbortController;
  phase: Phase;
  isLate: boolean;
  deadline?: NodeJS.Timeout;
}

/** Nodemailer's own pool to an SMTP server. @throws Error if URL or login cannot be right */
export function pooledTransport(options: SmtpTransportOptions): Transport {
  const route = readSmtpUrl(options.url);
  const { connectMs, greetingMs, silenceMs } = { ...TIMEOUTS_DEFAULT, ...options.timeouts };
  const transporter = createTransport({
    pool: true,
    maxConnections: options.connections ?? CONNECTIONS_DEFAULT,
    maxMessages: MAILS_PER_SESSION_MAX,
    host: route.host,
    port: route.port,
    secure: route.secure,
    requireTLS: route.requireTls,
    ignoreTLS: route.ignoreTls,
    tls: { rejectUnauthorized: route.rejectUnauthorized },
    name: route.helloName,
    auth: authOf(route, options.oauth2),
    connectionTimeout: connectMs,
    dnsTimeout: connectMs,
    greetingTimeout: greetingMs,
    socketTimeout: silenceMs,
  });
  const mailMsMax = SILENCES_PER_MAIL_MAX * silenceMs;
  return poolTransport({ transporter, dkim: options.dkim, mailMsMax });
}

export function poolTransport(options: PoolTransportOptions): Transport {
  const { transporter, dkim, mailMsMax = MAIL_MS_MAX } = options;
  const under = new Set<Sending>();
  let onQuiet: (() => void) | undefined;
  let isClosed = false;
  const hand = handOver(transporter, mailMsMax);
  const signer = aheadSigner(dkim);

  return {
    prepare: ({ raw }) => signer.ahead(raw),

    async send(mail, signal, mayLeave) {
      const signing = signer.signed(mail.raw);
      const raw = signing === undefined ? mail.raw : await signing;
      // Asked as late as it can be here: what nodemailer has taken, it sends.
      if (!(await (mayLeave?.() ?? true))) return stopped();
      if (isClosed || signal?.aborted) return stopped();
      const stop = new AbortController();
      const sending: Sending = { raw, stop, phase: 'connect', isLate: false };
      const forget = onAbort(signal, () => stop.abort());
      under.add(sending);
      try {
        return await hand(mail, sending);
      } finally {
        forget();
        under.delete(sending);
        if (under.size === 0) onQuiet?.();
      }
    },

    async verify() {
      try {
        await transporter.verify();
        return { kind: 'up' };
      } catch (error) {
        return judgeRoute(error as SmtpError);
      }
    },

    async close(graceMs = CLOSE_GRACE_MS) {
      isClosed = true;
      for (const { phase, stop } of under) if (phase === 'connect') stop.abort();
      if (under.size > 0) {
        const quiet = new Promise<void>((resolve) => {
          onQuiet = resolve;
        });
        const grace = setTimeout(() => {
          for (const { stop } of under) stop.abort();
        }, graceMs);
        await quiet;
        clearTimeout(grace);
      }
      transporter.close();
    },
  };
}

function authOf(route: SmtpRoute, grant: OAuth2Grant | undefined) {
  const login = smtpLogin(route, grant);
  if (grant === undefined || login?.user === undefined) return route.login;
  const { tokenUrl: accessUrl, ...client } = grant;
  return { type: 'OAUTH2' as const, user: login.user, ...client, accessUrl };
}

/** A function that gives one mail to nodemailer and judges what it says. Never throws. */
function handOver(transporter: Transporter, mailMsMax: number) {
  const byBody = new WeakMap<object, Sending>();
  // Nodemailer's pool would read a mail as soon as it has a connection. A body that is made when it
  // is asked for, and read when the server waits for it, tells the two apart.
  transporter.use('stream', (mail, done) => {
    const sending = byBody.get(Object(mail.data.raw));
    if (sending !== undefined) {
      Object.assign(mail.message, { createReadStream: () => asked(sending, mailMsMax) });
    }
    done();
  });

  return async (mail: ComposedMail, sending: Sending): Promise<Delivery> => {
    const recipient = mail.envelope.to;
    const body = bodyOf(sending);
    byBody.set(body, sending);
    const message: SendMailOptions = {
      envelope: { from: mail.envelope.from, to: [recipient], ...sizeOf(sending) },
      raw: body,
      dsn: { id: sendIdOf(mail), return: 'headers', notify: ['failure', 'delay'] },
      disableFileAccess: true,
      disableUrlAccess: true,
      signal: sending.stop.signal,
    };
    try {
      const sent: SentMessageInfo = await transporter.sendMail(message);
      return accepted(sent.response ?? TAKEN, recipient, sent['serverMessageId']);
    } catch (error) {
      return judge(error as SmtpError, sending, recipient);
    } finally {
      clearTimeout(sending.deadline);
    }
  };
}

/** Told to the server (RFC 1870); nodemailer knows no such field by type, and passes it on. */
const sizeOf = ({ raw }: Sending): object => ({ size: raw.length });

/** The body of a mail that a connection is ready for. One that was read already is never sent again. */
function asked(sending: Sending, mailMsMax: number): Readable {
  const body = bodyOf(sending);
  if (sending.phase === 'data') return body.destroy(new Error('this mail has been read before'));
  sending.phase = 'envelope';
  clearTimeout(sending.deadline);
  sending.deadline = setTimeout(() => {
    sending.isLate = true;
    sending.stop.abort();
  }, mailMsMax);
  return body;
}

function bodyOf(sending: Sending): Readable {
  return new Readable({
    read() {
      sending.phase = 'data';
      this.push(sending.raw);
      this.push(null);
    },
  });
}

function judge(error: SmtpError, { phase, stop, isLate }: Sending, recipient: string): Delivery {
  const { code, originalCode, command, response } = error;
  if (isLate) return judgeFailure({ phase, code: 'ETIMEDOUT', recipient });
  if (stop.signal.aborted && phase !== 'data' && response === undefined) return stopped();
  return judgeFailure({ phase, code, originalCode, command, response, recipient });
}

function sendIdOf({ messageId }: ComposedMail): string {
  return messageId.slice(1, messageId.indexOf('@')).slice(0, ENVID_CHARACTERS_MAX);
}
