/** SMTP outcome: what the way one mail ended means for the mail, and for the session. */
import { accepted, type Delivery, judgeFailure, type Phase, stopped } from '../delivery.ts';
import type { SmtpError } from './dialog.ts';
import { serverMessageId } from './server-message-id.ts';

export type Outcome =
  | { readonly ok: true; readonly response: string }
  | { readonly ok: false; readonly phase: Phase; readonly error: SmtpError };

/** Closing (421) or confused about its state (503): only a fresh session helps. */
const ENDS_SESSION = /^(?:421|503)\b/;
const CONFUSED = /^503\b/;
/** The connection went, without a word. */
const LOST = new Set(['ECONNECTION', 'ESOCKET']);

/** The server judged this mail and goes on with the session. */
export function isRefusal({ code, response }: SmtpError): boolean {
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && !ENDS_SESSION.test(response ?? '');
}

/** A session ended without a word before anything of the mail left. */
export function isLostBeforeMail(outcome: Outcome): boolean {
  if (outcome.ok || outcome.phase !== 'envelope') return false;
  const { code = '', response } = outcome.error;
  return response === undefined && LOST.has(code);
}

/** An envelope that stood behind another mail came to nothing, whatever the reason. */
export function isLostOnTheWay(outcome: Outcome): boolean {
  if (outcome.ok || outcome.phase !== 'envelope') return false;
  const { command, response } = outcome.error;
  return response === undefined || (command === 'MAIL FROM' && CONFUSED.test(response));
}

/** What became of the mail. */
export function judgeOutcome(
  outcome: Outcome,
  { recipient, aborted, host }: { recipient: string; aborted: boolean; host: string },
): Delivery {
  if (outcome.ok) {
    return accepted(outcome.response, recipient, serverMessageId(outcome.response, host));
  }
  const { phase, error } = outcome;
  if (aborted && phase !== 'data' && error.response === undefined) return stopped();
  const { code, originalCode, command, response } = error;
  return judgeFailure({ phase, code, originalCode, command, response, recipient });
}
