/** Links: finds in a received mail what a recipient would click, and what their mail client would. */
import type { ReceivedMail } from './inbox.ts';

const ANCHOR = /<a\b([^>]*)>/gi;
const URL_IN_TEXT = /https?:\/\/[^\s<>"]+/g;

/** The big button: "Review my choice". @throws Error if the mail has none */
export function reviewLinkOf(mail: ReceivedMail): string {
  const button = linkWithClass(mail, 'button');
  if (button !== undefined) return button;
  const others = (mail.text.match(URL_IN_TEXT) ?? []).filter((url) => url !== stopOf(mail));
  return others[0] ?? none('review');
}

/** "This wasn't me / stop". @throws Error if the mail has none */
export function stopLinkOf(mail: ReceivedMail): string {
  return stopOf(mail) ?? none('stop');
}

/** What a mail client calls by POST for its own "unsubscribe" (RFC 8058). @throws Error if there is none */
export function oneClickLinkOf(mail: ReceivedMail): string {
  const isOneClick = mail.headers.get('list-unsubscribe-post') === 'List-Unsubscribe=One-Click';
  return (isOneClick ? unsubscribeOf(mail) : undefined) ?? none('one-click');
}

function stopOf(mail: ReceivedMail): string | undefined {
  return linkWithClass(mail, 'stop') ?? unsubscribeOf(mail);
}

function unsubscribeOf(mail: ReceivedMail): string | undefined {
  return /<(https?:[^>]+)>/.exec(mail.headers.get('list-unsubscribe') ?? '')?.[1];
}

function linkWithClass({ html }: ReceivedMail, name: string): string | undefined {
  for (const [, attributes = ''] of html.matchAll(ANCHOR)) {
    const classes = (/\bclass="([^"]*)"/.exec(attributes)?.[1] ?? '').split(/\s+/);
    const href = /\bhref="([^"]*)"/.exec(attributes)?.[1];
    if (classes.includes(name) && href !== undefined) return unescapeHtml(href);
  }
  return undefined;
}

function unescapeHtml(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function none(which: string): never {
  throw new Error(`the mail has no ${which} link`);
}
