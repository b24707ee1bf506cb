/**
 * Provider mark: a header that lets a provider's report name the mail that it is about.
 *
 * Postmark gives mails a Message-ID of its own and reports nothing of ours, except the metadata that
 * came in headers; it takes these off before the mail leaves. No other server gets them.
 */
import type { ComposedMail } from './ask-mail.ts';
import { readSmtpUrl } from './smtp/url.ts';

/** Postmark's SMTP hosts, one a kind of stream: `smtp.` and `smtp-broadcasts.`. */
const POSTMARK = '.postmarkapp.com';
const HEADER = 'X-PM-Metadata-assent-send';

/**
 * What a route adds to a mail before it is signed and sent. `rawHash` stays that of the composed mail,
 * which is what the recipient gets. One and the same mail each time: it is signed once.
 * @param url the route's, see smtp/url.ts
 */
export function providerMark(url: string): (mail: ComposedMail) => ComposedMail {
  if (!readSmtpUrl(url).host.toLowerCase().endsWith(POSTMARK)) return (mail) => mail;
  const made = new WeakMap<ComposedMail, ComposedMail>();
  return (mail) => {
    const known = made.get(mail);
    if (known !== undefined) return known;
    const header = Buffer.from(`${HEADER}: ${sendOf(mail)}\r\n`, 'latin1');
    const marked = { ...mail, raw: Buffer.concat([header, mail.raw]) };
    made.set(mail, marked);
    return marked;
  };
}

/** The send's id, of which the Message-ID is made (messageIdOf). */
const sendOf = ({ messageId }: ComposedMail): string => messageId.slice(1, messageId.indexOf('@'));
