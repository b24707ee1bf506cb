/**
 * Compose ask: the double opt-in mail of one send, in its recipient's language.
 *
 * Everything in it follows from the send, the address and the settings: a second attempt carries
 * the same Message-ID and the same links.
 */
import { createHmac } from 'node:crypto';
import { makeToken } from '../consent/link.ts';
import { type ComposedMail, composeAsk, messageIdOf } from '../mail/ask-mail.ts';
import { pickLocale } from '../mail/locale.ts';
import { type Template, wordAsk } from '../mail/templates.ts';
import type { AddressDocument } from '../store/address-document.ts';
import type { SendDocument } from '../store/send-document.ts';
import { type AskWords, type ProvenanceOnFile, sayHowObtained, sayIfSilent } from './ask-words.ts';
import type { Deps, SenderSettings } from './deps.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Of the MAC in a bounce address: a forged bounce must not suppress anybody. */
const BOUNCE_MAC_BYTES = 8;
/** Gmail's name for us in Feedback-ID: 5 to 15 characters, the same for ever. */
const FEEDBACK_SENDER = 'assent1';

export interface AskToCompose {
  readonly send: SendDocument;
  readonly address: Pick<AddressDocument, 'address' | 'language'>;
  readonly provenance: ProvenanceOnFile;
  readonly template: Template;
  readonly words: ReadonlyMap<string, AskWords>;
}

export type ComposeDeps = Pick<Deps, 'now' | 'publicUrl' | 'settings' | 'tokenKeys'>;

/** @throws Error naming the part that cannot stand in a mail, never its value */
export async function composeAskMail(deps: ComposeDeps, ask: AskToCompose): Promise<ComposedMail> {
  const { send, address, template, words } = ask;
  const { sender } = await deps.settings(send.workspace);
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  const token = makeToken({ workspace: send.workspace, send: send._id }, deps.tokenKeys);
  const links = linksOf(deps.publicUrl, token);
  const at = deps.now();
  const locale = localeOf(template, words, address.language);
  const phrases = words.get(locale);
  if (phrases === undefined) throw new Error(`there are no phrases in ${locale} for a mail`);
  const expiresAt = new Date(at.getTime() + send.linkDays * DAY_MS);
  const wording = wordAsk(
    template,
    { language: locale },
    {
      senderName: sender.name,
      postalAddress: sender.postalAddress,
      address: address.address,
      howObtained: sayHowObtained(phrases, locale, ask.provenance),
      ifSilent: sayIfSilent(phrases, locale, { silence: send.silence, expiresAt }),
      reviewUrl: links.review,
      stopUrl: links.stop,
      privacyUrl: sender.privacyUrl,
    },
  );
  return composeAsk({
    messageId: messageIdOf(send._id, domain),
    at,
    from: { address: sender.address, name: sender.name },
    to: { address: address.address },
    replyTo: { address: sender.replyTo ?? sender.address, name: sender.name },
    envelopeFrom: bounceAddress(deps, sender, send),
    wording,
    oneClickUrl: links.oneClick,
    listId: `asks.${domain}`,
    feedbackId: `${send.cause.id}:${send.workspace}:${send.kind}:${FEEDBACK_SENDER}`,
  });
}

/** The links of a mail: to review, to stop, and for the mail client's own button (RFC 8058). */
function linksOf(publicUrl: string, token: string) {
  const path = encodeURIComponent(token);
  return {
    review: `${publicUrl}/c/${path}`,
    stop: `${publicUrl}/s/${path}`,
    oneClick: `${publicUrl}/u/${path}`,
  };
}

/** A language that both the template and our phrases have, so that no mail speaks two. */
function localeOf(
  template: Template,
  words: ReadonlyMap<string, AskWords>,
  language: string | undefined,
): string {
  const shared = template.locales.filter((locale) => words.has(locale));
  return pickLocale(shared, { language });
}

/** Where bounces of this very send go (VERP); the sender itself if bounces are not read. */
function bounceAddress(
  { tokenKeys: [{ key }] }: Pick<Deps, 'tokenKeys'>,
  { address, bounceDomain }: SenderSettings,
  { workspace, _id }: SendDocument,
): string {
  if (bounceDomain === undefined) return address;
  const mac = createHmac('sha256', key)
    .update(`bounce\0${workspace}\0${_id}`)
    .digest()
    .subarray(0, BOUNCE_MAC_BYTES)
    .toString('base64url');
  return `b+${workspace}.${_id}.${mac}@${bounceDomain}`;
}
