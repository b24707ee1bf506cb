/**
 * Escape: text for Slack in which a name cannot act.
 *
 * Slack reads `&`, `<` and `>` as control characters: a tag called `<!channel>` would ping everybody.
 * So marked-up text is a type of its own that only `md` makes, and `md` escapes whatever is put in.
 */

import type { SlackLocale } from '../words/language.ts';

/** Text with Slack's markup, safe to show: made by `md` and the helpers below, never from a bare string. */
export interface Mrkdwn {
  readonly mrkdwn: string;
}

/** What may be put into marked-up text: strings and numbers are escaped, marked-up text is kept. */
export type MrkdwnPart = string | number | Mrkdwn;

const ELLIPSIS = '…';
const SLACK_USER = /^[UW][A-Z0-9]{2,}$/;
/** Control characters but tab and newline, and the ones that reorder text before a reader's eyes. */
const DECEIVING = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;
/** An entity or a `<…>` that a cut left open at the end. */
const CUT_OPEN = /(?:&[a-z]{0,3}|<[^>]*)$/u;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes what Slack reads as control characters, and drops characters that deceive the eye. */
export function escapeMrkdwn(text: string): string {
  return withoutDeceit(text).replace(/[&<>]/gu, (character) => ENTITIES[character] ?? character);
}

/** Drops control characters (newlines stay) and the ones that change the direction of the text. */
export function withoutDeceit(text: string): string {
  return text.replace(DECEIVING, (character) => (/[\n\t]/u.test(character) ? character : ''));
}

/** Marked-up text: `md\`*${name}* of <@U1>\`` escapes the name and keeps the rest as written. */
export function md(written: TemplateStringsArray, ...parts: readonly MrkdwnPart[]): Mrkdwn {
  const text = written.map((piece, index) => piece + partText(parts[index]));
  return { mrkdwn: text.join('') };
}

/** Marked-up pieces, joined by `separator` (a newline if it is not said). */
export function joinMrkdwn(parts: readonly MrkdwnPart[], separator = '\n'): Mrkdwn {
  return { mrkdwn: parts.map(partText).join(escapeMrkdwn(separator)) };
}

/** A mention of a Slack user; whoever is no Slack user (an import's operator) is named as text. */
export function userMention(user: string): Mrkdwn {
  return { mrkdwn: SLACK_USER.test(user) ? `<@${user}>` : escapeMrkdwn(user) };
}

/** Slack writes the day and the time in the reader's language; the word between them is ours. */
const AT: Readonly<Record<SlackLocale, string>> = { en: 'at', de: 'um' };

/** A moment in the reader's own time zone. */
export function moment(at: Date, locale: SlackLocale): Mrkdwn {
  const seconds = Math.floor(at.getTime() / 1_000);
  const fallback = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return { mrkdwn: `<!date^${seconds}^{date_short_pretty} ${AT[locale]} {time}|${fallback}>` };
}

/** Cuts at `max` code points, the last of them an ellipsis; Slack counts code points. */
export function shorten(text: string, max: number): string {
  const characters = Array.from(text);
  if (characters.length <= max) return text;
  return `${characters.slice(0, max - 1).join('')}${ELLIPSIS}`;
}

/** Cuts marked-up text without leaving half an entity or half a mention behind. */
export function shortenMrkdwn({ mrkdwn }: Mrkdwn, max: number): Mrkdwn {
  const characters = Array.from(mrkdwn);
  if (characters.length <= max) return { mrkdwn };
  const kept = characters.slice(0, max - 1).join('');
  return { mrkdwn: `${kept.replace(CUT_OPEN, '')}${ELLIPSIS}` };
}

function partText(part: MrkdwnPart | undefined): string {
  if (part === undefined) return '';
  if (typeof part === 'object') return part.mrkdwn;
  return escapeMrkdwn(String(part));
}
