/**
 * Listener: an SMTP server for mail that comes back, and for nothing else.
 *
 * It takes mail for addresses that carry our MAC only, one recipient a mail, and relays nothing.
 * What it cannot write down now it puts off (4xx): the sending server keeps the mail and comes
 * again.
 */
import type { AddressInfo } from 'node:net';
import { callbackify } from 'node:util';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerError,
  type SMTPServerSession,
} from 'smtp-server';
import { clientGroup, clientRate, type RateTerms } from '../consent/client-rate.ts';
import { type MailTarget, readMailTarget } from '../mail/bounces/verp.ts';
import type { Deps } from '../workflow/deps.ts';
import { receiveMail } from './receive-mail.ts';

/** Our mails have less than 100 kB; a bounce may hold one, and a report about it. */
export const MAIL_BYTES_MAX = 256 * 1024;
const CONNECTIONS_MAX = 200;
export const CONNECTIONS_PER_CLIENT_MAX = 20;
/**
 * A large provider returns many at a time. Who sends more is told to come later, and no bounce is
 * lost by that: servers keep what was put off.
 */
const MAILS: RateTerms = { burst: 300, perSecond: 10, clientsMax: 10_000 };
/** A client that names so many wrong recipients is looking for some. */
export const REFUSALS_MAX = 5;
/** A connection on which nothing moves (RFC 5321, 4.5.3.2 has minutes; ours are small mails). */
const IDLE_MS = 60_000;
/** However busy it is. */
const SESSION_MS = 10 * 60_000;
/** Mail that is being taken in when the process is told to stop gets this long. */
const CLOSE_MS = 5_000;

export interface ListenerOptions {
  readonly deps: Deps;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** The bounce domain: the only one that mail is taken for. */
  readonly domain: string;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** How much mail one client may send. */
  readonly rate?: RateTerms;
  /** How long a connection may last, however busy (ms). */
  readonly sessionMs?: number;
}

export interface Listener {
  readonly port: number;
  /** Takes no more, lets what is being taken in end, then cuts the rest. */
  close(): Promise<void>;
}

/** What is known of a connection. */
interface Caller {
  refusals: number;
  readonly timer: NodeJS.Timeout;
}

/** @throws Error with the remedy if the port cannot be listened on */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const { deps, host, port, domain, tls } = options;
  const desk = createDesk(options);
  const server = new SMTPServer({
    name: domain,
    banner: 'returned mail only',
    size: MAIL_BYTES_MAX,
    rejectOversized: true,
    // Who says how large a mail is hears from us that it is too large: it is counted.
    hideSize: true,
    maxClients: CONNECTIONS_MAX,
    maxRecipients: 1,
    socketTimeout: IDLE_MS,
    closeTimeout: CLOSE_MS,
    disableReverseLookup: true,
    authOptional: true,
    disabledCommands: tls === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    ...(tls === undefined ? {} : { cert: tls.cert, key: tls.key }),
    logger: false,
    onConnect: (session, done) => done(desk.greet(session, server)),
    onClose: (session) => desk.leave(session),
    onMailFrom: (address, session, done) => done(desk.hear(address, session)),
    onRcptTo: ({ address }, session, done) => done(desk.judge(address, session)),
    onData: callbackify(desk.take),
  });
  // Clients that break off or speak no TLS: theirs, not ours.
  server.on('error', (error) => deps.log.debug({ err: error }, 'a mail client went wrong'));
  await listen(server, host, port);
  return {
    port: (server.server.address() as AddressInfo).port,
    close: async () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What is answered, step by step: undefined for yes. Taking in answers no by throwing it. */
function createDesk({ deps, domain, rate = MAILS, sessionMs = SESSION_MS }: ListenerOptions) {
  const callers = new Map<string, Caller>();
  const mails = clientRate(rate);
  const targetOf = (address: string): MailTarget | undefined =>
    readMailTarget(address, domain, deps.tokenKeys);
  const refuse = (session: SMTPServerSession): SMTPServerError => {
    deps.returns['mail-refused'] += 1;
    const caller = callers.get(session.id);
    if (caller !== undefined) caller.refusals += 1;
    return (caller?.refusals ?? 0) >= REFUSALS_MAX
      ? reply(421, '4.7.0 Too many unknown recipients')
      : reply(550, '5.1.1 No such recipient here; nothing is relayed');
  };

  const tooLarge = (): SMTPServerError => {
    deps.returns['mail-refused'] += 1;
    return reply(552, `5.3.4 Too large; at most ${MAIL_BYTES_MAX} bytes`);
  };

  return {
    greet(session: SMTPServerSession, { connections }: SMTPServer): SMTPServerError | undefined {
      const { id, remoteAddress } = session;
      const ofClient = [...connections].filter((each) => each.remoteAddress === remoteAddress);
      if (ofClient.length > CONNECTIONS_PER_CLIENT_MAX) {
        return reply(421, '4.7.0 Too many connections of yours');
      }
      const timer = setTimeout(() => {
        for (const each of connections) if (each.id === id) each.close();
      }, sessionMs);
      callers.set(id, { refusals: 0, timer: timer.unref() });
      return undefined;
    },

    leave({ id }: SMTPServerSession): void {
      clearTimeout(callers.get(id)?.timer);
      callers.delete(id);
    },

    hear(
      { args }: SMTPServerAddress,
      { remoteAddress }: SMTPServerSession,
    ): SMTPServerError | undefined {
      if (args !== false && Number(args['SIZE']) > MAIL_BYTES_MAX) return tooLarge();
      const waits = mails.take(clientGroup(remoteAddress), deps.now()) > 0;
      return waits ? reply(421, '4.7.0 Too much mail; come later') : undefined;
    },

    judge(address: string, session: SMTPServerSession): SMTPServerError | undefined {
      return targetOf(address) === undefined ? refuse(session) : undefined;
    },

    async take(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
      const raw = await readAll(stream);
      const target = targetOf(envelope.rcptTo[0]?.address ?? '');
      if (raw === undefined || target === undefined) {
        throw tooLarge();
      }
      const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      try {
        await receiveMail(deps, { raw, target, sender, domain });
      } catch (error) {
        deps.log.error({ err: error }, 'returned mail could not be taken in: put off');
        throw reply(451, '4.3.0 Not now; come again');
      }
    },
  };
}

/** The whole mail; undefined if it is too large, and then no more of it was kept. */
async function readAll(stream: SMTPServerDataStream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const piece: Buffer = chunk;
    bytes += piece.length;
    if (bytes <= MAIL_BYTES_MAX) chunks.push(piece);
  }
  return bytes > MAIL_BYTES_MAX || stream.sizeExceeded ? undefined : Buffer.concat(chunks);
}

function reply(responseCode: number, text: string): SMTPServerError {
  return Object.assign(new Error(text), { responseCode });
}

async function listen(server: SMTPServer, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error) => {
      const what = `The listener for returned mail cannot listen on ${host}:${port}.`;
      const remedy = 'Choose another INBOUND_SMTP_PORT, or end what uses it.';
      reject(new Error(`${what} ${remedy}`, { cause }));
    };
    server.server.once('error', refuse);
    server.listen(port, host, () => {
      server.server.off('error', refuse);
      resolve();
    });
  });
}
