/** SMTP line: one place in the pool: a session, opened when needed, for one mail at a time. */
import type { ComposedMail } from '../ask-mail.ts';
import { accepted, type Delivery, judgeFailure, stopped } from '../delivery.ts';
import type { SmtpError } from './dialog.ts';
import { onAbort } from './on-abort.ts';
import { serverMessageId } from './server-message-id.ts';
import {
  closeSession,
  type Opening,
  openSession,
  reset,
  type Session,
  type SessionOptions,
} from './session.ts';
import { type Attempt, type Outcome, transmit } from './transaction.ts';

/** Servers close idle sessions after some minutes. We do so first, when nothing can be lost. */
const IDLE_MS = 60_000;
/** Now and then a fresh session: servers expect it, and a moved address is found again. */
export const MAILS_PER_SESSION_MAX = 5000;
/** Closing (421) or confused about its state (503): only a fresh session helps. */
const ENDS_SESSION = /^(?:421|503)\b/;
/** The connection went, without a word. */
const LOST = new Set(['ECONNECTION', 'ESOCKET']);
const STOPPED: SmtpError = { code: 'EABORT' };

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
  /** Of a session that is being opened. */
  let stopOpening: AbortController | undefined;
  /** The mail that is on its way, and all others if the line is cut, are to stop. */
  let isStopped = false;
  let isCut = false;
  const rest = restTimer(quit);

  async function sendOnce(attempt: Attempt): Promise<Outcome> {
    const opening = await ready();
    if (!opening.ok) return { ok: false, phase: 'connect', error: opening.error };
    session = opening.session;
    mails += 1;
    return transmit(session, attempt, options.timeouts.silenceMs);
  }

  async function ready(): Promise<Opening> {
    if (isStopped) return { ok: false, error: STOPPED };
    if (session !== undefined && !session.ended) return { ok: true, session };
    mails = 0;
    stopOpening = new AbortController();
    const opening = await openSession(options, stopOpening.signal);
    stopOpening = undefined;
    return opening;
  }

  function quit(): void {
    rest.end();
    if (session !== undefined) closeSession(session);
    session = undefined;
  }

  async function send(attempt: Attempt): Promise<Delivery> {
    const isReused = session !== undefined && !session.ended;
    let outcome = await sendOnce(attempt);
    // The server had given up a session that lay idle. Nothing left: a fresh one makes it good.
    if (isReused && isLostBeforeMail(outcome)) outcome = await sendOnce(attempt);
    if (session !== undefined) await makeFit(session, outcome);
    if (mails >= MAILS_PER_SESSION_MAX) quit();
    else rest.begin();
    return judge(outcome, attempt, isStopped, options.route.host);
  }

  function stop(): void {
    isStopped = true;
    stopOpening?.abort();
    session?.cut(STOPPED);
  }

  return {
    async send(mail, raw, signal) {
      isStopped = isCut || signal?.aborted === true;
      rest.end();
      const forget = onAbort(signal, stop);
      try {
        return await send({ mail, raw });
      } finally {
        forget();
      }
    },
    quit,
    cut() {
      isCut = true;
      stop();
    },
  };
}

/** Calls `act` after a rest that nothing ended. */
function restTimer(act: () => void) {
  let timer: NodeJS.Timeout | undefined;
  return {
    begin(): void {
      clearTimeout(timer);
      timer = setTimeout(act, IDLE_MS).unref();
    },
    end: () => clearTimeout(timer),
  };
}

/** Makes a session fit for the next mail, or ends it. */
async function makeFit(session: Session, outcome: Outcome): Promise<void> {
  if (outcome.ok || session.ended) return;
  if (isRefusal(outcome.error)) await reset(session);
  else session.cut(STOPPED);
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

function judge(outcome: Outcome, { mail }: Attempt, aborted: boolean, host: string): Delivery {
  const recipient = mail.envelope.to;
  if (outcome.ok) {
    return accepted(outcome.response, recipient, serverMessageId(outcome.response, host));
  }
  const { phase, error } = outcome;
  if (aborted && phase !== 'data' && error.response === undefined) return stopped();
  const { code, originalCode, command, response } = error;
  return judgeFailure({ phase, code, originalCode, command, response, recipient });
}
