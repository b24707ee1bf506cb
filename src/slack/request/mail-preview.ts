/** Mail preview: the mail that recipients of a request would read, in a modal or within a review. */
import type { AnyBlock, ModalView, SectionBlock } from '@slack/types';
import type { Request } from '../../consent/request.ts';
import { type MailPreview, previewMail } from '../../workflow/preview-mail.ts';
import { requireRole } from '../../workflow/require-role.ts';
import { alert, context, header, modal, plain, section } from '../blocks/blocks.ts';
import { md } from '../blocks/escape.ts';
import { SECTION_TEXT_CHARS_MAX } from '../blocks/limits.ts';
import type { ActionListener } from '../guard/door.ts';
import { openView } from '../guard/open-view.ts';
import { CARD_WORDS } from '../words/cards.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { askWords, referenceWords, requestTitle } from './words.ts';

export const PREVIEW_MAIL = 'preview-mail';

/** A mail is shown in pieces that fit one block each; more than this of it is cut (pieces). */
const PREVIEW_PIECES_MAX = 4;

/** The card's button. Whoever holds any role may look. */
export const showMail: ActionListener = async (call, { deps }) => {
  const { workspace, user, value, locale } = call;
  await requireRole(deps, workspace, user, 'requester');
  const request = await deps.database.of(workspace).requests.find(value);
  await openView(call, mailView(request, await previewMail(deps, request), locale));
};

export function mailView(
  request: Request,
  mail: MailPreview | undefined,
  locale: SlackLocale,
): ModalView {
  const words = askWords(request.plan.terms, locale);
  return modal({
    callbackId: 'read-mail',
    title: CARD_WORDS[locale].review.mailTitle,
    close: NOTICE_WORDS[locale].close,
    blocks: [
      header(requestTitle(request, locale)),
      ...(words === undefined ? [] : [section(words)]),
      ...mailLines(mail, locale),
      context(referenceWords(request, locale)),
    ],
  });
}

/** Subject and text, as plain text: nothing in them is read as markup. */
export function mailLines(mail: MailPreview | undefined, locale: SlackLocale): AnyBlock[] {
  const words = CARD_WORDS[locale].review;
  if (mail === undefined) return [context(md`${words.mailHidden}`)];
  return [
    ...(mail.changed ? [alert('warning', md`${words.mailChanged}`)] : []),
    context(md`${words.subject} ${mail.subject}`),
    ...pieces(mail.text).map(verbatim),
  ];
}

/** Text as somebody wrote it, which needs no room for escaping. */
export function verbatim(text: string): SectionBlock {
  return { type: 'section', text: plain(text, SECTION_TEXT_CHARS_MAX) };
}

/** The text in pieces of whole lines, none longer than one block takes. */
function pieces(text: string): string[] {
  const found = [''];
  for (const line of text.split('\n')) {
    const longer = `${found.at(-1)}${line}\n`;
    if (Array.from(longer).length <= SECTION_TEXT_CHARS_MAX) found[found.length - 1] = longer;
    else found.push(`${line}\n`);
  }
  return found.filter((piece) => piece.trim() !== '').slice(0, PREVIEW_PIECES_MAX);
}
