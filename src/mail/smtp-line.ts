/** SMTP line: one place in the pool: a session, opened when needed, for one mail at a time. */
import type { ComposedMail } from './ask-mail.ts';
import { accepted, type Delivery, judgeFailure, stopped } from './delivery.ts';
import {
  type Attempt,
  closeSession,
  type Opening,
  type Outcome,
  openSession,
  reset,
  type Session,
  type SessionOptions,
  type SmtpError,
  transmit,
} from './smtp-session.ts';

/** Servers close idle sessions after some minutes. We do so first, when nothing can be lost. */
const IDLE_MS = 60_000;
/** Now and then a fresh session: servers expect it, and a moved address is found again. */
const MAILS_PER_SESSION_MAX = 5000;
/** Closing (421) or confused about its state (503): only a fresh session helps. */
const ENDS_SESSION = /^(?:421|503)\b/;
/** The connection went, without a word. */
const LOST = new Set(['ECONNECTION', 'ESOCKET']);

export interface SmtpLine {
  /** Sends one mail, as the bytes `raw`. To be called again only after it has answered. */
  send(mail: ComposedMail, raw: Buffer, signal: AbortSignal | undefined): Promise<Delivery>;
  /** Says goodbye. The line may be used again. */
  quit(): void;
  /** Cuts the line, also in the middle of a mail, for good. */
  cut(): void;
}

export function smtpLine(options: SessionOptions): SmtpLine {
  let session: Session | undefined;
  let mails = 0;
  let idle: NodeJS.Timeout | undefined;
  const cutting = new AbortController();

  async function sendOnce(attempt: Attempt): Promise<Outcome> {
    const opening = await ready(attempt.signal);
    if (!opening.ok) return { ok: false, phase: 'connect', error: opening.error };
    session = opening.session;
    mails += 1;
    return transmit(session, attempt, options.timeouts.silenceMs);
  }

  async function ready(signal: AbortSignal): Promise<Opening> {
    if (session !== undefined && !session.destroyed) return { ok: true, session };
    mails = 0;
    return openSession(options, signal);
  }

  /** Makes the session fit for the next mail, or ends it. */
  async function settle(outcome: Outcome): Promise<void> {
    if (session === undefined || session.destroyed) return;
    if (!outcome.ok && !isRefusal(outcome.error)) session.close();
    else if (!outcome.ok) await reset(session);
    if (mails >= MAILS_PER_SESSION_MAX) quit();
    else idle = setTimeout(quit, IDLE_MS).unref();
  }

  function quit(): void {
    clearTimeout(idle);
    if (session !== undefined) closeSession(session);
    session = undefined;
  }

  async function send(mail: ComposedMail, raw: Buffer, signal: AbortSignal): Promise<Delivery> {
    clearTimeout(idle);
    const attempt = { mail, raw, signal };
    const isReused = session !== undefined && !session.destroyed;
    let outcome = await sendOnce(attempt);
    // The server had given up a session that lay idle. Nothing left: a fresh one makes it good.
    if (isReused && isLostBeforeMail(outcome)) outcome = await sendOnce(attempt);
    await settle(outcome);
    return judge(outcome, attempt);
  }

  return {
    async send(mail, raw, signal) {
      const stop = new AbortController();
      const onAbort = () => stop.abort();
      const causes = signal === undefined ? [cutting.signal] : [cutting.signal, signal];
      for (const cause of causes) {
        if (cause.aborted) stop.abort();
        else cause.addEventListener('abort', onAbort, { once: true });
      }
      try {
        return await send(mail, raw, stop.signal);
      } finally {
        for (const cause of causes) cause.removeEventListener('abort', onAbort);
      }
    },
    quit,
    cut: () => cutting.abort(),
  };
}

/** The server judged this mail and goes on with the session. */
function isRefusal({ code, response }: SmtpError): boolean {
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && !ENDS_SESSION.test(response ?? '');
}

function isLostBeforeMail(outcome: Outcome): boolean {
  if (outcome.ok || outcome.phase !== 'envelope') return false;
  const { code = '', response } = outcome.error;
  return response === undefined && LOST.has(code);
}

function judge(outcome: Outcome, { mail, signal }: Attempt): Delivery {
  const recipient = mail.envelope.to;
  if (outcome.ok) return accepted(outcome.info.response, recipient, outcome.info.serverMessageId);
  const { phase, error } = outcome;
  if (signal.aborted && phase !== 'data' && error.response === undefined) return stopped();
  const { code, originalCode, command, response } = error;
  return judgeFailure({ phase, code, originalCode, command, response, recipient });
}
