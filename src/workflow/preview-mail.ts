/**
 * Preview of a mail: the words that the recipients of a request would read, for its approver.
 *
 * No address and no link of anybody stands in it: their places are named instead.
 */

import type { Request } from '../consent/request.ts';
import { pickLocale } from '../mail/locale.ts';
import { wordAsk } from '../mail/templates.ts';
import { isPermittedSource, sayHowObtained, sayIfSilent } from './ask-words.ts';
import { findTemplate } from './custom-templates.ts';
import type { Deps } from './deps.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Where each recipient's own link goes on. */
const NOBODYS_TOKEN = '…';
const NOBODYS_ADDRESS = '(the recipient’s address)';

export interface MailPreview {
  readonly subject: string;
  readonly text: string;
  /** True if the template is no longer the one that the plan was made with. */
  readonly changed: boolean;
}

export type PreviewDeps = Pick<Deps, 'database' | 'mail' | 'settings' | 'publicUrl' | 'now'>;

/** Undefined if the request sends no mail, or this process knows no templates. */
export async function previewMail(
  { database, mail, settings, publicUrl, now }: PreviewDeps,
  { workspace, plan }: Pick<Request, 'workspace' | 'plan'>,
): Promise<MailPreview | undefined> {
  const { ask, interview } = plan.terms;
  if (ask === undefined || mail === undefined) return undefined;
  const template = await findTemplate({ mail, database }, { workspace, ...ask });
  if (template === undefined) return undefined;
  const { sender } = await settings(workspace);
  const shared = template.locales.filter((known) => mail.words.has(known));
  const locale = pickLocale(shared, {});
  const words = mail.words.get(locale);
  if (words === undefined) return undefined;
  const source = isPermittedSource(interview?.source) ? interview.source : undefined;
  const at = now();
  const expiresAt = new Date(at.getTime() + ask.linkDays * DAY_MS);
  const { subject, text } = wordAsk(
    template,
    { language: locale },
    {
      senderName: sender.name,
      postalAddress: sender.postalAddress,
      address: NOBODYS_ADDRESS,
      howObtained: sayHowObtained(words, locale, {
        source,
        answers: interview?.answers,
        since: at,
      }),
      ifSilent: sayIfSilent(words, locale, { silence: ask.silence, expiresAt }),
      reviewUrl: `${publicUrl}/c/${NOBODYS_TOKEN}`,
      stopUrl: `${publicUrl}/s/${NOBODYS_TOKEN}`,
      privacyUrl: sender.privacyUrl,
    },
  );
  // A link is cleaned as it is filled in, which encodes the sign.
  const read = text.replaceAll(encodeURIComponent(NOBODYS_TOKEN), NOBODYS_TOKEN);
  return { subject, text: read, changed: template.hash !== ask.templateHash };
}
