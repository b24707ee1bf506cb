/**
 * Inbound: from a mail that came to one of our return addresses to what it reports, if anything.
 *
 * The address says which mail of ours it is about, and its MAC that nobody made it up; only what is
 * reported is read from the mail itself. What is not understood is left alone and counted.
 */
import { createHash } from 'node:crypto';
import type { TokenKey } from '../../consent/link.ts';
import type { MailEvent } from '../../consent/mail-event.ts';
import { maskReply } from '../smtp/reply.ts';
import { findProof, readFeedback } from './arf.ts';
import { bounceCode, bounceKind } from './bounce-meaning.ts';
import { readBounceText } from './bounce-text.ts';
import { type DsnRecipient, readDsn } from './dsn.ts';
import { isAnswer, isAutoReply } from './inbound-auto-reply.ts';
import { type InboundParts, readParts } from './inbound-mime.ts';
import type { MailTarget } from './verp.ts';

/** Why a mail that came in is no event. */
export type IgnoredMail =
  | 'auto-reply'
  | 'receipt'
  | 'success-report'
  | 'other-feedback'
  | 'unproven-complaint'
  | 'no-bounce'
  | 'unreadable';

export type InboundReading =
  | { readonly kind: 'event'; readonly event: MailEvent }
  | { readonly kind: 'ignored'; readonly why: IgnoredMail };

export interface InboundMail {
  readonly raw: Buffer;
  readonly target: MailTarget;
  /** MAIL FROM; empty for the null sender. */
  readonly sender: string;
  readonly receivedAt: Date;
  readonly domain: string;
  readonly keys: readonly TokenKey[];
}

/** Hex digits of an event's id: 128 bits. */
const EVENT_ID_CHARACTERS = 32;
/** A mail's own headers end before. */
const HEAD_BYTES = 64 * 1024;

type Report = Pick<MailEvent, 'kind' | 'status' | 'reply' | 'feedback'>;

/** Never throws: what cannot be read is ignored. */
export async function readInbound(mail: InboundMail): Promise<InboundReading> {
  let parts: InboundParts;
  try {
    parts = await readParts(mail.raw);
  } catch {
    return ignored('unreadable');
  }
  const feedback = parts.feedback === undefined ? undefined : readFeedback(parts.feedback);
  if (feedback !== undefined || mail.target.kind === 'complaints') {
    return readComplaint(mail, parts, feedback);
  }
  const { send } = mail.target;
  if (mail.target.kind === 'stop') return readStop(mail, parts, send);
  if (parts.hasReceipt) return ignored('receipt');
  const report = parts.status === undefined ? undefined : judgeDsn(readDsn(parts.status));
  if (report === 'success') return ignored('success-report');
  return report === undefined ? readLetter(mail, parts, send) : event(mail, send, report);
}

function readComplaint(
  mail: InboundMail,
  { returned }: InboundParts,
  feedback: ReturnType<typeof readFeedback>,
): InboundReading {
  if (feedback !== undefined && feedback.kind === undefined) return ignored('other-feedback');
  const { raw, target, domain, keys } = mail;
  // Some hand the mail on as text, without any type.
  const about = [feedback?.originalMailFrom, returned, raw.toString('latin1')].join('\n');
  const send = target.kind === 'complaints' ? findProof(about, { domain, keys }) : target.send;
  if (send === undefined) return ignored('unproven-complaint');
  // A loop that only hands on the mail (as Hotmail's did) means the button "spam".
  const kind = feedback?.kind ?? 'complaint';
  return event(mail, send, { kind, feedback: feedback?.type ?? 'abuse' });
}

/** RFC 2369: any mail to the address is the command. But a mailer's report is nobody's wish. */
function readStop(mail: InboundMail, parts: InboundParts, send: string): InboundReading {
  const isMachine = mail.sender === '' || parts.status !== undefined || parts.hasReceipt;
  if (isMachine || isAnswer(parts.headers, parts.subject)) return ignored('auto-reply');
  return event(mail, send, { kind: 'unsubscribe' });
}

/** No report in it: a bounce in words, an auto-reply, or a letter. */
function readLetter(mail: InboundMail, parts: InboundParts, send: string): InboundReading {
  const { subject, from, text, headers } = parts;
  const hasFailedRecipients = headers.has('x-failed-recipients');
  const bounce = readBounceText({
    subject,
    from,
    text,
    hasFailedRecipients,
    hasNullSender: mail.sender === '',
  });
  if (bounce !== undefined) {
    const { kind, status, said } = bounce;
    return event(mail, send, { kind, status, reply: said });
  }
  return ignored(isAutoReply(headers, subject) ? 'auto-reply' : 'no-bounce');
}

/** Of several recipients (a forwarder's) all must be dead for the address to be. */
function judgeDsn(recipients: readonly DsnRecipient[]): Report | 'success' | undefined {
  const failed = recipients
    .filter(({ action }) => action === 'failed')
    .map(({ status, diagnostic = '' }) => ({
      kind: bounceKind(status, diagnostic),
      status: bounceCode(status, diagnostic),
      reply: diagnostic,
    }));
  const mildest = ['soft-bounce', 'blocked', 'hard-bounce'].flatMap((kind) =>
    failed.filter((report) => report.kind === kind),
  )[0];
  if (mildest !== undefined) return mildest;
  const find = (wanted: DsnRecipient['action']) =>
    recipients.find(({ action }) => action === wanted);
  const delayed = find('delayed');
  if (delayed !== undefined) {
    return { kind: 'delayed', status: delayed.status, reply: delayed.diagnostic };
  }
  if (find('delivered') !== undefined) return { kind: 'delivered' };
  return recipients.length === 0 ? undefined : 'success';
}

function event(mail: InboundMail, send: string, report: Report): InboundReading {
  const { kind, status, reply, feedback } = report;
  return {
    kind: 'event',
    event: {
      kind,
      send,
      provider: 'smtp',
      eventId: eventIdOf(mail, send, kind),
      at: mail.receivedAt,
      ...(status === undefined ? {} : { status }),
      ...(reply === undefined || reply === '' ? {} : { reply: maskReply(reply, '') }),
      ...(feedback === undefined ? {} : { feedback }),
    },
  };
}

/** A server that did not hear our "250" sends the same mail again, with other Received lines. */
function eventIdOf({ raw }: InboundMail, send: string, kind: MailEvent['kind']): string {
  const head = raw.subarray(0, HEAD_BYTES).toString('latin1');
  const messageId = /^message-id:[ \t]*(?:\r?\n[ \t]+)?(\S+)/im.exec(head)?.[1];
  return createHash('sha256')
    .update(`${send}\0${kind}\0`)
    .update(messageId ?? raw)
    .digest('hex')
    .slice(0, EVENT_ID_CHARACTERS);
}

const ignored = (why: IgnoredMail): InboundReading => ({ kind: 'ignored', why });
