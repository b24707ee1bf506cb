/**
 * Views: opening, pushing, updating and closing modals, publishing App Homes, and what is kept on
 * the way.
 */
import { VIEW_STACK_MAX } from '../../src/slack/blocks/limits.ts';
import { withIds } from './elements.ts';
import { asObjects, asString, isObject, type Json } from './json.ts';
import { leaksInHiding } from './leaks.ts';
import { refuse, SlackError } from './slack-error.ts';
import { statesOf } from './state-values.ts';
import { validateView } from './validate.ts';
import type { OpenView, Workspace } from './workspace.ts';

/**
 * Checks a view, records what is wrong with it.
 * @throws SlackError invalid_arguments or view_too_large, with every place in its messages
 */
export function checkView(
  ws: Workspace,
  by: string,
  view: unknown,
  surface: 'modal' | 'home',
): Json {
  const faults = validateView(view, surface);
  ws.record(by, faults);
  refuse(faults, 'invalid_arguments', '/view');
  if (!isObject(view)) throw new SlackError('invalid_arguments');
  ws.leaks.push(...leaksInHiding(by, view));
  return view;
}

/** Shows a modal on its own; one that was open gives way. */
export function openModal(ws: Workspace, user: string, view: Json): OpenView {
  for (const old of ws.stacks.get(user) ?? []) ws.views.delete(old.id);
  const opened = newView(ws, user, 'modal', view, undefined);
  ws.stacks.set(user, [opened]);
  ws.changed();
  return opened;
}

/**
 * Shows a modal on top of the one that is open.
 * @throws SlackError push_limit_reached, not_found (nothing is open)
 */
export function pushModal(ws: Workspace, user: string, view: Json): OpenView {
  const stack = ws.stacks.get(user) ?? [];
  if (stack.length === 0) throw new SlackError('not_found');
  if (stack.length >= VIEW_STACK_MAX) throw new SlackError('push_limit_reached');
  const pushed = newView(ws, user, 'modal', view, stack.at(-1));
  stack.push(pushed);
  ws.changed();
  return pushed;
}

/**
 * Shows another content in the same place; entries survive where block id and action id stay the
 * same.
 */
export function updateView(ws: Workspace, open: OpenView, view: Json): void {
  refuseTakenExternalId(ws, view, open);
  Object.assign(open, contentOf(ws, view), { hash: ws.nextHash(), errors: {} });
  open.values = statesOf(open.blocks, open.values);
  ws.changed();
}

/** Sets what a user's App Home shows. */
export function publishHome(ws: Workspace, user: string, view: Json): OpenView {
  const open = ws.homes.get(user);
  if (open !== undefined) {
    updateView(ws, open, view);
    return open;
  }
  const published = newView(ws, user, 'home', view, undefined);
  ws.homes.set(user, published);
  ws.changed();
  return published;
}

/** Takes the visible modal away; the one below shows again. */
export function popModal(ws: Workspace, user: string): void {
  const closed = ws.stacks.get(user)?.pop();
  if (closed !== undefined) ws.views.delete(closed.id);
  ws.changed();
}

/** Takes all of a user's modals away. */
export function clearModals(ws: Workspace, user: string): void {
  for (const view of ws.stacks.get(user) ?? []) ws.views.delete(view.id);
  ws.stacks.delete(user);
  ws.changed();
}

/** The view as payloads and answers carry it. */
export function viewJson(ws: Workspace, view: OpenView): Json {
  const { user: _user, values, errors: _errors, ...shown } = view;
  return structuredClone({
    ...shown,
    team_id: ws.teamId,
    app_id: ws.appId,
    app_installed_team_id: ws.teamId,
    bot_id: ws.botId,
    state: { values },
  });
}

function newView(
  ws: Workspace,
  user: string,
  type: 'modal' | 'home',
  view: Json,
  previous: OpenView | undefined,
): OpenView {
  refuseTakenExternalId(ws, view, undefined);
  const id = ws.nextId('V');
  const content = contentOf(ws, view);
  const opened: OpenView = {
    id,
    user,
    type,
    root_view_id: previous?.root_view_id ?? id,
    previous_view_id: previous?.id ?? null,
    ...content,
    hash: ws.nextHash(),
    values: statesOf(content.blocks),
    errors: {},
  };
  ws.views.set(id, opened);
  return opened;
}

function contentOf(ws: Workspace, view: Json) {
  return {
    title: isObject(view['title']) ? view['title'] : plain('View Title'),
    submit: isObject(view['submit']) ? view['submit'] : null,
    close: isObject(view['close']) ? view['close'] : null,
    blocks: withIds(asObjects(view['blocks']), (prefix) => ws.nextId(prefix)),
    private_metadata: asString(view['private_metadata']),
    callback_id: asString(view['callback_id']),
    external_id: asString(view['external_id']),
    clear_on_close: view['clear_on_close'] === true,
    notify_on_close: view['notify_on_close'] === true,
  };
}

const plain = (text: string): Json => ({ type: 'plain_text', text, emoji: true });

function refuseTakenExternalId(ws: Workspace, view: Json, self: OpenView | undefined): void {
  const externalId = asString(view['external_id']);
  const taken = [...ws.views.values()].some(
    (other) => other !== self && other.external_id === externalId,
  );
  if (externalId !== '' && taken) throw new SlackError('duplicate_external_id');
}
