/** Render tables: `table` and `data_table` blocks, with headers that screen readers can use. */
import { Html, html } from '../../src/web/html.ts';
import { asObject, asObjects, asString, type Json } from '../slack/json.ts';
import { renderPlain } from './render-mrkdwn.ts';
import { renderRichText } from './render-rich-text.ts';
import type { World } from './scene.ts';

export function renderTable(block: Json, world: World): Html {
  const [head = [], ...rows] = (Array.isArray(block['rows']) ? block['rows'] : []).map((row) =>
    asObjects(row),
  );
  const align = asObjects(block['column_settings']).map((column) => asString(column['align']));
  const headed = Number(block['row_header_column_index'] ?? -1);
  const cellOf = (tag: string, cell: Json, column: number) =>
    new Html(
      `<${tag} class="${html`${alignOf(cell, align[column])}`.text}">${renderCell(cell, world).text}</${tag.split(' ')[0] ?? 'td'}>`,
    );
  const body = rows.map(
    (row) =>
      html`<tr>${row.map((cell, column) =>
        cellOf(column === headed ? 'th scope="row"' : 'td', cell, column),
      )}</tr>`,
  );
  const caption = asString(block['caption']);
  return html`<div class="table" tabindex="0" role="region" aria-label="${caption || 'Table'}"><table>${
    caption === '' ? undefined : html`<caption>${caption}</caption>`
  }<thead><tr>${head.map((cell, column) =>
    cellOf('th scope="col"', cell, column),
  )}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const alignOf = (cell: Json, align: string | undefined): string =>
  align ?? (cell['type'] === 'raw_number' ? 'right' : 'left');

const renderCell = (cell: Json, world: World): Html =>
  cell['type'] === 'rich_text'
    ? renderRichText(asObject(cell), world)
    : renderPlain(asString(cell['text']));
