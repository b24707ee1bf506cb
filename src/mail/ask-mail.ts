/**
 * Ask mail: one double opt-in mail to one recipient, composed to bytes, the same bytes every time.
 *
 * This is the slow and certain way, by nodemailer's composer. Many mails of one template are made
 * by a skeleton (skeleton.ts), whose output must be the same to the byte.
 */
import { hash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { httpsUrl, oneLine } from './clean-text.ts';
import {
  checkAddress,
  checkDate,
  checkFeedbackId,
  checkLanguage,
  checkListId,
  checkMessageId,
  cut,
  type Mailbox,
  mailbox,
} from './mail-fields.ts';
import type { Wording } from './templates.ts';

/** Gmail cuts the end off longer mails, and with it the stop link. */
export const MAIL_BYTES_MAX = 100_000;
/** RFC 5322, 2.1.1 allows 998 for a header line; nobody reads that much of a subject. */
const SUBJECT_CHARACTERS_MAX = 200;
const LINE_END = /\r\n|[\r\n]/g;

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
  /** A mail to it is a stop too (RFC 2369), for clients that know no other way. */
  readonly stopAddress?: string | undefined;
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

/**
 * Composes the mail. Same input, same bytes: a retry is told apart by nothing.
 *
 * @throws Error naming the part that cannot stand in a mail (never its value: it may be personal);
 * nothing was sent then
 */
export async function composeAsk(ask: AskMail): Promise<ComposedMail> {
  const envelope = envelopeOf(ask);
  const messageId = checkMessageId(ask.messageId);
  const node = new MailComposer({
    from: mailbox(ask.from, 'the sender'),
    to: mailbox(ask.to, 'the recipient'),
    replyTo: mailbox(ask.replyTo, 'the reply address'),
    subject: cut(oneLine(ask.wording.subject), SUBJECT_CHARACTERS_MAX),
    date: checkDate(ask.at),
    messageId,
    headers: headersOf(ask),
    text: withLineEnds(ask.wording.text),
    html: withLineEnds(ask.wording.html),
    encoding: 'quoted-printable',
    baseBoundary: boundaryOf(messageId),
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  node.setEnvelope({ from: envelope.from, to: [envelope.to] });
  return finishMail(await node.build(), envelope, messageId);
}

/** Checked: what stands here is written to the server as it is. @throws Error naming the part */
export function envelopeOf({ envelopeFrom, to }: Pick<AskMail, 'envelopeFrom' | 'to'>): Envelope {
  return {
    from: checkAddress(envelopeFrom, 'the envelope sender'),
    to: checkAddress(to.address, 'the recipient'),
  };
}

/** What stands in the delimiters of the mail's parts: follows from its Message-ID. */
export function boundaryOf(messageId: string): string {
  return hash('sha256', messageId, 'hex').slice(0, 32);
}

/** CRLF everywhere: then each line is encoded by itself, whatever stands before it. */
export function withLineEnds(text: string): string {
  return text.replace(LINE_END, '\r\n');
}

/** @throws Error if the mail is too long; it is not cut */
export function finishMail(raw: Buffer, envelope: Envelope, messageId: string): ComposedMail {
  if (raw.length > MAIL_BYTES_MAX) {
    throw new Error(`the mail has ${raw.length} bytes, more than ${MAIL_BYTES_MAX}: not composed`);
  }
  return { raw, envelope, messageId, rawHash: hash('sha256', raw, 'hex') };
}

/** The https URL stands first: clients take the first that they can. */
export function listUnsubscribe({
  oneClickUrl,
  stopAddress,
}: Pick<AskMail, 'oneClickUrl' | 'stopAddress'>): string {
  const url = `<${httpsUrl(oneClickUrl, 'the one-click URL')}>`;
  if (stopAddress === undefined) return url;
  return `${url}, <mailto:${checkAddress(stopAddress, 'the stop address')}?subject=stop>`;
}

/** Prepared: as they stand, one line each. Some signers break on a folded List-Unsubscribe. */
function headersOf(ask: AskMail) {
  const prepared = (value: string) => ({ prepared: true, value });
  return {
    'List-Unsubscribe': prepared(listUnsubscribe(ask)),
    'List-Unsubscribe-Post': prepared('List-Unsubscribe=One-Click'),
    'List-Id': prepared(`<${checkListId(ask.listId)}>`),
    'Feedback-ID': prepared(checkFeedbackId(ask.feedbackId)),
    'Auto-Submitted': prepared('auto-generated'),
    'X-Auto-Response-Suppress': prepared('OOF, AutoReply'),
    'Content-Language': prepared(checkLanguage(ask.wording.locale)),
  };
}
