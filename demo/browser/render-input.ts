/** Render input: an `input` block: a label, the field, its hint, and what is wrong with it. */
import { type Html, html } from '../../src/web/html.ts';
import { asObject, asString, type Json, textOf } from '../slack/json.ts';
import { withEmoji } from './emoji.ts';
import { renderChoices, type Ties } from './render-elements.ts';
import { renderField } from './render-fields.ts';
import { renderPlain } from './render-mrkdwn.ts';
import { isSelect, renderSelect } from './render-selects.ts';
import { attribute, domId, type Scene } from './scene.ts';
import { slackSays } from './slack-words.ts';

export function renderInput(block: Json, scene: Scene): Html {
  const element = asObject(block['element']);
  const id = domId(scene, block, asString(element['action_id']));
  const error = scene.errors[asString(block['block_id'])] ?? '';
  const hint = textOf(block['hint']);
  const about = [hint === '' ? '' : `${id}.hint`, error === '' ? '' : `${id}.error`].filter(
    Boolean,
  );
  const ties: Ties = { id, label: '', describedBy: about.join(' '), invalid: error !== '' };
  const label = html`${withEmoji(textOf(block['label']))}${
    block['optional'] === true
      ? html` <small>${slackSays(scene.world.locale).optional}</small>`
      : undefined
  }`;
  const below = html`${
    hint === '' ? undefined : html`<p class="hint" id="${id}.hint">${renderPlain(hint)}</p>`
  }${error === '' ? undefined : html`<p class="error" id="${id}.error">${error}</p>`}`;
  const isGroup = element['type'] === 'checkboxes' || element['type'] === 'radio_buttons';
  if (isGroup)
    return html`<fieldset id="${id}" tabindex="-1"${
      ties.describedBy === '' ? undefined : html` aria-describedby="${ties.describedBy}"`
    }${attribute('aria-invalid="true"', ties.invalid)}><legend>${label}</legend>${renderChoices(
      scene,
      block,
      element,
      ties,
    )}${below}</fieldset>`;
  const field = isSelect(element)
    ? renderSelect(scene, block, element, ties)
    : renderField(scene, block, element, ties);
  return html`<label for="${id}">${label}</label>${field}${below}`;
}
