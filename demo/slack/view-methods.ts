/** View methods: views.open, views.push, views.update, views.publish. */
import { TRIGGER_LIFE_MS } from '../../src/slack/blocks/limits.ts';
import { asString, type Json } from './json.ts';
import type { Method } from './method.ts';
import { SlackError } from './slack-error.ts';
import { checkView, openModal, publishHome, pushModal, updateView, viewJson } from './views.ts';
import type { OpenView, Workspace } from './workspace.ts';

export const VIEW_METHODS: Readonly<Record<string, Method>> = {
  'views.open': (ws, args) => {
    const view = checkView(ws, 'views.open', args['view'], 'modal');
    return { view: viewJson(ws, openModal(ws, spendTrigger(ws, args), view)) };
  },
  'views.push': (ws, args) => {
    const view = checkView(ws, 'views.push', args['view'], 'modal');
    return { view: viewJson(ws, pushModal(ws, spendTrigger(ws, args), view)) };
  },
  'views.update': (ws, args) => {
    const open = namedView(ws, args);
    const view = checkView(ws, 'views.update', args['view'], open.type);
    refuseStaleHash(open, args);
    updateView(ws, open, view);
    return { view: viewJson(ws, open) };
  },
  'views.publish': (ws, args) => {
    const user = asString(args['user_id']);
    const view = checkView(ws, 'views.publish', args['view'], 'home');
    if (!ws.users.has(user)) throw new SlackError('user_not_found');
    refuseStaleHash(ws.homes.get(user), args);
    return { view: viewJson(ws, publishHome(ws, user, view)) };
  },
};

/**
 * The user whose click it was. A trigger works once, for 3 s.
 * @throws SlackError invalid_trigger_id, exchanged_trigger_id, expired_trigger_id
 */
function spendTrigger(ws: Workspace, args: Json): string {
  const trigger = ws.triggers.get(asString(args['trigger_id']));
  if (trigger === undefined) throw new SlackError('invalid_trigger_id');
  if (trigger.used) throw new SlackError('exchanged_trigger_id');
  if (ws.now().getTime() - trigger.at.getTime() > TRIGGER_LIFE_MS)
    throw new SlackError('expired_trigger_id');
  trigger.used = true;
  return trigger.user;
}

function namedView(ws: Workspace, args: Json): OpenView {
  const externalId = asString(args['external_id']);
  const view =
    externalId === ''
      ? ws.views.get(asString(args['view_id']))
      : [...ws.views.values()].find((open) => open.external_id === externalId);
  if (view === undefined) throw new SlackError('not_found');
  return view;
}

function refuseStaleHash(open: OpenView | undefined, args: Json): void {
  const hash = asString(args['hash']);
  if (open !== undefined && hash !== '' && hash !== open.hash)
    throw new SlackError('hash_conflict');
}
