/** People: drivers who act in Slack and read what the app shows them. */
import { click, enter, keep, type Seat } from './actions.ts';
import { optionsOf } from './check-texts.ts';
import { findElement } from './elements.ts';
import { keepFile } from './files.ts';
import { attachFile, close, detachFile, lookUp, openModalOf, submit } from './forms.ts';
import { isObject, parseJson } from './json.ts';
import { directMessages } from './messages.ts';
import { eventEnvelope, globalShortcut, messageShortcut, slashCommand } from './payloads.ts';
import type { AttachedFile, CommandResult, Person, Wire } from './person.ts';
import { answer, newResponseUrl } from './response-url.ts';
import { accepted, commandBody, eventBody, interactionBody, ShownError } from './sign.ts';
import { SlackError } from './slack-error.ts';
import { viewJson } from './views.ts';
import type { Channel, OpenView, PostedMessage, User, Workspace } from './workspace.ts';

/** A person at a screen of this workspace. */
export function personOf(ws: Workspace, wire: Wire, user: User): Person {
  const seat: Seat = { ws, wire, user, offered: new Map() };
  const inModal = (where: OpenView | undefined) => where ?? openModalOf(seat);
  return {
    id: user.id,
    name: user.name,
    command: (text, where) => command(seat, text, where?.channel),
    click: (where, name, value) => click(seat, where, name, value),
    choose: async (name, choice, where) => {
      const view = inModal(where);
      await enter(seat, view, findElement(view.blocks, name), choice);
    },
    type: async (name, text, where) => {
      const view = inModal(where);
      await enter(seat, view, findElement(view.blocks, name), text);
    },
    keep: (name, choice, where) => {
      const view = inModal(where);
      keep(seat, view, findElement(view.blocks, name), choice);
    },
    search: async (name, text, where) => optionsOf(await lookUp(seat, inModal(where), name, text)),
    lookUp: async (name, text, where) => lookUp(seat, inModal(where), name, text),
    attachFile: (name, file) => attachFile(seat, name, file),
    detachFile: (name, fileId) => detachFile(seat, name, fileId),
    submit: () => submit(seat),
    close: (how) => close(seat, how?.all === true),
    shortcut: async (callbackId) => {
      const payload = globalShortcut(ws, user, callbackId);
      accepted(await wire.send('shortcut', interactionBody(payload)));
    },
    messageShortcut: async (callbackId, message) => {
      const { url } = newResponseUrl(ws, { channel: message.channel, user: user.id });
      const payload = messageShortcut(ws, user, callbackId, message, url);
      accepted(await wire.send('message_action', interactionBody(payload)));
    },
    openHome: (tab = 'home') => openHome(seat, tab),
    say: (channel, text, files, threadTs) => say(seat, channel, text, files ?? [], threadTs),
    ephemerals: () =>
      structuredClone(ws.ephemerals.filter((message) => message.ephemeral_to === user.id)),
    dms: () => messagesIn(ws, user.id),
  };
}

/**
 * The messages of a channel, or of the app's direct messages with a user, oldest first, as they
 * stand now.
 */
export function messagesIn(ws: Workspace, channelOrUser: string): PostedMessage[] {
  const id = ws.users.has(channelOrUser) ? directMessages(ws, [channelOrUser]).id : channelOrUser;
  return structuredClone(ws.messages.filter((message) => message.channel === id));
}

async function command(seat: Seat, line: string, channelId?: string): Promise<CommandResult> {
  const { ws, wire, user } = seat;
  const [, name = '', text = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(line.trim()) ?? [];
  if (name === '') throw new Error(`a command starts with a slash: "${line}"`);
  const channel = channelFor(ws, user, channelId);
  const occasion = { channel: channel.id, user: user.id };
  const { url, opened } = newResponseUrl(ws, occasion);
  const fields = slashCommand(ws, user, channel, name, text, url);
  const ack = accepted(await wire.send('command', commandBody(fields)));
  return { ack, reply: replyIn(ws, occasion, ack.body), later: opened.posts };
}

function channelFor(ws: Workspace, user: User, id: string | undefined): Channel {
  const channel = id === undefined ? directMessages(ws, [user.id]) : ws.channels.get(id);
  if (channel === undefined) throw new Error(`there is no channel ${id ?? ''}`);
  return channel;
}

/** What the ack of a command says: JSON, or plain text. */
function replyIn(
  ws: Workspace,
  occasion: { channel: string; user: string },
  body: string,
): PostedMessage | undefined {
  if (body.trim() === '') return undefined;
  const parsed = parseJson(body);
  try {
    return answer(ws, 'command', occasion, isObject(parsed) ? parsed : { text: body });
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    throw new ShownError('invalid_command_response', `${error.code} ${error.messages.join('; ')}`);
  }
}

async function openHome({ ws, wire, user }: Seat, tab: 'home' | 'messages'): Promise<void> {
  const home = ws.homes.get(user.id);
  const event = {
    type: 'app_home_opened',
    user: user.id,
    channel: directMessages(ws, [user.id]).id,
    tab,
    event_ts: ws.nextTs(),
    ...(home !== undefined && tab === 'home' && { view: viewJson(ws, home) }),
  };
  const envelope = eventEnvelope(ws, event, ws.nextId('Ev'));
  accepted(await wire.send('event', eventBody(envelope)));
}

function say(
  { ws, user }: Seat,
  channel: string,
  text: string,
  files: readonly AttachedFile[],
  threadTs: string | undefined,
): PostedMessage {
  const kept = files.map((file) =>
    keepFile(ws, { ...file, user: user.id, needsInfo: file.needsInfo === true }),
  );
  const message: PostedMessage = {
    type: 'message',
    channel: channelFor(ws, user, channel).id,
    ts: ws.nextTs(),
    user: user.id,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    text,
    blocks: [],
    ...(kept.length > 0 && { files: kept }),
  };
  ws.messages.push(message);
  ws.changed();
  return message;
}
