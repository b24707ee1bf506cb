/** Ask mail: one double opt-in mail to one recipient, composed to bytes, the same bytes every time. */
import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { httpsUrl, oneLine } from './clean-text.ts';
import type { Wording } from './templates.ts';

/** Gmail cuts the end off longer mails, and with it the stop link. */
export const MAIL_BYTES_MAX = 100_000;
/** RFC 5321, 4.5.3.1.3. */
const ADDRESS_CHARACTERS_MAX = 254;
/** RFC 5322, 2.1.1 allows 998 for a header line; nobody reads that much of a subject. */
const SUBJECT_CHARACTERS_MAX = 200;
const DISPLAY_NAME_CHARACTERS_MAX = 100;

interface Mailbox {
  readonly address: string;
  readonly name?: string | undefined;
}

export interface AskMail {
  /** Of `messageIdOf`: the same at each attempt, so that receivers can tell a copy. */
  readonly messageId: string;
  readonly at: Date;
  readonly from: Mailbox;
  readonly to: Mailbox;
  /** A mailbox that somebody reads. */
  readonly replyTo: Mailbox;
  /** Where bounces go, as a VERP address. */
  readonly envelopeFrom: string;
  readonly wording: Wording;
  /** RFC 8058: https, opaque, works by POST without cookies. */
  readonly oneClickUrl: string;
  /** RFC 2919, without the brackets: `doi.example.com`. */
  readonly listId: string;
  /** Gmail's: up to three fields and a sender's name of 5 to 15 characters, `:` between; no personal data. */
  readonly feedbackId: string;
}

interface Envelope {
  readonly from: string;
  readonly to: string;
}

export interface ComposedMail {
  /** RFC 5322 with CRLF, not yet signed. */
  readonly raw: Buffer;
  readonly envelope: Envelope;
  readonly messageId: string;
  /** sha256 of `raw`, hex. */
  readonly rawHash: string;
}

const HOST =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i;
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const SEND_ID = /^[A-Za-z0-9_-]{1,64}$/;
const FEEDBACK_ID = /^(?:[A-Za-z0-9_.-]*:){3}[A-Za-z0-9_-]{5,15}$/;
const MESSAGE_ID = /^<[A-Za-z0-9_-]{1,64}@[A-Za-z0-9.-]{1,253}>$/;
const LANGUAGE = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;

/**
 * The Message-ID of a send: nothing but its id decides, so a second attempt carries the same.
 *
 * @param domain of the From address, `example.com`
 * @throws Error if the id or the domain could not stand in a header
 */
export function messageIdOf(sendId: string, domain: string): string {
  if (!SEND_ID.test(sendId)) throw new Error('a send id has 1 to 64 letters, digits, _ or -');
  if (!HOST.test(domain)) throw new Error('the domain of a Message-ID must be a host name');
  return `<${sendId}@${domain.toLowerCase()}>`;
}

/**
 * Composes the mail. Same input, same bytes: a retry is told apart by nothing.
 *
 * @throws Error naming the part that cannot stand in a mail (never its value: it may be personal);
 * nothing was sent then
 */
export async function composeAsk(ask: AskMail): Promise<ComposedMail> {
  const envelope = {
    from: checkAddress(ask.envelopeFrom, 'the envelope sender'),
    to: checkAddress(ask.to.address, 'the recipient'),
  };
  const messageId = checkShape(ask.messageId, MESSAGE_ID, 'the Message-ID');
  const node = new MailComposer({
    from: mailbox(ask.from, 'the sender'),
    to: mailbox(ask.to, 'the recipient'),
    replyTo: mailbox(ask.replyTo, 'the reply address'),
    subject: cut(oneLine(ask.wording.subject), SUBJECT_CHARACTERS_MAX),
    date: checkDate(ask.at),
    messageId,
    headers: headersOf(ask),
    text: ask.wording.text,
    html: ask.wording.html,
    encoding: 'quoted-printable',
    baseBoundary: sha256(messageId).slice(0, 32),
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  node.setEnvelope({ from: envelope.from, to: [envelope.to] });
  const raw = await node.build();
  if (raw.length > MAIL_BYTES_MAX) {
    throw new Error(`the mail has ${raw.length} bytes, more than ${MAIL_BYTES_MAX}: not composed`);
  }
  return { raw, envelope, messageId, rawHash: sha256(raw) };
}

/** Prepared: as they stand, one line each. Some signers break on a folded List-Unsubscribe. */
function headersOf(ask: AskMail) {
  const prepared = (value: string) => ({ prepared: true, value });
  const listId = checkShape(ask.listId, HOST, 'the List-Id');
  return {
    'List-Unsubscribe': prepared(`<${httpsUrl(ask.oneClickUrl, 'the one-click URL')}>`),
    'List-Unsubscribe-Post': prepared('List-Unsubscribe=One-Click'),
    'List-Id': prepared(`<${listId}>`),
    'Feedback-ID': prepared(checkShape(ask.feedbackId, FEEDBACK_ID, 'the Feedback-ID')),
    'Auto-Submitted': prepared('auto-generated'),
    'X-Auto-Response-Suppress': prepared('OOF, AutoReply'),
    'Content-Language': prepared(checkShape(ask.wording.locale, LANGUAGE, 'the language')),
  };
}

/** An object, never a string: a string is parsed, and a name could become an address. */
function mailbox({ address, name }: Mailbox, what: string): { name: string; address: string } {
  const shown = cut(oneLine(name ?? ''), DISPLAY_NAME_CHARACTERS_MAX);
  return { name: shown, address: checkAddress(address, what) };
}

/** Plain `local@host`, ASCII: no quotes, comments, groups or routes, which servers read differently. */
function checkAddress(address: string, what: string): string {
  const at = address.lastIndexOf('@');
  const isPlain = LOCAL_PART.test(address.slice(0, at)) && HOST.test(address.slice(at + 1));
  if (at < 1 || !isPlain || address.length > ADDRESS_CHARACTERS_MAX) {
    throw new Error(`${what} is not a plain e-mail address, so the mail was not composed`);
  }
  return address;
}

function checkShape(value: string, shape: RegExp, what: string): string {
  if (!shape.test(value)) throw new Error(`${what} is malformed, so the mail was not composed`);
  return value;
}

function checkDate(at: Date): Date {
  if (Number.isNaN(at.getTime())) throw new Error('the date is none, so the mail was not composed');
  return at;
}

/** By code points, so that no character is cut in two. */
function cut(text: string, charactersMax: number): string {
  const characters = Array.from(text);
  if (characters.length <= charactersMax) return text;
  return `${characters.slice(0, charactersMax - 1).join('')}…`;
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
