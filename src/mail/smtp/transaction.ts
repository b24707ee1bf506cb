/**
 * SMTP transaction: one mail over an open session, and how far it got.
 *
 *   MAIL RCPT DATA  (one write where the server offers PIPELINING, RFC 2920)  ▶  354
 *   ▶  the mail and its final dot, and behind it the envelope of the next mail, in one write  ▶  250
 *
 * The next mail's own bytes follow only after the last reply to this one, and after a last look at
 * whether it may leave. A reply of the wrong kind (250 to DATA, 354 to anything else) means that
 * replies and commands have come apart: the session is cut, and the mail judged by how far it had
 * got.
 */
import type { ComposedMail } from '../ask-mail.ts';
import { stuffed } from './body.ts';
import type { Exchange, SmtpError } from './dialog.ts';
import type { Outcome } from './outcome.ts';
import type { ServerReply } from './replies.ts';
import type { Session } from './session.ts';

/** RFC 3461, 4.4. */
const ENVID_CHARACTERS_MAX = 100;
const START_MAIL = 354;
const NO_MAIL = '.\r\n';

export interface Attempt {
  readonly mail: ComposedMail;
  /** What goes over the line: the mail, signed if we sign; it ends with a line end. */
  readonly raw: Buffer;
}
/** A mail that is offered to the server. */
export interface Offer extends Attempt {
  /** The answer to its envelope, if that stood behind the mail before. */
  readonly offered: Promise<Exchange> | undefined;
  /** Asked when the server waits for the mail. If not, the session ends: none must get an empty mail. */
  mayLeave(): boolean | Promise<boolean>;
}

/** What may stand behind a mail. */
export interface MailBehind {
  /** The next mail, whose envelope is to leave with this one. */
  follower(): Attempt | undefined;
  /** It has left: this is going to be the answer. Not called if the server takes no mail so long. */
  offered(answer: Promise<Exchange>): void;
}

const LOST: SmtpError = { code: 'ECONNECTION' };
const STOPPED: SmtpError = { code: 'EABORT' };
const OUT_OF_STEP: SmtpError = { code: 'EPROTOCOL' };
const TOO_LONG: SmtpError = { code: 'EMESSAGE', command: 'MAIL FROM' };
const COMMANDS = ['MAIL FROM', 'RCPT TO', 'DATA'] as const;

/** Hands over one mail. Never throws. The session may be closed afterwards; `ended` tells. */
export async function transmit(
  session: Session,
  turn: Offer,
  behind: MailBehind,
): Promise<Outcome> {
  const answer = turn.offered === undefined ? await offer(session, turn) : await turn.offered;
  const error = answer === undefined ? TOO_LONG : await readOffer(session, answer);
  if (error !== undefined) return { ok: false, phase: 'envelope', error };
  const may = turn.mayLeave();
  if (may === false || !(await may)) {
    session.cut(STOPPED);
    return { ok: false, phase: 'envelope', error: STOPPED };
  }
  // It went while it was answered, or while we looked: of this mail nothing has left.
  if (session.ended) return { ok: false, phase: 'envelope', error: LOST };
  return deliver(session, turn.raw, behind);
}

/** The server said beforehand that it takes no mail so long. */
function isTooLong({ sizeMax }: Session, { raw }: Attempt): boolean {
  return sizeMax > 0 && raw.length > sizeMax;
}

/** The envelope by itself. Undefined: not even that. */
async function offer(session: Session, attempt: Attempt): Promise<Exchange | undefined> {
  if (isTooLong(session, attempt)) return undefined;
  const commands = envelopeOf(session, attempt);
  return session.pipelining
    ? session.exchange(commands.join(''), commands.length)
    : oneByOne(session, commands);
}

/** Undefined: the server waits for the mail. */
async function readOffer(
  session: Session,
  { replies, error }: Exchange,
): Promise<SmtpError | undefined> {
  const wrong = replies.findIndex((reply, index) => !isFit(reply, index));
  if (wrong >= 0) return outOfStep(session);
  const refused = replies.findIndex(({ code }) => code >= 400);
  if (refused < 0) return replies.length === COMMANDS.length ? undefined : (error ?? LOST);
  if (replies[2]?.code === START_MAIL) await endWithout(session, replies[1]);
  return { code: 'EENVELOPE', command: COMMANDS[refused], response: replies[refused]?.text };
}

/**
 * The server waits for a mail that was refused. With no recipient left it gets one of nothing (RFC
 * 2920, 3.1); if it took the recipient all the same, somebody could get that, so it gets none.
 */
async function endWithout(session: Session, recipient: ServerReply | undefined): Promise<void> {
  if (recipient !== undefined && recipient.code >= 400) await session.exchange(NO_MAIL, 1);
  else session.cut(LOST);
}

async function oneByOne(session: Session, commands: readonly string[]): Promise<Exchange> {
  const replies: ServerReply[] = [];
  for (const command of commands) {
    const exchange = await session.exchange(command, 1);
    replies.push(...exchange.replies);
    const [reply] = exchange.replies;
    if (reply === undefined || reply.code >= 400) return { ...exchange, replies };
  }
  return { replies };
}

/** MAIL and RCPT are answered by 2yz, DATA by 354; all of them may be refused. */
function isFit({ code }: ServerReply, index: number): boolean {
  if (code >= 400) return true;
  return COMMANDS[index] === 'DATA' ? code === START_MAIL : code < 300;
}

/** From the first byte on nobody but the server knows what became of it. */
async function deliver(session: Session, raw: Buffer, behind: MailBehind): Promise<Outcome> {
  const next = session.pipelining ? behind.follower() : undefined;
  const crosses = next !== undefined && !isTooLong(session, next);
  const envelope = crosses ? envelopeOf(session, next).join('') : '';
  const answered = session.exchange(stuffed(raw, envelope), 1);
  if (crosses) behind.offered(session.follow(COMMANDS.length));
  const { replies, error } = await answered;
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
