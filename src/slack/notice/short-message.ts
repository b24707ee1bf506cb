/** Short message: stands in for one that Slack refuses: what it is about, and where the rest is. */
import type { AnnouncementDocument } from '../../store/announcements.ts';
import { md, shortenMrkdwn } from '../blocks/escape.ts';
import type { Message } from '../blocks/message.ts';
import { DIRECT_WORDS } from '../words/direct.ts';
import type { SlackLocale } from '../words/language.ts';

/** Code points of what it is about: far below every limit of Slack. */
const HEADING_CHARS_MAX = 300;

/**
 * Without blocks, since those may be what is refused. Its first words are those that notifications
 * show of the refused message, which say what is needed of whom.
 */
export function shortMessage(
  { text }: Pick<Message, 'text'>,
  about: AnnouncementDocument['about'],
  locale: SlackLocale,
): Message {
  const heading = shortenMrkdwn({ mrkdwn: text }, HEADING_CHARS_MAX);
  const command = commandFor(about);
  const words = DIRECT_WORDS[locale];
  const rest = command === undefined ? md`${words.notWhole}` : words.shortened(command);
  return { text: md`${heading} ${rest}`.mrkdwn, blocks: [] };
}

/** What shows the rest to whoever may see it; mail that stopped is told of nowhere else. */
function commandFor({ kind, id }: AnnouncementDocument['about']): string | undefined {
  switch (kind) {
    case 'request':
      return `/assent status ${id}`;
    case 'campaign':
      return '/assent campaigns';
    case 'import':
      return '/assent imports';
    case 'digest':
      return '/assent requests';
    case 'home':
    case 'pace':
      return undefined;
    default:
      return kind satisfies never;
  }
}
