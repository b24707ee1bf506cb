/** Render elements: what is pressed or picked at once: buttons, overflow menus, choices. */
import { type Html, html } from '../../src/web/html.ts';
import { optionsOf } from '../slack/check-texts.ts';
import { asObject, asObjects, asString, type Json, textOf } from '../slack/json.ts';
import { heldIn, valueAt } from '../slack/state-values.ts';
import { withEmoji } from './emoji.ts';
import { renderLink, renderText } from './render-mrkdwn.ts';
import { attribute, domId, type Scene } from './scene.ts';

/** How a field is tied to its label, hint and error. */
export interface Ties {
  readonly id: string;
  /** What a screen reader calls it where no label stands; empty where one does. */
  readonly label: string;
  /** Ids of hint and error, with spaces between. */
  readonly describedBy: string;
  readonly invalid: boolean;
}

/** The ties of an element that stands alone, in a section or a row of actions. */
export const looseTies = (scene: Scene, block: Json, element: Json): Ties => ({
  id: domId(scene, block, asString(element['action_id'])),
  label:
    asString(element['accessibility_label']) ||
    textOf(element['placeholder']) ||
    textOf(block['text']).split('\n')[0]?.replaceAll('*', '') ||
    'Choose',
  describedBy: '',
  invalid: false,
});

/** The attributes that tie a field to its words. */
export const tied = ({ id, label, describedBy, invalid }: Ties): Html =>
  html` id="${id}"${label === '' ? undefined : html` aria-label="${label}"`}${
    describedBy === '' ? undefined : html` aria-describedby="${describedBy}"`
  }${attribute('aria-invalid="true"', invalid)}`;

/** What is entered in an element now. */
export function heldOf(scene: Scene, block: Json, element: Json): unknown {
  const [blockId, actionId] = [asString(block['block_id']), asString(element['action_id'])];
  const value = valueAt(scene.values, blockId, actionId);
  return value === undefined ? initialOf(element) : heldIn(element, value);
}

/** Messages keep no state: what stands there at first stands there. */
function initialOf(element: Json): unknown {
  const name = Object.keys(element).find((key) => key.startsWith('initial_'));
  return name === undefined ? null : element[name];
}

const confirmOf = (element: Json): Html | undefined =>
  element['confirm'] === undefined
    ? undefined
    : html` data-confirm="${JSON.stringify(plainConfirm(asObject(element['confirm'])))}"`;

const plainConfirm = (confirm: Json) => ({
  title: textOf(confirm['title']),
  text: textOf(confirm['text'])
    .replaceAll(/<([^|>]+\|)?([^>]+)>/g, '$2')
    .replaceAll('*', ''),
  confirm: textOf(confirm['confirm']) || 'Yes',
  deny: textOf(confirm['deny']) || 'No',
  style: asString(confirm['style']),
});

export function renderButton(element: Json): Html {
  const words = withEmoji(textOf(element['text']));
  const label = asString(element['accessibility_label']);
  const shared = html` class="button ${asString(element['style'])}" data-act="click" data-action="${asString(
    element['action_id'],
  )}"${confirmOf(element)}${label === '' ? undefined : html` aria-label="${label}"`}`;
  const url = asString(element['url']);
  return /^https?:/i.test(url)
    ? html`<a href="${url}" target="_blank" rel="noopener noreferrer"${shared}>${words}</a>`
    : html`<button type="button"${shared}>${words}</button>`;
}

export function renderOverflow(element: Json): Html {
  const items = optionsOf(element).map((option) => {
    const url = asString(option['url']);
    const act = html`<button type="button" data-act="click" data-action="${asString(
      element['action_id'],
    )}" data-value="${asString(option['value'])}"${confirmOf(element)}>${withEmoji(
      textOf(option['text']),
    )}</button>`;
    return html`<li>${url === '' ? act : renderLink(url, textOf(option['text']))}</li>`;
  });
  return html`<details class="menu"><summary aria-label="More actions">⋯</summary><ul>${items}</ul></details>`;
}

/** Radio buttons and checkboxes, inside a group that names them. */
export function renderChoices(scene: Scene, block: Json, element: Json, { id }: Ties): Html[] {
  const held = heldOf(scene, block, element);
  const chosen = asObjects(Array.isArray(held) ? held : [held]).map((option) => option['value']);
  const type = element['type'] === 'checkboxes' ? 'checkbox' : 'radio';
  return optionsOf(element).map((option, index) => {
    const own = `${id}.${index}`;
    const described = option['description'] === undefined ? '' : `${own}.more`;
    return html`<div class="choice"><input type="${type}" id="${own}" name="${id}" value="${asString(
      option['value'],
    )}" data-act="choose" data-action="${asString(element['action_id'])}"${attribute(
      'checked',
      chosen.includes(option['value']),
    )}${described === '' ? undefined : html` aria-describedby="${described}"`}><label for="${own}">${renderText(
      option['text'],
      scene.world,
    )}</label>${
      described === ''
        ? undefined
        : html`<p id="${described}" class="hint">${renderText(option['description'], scene.world)}</p>`
    }</div>`;
  });
}

/** Small pictures for a thumb up or down, or one act, under an answer. */
export function renderContextAction(element: Json): Html {
  const one = (button: Json, sign: string) =>
    html`<button type="button" class="button quiet" data-act="click" data-action="${asString(
      element['action_id'],
    )}" data-value="${asString(button['value'])}">${sign} ${textOf(button['text'])}</button>`;
  if (element['type'] === 'icon_button') return one(element, '▫');
  return html`${one(asObject(element['positive_button']), '👍')} ${one(
    asObject(element['negative_button']),
    '👎',
  )}`;
}
