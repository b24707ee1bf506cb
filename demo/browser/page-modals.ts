/** Page modals: the dialogs on somebody's screen, and the app's Home tab. */
import { type Html, html } from '../../src/web/html.ts';
import { textOf } from '../slack/json.ts';
import type { OpenView } from '../slack/workspace.ts';
import type { Frame } from './frame.ts';
import { renderBlocks } from './render-blocks.ts';
import type { Scene, World } from './scene.ts';
import { slackSays } from './slack-words.ts';

export const renderModals = ({ ws, screen, world }: Frame): Html[] =>
  (ws.stacks.get(screen.user.id) ?? []).map((view) => renderModal(view, world));

function renderModal(view: OpenView, world: World): Html {
  const submit =
    view.submit === null
      ? undefined
      : html`<button type="submit" class="button primary">${textOf(view.submit)}</button>`;
  const says = slackSays(world.locale);
  const close = textOf(view.close ?? {}) || (submit === undefined ? says.close : says.cancel);
  return html`<dialog class="modal" lang="${says.lang}" id="modal-${view.id}" data-view="${view.id}" data-hash="${view.hash}" aria-labelledby="title-${view.id}"><form novalidate><header class="bar"><h2 id="title-${view.id}" tabindex="-1">${textOf(
    view.title,
  )}</h2><button type="button" class="tool" data-act="close" data-value="all" aria-label="${says.closeAll}">✕</button></header><div class="modal-blocks" tabindex="-1">${renderBlocks(
    view.blocks,
    sceneOf(view, world),
  )}</div><footer><p class="trouble" role="alert" data-own></p><button type="button" class="button" data-act="close">${close}</button>${submit}</footer></form></dialog>`;
}

/** What the app published for this person; until then, what Slack would show. */
export function renderHome({ ws, screen, world }: Frame): Html {
  const view = ws.homes.get(screen.user.id);
  if (view === undefined)
    return html`<div class="home"><div class="nothing"><p>Assent has not set up this page yet.</p><p>Its commands work everywhere: type <kbd>/</kbd> in a channel.</p></div></div>`;
  return html`<div class="home" tabindex="0" role="region" aria-label="Home" data-view="${view.id}">${renderBlocks(
    view.blocks,
    sceneOf(view, world),
  )}</div>`;
}

const sceneOf = (view: OpenView, world: World): Scene => ({
  world,
  surface: view.type,
  id: view.id,
  values: view.values,
  errors: view.errors,
});
