/** Page inbox: the mails that recipients got, newest first, each as HTML, as text and as sent. */
import { Html, html } from '../../src/web/html.ts';
import type { ReceivedMail } from '../inbox/inbox.ts';
import type { Frame } from './frame.ts';
import { formatted } from './render-moment.ts';
import { renderLink } from './render-mrkdwn.ts';
import { linkTo, SHOWN_AS } from './screen.ts';

const MAILS_SHOWN_MAX = 60;
const SOURCE_CHARS_MAX = 200_000;
const URL_IN_TEXT = /(https?:\/\/[^\s<>"]+)/g;

const TAB_NAMES = { html: 'HTML', text: 'Text', source: 'Source' } as const;

export function renderInbox(frame: Frame): Html {
  const { mails, screen } = frame;
  const open = screen.mail === undefined ? undefined : mails[screen.mail - 1];
  return html`<header class="bar"><h2>${
    open === undefined
      ? html`Inbox <small>${countWords(mails.length)}</small>`
      : html`<a href="${linkTo(screen, { mail: undefined })}">← Inbox</a>`
  }</h2><a class="tool" href="${linkTo(screen, { inbox: 'closed' })}" aria-label="Close inbox">✕</a></header>${
    open === undefined ? renderList(frame) : renderMail(frame, open)
  }`;
}

const countWords = (count: number): string =>
  `${count.toLocaleString('en')} ${count === 1 ? 'mail' : 'mails'}`;

function renderList({ mails, screen, world }: Frame): Html {
  const wanted = screen.find.toLowerCase();
  const found = mails
    .map((mail, index) => ({ mail, number: index + 1 }))
    .filter(({ mail }) => `${mail.to} ${mail.subject}`.toLowerCase().includes(wanted))
    .toReversed();
  const items = found
    .slice(0, MAILS_SHOWN_MAX)
    .map(
      ({ mail, number }) =>
        html`<li id="mail-${String(number)}"><a href="${linkTo(screen, { mail: number, showAs: 'html' })}"><span class="mail-to">${mail.to}</span><time datetime="${mail.receivedAt.toISOString()}">${formatted(
          world,
          mail.receivedAt,
          { timeStyle: 'short' },
        )}</time><span class="mail-subject">${mail.subject}</span></a></li>`,
    );
  const rest = found.length - items.length;
  const nothing = html`<li class="nothing"><p>${
    mails.length === 0 ? 'No mail yet.' : 'No mail fits.'
  }</p><p>Recipients get mail once a request that asks them is approved.</p></li>`;
  return html`<form class="find" data-find><label class="unseen" for="find">Find a mail</label><input id="find" type="search" placeholder="Find by address or subject" value="${screen.find}"></form><ol class="mails" tabindex="0" aria-label="Mails" data-steady="${screen.find}">${
    items.length === 0 ? [nothing] : items
  }${rest > 0 ? html`<li class="nothing">${countWords(rest)} more</li>` : undefined}</ol>`;
}

function renderMail({ screen }: Frame, mail: ReceivedMail): Html {
  const number = String(screen.mail);
  const tabs = SHOWN_AS.map(
    (way) =>
      html`<a href="${linkTo(screen, { showAs: way })}"${
        way === screen.showAs ? html` aria-current="true"` : undefined
      }>${TAB_NAMES[way]}</a>`,
  );
  return html`<div class="mail"><h3>${mail.subject}</h3><dl><div><dt>From</dt><dd>${
    mail.headers.get('from') ?? mail.from
  }</dd></div><div><dt>To</dt><dd>${mail.to}</dd></div></dl><nav class="tabs" aria-label="Show mail as">${tabs}</nav>${shown(
    mail,
    screen.showAs,
    number,
  )}</div>`;
}

function shown(mail: ReceivedMail, way: (typeof SHOWN_AS)[number], number: string): Html {
  if (way === 'html')
    return html`<iframe class="mail-body" id="frame-${number}" title="Mail: ${mail.subject}" src="/mail/${number}" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`;
  if (way === 'text') {
    const pieces = mail.text
      .split(URL_IN_TEXT)
      .map((piece, index) => (index % 2 === 1 ? renderLink(piece) : html`${piece}`));
    return html`<pre class="mail-body" tabindex="0">${pieces}</pre>`;
  }
  return html`<pre class="mail-body source" tabindex="0">${mail.raw.toString('utf8').slice(0, SOURCE_CHARS_MAX)}</pre>`;
}

/** The mail's own HTML as a page for the frame; its links open beside the demo. */
export const mailPage = ({ html: body, text }: ReceivedMail): Html =>
  new Html(
    body === ''
      ? html`<!doctype html><pre>${text}</pre>`.text
      : body.replace(/<head[^>]*>/i, '$&<base target="_blank">'),
  );
