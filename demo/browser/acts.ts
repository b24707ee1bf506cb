/**
 * Acts: what somebody does in the page, done in the double: the same drivers that the tests use.
 *
 * Everything that comes from the page is read here, field by field; what does not fit is refused
 * with a sentence.
 */
import { DateTime } from 'luxon';
import type { SlackDouble } from '../slack/double.ts';
import type { Name } from '../slack/elements.ts';
import { findElement } from '../slack/elements.ts';
import { runStep } from '../slack/functions.ts';
import { asObject, asObjects, asString, isObject, type Json, textOf } from '../slack/json.ts';
import { directMessages } from '../slack/messages.ts';
import type { AttachedFile, Person } from '../slack/person.ts';
import { ShownError } from '../slack/sign.ts';
import type { Choice } from '../slack/state-values.ts';
import type { OpenView, PostedMessage, Workspace } from '../slack/workspace.ts';
import type { Managing } from './frame.ts';
import type { Manifest } from './manifest.ts';
import { SLACKBOT } from './page-message.ts';
import type { Reads } from './reads.ts';
import { listed } from './render-selects.ts';
import { worldOf } from './screen.ts';

const FOUND_MAX = 50;

export interface Theatre {
  readonly slack: SlackDouble;
  readonly manifest: Manifest;
  readonly reads: Reads;
  readonly managing: Managing | undefined;
}

interface Doing extends Theatre {
  readonly ws: Workspace;
  readonly person: Person;
  readonly given: Json;
}

type Act = (doing: Doing) => Promise<Json | undefined> | Json | undefined;

/** A wrong request of the page; nothing was done. */
export class BadAct extends Error {
  override readonly name = 'BadAct';
}

const ACTS: Readonly<Record<string, Act>> = {
  send,
  read: ({ reads, person, given }) => {
    reads.read(person.id, asString(given['channel']), asString(given['ts']));
    return undefined;
  },
  click: async (doing) => {
    const value = asString(doing.given['value']);
    await doing.person.click(whereOf(doing), spotOf(doing), value === '' ? undefined : value);
    return undefined;
  },
  choose: async (doing) => {
    const where = whereOf(doing);
    const choice = choiceOf(doing, where);
    if ('hash' in where) await doing.person.choose(spotOf(doing), choice, where);
    else await doing.person.click(where, spotOf(doing), String(choice));
    return undefined;
  },
  keep: (doing) => {
    doing.person.keep(spotOf(doing), choiceOf(doing, viewOf(doing)), viewOf(doing));
    return undefined;
  },
  type: async (doing) => {
    await doing.person.choose(spotOf(doing), choiceOf(doing, viewOf(doing)), viewOf(doing));
    return undefined;
  },
  search,
  attach: async (doing) => {
    viewOf(doing);
    for (const file of filesIn(doing)) await doing.person.attachFile(spotOf(doing), file);
    return undefined;
  },
  detach: async (doing) => {
    viewOf(doing);
    await doing.person.detachFile(spotOf(doing), asString(doing.given['value']));
    return undefined;
  },
  submit: async (doing) => {
    if (doing.ws.modal(doing.person.id) !== viewOf(doing)) return undefined;
    const { outcome } = await doing.person.submit();
    return { outcome };
  },
  close: async (doing) => {
    if (doing.ws.modal(doing.person.id) !== viewOf(doing)) return undefined;
    await doing.person.close({ all: doing.given['value'] === 'all' });
    return undefined;
  },
  shortcut: async ({ person, given }) => {
    await person.shortcut(asString(given['value']));
    return undefined;
  },
  messageShortcut: async (doing) => {
    await doing.person.messageShortcut(asString(doing.given['value']), messageOf(doing));
    return undefined;
  },
  runStep: async ({ slack, manifest, person, given }) => {
    const step = manifest.steps.find(({ callbackId }) => callbackId === given['step']);
    if (step === undefined) throw new BadAct('there is no such step');
    const filled = asObject(given['inputs']);
    const inputs = step.inputs.map(({ id }) => [id, asString(filled[id]).trim()] as const);
    const entered = Object.fromEntries(inputs.filter(([, text]) => text !== ''));
    await runStep(slack, step, { ...entered, requester: person.id });
    return undefined;
  },
  removeApp: async (doing) => {
    if (!viewer(doing).isAdmin) throw new BadAct('only an admin removes an app');
    await doing.managing?.remove();
    return undefined;
  },
  openHome: async ({ person, given }) => {
    await person.openHome(given['value'] === 'messages' ? 'messages' : 'home');
    return undefined;
  },
};

/**
 * Does what the page asks for.
 * @returns what the page is told
 * @throws BadAct for a request that no page of ours sends
 */
export async function perform(theatre: Theatre, given: unknown): Promise<Json> {
  if (!isObject(given)) throw new BadAct('an act is a JSON object');
  const act = ACTS[asString(given['act'])];
  if (!Object.hasOwn(ACTS, asString(given['act'])) || act === undefined)
    throw new BadAct('there is no such act');
  const { slack } = theatre;
  const ws = slack.workspace;
  if (!ws.users.has(asString(given['user']))) throw new BadAct('there is no such person');
  const person = slack.person(asString(given['user']));
  try {
    return { ok: true, ...(await act({ ...theatre, ws, person, given })) };
  } catch (error) {
    if (error instanceof BadAct) throw error;
    return { ok: false, error: errorWords(error) };
  }
}

