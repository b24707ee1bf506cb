/**
 * Actions: what happens when somebody presses, picks or changes an element that reports at once.
 */
import { optionsOf } from './check-texts.ts';
import { type Found, findElement, type Name, wordOf } from './elements.ts';
import { asObjects, asString, type Json, textOf } from './json.ts';
import { blockActions } from './payloads.ts';
import type { Wire } from './person.ts';
import { newResponseUrl } from './response-url.ts';
import { accepted, interactionBody } from './sign.ts';
import { type Choice, chosenValue, heldIn, isStateful, statesOf, valueAt } from './state-values.ts';
import type { OpenView, PostedMessage, StateValue, User, Workspace } from './workspace.ts';

/** A person at the screen: who, in which workspace, and how the app is reached. */
export interface Seat {
  readonly ws: Workspace;
  readonly wire: Wire;
  readonly user: User;
  /** What external menus offered last: view, block and action id → options. */
  readonly offered: Map<string, Json[]>;
}

/** Presses a button or picks from a menu, in a message or a view. */
export async function click(
  seat: Seat,
  where: PostedMessage | OpenView,
  name: Name,
  value?: string,
): Promise<void> {
  const found = findElement(where.blocks, name, value);
  if (isStateful(found.element)) {
    if (value === undefined) throw new Error(`say what to choose in "${wordOf(name)}"`);
    if ('hash' in where) return enter(seat, where, found, value);
  }
  return 'hash' in where
    ? report(seat, where, found, pressed(found.element, value))
    : clickMessage(seat, where, found, value);
}

/** Enters a value in a view, and reports it if the app wants to know at once. */
export async function enter(
  seat: Seat,
  view: OpenView,
  found: Found,
  choice: Choice,
): Promise<void> {
  await hold(seat, view, found, valueFor(seat, view, found, choice));
}

/** Enters a value that is not finished yet, such as half a word; the app hears nothing of it. */
export function keep(seat: Seat, view: OpenView, found: Found, choice: Choice): void {
  put(seat, view, found, valueFor(seat, view, found, choice));
}

const valueFor = (seat: Seat, view: OpenView, found: Found, choice: Choice): StateValue =>
  chosenValue(found.element, choice, offeredFor(seat, view, found), (id) => isKnown(seat.ws, id));

/** Keeps a value as the element's own, and reports it if the app wants to know at once. */
export async function hold(
  seat: Seat,
  view: OpenView,
  found: Found,
  value: StateValue,
): Promise<void> {
  put(seat, view, found, value);
  const reports = found.block['type'] !== 'input' || found.block['dispatch_action'] === true;
  if (reports) await report(seat, view, found, value);
}

function put({ ws }: Seat, view: OpenView, found: Found, value: StateValue): void {
  const blockId = asString(found.block['block_id']);
  const actionId = asString(found.element['action_id']);
  view.values[blockId] = { ...view.values[blockId], [actionId]: value };
  delete view.errors[blockId];
  ws.changed();
}

/** The key under which offered options are remembered. */
export const menuKey = (view: OpenView, found: Found): string =>
  JSON.stringify([view.id, found.block['block_id'], found.element['action_id']]);

/** What an external menu offered last, and what it holds already. */
function offeredFor(seat: Seat, view: OpenView, found: Found): Json[] {
  const value = valueAt(
    view.values,
    asString(found.block['block_id']),
    asString(found.element['action_id']),
  );
  const held = value === undefined ? null : heldIn(found.element, value);
  const before = asObjects(Array.isArray(held) ? held : [held]);
  return [...(seat.offered.get(menuKey(view, found)) ?? []), ...before];
}

const isKnown = (ws: Workspace, id: string): boolean => ws.users.has(id) || ws.channels.has(id);

async function report(seat: Seat, view: OpenView, found: Found, what: Json): Promise<void> {
  const { ws, user, wire } = seat;
  const action = actionJson(ws, found, what);
  const payload = blockActions(ws, user, { view }, action, view.values, '');
  accepted(await wire.send('block_actions', interactionBody(payload)));
}

async function clickMessage(
  seat: Seat,
  message: PostedMessage,
  found: Found,
  value: string | undefined,
): Promise<void> {
  const { ws, user, wire } = seat;
  const original =
    [...ws.messages, ...ws.ephemerals].find(
      (other) => other.channel === message.channel && other.ts === message.ts,
    ) ?? message;
  const { url } = newResponseUrl(ws, { channel: message.channel, user: user.id, original });
  const chosen = isStateful(found.element)
    ? chosenValue(found.element, value ?? null, [], (id) => isKnown(ws, id))
    : pressed(found.element, value);
  const state = statesOf(message.blocks);
  const action = actionJson(ws, found, chosen);
  const payload = blockActions(ws, user, { message: original }, action, state, url);
  accepted(await wire.send('block_actions', interactionBody(payload)));
}

/** What a press tells: the button's value, or the chosen entry of an overflow menu. */
function pressed(element: Json, value: string | undefined): Json {
  if (element['type'] !== 'overflow')
    return {
      text: element['text'],
      ...(element['value'] !== undefined && { value: element['value'] }),
    };
  const option = optionsOf(element).find(
    (entry) => entry['value'] === value || textOf(entry['text']) === value,
  );
  if (option === undefined) throw new Error(`the menu has no "${value ?? ''}"`);
  return { selected_option: option };
}

const actionJson = (ws: Workspace, { block, element }: Found, what: Json): Json => ({
  ...what,
  type: element['type'],
  block_id: block['block_id'],
  action_id: element['action_id'],
  action_ts: ws.nextTs(),
});
