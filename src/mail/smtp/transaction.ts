/**
 * SMTP transaction: one mail over an open session, and how far it got.
 *
 *   MAIL RCPT DATA  (one write where the server offers PIPELINING, RFC 2920)  ▶  354
 *   ▶  the mail and the final dot, in one write  ▶  250
 *
 * The next mail's envelope follows only after the last reply to this one. A reply of the wrong kind
 * (250 to DATA, 354 to anything else) means that replies and commands have come apart: the session
 * is cut, and the mail judged by how far it had got.
 */
import type { ComposedMail } from '../ask-mail.ts';
import type { Phase } from '../delivery.ts';
import type { SmtpError } from './dialog.ts';
import type { ServerReply } from './replies.ts';
import type { Session } from './session.ts';

/** Longest transaction, in silences: a server that only trickles bytes ends here. */
export const SILENCES_PER_MAIL_MAX = 4;
/** RFC 3461, 4.4. */
const ENVID_CHARACTERS_MAX = 100;
const START_MAIL = 354;
const DOT = '.\r\n';
const DOT_BYTES = Buffer.from(DOT);

export interface Attempt {
  readonly mail: ComposedMail;
  /** What goes over the line: the mail, signed if we sign; it ends with a line end. */
  readonly raw: Buffer;
}
export type Outcome =
  | { readonly ok: true; readonly response: string }
  | { readonly ok: false; readonly phase: Phase; readonly error: SmtpError };

const LOST: SmtpError = { code: 'ECONNECTION' };
const OUT_OF_STEP: SmtpError = { code: 'EPROTOCOL' };
const COMMANDS = ['MAIL FROM', 'RCPT TO', 'DATA'] as const;

/** Hands over one mail. Never throws. The session may be closed afterwards; `ended` tells. */
export async function transmit(
  session: Session,
  attempt: Attempt,
  silenceMs: number,
): Promise<Outcome> {
  const deadline = setTimeout(
    () => session.cut({ code: 'ETIMEDOUT' }),
    silenceMs * SILENCES_PER_MAIL_MAX,
  );
  try {
    const error = await offer(session, attempt);
    if (error !== undefined) return { ok: false, phase: 'envelope', error };
    return await deliver(session, attempt.raw);
  } finally {
    clearTimeout(deadline);
  }
}

/** The envelope. Undefined: the server waits for the mail. */
async function offer(session: Session, attempt: Attempt): Promise<SmtpError | undefined> {
  if (session.sizeMax > 0 && attempt.raw.length > session.sizeMax) {
    return { code: 'EMESSAGE', command: 'MAIL FROM' };
  }
  const commands = envelopeOf(session, attempt);
  const { replies, error } = session.pipelining
    ? await session.exchange(commands.join(''), commands.length)
    : await oneByOne(session, commands);
  const wrong = replies.findIndex((reply, index) => !isFit(reply, index));
  if (wrong >= 0) return outOfStep(session);
  const refused = replies.findIndex(({ code }) => code >= 400);
  if (refused < 0) return replies.length === commands.length ? undefined : (error ?? LOST);
  if (replies[2]?.code === START_MAIL) await endWithout(session, replies[1]);
  return { code: 'EENVELOPE', command: COMMANDS[refused], response: replies[refused]?.text };
}

/**
 * The server waits for a mail that was refused. With no recipient left it gets one of nothing (RFC
 * 2920, 3.1); if it took the recipient all the same, somebody could get that, so it gets none.
 */
async function endWithout(session: Session, recipient: ServerReply | undefined): Promise<void> {
  if (recipient !== undefined && recipient.code >= 400) await session.exchange(DOT, 1);
  else session.cut(LOST);
}

async function oneByOne(session: Session, commands: readonly string[]) {
  const replies: ServerReply[] = [];
  for (const command of commands) {
    const exchange = await session.exchange(command, 1);
    replies.push(...exchange.replies);
    const [reply] = exchange.replies;
    if (reply === undefined || reply.code >= 400) return { replies, error: exchange.error };
  }
  return { replies, error: undefined };
}

/** MAIL and RCPT are answered by 2yz, DATA by 354; all of them may be refused. */
function isFit({ code }: ServerReply, index: number): boolean {
  if (code >= 400) return true;
  return COMMANDS[index] === 'DATA' ? code === START_MAIL : code < 300;
}

/** From the first byte on nobody but the server knows what became of it. */
async function deliver(session: Session, raw: Buffer): Promise<Outcome> {
  const { replies, error } = await session.exchange(stuffed(raw), 1);
  const [reply] = replies;
  if (reply === undefined) return { ok: false, phase: 'data', error: error ?? LOST };
  const { code, text: response } = reply;
  if (code < 300) return { ok: true, response };
  if (code >= 400) {
    return { ok: false, phase: 'data', error: { code: 'EMESSAGE', command: 'DATA', response } };
  }
  return { ok: false, phase: 'data', error: outOfStep(session) };
}

function outOfStep(session: Session): SmtpError {
  session.cut(OUT_OF_STEP);
  return OUT_OF_STEP;
}

/** One recipient. Where the server offers it (RFC 3461), it reports failure and delay, headers only. */
function envelopeOf({ size, dsn }: Session, { mail, raw }: Attempt): string[] {
  const { from, to } = mail.envelope;
  const envid = mail.messageId.slice(1, mail.messageId.indexOf('@')).slice(0, ENVID_CHARACTERS_MAX);
  const sizeOf = size ? ` SIZE=${raw.length}` : '';
  const report = dsn ? ` RET=HDRS ENVID=${envid}` : '';
  const notify = dsn ? ' NOTIFY=FAILURE,DELAY' : '';
  return [`MAIL FROM:<${from}>${sizeOf}${report}\r\n`, `RCPT TO:<${to}>${notify}\r\n`, 'DATA\r\n'];
}

/** RFC 5321, 4.5.2: a dot at the start of a line is doubled; a dot of its own ends the mail. */
function stuffed(raw: Buffer): Buffer {
  const isClear = raw[0] !== DOT.charCodeAt(0) && !raw.includes('\n.');
  if (isClear) return Buffer.concat([raw, DOT_BYTES]);
  return Buffer.from(`${raw.toString('latin1').replace(/^\./gm, '..')}${DOT}`, 'latin1');
}
