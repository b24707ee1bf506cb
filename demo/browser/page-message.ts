/** Page message: one message as it stands in a conversation, with what can be done with it. */
import { type Html, html } from '../../src/web/html.ts';
import { statesOf } from '../slack/state-values.ts';
import type { PostedMessage, SlackFile, Workspace } from '../slack/workspace.ts';
import { renderAppAvatar, renderAvatar } from './page-avatar.ts';
import { renderBlocks } from './render-blocks.ts';
import { sizeWords } from './render-fields.ts';
import { formatted } from './render-moment.ts';
import { renderMrkdwn } from './render-mrkdwn.ts';
import type { Named } from './scene.ts';
import { nameOf, type Scene, type World } from './scene.ts';

export const SLACKBOT = { id: 'USLACKBOT', name: 'Slackbot' } as const;

export interface MessageFrame {
  readonly ws: Workspace;
  readonly world: World;
  /** Message shortcuts of the app's manifest. */
  readonly shortcuts: readonly Named[];
  /** Where the thread of a message opens; undefined inside a thread. */
  readonly threadLink: ((message: PostedMessage) => string) | undefined;
  /** Says which of two copies of a message this is, so that ids stay unique. */
  readonly copy: string;
}

export function renderMessage(message: PostedMessage, frame: MessageFrame): Html {
  const { ws, world } = frame;
  const isApp = message.bot_id !== undefined;
  const name = message.user === SLACKBOT.id ? SLACKBOT.name : nameOf(world, message.user);
  const at = new Date(Number(message.ts) * 1_000);
  const only =
    message.ephemeral_to === undefined ? undefined : html`<p class="only">Only visible to you</p>`;
  const place = `${message.channel}/${message.ts}`;
  return html`<li class="message${only === undefined ? '' : ' ephemeral'}" id="${frame.copy}-${message.ts}" data-message="${place}">${
    isApp ? renderAppAvatar() : renderAvatar(message.user, name)
  }<div class="message-body">${only}<p class="who"><strong>${name}</strong>${
    isApp ? html` <span class="badge">App</span>` : undefined
  } <time datetime="${at.toISOString()}">${formatted(world, at, { timeStyle: 'short' })}</time></p>${renderContent(
    message,
    frame,
  )}${(message.files ?? []).map(renderFile)}${
    message.edited === undefined ? undefined : html`<p class="edited">(edited)</p>`
  }${threadLine(ws, message, frame)}</div>${tools(message, frame)}</li>`;
}

function renderContent(message: PostedMessage, { world, copy }: MessageFrame): Html {
  const scene: Scene = {
    world,
    surface: 'message',
    id: `${copy}-${message.ts}`,
    values: statesOf(message.blocks),
    errors: {},
  };
  if (message.blocks.length > 0)
    return html`<div class="blocks">${renderBlocks(message.blocks, scene)}</div>`;
  if (message.text === '') return html``;
  return html`<div class="text">${renderMrkdwn(message.text, world)}</div>`;
}

const renderFile = (file: SlackFile): Html =>
  html`<p class="file"><a href="/file/${file.id}" download="${file.name}">📄 ${file.name}</a> <small>${sizeWords(
    file.content.length,
  )}</small></p>`;

function threadLine(ws: Workspace, message: PostedMessage, { threadLink }: MessageFrame) {
  if (threadLink === undefined) return undefined;
  const count = ws.messages.filter(
    (other) =>
      other.channel === message.channel &&
      other.thread_ts === message.ts &&
      other.ts !== message.ts,
  ).length;
  if (count === 0) return undefined;
  return html`<p class="replies"><a href="${threadLink(message)}">${String(count)} ${
    count === 1 ? 'reply' : 'replies'
  }</a></p>`;
}

/** Slack offers no thread and no shortcut on what only one person sees. */
function tools(message: PostedMessage, { threadLink, shortcuts }: MessageFrame): Html | undefined {
  if (message.ephemeral_to !== undefined) return undefined;
  const reply =
    threadLink === undefined
      ? undefined
      : html`<a class="tool" href="${threadLink(message)}" aria-label="Reply in thread" title="Reply in thread">💬</a>`;
  const items = shortcuts.map(
    ({ id, name }) =>
      html`<li><button type="button" data-act="messageShortcut" data-value="${id}">${name}</button></li>`,
  );
  const menu =
    items.length === 0
      ? undefined
      : html`<details class="menu"><summary aria-label="More message actions">⋯</summary><ul>${items}</ul></details>`;
  return html`<div class="tools">${reply}${menu}</div>`;
}
