/**
 * Short message: stands in for one that Slack refuses: what it is about, and where the rest is; with
 * the buttons of the refused one, if Slack takes those.
 */
import type { AnnouncementDocument } from '../../store/announcements.ts';
import { section } from '../blocks/blocks.ts';
import { type Mrkdwn, md, shortenMrkdwn } from '../blocks/escape.ts';
import type { Message } from '../blocks/message.ts';
import { DIRECT_WORDS } from '../words/direct.ts';
import type { SlackLocale } from '../words/language.ts';

/** Code points of what it is about: far below every limit of Slack. */
const HEADING_CHARS_MAX = 300;

type About = AnnouncementDocument['about'];

/** Without blocks, since those may be what is refused. */
export function shortMessage(
  refused: Pick<Message, 'text'>,
  about: About,
  locale: SlackLocale,
): Message {
  return { text: shortWords(refused, about, locale).mrkdwn, blocks: [] };
}

/** The same with the refused message's buttons: people decide with one click. Undefined without any. */
export function shortWithButtons(
  refused: Message,
  about: About,
  locale: SlackLocale,
): Message | undefined {
  const buttons = refused.blocks.filter(({ type }) => type === 'actions');
  if (buttons.length === 0) return undefined;
  const words = shortWords(refused, about, locale);
  return { text: words.mrkdwn, blocks: [section(words), ...buttons] };
}

/** First what notifications show of the refused message, which says what is needed of whom. */
function shortWords({ text }: Pick<Message, 'text'>, about: About, locale: SlackLocale): Mrkdwn {
  const heading = shortenMrkdwn({ mrkdwn: text }, HEADING_CHARS_MAX);
  const { shortened, shortenedMail } = DIRECT_WORDS[locale];
  const command = commandFor(about);
  return md`${heading} ${about.kind === 'pace' ? shortenedMail(command) : shortened(command)}`;
}

/** What shows the rest to whoever may see it. */
function commandFor({ kind, id }: About): string {
  switch (kind) {
    case 'request':
      return `/assent status ${id}`;
    case 'campaign':
      return '/assent campaigns';
    case 'import':
      return '/assent imports';
    case 'pace':
      return '/assent mail';
    case 'digest':
    case 'home':
      return '/assent requests';
    default:
      return kind satisfies never;
  }
}
