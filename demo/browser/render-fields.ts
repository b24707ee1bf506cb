/** Render fields: what people type, pick from a calendar or attach. */
import { DateTime } from 'luxon';
import { type Html, html } from '../../src/web/html.ts';
import { asObject, asObjects, asString, type Json, leaves, textOf } from '../slack/json.ts';
import { heldOf, type Ties, tied } from './render-elements.ts';
import { attribute, type Scene } from './scene.ts';
import { slackSays } from './slack-words.ts';

const KB = 1_024;
/** How a moment is written in a `datetime-local` field. */
const MOMENT_FORMAT = "yyyy-MM-dd'T'HH:mm";

const FIELD_TYPES: Readonly<Record<string, string>> = {
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
  email_text_input: 'email',
  url_text_input: 'url',
};

export function renderField(scene: Scene, block: Json, element: Json, ties: Ties): Html {
  const type = asString(element['type']);
  if (type === 'file_input') return renderFiles(scene, block, element, ties);
  const shared = html` data-action="${asString(element['action_id'])}" placeholder="${textOf(
    element['placeholder'],
  )}"${tied(ties)}${attribute('data-focus', element['focus_on_load'] === true)}`;
  const value = written(scene, heldOf(scene, block, element));
  const act = html` data-act="${type.endsWith('picker') ? 'choose' : 'type'}"${reports(block, element)}`;
  if (element['multiline'] === true || type === 'rich_text_input')
    return html`<textarea rows="4"${act}${shared}>${value}</textarea>`;
  const mode = type === 'number_input' ? html` inputmode="decimal"` : undefined;
  return html`<input type="${FIELD_TYPES[type] ?? 'text'}" value="${value}" autocomplete="off"${mode}${act}${shared}>`;
}

/** Whether the app hears of what is typed: at Enter, or with every character. */
function reports(block: Json, element: Json): Html | undefined {
  if (block['type'] === 'input' && block['dispatch_action'] !== true) return undefined;
  const config = asObject(element['dispatch_action_config'])['trigger_actions_on'];
  const typing = Array.isArray(config) && config.includes('on_character_entered');
  return html` data-reports="${typing ? 'typing' : 'enter'}"`;
}

function written(scene: Scene, held: unknown): string {
  if (typeof held === 'number')
    return DateTime.fromSeconds(held, { zone: scene.world.timeZone }).toFormat(MOMENT_FORMAT);
  if (typeof held === 'string') return held;
  return leaves(asObject(held))
    .filter(({ at }) => at.endsWith('/text'))
    .map(({ text }) => text)
    .join('');
}

function renderFiles(scene: Scene, block: Json, element: Json, ties: Ties): Html {
  const held = heldOf(scene, block, element);
  const files = asObjects(Array.isArray(held) ? held : []);
  const says = slackSays(scene.world.locale);
  const types = Array.isArray(element['filetypes']) ? element['filetypes'] : [];
  const accept = types.map((type) => `.${asString(type)}`).join(',');
  const action = asString(element['action_id']);
  const most = Number(element['max_files'] ?? 1);
  const chips = files.map(
    (file) =>
      html`<li class="chip">📄 ${asString(file['name']) || asString(file['id'])} <small>${sizeWords(
        Number(file['size']),
      )}</small> <button type="button" data-act="detach" data-action="${action}" data-value="${asString(
        file['id'],
      )}" aria-label="${says.remove(asString(file['name']))}">×</button></li>`,
  );
  return html`<div class="files"><ul class="chips" aria-label="${says.attached}">${chips}</ul><input type="file" data-act="attach" data-action="${action}" accept="${accept}"${tied(
    ties,
  )}${attribute('multiple', most > 1)}></div>`;
}

/** `12 KB`; nothing where Slack does not tell. */
export function sizeWords(bytes: number): string {
  if (!Number.isFinite(bytes)) return '';
  return bytes < KB ? `${bytes} bytes` : `${Math.round(bytes / KB).toLocaleString('en')} KB`;
}
