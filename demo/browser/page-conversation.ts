/** Page conversation: a channel, the app's direct messages, or a thread, with the box to write in. */
import { type Html, html } from '../../src/web/html.ts';
import type { Channel, PostedMessage, User } from '../slack/workspace.ts';
import type { Frame } from './frame.ts';
import { type MessageFrame, renderMessage } from './page-message.ts';
import { formatted } from './render-moment.ts';
import { linkTo, messagesFor } from './screen.ts';

/** More than anybody scrolls through; older ones are counted. */
const MESSAGES_SHOWN_MAX = 200;

export function renderConversation(frame: Frame, channel: Channel): Html {
  const { ws, screen, world } = frame;
  const all = messagesFor(ws, screen.user, channel.id).filter((message) => !isReply(message));
  const shown = all.slice(-MESSAGES_SHOWN_MAX);
  const messageFrame = {
    ...framing(frame, 'm'),
    threadLink: ({ ts }: PostedMessage) => linkTo(screen, { thread: ts }),
  };
  let day = '';
  const items = shown.flatMap((message) => {
    const at = new Date(Number(message.ts) * 1_000);
    const its = formatted(world, at, { dateStyle: 'full' });
    const divider =
      its === day ? [] : [html`<li class="day" id="day-${message.ts}"><span>${its}</span></li>`];
    day = its;
    return [...divider, renderMessage(message, messageFrame)];
  });
  const older = all.length - shown.length;
  return html`<div class="messages" id="messages" role="log" aria-label="Messages" tabindex="0" data-last="${
    all.at(-1)?.ts ?? ''
  }"><ol>${older > 0 ? html`<li class="day"><span>${String(older)} older messages</span></li>` : undefined}${
    items.length > 0 ? items : [empty(frame)]
  }</ol></div>${composer(frame, channel)}`;
}

export function renderThread(frame: Frame, channel: Channel, parentTs: string): Html {
  const { ws, screen } = frame;
  const held = messagesFor(ws, screen.user, channel.id).filter(
    ({ ts, thread_ts: parent }) => ts === parentTs || parent === parentTs,
  );
  const messageFrame = { ...framing(frame, 't'), threadLink: undefined };
  return html`<header class="bar"><h2>Thread</h2><a class="tool" href="${linkTo(screen, {
    thread: undefined,
  })}" aria-label="Close thread">✕</a></header><div class="messages" role="log" aria-label="Thread" tabindex="0"><ol>${held.map(
    (message) => renderMessage(message, messageFrame),
  )}</ol></div>${composer(frame, channel, parentTs)}`;
}

const framing = (
  { ws, world, manifest }: Frame,
  copy: string,
): Omit<MessageFrame, 'threadLink'> => ({
  ws,
  world,
  copy,
  shortcuts: manifest.messageShortcuts,
});

function empty({ manifest }: Frame): Html {
  const [command] = manifest.commands;
  return html`<li class="nothing"><p>Nothing here yet.</p><p>Type <kbd>/</kbd> below to see what the app can do${
    command === undefined ? '' : `, for example ${command.name}`
  }.</p></li>`;
}

/** The box to write in: a message, a command; with files and the app's shortcuts beside it. */
function composer(frame: Frame, channel: Channel, thread?: string): Html {
  const { manifest, world } = frame;
  const id = thread === undefined ? 'compose' : 'compose-thread';
  const place = channel.kind === 'im' ? 'Message Assent' : `Message #${channel.name}`;
  const words = thread === undefined ? place : 'Reply…';
  const shortcuts = manifest.globalShortcuts.map(
    ({ id: callback, name }) =>
      html`<li><button type="button" data-act="shortcut" data-value="${callback}">${name}</button></li>`,
  );
  const known = world.channels.length;
  return html`<form class="composer" data-channel="${channel.id}" data-known="${String(known)}"${
    thread === undefined ? undefined : html` data-thread="${thread}"`
  }><div class="hints" role="listbox" id="${id}.list" aria-label="Commands" data-own hidden></div><div class="compose-row"><label class="round" title="Attach a file"><span class="unseen">Attach a file</span><span aria-hidden="true">+</span><input type="file" multiple data-compose="files"></label>${
    shortcuts.length === 0 || thread !== undefined
      ? undefined
      : html`<details class="menu up"><summary aria-label="Shortcuts" title="Shortcuts">⚡</summary><ul>${shortcuts}</ul></details>`
  }<label class="unseen" for="${id}">${words}</label><input type="text" id="${id}" class="compose" autocomplete="off" role="combobox" aria-expanded="false" aria-autocomplete="list" aria-controls="${id}.list" placeholder="${
    thread === undefined ? `${words}, or type / for commands` : words
  }"><button type="submit" class="button primary" aria-label="Send">➤</button></div><ul class="chips" data-compose="chosen" aria-label="Files to send" data-own></ul></form>`;
}

const isReply = ({ thread_ts: parent, ts }: PostedMessage): boolean =>
  parent !== undefined && parent !== ts;

/** How many messages somebody has not seen; replies stand in their threads. */
export function unreadIn(frame: Frame, user: User, channel: Channel): number {
  const seen = frame.reads.lastRead(user.id, channel.id);
  return messagesFor(frame.ws, user, channel.id).filter(
    (message) => message.ts > seen && message.user !== user.id && !isReply(message),
  ).length;
}
