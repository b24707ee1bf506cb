/** Render blocks: every type of block that the double lets pass, as HTML. */
import { type Html, html } from '../../src/web/html.ts';
import { asObject, asObjects, asString, type Json, textOf } from '../slack/json.ts';
import { withEmoji } from './emoji.ts';
import { renderChart } from './render-charts.ts';
import {
  looseTies,
  renderButton,
  renderChoices,
  renderContextAction,
  renderOverflow,
} from './render-elements.ts';
import { renderField } from './render-fields.ts';
import { renderInput } from './render-input.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderLink, renderText } from './render-mrkdwn.ts';
import { renderRichText } from './render-rich-text.ts';
import { isSelect, renderSelect } from './render-selects.ts';
import { renderTable } from './render-tables.ts';
import type { Scene } from './scene.ts';

type Render = (block: Json, scene: Scene) => Html;

const BLOCKS: Readonly<Record<string, Render>> = {
  header: (block) => html`<h3 class="header">${withEmoji(textOf(block['text']))}</h3>`,
  divider: () => html`<hr>`,
  section: renderSection,
  context: (block, scene) =>
    html`<div class="context">${asObjects(block['elements']).map((element) =>
      element['type'] === 'image'
        ? renderPicture(element, scene)
        : html`<span>${renderText(element, scene.world)}</span>`,
    )}</div>`,
  actions: (block, scene) =>
    html`<div class="actions">${asObjects(block['elements']).map((element) =>
      renderElement(block, element, scene),
    )}</div>`,
  context_actions: (block) =>
    html`<div class="actions">${asObjects(block['elements']).map(renderContextAction)}</div>`,
  input: renderInput,
  image: (block, scene) =>
    html`<figure>${renderPicture(block, scene)}<figcaption>${textOf(block['title'])}</figcaption></figure>`,
  rich_text: (block, { world }) => html`<div class="rich">${renderRichText(block, world)}</div>`,
  markdown: (block) => html`<div class="rich">${renderMarkdown(asString(block['text']))}</div>`,
  alert: (block, { world }) =>
    html`<div class="alert ${asString(block['level']) || 'default'}">${renderText(block['text'], world)}</div>`,
  table: (block, { world }) => renderTable(block, world),
  data_table: (block, { world }) => renderTable(block, world),
  data_visualization: renderChart,
  video: (block) =>
    html`<p>▶ ${renderLink(asString(block['video_url']), textOf(block['title']))}</p>`,
  card: renderCard,
  carousel: (block, scene) =>
    html`<div class="carousel">${asObjects(block['elements']).map((card) => renderCard(card, scene))}</div>`,
  container: renderContainer,
  plan: (block, scene) =>
    html`<div class="card"><strong>${asString(block['title'])}</strong>${asObjects(
      block['tasks'],
    ).map((task) => renderTask(task, scene))}</div>`,
  task_card: renderTask,
};

export const renderBlocks = (blocks: readonly Json[], scene: Scene): Html[] =>
  blocks.map((block) => renderBlock(block, scene));

/** One block. A type nobody knows shows as its name: better than a hole in the page. */
export function renderBlock(block: Json, scene: Scene): Html {
  const type = asString(block['type']);
  const render = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : undefined;
  const inner =
    render === undefined
      ? html`<p class="hint">(a block of type ${type})</p>`
      : render(block, scene);
  return html`<div class="block b-${type}" data-block="${asString(block['block_id'])}">${inner}</div>`;
}

/** An element that stands in a section or in a row of actions. */
function renderElement(block: Json, element: Json, scene: Scene): Html {
  const ties = looseTies(scene, block, element);
  switch (element['type']) {
    case 'button':
    case 'workflow_button':
      return renderButton(element);
    case 'overflow':
      return renderOverflow(element);
    case 'image':
      return renderPicture(element, scene);
    case 'checkboxes':
    case 'radio_buttons':
      return html`<fieldset><legend class="unseen">${ties.label}</legend>${renderChoices(
        scene,
        block,
        element,
        ties,
      )}</fieldset>`;
    default:
      return isSelect(element)
        ? renderSelect(scene, block, element, ties)
        : renderField(scene, block, element, ties);
  }
}

function renderSection(block: Json, scene: Scene): Html {
  const fields = asObjects(block['fields']).map(
    (field) => html`<div>${renderText(field, scene.world)}</div>`,
  );
  const text =
    block['text'] === undefined
      ? undefined
      : html`<div class="text">${renderText(block['text'], scene.world)}</div>`;
  const grid = fields.length === 0 ? undefined : html`<div class="fields">${fields}</div>`;
  const beside =
    block['accessory'] === undefined
      ? undefined
      : html`<div class="accessory">${renderElement(block, asObject(block['accessory']), scene)}</div>`;
  return html`<div class="section-body"><div class="section-text">${text}${grid}</div>${beside}</div>`;
}

/** Nothing is fetched from elsewhere: a picture of another host shows as its description. */
function renderPicture(image: Json, { world }: Scene): Html {
  const alt = asString(image['alt_text']);
  const shared = world.fileUrl(asString(asObject(image['slack_file'])['id']));
  return shared === undefined
    ? html`<span class="picture">🖼 ${alt}</span>`
    : html`<img src="${shared}" alt="${alt}">`;
}

function renderCard(card: Json, scene: Scene): Html {
  const line = (name: string, tag: 'strong' | 'span') =>
    card[name] === undefined
      ? undefined
      : tag === 'strong'
        ? html`<strong>${renderText(card[name], scene.world)}</strong>`
        : html`<span>${renderText(card[name], scene.world)}</span>`;
  return html`<div class="card">${line('title', 'strong')}${line('subtitle', 'span')}${line(
    'body',
    'span',
  )}<div class="actions">${asObjects(card['actions']).map(renderButton)}</div></div>`;
}

function renderContainer(block: Json, scene: Scene): Html {
  const title =
    block['rich_text_title'] === undefined
      ? html`${textOf(block['title'])}`
      : renderRichText(asObject(block['rich_text_title']), scene.world);
  return html`<section class="card"><strong>${title}</strong>${renderText(
    block['subtitle'],
    scene.world,
  )}${renderBlocks(asObjects(block['child_blocks']), scene)}</section>`;
}

const TASK_SIGNS: Readonly<Record<string, string>> = {
  pending: '○',
  in_progress: '◐',
  complete: '●',
  error: '✕',
};

function renderTask(task: Json, scene: Scene): Html {
  const status = asString(task['status']);
  return html`<p>${TASK_SIGNS[status] ?? ''} ${asString(task['title'])} <small>(${status.replace(
    '_',
    ' ',
  )})</small></p>${renderRichText(asObject(task['details']), scene.world)}`;
}
