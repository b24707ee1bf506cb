/**
 * Bounce text: a bounce that is written for people only, as qmail, old sendmail, Exim, Notes,
 * GroupWise and others write it. Whose mail it is we know from the address it came to; here is
 * found whether it is a bounce at all, and what it gives as the reason.
 *
 * Only a mailer's voice counts (the null sender, or a name that mailers have), and only together
 * with a mailer's phrase: an answer of a person that speaks of bounces is none.
 */
import { type BounceKind, bounceCode, bounceKind } from './bounce-meaning.ts';

export interface TextMail {
  readonly subject: string;
  /** The address in From, lower case; empty if there is none. */
  readonly from: string;
  readonly hasNullSender: boolean;
  /** Exim and Gmail name the recipients that failed in a header of their own. */
  readonly hasFailedRecipients: boolean;
  readonly text: string;
}

export interface TextBounce {
  readonly kind: BounceKind | 'delayed';
  readonly status: string | undefined;
  readonly said: string;
}

/** The reason stands at the beginning; behind it comes the mail itself. */
const REASON_CHARACTERS_MAX = 6_000;
const REASON_LINES_MAX = 6;

const MAILERS =
  /^(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|mail-?delivery(?:-?(?:system|subsystem))?|maildelivery|bounces?|gwia|domino)\b/;
const SUBJECT =
  /^(?:undeliver|undelivered|returned mail|delivery (?:status|failure|problem|error|delay)|delivery has failed|mail (?:delivery|system error|could not)|failure notice|failure delivery|message status|nondeliverable|non-delivery|warning: (?:could not|message)|unzustellbar|nicht zustellbar|mail delivery|delayed|dead ?letter|rejected:|permanent delivery failure)/i;
const BANNER =
  /this is the (?:qmail-send program|mail system at host|postfix)|i'm afraid i wasn't able to deliver|created automatically by (?:the )?mail delivery software|following addresses had (?:permanent fatal|transient non-fatal) errors|message (?:that )?you sent was undeliverable|could not be delivered to|unable to deliver (?:your |the |this )?message|did not reach (?:the|some or all of the) (?:following|intended)|delivery (?:has failed|to the following recipients? failed)|wasn't delivered to|address not found/i;
const ORIGINAL =
  /^.{0,10}(?:below this line is a copy|this is a copy of (?:the|your) message|(?:the )?original message (?:follows|headers)|unsent message follows|the header page of|returned message|message header follows|text of your message)|-{3,} ?original message/im;

const DELAYED_SUBJECT =
  /\bdelay(?:ed)?\b|^warning: (?:could not send|message)|\bstill being retried/i;
const DELAYED =
  /\bwill (?:be retried|continue to be|keep trying|try again|retry)|\bstill (?:being )?(?:trying|retr)|\bdo(?:es)? not need to resend|\bno action is required|\bnot yet been delivered|\bis delayed\b/i;
const FINAL =
  /\bgiving up\b|\bgiven up\b|\bpermanent|\bfatal errors|\bwill not (?:be )?(?:retr|try)/i;
const REASON =
  /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])|\b(?:4[2-5]\d|5[0-5]\d)[ -]\S|^\s*(?:reason|error)\b/i;
const RECIPIENT = /^\s*<?[^\s<>@]+@[^\s<>@]+>?\s*(?::|\(|$)/;

/** Undefined if it is no bounce, or none that anybody could tell from a letter. */
export function readBounceText(mail: TextMail): TextBounce | undefined {
  const isMailer = mail.hasNullSender || MAILERS.test(mail.from);
  const opening = mail.text.slice(0, REASON_CHARACTERS_MAX);
  const isBounce = mail.hasFailedRecipients || SUBJECT.test(mail.subject) || BANNER.test(opening);
  if (!isMailer || !isBounce) return undefined;
  const [words = ''] = opening.split(ORIGINAL, 1);
  const said = reasonIn(words);
  const status = bounceCode(undefined, said);
  const isDelayed =
    DELAYED_SUBJECT.test(mail.subject) || (DELAYED.test(words) && !FINAL.test(words));
  return { kind: isDelayed ? 'delayed' : bounceKind(status, said), status, said };
}

/** The lines with a code, and those that follow the recipient's address; else all of it. */
function reasonIn(words: string): string {
  const lines = words.split(/\r?\n/).map((line) => line.trim());
  const telling = lines.filter((line, index) => {
    const before = lines[index - 1];
    return REASON.test(line) || (before !== undefined && line !== '' && RECIPIENT.test(before));
  });
  return (telling.length === 0 ? lines : telling.slice(0, REASON_LINES_MAX)).join(' ').trim();
}