function errorWords(error: unknown): string {
  if (!(error instanceof ShownError))
    return error instanceof Error ? error.message : 'It did not work.';
  return error.code === 'operation_timeout'
    ? 'Assent did not answer in time. Try again? (operation_timeout)'
    : `We had some trouble connecting. Try again? (${error.message})`;
}

/** A message, or a command of the app; Slack itself answers to commands that nobody knows. */
async function send(doing: Doing): Promise<Json | undefined> {
  const { ws, person, given, manifest, managing } = doing;
  const channel = asString(given['channel']);
  const text = asString(given['text']).trim();
  const thread = asString(given['thread']) || undefined;
  if (!ws.channels.has(channel)) throw new BadAct('there is no such channel');
  if (!text.startsWith('/')) {
    const files = filesIn({ given });
    if (text !== '' || files.length > 0) person.say(channel, escaped(text), files, thread);
    return undefined;
  }
  const name = text.split(/\s/, 1)[0] ?? '';
  if (thread !== undefined) {
    whisper(
      ws,
      channel,
      person.id,
      `*${name}* cannot be used in a thread. Type it in the channel.`,
    );
  } else if (
    managing?.isInstalled() === false ||
    !manifest.commands.some((command) => command.name === name)
  ) {
    whisper(ws, channel, person.id, `*${escaped(name)}* is not a valid command.`);
  } else {
    await command({ ws, person, channel, text, name });
  }
  return undefined;
}

async function command({
  ws,
  person,
  channel,
  text,
  name,
}: Pick<Doing, 'ws' | 'person'> & { channel: string; text: string; name: string }): Promise<void> {
  try {
    await person.command(text, { channel });
  } catch (error) {
    if (!(error instanceof ShownError)) throw error;
    whisper(ws, channel, person.id, `${name} failed with the error "${error.code}"`);
  }
}

/** Slack's own words to one person. */
function whisper(ws: Workspace, channel: string, user: string, text: string): void {
  ws.ephemerals.push({
    type: 'message',
    channel,
    ts: ws.nextTs(),
    user: SLACKBOT.id,
    ephemeral_to: user,
    text,
    blocks: [],
  });
  ws.changed();
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What a menu offers for these words: groups of options, each with a value and its words. */
async function search(doing: Doing): Promise<Json> {
  const { person, given, ws } = doing;
  const view = viewOf(doing);
  const { element } = findElement(view.blocks, spotOf(doing));
  const typed = asString(given['text']);
  if (asString(element['type']).includes('external')) {
    const answer = await person.lookUp(spotOf(doing), typed, view);
    const groups = asObjects(answer['option_groups']).map((group) => ({
      label: textOf(group['label']),
      options: asObjects(group['options']).map(offer),
    }));
    const loose = asObjects(answer['options']).map(offer);
    const least = Number(element['min_query_length'] ?? 0);
    return { groups: [...groups, { label: '', options: loose }], least };
  }
  const world = worldOf(ws, viewer(doing));
  const found = listed({ world }, element)
    .filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()))
    .slice(0, FOUND_MAX)
    .map(({ id, name }) => ({ value: id, text: name, about: '' }));
  return { groups: [{ label: '', options: found }] };
}

const offer = (option: Json): Json => ({
  value: asString(option['value']),
  text: textOf(option['text']),
  about: textOf(option['description']),
});

function viewer({ ws, person }: Doing) {
  const user = ws.users.get(person.id);
  if (user === undefined) throw new BadAct('there is no such person');
  return user;
}

const spotOf = ({ given }: Doing): Name => ({
  block: asString(given['block']),
  action: asString(given['action']),
});

const whereOf = (doing: Doing): OpenView | PostedMessage =>
  doing.given['view'] === undefined ? messageOf(doing) : viewOf(doing);

function viewOf({ ws, person, given }: Doing): OpenView {
  const view = ws.views.get(asString(given['view']));
  if (view === undefined || view.user !== person.id) throw new Error('This is no longer open.');
  return view;
}

function messageOf({ ws, person, given }: Doing): PostedMessage {
  const [channel, ts] = asString(given['message']).split('/');
  const seen = [...ws.messages, ...ws.ephemerals.filter((one) => one.ephemeral_to === person.id)];
  const message = seen.find((one) => one.channel === channel && one.ts === ts);
  const isMember = ws.channels.get(channel ?? '')?.members.has(person.id) === true;
  if (message === undefined || !isMember) throw new Error('This message is no longer there.');
  return message;
}

/** What was chosen, as the double takes it; a moment comes as the person's own clock shows it. */
function choiceOf(doing: Doing, where: OpenView | PostedMessage): Choice {
  const choice = doing.given['choice'];
  if (Array.isArray(choice)) return choice.map(asString);
  const text = asString(choice);
  if (text === '') return null;
  const { element } = findElement(where.blocks, spotOf(doing));
  if (element['type'] !== 'datetimepicker') return text;
  const at = DateTime.fromISO(text, { zone: viewer(doing).tz });
  if (!at.isValid) throw new Error('This is no moment that the calendar knows.');
  return at.toUnixInteger();
}

const filesIn = ({ given }: Pick<Doing, 'given'>): AttachedFile[] =>
  asObjects(given['files']).map((file) => ({
    name: asString(file['name']) || 'file',
    mimetype: asString(file['type']) || 'application/octet-stream',
    content: Buffer.from(asString(file['content']), 'base64'),
  }));

/** Everybody's direct messages with the app are there from the start, as Slack shows them. */
export function greet(ws: Workspace): void {
  for (const user of ws.users.keys()) directMessages(ws, [user]);
}
