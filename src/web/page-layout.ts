/** Page layout: what all pages share: the head, the sender's name on top, the sender's imprint below. */
import { cleanLines } from '../mail/clean-text.ts';
import { directionOf } from '../mail/locale.ts';
import type { SenderSettings } from '../workflow/deps.ts';
import { type Html, html } from './html.ts';
import type { PageStyle } from './page-style.ts';
import type { PageWords } from './page-words.ts';

export type PageSender = Pick<SenderSettings, 'name' | 'postalAddress' | 'privacyUrl'>;

export interface Page {
  readonly locale: string;
  readonly words: PageWords;
  readonly style: PageStyle;
  /** Undefined on pages that belong to nobody: then the host names itself. */
  readonly sender: PageSender | undefined;
  readonly host: string;
  readonly title: string;
  readonly body: Html;
}

/** The whole document. */
export function layout({ locale, words, style, sender, host, title, body }: Page): string {
  const name = sender?.name ?? host;
  return html`<!DOCTYPE html>
<html lang="${locale}" dir="${directionOf(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${title} – ${name}</title>
<style>${style.css}</style>
</head>
<body>
<header><p>${name}</p></header>
<main>
${body}
</main>
${sender === undefined ? undefined : footer(words, sender)}
</body>
</html>
`.text;
}

function footer(
  { footer: words }: PageWords,
  { name, postalAddress, privacyUrl }: PageSender,
): Html {
  const address = cleanLines(postalAddress);
  const lines = address[0]?.startsWith(name) === true ? address : [name, ...address];
  return html`<footer>
<p>${words.sender}${lines.map((line) => html`<br>${line}`)}</p>
${isWebUrl(privacyUrl) ? html`<p><a href="${privacyUrl}">${words.privacy}</a></p>` : undefined}
</footer>`;
}

function isWebUrl(url: string | undefined): url is string {
  return url !== undefined && URL.canParse(url) && /^https?:$/u.test(new URL(url).protocol);
}
