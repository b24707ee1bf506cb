/**
 * Register: puts every listener behind its guard, and something polite behind every id that no
 * listener knows: a button, a window or a command of an older version of the app.
 */
import type { App } from '@slack/bolt';
import type { Listeners } from './guard/door.ts';
import { guardFunction } from './guard/function-guard.ts';
import {
  type BoltListener,
  type Guarding,
  guardAction,
  guardClosed,
  guardCommand,
  guardEvent,
  guardOptions,
  guardShortcut,
  guardSubmission,
} from './guard/guard.ts';
import { staleAction, staleCommand, staleShortcut, staleSubmission } from './guard/stale.ts';
import { guardSystemEvent } from './guard/system-events.ts';

/** What we need of Bolt's App: its own types differ for each kind of listener. */
interface Binding {
  command(id: string | RegExp, listener: BoltListener): void;
  shortcut(id: string | RegExp, listener: BoltListener): void;
  action(id: string | RegExp, listener: BoltListener): void;
  view(id: string | RegExp | { callback_id: string; type: string }, listener: BoltListener): void;
  options(id: string | RegExp, listener: BoltListener): void;
  event(id: string, listener: BoltListener): void;
  function(id: string, options: { autoAcknowledge: boolean }, listener: BoltListener): void;
}

export function register(bolt: App, guarding: Guarding, listeners: Listeners): void {
  const { commands, shortcuts, actions, submissions, closed, options, events } = listeners;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the guard reads bodies itself
  const app = bolt as unknown as Binding;
  for (const [what, listener] of Object.entries(commands)) {
    app.command(what, guardCommand({ guarding, what, listener }));
  }
  for (const [what, listener] of Object.entries(shortcuts)) {
    app.shortcut(what, guardShortcut({ guarding, what, listener }));
  }
  for (const [what, listener] of Object.entries(actions)) {
    app.action(what, guardAction({ guarding, what, listener }));
  }
  for (const [what, listener] of Object.entries(submissions)) {
    app.view(what, guardSubmission({ guarding, what, listener }));
  }
  for (const [what, listener] of Object.entries(closed)) {
    app.view({ callback_id: what, type: 'view_closed' }, guardClosed({ guarding, what, listener }));
  }
  for (const [what, listener] of Object.entries(options)) {
    app.options(what, guardOptions({ guarding, what, listener }));
  }
  for (const [what, listener] of Object.entries(events)) {
    app.event(what, guardEvent({ guarding, what, listener }));
  }
  for (const [what, listener] of Object.entries(listeners.functions ?? {})) {
    const guarded = guardFunction({ guarding, what, listener });
    app.function(what, { autoAcknowledge: false }, guarded);
  }
  for (const [what, listener] of Object.entries(listeners.systemEvents ?? {})) {
    app.event(what, guardSystemEvent({ door: guarding.door, what, listener }));
  }
  registerTheRest(app, guarding, listeners);
}

/** Bolt runs every listener that fits, so these fit only what no other one does. */
function registerTheRest(
  app: Binding,
  guarding: Guarding,
  { commands, shortcuts, actions, submissions }: Listeners,
): void {
  const what = 'unknown';
  app.command(noneOf(commands), guardCommand({ guarding, what, listener: staleCommand }));
  app.shortcut(noneOf(shortcuts), guardShortcut({ guarding, what, listener: staleShortcut }));
  app.action(noneOf(actions), guardAction({ guarding, what, listener: staleAction }));
  app.view(noneOf(submissions), guardSubmission({ guarding, what, listener: staleSubmission }));
}

function noneOf(listeners: Readonly<Record<string, unknown>>): RegExp {
  const known = Object.keys(listeners).map((id) => id.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&'));
  return new RegExp(`^(?!(?:${known.join('|')})$)`, 'u');
}
