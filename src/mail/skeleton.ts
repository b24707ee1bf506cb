/**
 * Skeleton: a mail composed once for a template, a language and a sender; then only the recipient's
 * parts are put in. The bytes are those of nodemailer's composer for the same mail.
 *
 *   head:  To  Message-ID  Date  List-Unsubscribe  Feedback-ID  boundary     the rest is fixed
 *   text, html:  the lines that hold a recipient's value are encoded anew, the others are not
 *
 * It proves that before it is used: two samples, one of them awkward, must come out of it and out of
 * the composer alike. What a skeleton cannot make is left to the composer.
 */
import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import {
  type AskMail,
  boundaryOf,
  type ComposedMail,
  composeAsk,
  envelopeOf,
  finishMail,
  listUnsubscribe,
} from './ask-mail.ts';
import {
  checkDate,
  checkFeedbackId,
  checkMessageId,
  type Mailbox,
  mailbox,
} from './mail-fields.ts';
import { fixed, MailPieces } from './mail-pieces.ts';
import {
  type BoundPart,
  bindText,
  type CompiledText,
  cleanValue,
  type Values,
} from './placeholders.ts';
import { type QuotedLines, quoteLines } from './quoted-lines.ts';
import { type AskValues, type Template, wordAsk } from './templates.ts';

/** What differs from one recipient to the next. */
const OPEN = ['address', 'howObtained', 'ifSilent', 'reviewUrl', 'stopUrl'] as const;
const OPEN_NAMES: ReadonlySet<string> = new Set(OPEN);
const KINDS = {
  address: 'text',
  howObtained: 'text',
  ifSilent: 'text',
  reviewUrl: 'url',
  stopUrl: 'url',
} as const;
/** Nodemailer encodes a text of more than 64 KiB in slices, and may fold it elsewhere then. */
const QUOTED_CHARACTERS_MAX = 64 * 1024;
/** RFC 5322, 2.1.1; as nodemailer folds. */
const HEADER_CHARACTERS_MAX = 76;
/** Written as it is by the composer: lower case, nothing that IDNA would look at. */
const PLAIN_DOMAIN = /@(?:[a-z0-9-]+\.)+[a-z]{2,63}$/;
const IDNA = /@(?:.*\.)?xn--/;

/** What all mails of a skeleton share. */
export interface SkeletonTerms {
  readonly template: Template;
  readonly locale: string;
  readonly from: Mailbox;
  readonly replyTo: Mailbox;
  readonly listId: string;
  readonly values: Omit<AskValues, (typeof OPEN)[number]>;
}

/** What is one recipient's own. */
export interface Recipient
  extends Pick<
    AskMail,
    'messageId' | 'at' | 'to' | 'envelopeFrom' | 'oneClickUrl' | 'stopAddress' | 'feedbackId'
  > {
  readonly values: Pick<AskValues, (typeof OPEN)[number]>;
}

export interface Skeleton {
  /** @throws Error as `composeAsk` does */
  compose(recipient: Recipient): Promise<ComposedMail>;
  /** False if every mail is left to the composer. */
  readonly isPatched: boolean;
}

/** Undefined if the mail is left to the composer. */
type Patch = (recipient: Recipient) => ComposedMail | undefined;

/** @throws Error if no mail can be composed with these terms, whoever gets it */
export async function makeSkeleton(terms: SkeletonTerms): Promise<Skeleton> {
  const compose = (recipient: Recipient) => composeAsk(askOf(terms, recipient));
  const [plain, awkward] = SAMPLES;
  const sample = await compose(plain);
  const patch = patchOf(terms, plain, sample.raw.toString('latin1'));
  const isSame = (made: ComposedMail, own: ComposedMail | undefined) =>
    own !== undefined && made.raw.equals(own.raw);
  const isPatched =
    isSame(sample, patch?.(plain)) && isSame(await compose(awkward), patch?.(awkward));
  return {
    isPatched,
    compose: async (recipient) =>
      (isPatched ? patch?.(recipient) : undefined) ?? compose(recipient),
  };
}

/** The whole mail of one recipient, for the composer. */
function askOf(terms: SkeletonTerms, { values, ...own }: Recipient): AskMail {
  const { template, locale, from, replyTo, listId } = terms;
  const wording = wordAsk(template, { language: locale }, { ...terms.values, ...values });
  return { ...own, from, replyTo, listId, wording };
}

/** Undefined if the sample is not built as we expect: then nothing is patched. */
function patchOf(terms: SkeletonTerms, sample: Recipient, raw: string): Patch | undefined {
  const lines = bodyLines(terms);
  if (lines === undefined) return undefined;
  const boundary = delimiterOf(sample.messageId);
  const [head = '', rest = ''] = splitOnce(raw, '\r\n\r\n');
  const [textHead, htmlHead] = rest.split(`--${boundary}`).slice(1, 3).map(headOfPart);
  const headers = headerPatch(head, sample, boundary);
  if (headers === undefined || textHead === undefined || htmlHead === undefined) return undefined;
  return (recipient) => {
    const envelope = envelopeOf(recipient);
    const messageId = checkMessageId(recipient.messageId);
    const own = delimiterOf(messageId);
    const clean = cleanValues(recipient.values);
    const mail = new MailPieces();
    headers(recipient, own, mail);
    mail.add(`\r\n\r\n--${own}${textHead}`);
    const textAt = mail.bytes;
    lines.text.fill(clean, mail);
    const textEnd = mail.bytes;
    mail.add(`\r\n--${own}${htmlHead}`);
    const htmlAt = mail.bytes;
    lines.html.fill(clean, mail);
    const longest = Math.max(textEnd - textAt, mail.bytes - htmlAt);
    if (longest > QUOTED_CHARACTERS_MAX) return undefined;
    mail.add(`\r\n--${own}--\r\n`);
    return finishMail(mail.joined(), envelope, messageId);
  };
}

