/**
 * Compose ask: the double opt-in mail of one send, in its recipient's language.
 *
 * Everything in it follows from the send, the address and the settings: a second attempt carries
 * the same Message-ID and the same links.
 */
import { makeToken } from '../../consent/link.ts';
import type { ComposedMail } from '../../mail/ask-mail.ts';
import { bounceAddress, unsubscribeAddress } from '../../mail/bounces/verp.ts';
import { pickLocale } from '../../mail/locale.ts';
import { messageIdOf } from '../../mail/mail-fields.ts';
import { skeletonOf } from '../../mail/skeletons.ts';
import type { Template } from '../../mail/templates.ts';
import type { AddressDocument } from '../../store/address-document.ts';
import type { SendDocument } from '../../store/send-document.ts';
import { type AskWords, type ProvenanceOnFile, sayHowObtained, sayIfSilent } from '../ask-words.ts';
import type { Deps, SenderSettings } from '../deps.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
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
  const skeleton = await skeletonOf({
    template,
    locale,
    from: { address: sender.address, name: sender.name },
    replyTo: { address: sender.replyTo ?? sender.address, name: sender.name },
    listId: `asks.${domain}`,
    values: {
      senderName: sender.name,
      postalAddress: sender.postalAddress,
      privacyUrl: sender.privacyUrl,
    },
  });
  return skeleton.compose({
    messageId: messageIdOf(send._id, domain),
    at,
    to: { address: address.address },
    envelopeFrom: bounceTo(deps, sender, send),
    oneClickUrl: links.oneClick,
    stopAddress: stopTo(deps, sender, send),
    feedbackId: `${send.cause.id}:${send.workspace}:${send.kind}:${FEEDBACK_SENDER}`,
    values: {
      address: address.address,
      howObtained: sayHowObtained(phrases, locale, ask.provenance),
      ifSilent: sayIfSilent(phrases, locale, { silence: send.silence, expiresAt }),
      reviewUrl: links.review,
      stopUrl: links.stop,
    },
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

/** Where bounces of this very send go (VERP); the sender itself if bounces are not read. */
function bounceTo(
  { tokenKeys }: Pick<Deps, 'tokenKeys'>,
  { address, bounceDomain }: SenderSettings,
  { _id }: SendDocument,
): string {
  return bounceDomain === undefined ? address : bounceAddress(_id, bounceDomain, tokenKeys);
}

/** Where a mail is this recipient's stop; undefined if returned mail is not read. */
function stopTo(
  { tokenKeys }: Pick<Deps, 'tokenKeys'>,
  { bounceDomain, readsReturns }: SenderSettings,
  { _id }: SendDocument,
): string | undefined {
  if (bounceDomain === undefined || readsReturns !== true) return undefined;
  return unsubscribeAddress(_id, bounceDomain, tokenKeys);
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
