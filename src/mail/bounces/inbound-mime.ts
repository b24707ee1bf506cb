/**
 * Inbound MIME: a mail that came in, taken apart into what is looked at. Broken MIME is no error:
 * what cannot be told apart is text.
 */
import { type ParsedMail, simpleParser } from 'mailparser';
import type { HeaderFields } from './inbound-auto-reply.ts';

/** Longer HTML is not turned into text. */
const HTML_CHARACTERS_MAX = 100_000;
const TEXT_CHARACTERS_MAX = 100_000;
/** A report has three parts; parts within parts cost the parser more and more. */
const PARTS_MAX = 50;
const HEAD_BYTES_MAX = 64 * 1024;

const STATUS_TYPES = ['message/delivery-status', 'message/global-delivery-status'];
const FEEDBACK_TYPES = ['message/feedback-report'];
const RECEIPT_TYPES = [
  'message/disposition-notification',
  'message/global-disposition-notification',
];
const RETURNED_TYPES = [
  'message/rfc822',
  'text/rfc822-headers',
  'message/rfc822-headers',
  'message/global',
  'message/global-headers',
];

export interface InboundParts {
  readonly headers: HeaderFields;
  readonly subject: string;
  /** The first address in From, lower case; empty if there is none. */
  readonly from: string;
  readonly text: string;
  /** RFC 3464. */
  readonly status: string | undefined;
  /** RFC 5965. */
  readonly feedback: string | undefined;
  /** RFC 8098: a receipt of somebody who read it. */
  readonly hasReceipt: boolean;
  /** The mail that comes back, or its headers. */
  readonly returned: string | undefined;
}

/** @throws Error if the parser gives up on it */
export async function readParts(raw: Buffer): Promise<InboundParts> {
  const mail = await simpleParser(raw, {
    keepDeliveryStatus: true,
    skipImageLinks: true,
    skipTextToHtml: true,
    ignoreEmbedded: true,
    checksumAlgo: false,
    maxChildNodes: PARTS_MAX,
    maxHeadSize: HEAD_BYTES_MAX,
    maxHtmlLengthToParse: HTML_CHARACTERS_MAX,
  });
  const isLost = mail.text === undefined && mail.attachments.length === 0;
  const text = (isLost ? bodyOf(raw) : (mail.text ?? '')).slice(0, TEXT_CHARACTERS_MAX);
  return {
    headers: fieldsOf(mail),
    subject: mail.subject ?? '',
    from: mail.from?.value[0]?.address?.toLowerCase() ?? '',
    text,
    status: partOf(mail, STATUS_TYPES) ?? statusIn(text),
    feedback: partOf(mail, FEEDBACK_TYPES),
    hasReceipt: partOf(mail, RECEIPT_TYPES) !== undefined,
    returned: partOf(mail, RETURNED_TYPES),
  };
}

function partOf({ attachments }: ParsedMail, types: readonly string[]): string | undefined {
  const found = attachments.find(({ contentType }) => types.includes(contentType.toLowerCase()));
  return found?.content.toString('utf8');
}

/** Some gateways lose the type of the machine's part: then its fields stand in the text. */
function statusIn(text: string): string | undefined {
  const start = /^(?:Reporting-MTA|Original-Recipient|Final-Recipient):/im.exec(text)?.index;
  if (start === undefined || !/^(?:Action|Status):/im.test(text.slice(start))) return undefined;
  return text.slice(start);
}

/** The body as it came, for MIME that falls apart. */
function bodyOf(raw: Buffer): string {
  const text = raw.toString('latin1');
  return text.slice(text.search(/\r?\n\r?\n/) + 1);
}

function fieldsOf({ headerLines }: ParsedMail): HeaderFields {
  const fields = new Map<string, string>();
  for (const { key, line } of headerLines) {
    const value = line.slice(line.indexOf(':') + 1).replaceAll(/\s*\r?\n\s+/g, ' ');
    if (!fields.has(key)) fields.set(key, value.trim());
  }
  return fields;
}
