/** Render selects: menus with a fixed list, and those that are searched by typing. */
import { type Html, html } from '../../src/web/html.ts';
import { asObject, asObjects, asString, type Json, textOf } from '../slack/json.ts';
import { heldOf, type Ties, tied } from './render-elements.ts';
import { attribute, type Named, nameOf, type Scene, type World } from './scene.ts';
import { slackSays } from './slack-words.ts';

export const isSelect = (element: Json): boolean => asString(element['type']).endsWith('_select');

export function renderSelect(scene: Scene, block: Json, element: Json, ties: Ties): Html {
  const type = asString(element['type']);
  if (type.startsWith('multi_') || type === 'external_select')
    return renderCombo(scene, block, element, ties);
  const held = heldOf(scene, block, element);
  const chosen = typeof held === 'string' ? held : asString(asObject(held)['value']);
  const placeholder = textOf(element['placeholder']) || slackSays(scene.world.locale).chooseOne;
  return html`<select data-act="choose" data-action="${asString(element['action_id'])}"${tied(
    ties,
  )}><option value="">${placeholder}</option>${optionLists(scene, element, chosen)}</select>`;
}

function optionLists(scene: Scene, element: Json, chosen: string): Html[] {
  const groups = asObjects(element['option_groups']);
  const held = (options: readonly Named[]) =>
    options.map(
      ({ id, name }) =>
        html`<option value="${id}"${attribute('selected', id === chosen)}>${name}</option>`,
    );
  if (groups.length === 0) return held(listed(scene, element));
  return groups.map(
    (group) =>
      html`<optgroup label="${textOf(group['label'])}">${held(asNamed(asObjects(group['options'])))}</optgroup>`,
  );
}

/** What a menu offers without being asked. */
export function listed({ world }: Pick<Scene, 'world'>, element: Json): readonly Named[] {
  const type = asString(element['type']);
  if (type.includes('users')) return world.people;
  if (type.includes('channels')) return world.channels;
  if (type.includes('conversations')) return conversations(world, asObject(element['filter']));
  const groups = asObjects(element['option_groups']);
  const inGroups = groups.flatMap((group) => asObjects(group['options']));
  return asNamed([...asObjects(element['options']), ...inGroups]);
}

/** All kinds, unless the app wants only some. */
function conversations({ channels, people }: World, { include }: Json): readonly Named[] {
  const wants = (...kinds: readonly string[]) =>
    !Array.isArray(include) || kinds.some((kind) => include.includes(kind));
  return [...(wants('public', 'private') ? channels : []), ...(wants('im') ? people : [])];
}

const asNamed = (options: readonly Json[]): Named[] =>
  options.map((option) => ({ id: asString(option['value']), name: textOf(option['text']) }));

/** A box to type into, with what was chosen before it and a list of what fits below. */
function renderCombo(scene: Scene, block: Json, element: Json, ties: Ties): Html {
  const says = slackSays(scene.world.locale);
  const held = heldOf(scene, block, element);
  const chosen = (Array.isArray(held) ? held : [held])
    .filter((entry) => entry !== null && entry !== undefined)
    .map(
      (entry): Named =>
        typeof entry === 'string'
          ? { id: entry, name: nameOf(scene.world, entry) }
          : { id: asString(asObject(entry)['value']), name: textOf(asObject(entry)['text']) },
    );
  const many = asString(element['type']).startsWith('multi_');
  const chips = chosen.map(
    ({ id, name }) =>
      html`<li class="chip" data-value="${id}">${name} <button type="button" data-act="unchoose" aria-label="${says.remove(name)}">×</button></li>`,
  );
  return html`<div class="combo" data-action="${asString(element['action_id'])}"${attribute('data-many', many)}>
<ul class="chips" aria-label="${says.chosen}">${chips}</ul>
<input type="text" role="combobox" autocomplete="off" spellcheck="false" aria-autocomplete="list" aria-expanded="false" aria-controls="${ties.id}.list" placeholder="${
    textOf(element['placeholder']) || says.typeToSearch
  }"${tied(ties)}>
<div class="options" role="listbox" id="${ties.id}.list" aria-label="${says.suggestions}" data-own hidden></div></div>`;
}
