/** Page: the whole screen of one person: who they are, the workspace, where they are, the inbox. */
import { type Html, html } from '../../src/web/html.ts';
import type { Channel } from '../slack/workspace.ts';
import type { Frame } from './frame.ts';
import { ASIDE_NAMES, asidesOf, renderAside } from './page-asides.ts';
import { renderAvatar } from './page-avatar.ts';
import { renderConversation, renderThread, unreadIn } from './page-conversation.ts';
import { renderInbox } from './page-inbox.ts';
import { renderHome, renderModals } from './page-modals.ts';
import { ASIDES, channelOf, HOME, linkTo, MESSAGES } from './screen.ts';

export function renderPage(frame: Frame): Html {
  const { screen, ws, token, manifest } = frame;
  const channel = channelOf(ws, screen);
  const aside = ASIDES.find((name) => name === screen.place);
  const inSlack = screen.place === HOME ? 'Home' : titleOf(channel);
  const title = aside === undefined ? inSlack : ASIDE_NAMES[aside];
  const thread = channel === undefined ? undefined : screen.thread;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="token" content="${token}"><meta name="commands" content="${JSON.stringify(
    manifest.commands,
  )}"><title>${title} · ${screen.user.name} · Assent demo</title><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/style.css"><script type="module" src="/client/main.js"></script></head>
<body data-user="${screen.user.id}" data-place="${screen.place}"${
    screen.inbox === undefined ? undefined : html` data-inbox="${screen.inbox}"`
  }><a class="skip" href="#main">Skip to content</a>${renderTop(frame)}<div class="columns"><nav id="sidebar" aria-label="Workspace">${renderSidebar(
    frame,
  )}</nav><main id="main" tabindex="-1"${
    channel === undefined ? undefined : html` data-channel="${channel.id}"`
  }>${renderMain(frame, channel, title)}</main><aside id="thread" aria-label="Thread">${
    thread === undefined || channel === undefined ? undefined : renderThread(frame, channel, thread)
  }</aside><aside id="inbox" aria-label="Inbox of the recipients">${renderInbox(
    frame,
  )}</aside></div><div id="modals">${renderModals(frame)}</div><div id="toasts" role="alert" data-own></div></body></html>`;
}

function renderTop({ ws, screen, mails }: Frame): Html {
  const people = [...ws.users.values()].map((user) => {
    const [name = '', role = ''] = user.name.split(/[()]/).map((part) => part.trim());
    const current = user.id === screen.user.id ? html` aria-current="true"` : undefined;
    return html`<a href="${linkTo(screen, { userId: user.id, thread: undefined })}"${current}>${renderAvatar(
      user.id,
      name,
    )}<span class="person">${name}<small>${role}</small></span></a>`;
  });
  return html`<header id="top"><h1>Assent <small>demo</small></h1><nav class="people" aria-label="Who you are">${people}</nav><a class="inbox-toggle button" href="${linkTo(
    screen,
    { inbox: screen.inbox === 'open' ? 'closed' : 'open', mail: undefined },
  )}">✉ Inbox <span class="count">${mails.length.toLocaleString('en')}</span></a></header>`;
}

function renderSidebar(frame: Frame): Html {
  const { ws, screen } = frame;
  const mine = [...ws.channels.values()].filter(({ members }) => members.has(screen.user.id));
  const direct = channelOf(ws, { ...screen, place: MESSAGES });
  const line = (channel: Channel, sign: string) =>
    place(frame, channel.id, `${sign}${channel.name}`, unreadIn(frame, screen.user, channel));
  const groups = mine.filter(({ kind }) => kind === 'mpim');
  return html`<p class="workspace">${frame.company}</p><h2>Channels</h2><ul>${mine
    .filter(({ kind }) => kind === 'public' || kind === 'private')
    .map((channel) => line(channel, '# '))}</ul><h2>Apps</h2><ul>${place(
    frame,
    HOME,
    'Assent',
    0,
    'Home',
  )}${place(
    frame,
    MESSAGES,
    'Assent',
    direct === undefined ? 0 : unreadIn(frame, screen.user, direct),
    'Messages',
  )}</ul>${
    groups.length === 0
      ? undefined
      : html`<h2>Direct messages</h2><ul>${groups.map((channel) => line(channel, ''))}</ul>`
  }<h2>Try</h2><ul>${asidesOf(frame).map((name) => place(frame, name, ASIDE_NAMES[name], 0))}</ul>`;
}

function place({ screen }: Frame, id: string, name: string, unread: number, tab = ''): Html {
  const current = screen.place === id ? html` aria-current="page"` : undefined;
  return html`<li><a href="${linkTo(screen, { place: id })}"${current}${
    unread > 0 ? html` class="unread"` : undefined
  }><span>${name}${tab === '' ? undefined : html` <small>${tab}</small>`}</span>${
    unread > 0
      ? html`<span class="count">${String(unread)}<span class="unseen"> unread</span></span>`
      : undefined
  }</a></li>`;
}

function renderMain(frame: Frame, channel: Channel | undefined, title: string): Html {
  const { screen } = frame;
  const isApp = screen.place === HOME || screen.place === MESSAGES;
  const tabs = [HOME, MESSAGES].map(
    (tab) =>
      html`<a href="${linkTo(screen, { place: tab })}"${
        screen.place === tab ? html` aria-current="page"` : undefined
      }>${tab === HOME ? 'Home' : 'Messages'}</a>`,
  );
  const head = isApp
    ? html`<h2>Assent</h2><nav class="tabs" aria-label="App">${tabs}</nav>`
    : html`<h2>${title}</h2>`;
  const aside = ASIDES.find((name) => name === screen.place);
  if (aside !== undefined)
    return html`<header class="bar"><h2>${title}</h2></header>${renderAside(frame, aside)}`;
  const body =
    screen.place === HOME || channel === undefined
      ? renderHome(frame)
      : renderConversation(frame, channel);
  return html`<header class="bar">${head}</header>${body}`;
}

const titleOf = (channel: Channel | undefined): string =>
  channel === undefined || channel.kind === 'im' ? 'Assent' : `# ${channel.name}`;
