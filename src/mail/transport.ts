/**
 * Transport: sends composed mails over one SMTP route, several at a time, and says what became of each.
 *
 * An SMTP error is an answer, not an exception. What is thrown here is a bug, or a route or key
 * that could never work.
 */
import assert from 'node:assert/strict';
import type { ComposedMail } from './ask-mail.ts';
import { type Delivery, judgeRoute, type RouteDown, stopped } from './delivery.ts';
import { aheadSigner } from './dkim/ahead.ts';
import type { DkimSigner } from './dkim/dkim.ts';
import { crossingOf } from './smtp/crossing.ts';
import { SmtpLine } from './smtp/line.ts';
import { type OAuth2Grant, smtpLogin } from './smtp/login.ts';
import { onAbort } from './smtp/on-abort.ts';
import { closeSession, openSession, type SmtpTimeouts } from './smtp/session.ts';
import type { Job, MayLeave } from './smtp/turn.ts';
import { readSmtpUrl } from './smtp/url.ts';

export const CONNECTIONS_DEFAULT = 5;
export const CONNECTIONS_MAX = 100;
/** Mails that may wait for a line. Senders claim a few per line; more is a leak. */
const WAITING_MAX = 10_000;
/**
 * RFC 5321, 4.5.3.2 asks for up to ten minutes of patience after the final dot. A mail that ends
 * here while one waits for that reply is "unknown", never "failed".
 */
export const TIMEOUTS_DEFAULT: SmtpTimeouts = {
  connectMs: 30_000,
  greetingMs: 30_000,
  silenceMs: 90_000,
};
/** A mail that is on its way gets this long when the transport is closed. */
const CLOSE_GRACE_MS = 20_000;

export interface SmtpTransportOptions {
  /** See smtp/url.ts. */
  readonly url: string;
  readonly connections?: number | undefined;
  /** Signs each mail, unless the provider does. */
  readonly dkim?: DkimSigner | undefined;
  /** Logs in with an access token instead of a password; the URL names the user. */
  readonly oauth2?: OAuth2Grant | undefined;
  readonly timeouts?: Partial<SmtpTimeouts> | undefined;
}

export interface Transport {
  /** Signs a mail before it is its turn; `send` signs what was not. Never throws. */
  prepare(mail: ComposedMail): Promise<void>;
  /**
   * Sends one mail. Aborting takes back what has not begun; what has begun is "unknown".
   *
   * @param mayLeave asked right before its first byte leaves, which can be long after the call; a
   * mail that may not is `route-down`, `stopped`
   */
  send(mail: ComposedMail, signal?: AbortSignal, mayLeave?: MayLeave): Promise<Delivery>;
  /** Connects, logs in and leaves again. */
  verify(): Promise<RouteUp | RouteDown>;
  /** Takes no more, lets mails on their way arrive, and cuts those that take longer than the grace. */
  close(graceMs?: number): Promise<void>;
}
interface RouteUp {
  readonly kind: 'up';
}

/** @throws Error if URL, login or number of connections cannot be right */
export function smtpTransport(options: SmtpTransportOptions): Transport {
  const connections = options.connections ?? CONNECTIONS_DEFAULT;
  if (!Number.isInteger(connections) || connections < 1 || connections > CONNECTIONS_MAX) {
    throw new Error(`an SMTP route has 1 to ${CONNECTIONS_MAX} connections`);
  }
  const route = readSmtpUrl(options.url);
  const session = {
    route,
    login: smtpLogin(route, options.oauth2),
    timeouts: { ...TIMEOUTS_DEFAULT, ...options.timeouts },
  };
  const crossing = crossingOf();
  const lines = linePool(connections, () => new SmtpLine(session, crossing));

  const signer = aheadSigner(options.dkim);

  return {
    prepare: ({ raw }) => signer.ahead(raw),

    async send(mail, signal, mayLeave) {
      const signing = signer.signed(mail.raw);
      const raw = signing === undefined ? mail.raw : await signing;
      return lines.send({ mail, raw, signal, mayLeave });
    },

    async verify() {
      const opening = await openSession(session);
      if (!opening.ok) return judgeRoute(opening.error);
      closeSession(opening.session);
      return { kind: 'up' };
    },

    close: (graceMs = CLOSE_GRACE_MS) => lines.close(graceMs),
  };
}

/** A mail that waits for a line. */
interface Waiting {
  readonly job: Job;
  readonly forget: () => void;
  isGone: boolean;
}

/** Hands out mails, oldest first; the line used last goes first, so that the others may rest. */
function linePool(count: number, newLine: () => SmtpLine) {
  const free: SmtpLine[] = [];
  const busy = new Set<SmtpLine>();
  const waiting: Waiting[] = [];
  let isClosed = false;
  let onQuiet: (() => void) | undefined;

  function next(): Job | undefined {
    let first = waiting.shift();
    while (first?.isGone === true) first = waiting.shift();
    first?.forget();
    return first?.job;
  }

  function wait(job: Job): void {
    assert(waiting.length < WAITING_MAX, 'too many mails wait for an SMTP line');
    const entry: Waiting = {
      job,
      isGone: false,
      forget: onAbort(job.signal, () => {
        entry.forget();
        entry.isGone = true;
        job.done(stopped());
      }),
    };
    waiting.push(entry);
  }

  async function run(line: SmtpLine, job: Job): Promise<void> {
    busy.add(line);
    // One may have come between the last look of the line and its end.
    for (let more: Job | undefined = job; more !== undefined; more = next()) {
      await line.run(more, next);
    }
    busy.delete(line);
    if (isClosed) line.quit();
    else free.push(line);
    if (busy.size === 0) onQuiet?.();
  }

  return {
    /** `stopped` if the pool was closed or the signal given before a line was free. */
    send({ mail, raw, signal, mayLeave }: Omit<Job, 'done' | 'fail'>): Promise<Delivery> {
      if (isClosed || signal?.aborted) return Promise.resolve(stopped());
      return new Promise((done, fail) => {
        const job: Job = { mail, raw, signal, mayLeave, done, fail };
        const line = free.pop() ?? (busy.size < count ? newLine() : undefined);
        if (line === undefined) wait(job);
        else void run(line, job);
      });
    },

    async close(graceMs: number): Promise<void> {
      isClosed = true;
      for (let job = next(); job !== undefined; job = next()) job.done(stopped());
      for (const line of free.splice(0)) line.quit();
      if (busy.size === 0) return;
      await new Promise<void>((resolve) => {
        const grace = setTimeout(() => {
          for (const line of busy) line.cut();
        }, graceMs);
        onQuiet = () => {
          clearTimeout(grace);
          resolve();
        };
      });
    },
  };
}