/** Once for text and HTML. */
function cleanValues(values: Recipient['values']): Values {
  const clean: Record<string, string> = {};
  for (const value of OPEN) clean[value] = cleanValue({ value, kind: KINDS[value] }, values[value]);
  return clean;
}

/** As nodemailer names the first level of a mail's parts. */
const delimiterOf = (messageId: string) => `--_NmP-${boundaryOf(messageId)}-Part_1`;

/** Undefined if the subject names the recipient: headers are folded in a way of their own. */
function bodyLines(terms: SkeletonTerms): { text: QuotedLines; html: QuotedLines } | undefined {
  const texts = terms.template.texts.get(terms.locale);
  if (texts === undefined || OPEN.some((name) => texts.subject.names.has(name))) return undefined;
  const bind = (text: CompiledText) => bindText(text, terms.values, OPEN_NAMES);
  return {
    text: quoteLines(endOnce(bind(texts.text)), 'text'),
    html: quoteLines(bind(texts.html), 'html'),
  };
}

/** One line end after the last word, as `wordAsk` leaves it. */
function endOnce(parts: readonly BoundPart[]): BoundPart[] {
  const last = parts.at(-1);
  if (typeof last !== 'string') return [...parts, '\n'];
  return [...parts.slice(0, -1), `${last.trimEnd()}\n`];
}

type HeaderField = (recipient: Recipient, boundary: string) => string;
type Headers = (recipient: Recipient, boundary: string, mail: MailPieces) => void;

/** The head as text and fields in turn; undefined if a field is not where it should be, once. */
function headerPatch(head: string, sample: Recipient, boundary: string): Headers | undefined {
  const pieces: (string | HeaderField)[] = [head];
  for (const field of FIELDS) {
    const shown = field(sample, boundary);
    const at = pieces.findIndex((piece) => typeof piece === 'string' && piece.includes(shown));
    const piece = pieces[at];
    if (typeof piece !== 'string') return undefined;
    const [before = '', after = ''] = splitOnce(piece, shown);
    if (after.includes(shown)) return undefined;
    pieces.splice(at, 1, before, field, after);
  }
  const made = pieces.map((piece) => (typeof piece === 'string' ? fixed(piece) : piece));
  return (recipient, own, mail) => {
    for (const piece of made) {
      mail.add(typeof piece === 'function' ? piece(recipient, own) : piece);
    }
  };
}

/** What the composer writes for each field that is a recipient's own. */
const FIELDS: readonly HeaderField[] = [
  ({ to }) => fold(`To: ${shownMailbox(to)}`),
  ({ messageId }) => fold(`Message-ID: ${messageId}`),
  ({ at }) => `Date: ${checkDate(at).toUTCString().replace('GMT', '+0000')}`,
  (recipient) => `List-Unsubscribe: ${listUnsubscribe(recipient)}`,
  ({ feedbackId }) => `Feedback-ID: ${checkFeedbackId(feedbackId)}`,
  // Always as long, and so always folded there.
  (_, boundary) => `Content-Type: multipart/alternative;\r\n boundary="${boundary}"`,
];

function fold(line: string): string {
  return line.length < HEADER_CHARACTERS_MAX ? line : foldLines(line, HEADER_CHARACTERS_MAX);
}

/** @param to its address was looked at for the envelope */
function shownMailbox(to: Mailbox): string {
  if (to.name === undefined && isPlain(to.address)) return to.address;
  const { name, address } = mailbox(to, 'the recipient');
  return name === '' && isPlain(address)
    ? address
    : MimeNode.encodeHeaderValue('To', [{ name, address }]);
}

const isPlain = (address: string) => PLAIN_DOMAIN.test(address) && !IDNA.test(address);

/** The fields of a part, with the line ends around them: what stands between delimiter and content. */
function headOfPart(part: string): string {
  return `${splitOnce(part, '\r\n\r\n')[0] ?? ''}\r\n\r\n`;
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Not personal: nobody's values, but values of every awkward kind. */
const SAMPLES: readonly [Recipient, Recipient] = [
  {
    messageId: '<sample-1@sample.example>',
    at: new Date('2026-01-02T03:04:05Z'),
    to: { address: 'sample@sample.example' },
    envelopeFrom: 'sample@sample.example',
    oneClickUrl: 'https://sample.example/one-click/1',
    feedbackId: '1:sample:ask:sample',
    values: {
      address: 'sample@sample.example',
      howObtained: 'A sample.',
      ifSilent: 'A sample of silence.',
      reviewUrl: 'https://sample.example/review/1',
      stopUrl: 'https://sample.example/stop/1',
    },
  },
  {
    messageId: `<${'s'.repeat(64)}@a-long-name.sample.example>`,
    at: new Date('2027-11-22T23:59:59Z'),
    to: { name: 'Å. "Sample", Jr.', address: `${'s'.repeat(64)}@xn--smple-gra.example` },
    envelopeFrom: 'sample@sample.example',
    oneClickUrl: `https://sample.example/one-click/${'2'.repeat(200)}?a=1&b=%20`,
    stopAddress: 'stop+sample.1@bounce.sample.example',
    feedbackId: '2:another-sample:ask:sample',
    values: {
      address: `${'s'.repeat(64)}@sample.example`,
      howObtained: `= <&> "É" 你好 😀 ${'long '.repeat(40)} ${'=ö'.repeat(60)} .`,
      ifSilent: '.',
      reviewUrl: `https://sample.example/review/${'=%3D'.repeat(50)}`,
      stopUrl: `https://sample.example/stop/${'x'.repeat(80)}?a=1&b=2`,
    },
  },
];
