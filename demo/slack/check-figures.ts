/** Check figures: tables and charts, which only messages can show. */
import {
  BLOCK_ID_CHARS_MAX,
  CHART_AXIS_CHARS_MAX,
  CHART_LABEL_CHARS_MAX,
  CHART_POINTS_MAX,
  CHART_SEGMENTS_MAX,
  CHART_SERIES_MAX,
  CHART_TITLE_CHARS_MAX,
  DATA_TABLE_COLUMNS_MAX,
  DATA_TABLE_PAGE_ROWS_MAX,
  DATA_TABLE_ROWS_MAX,
  TABLE_COLUMNS_MAX,
  TABLE_ROWS_MAX,
} from '../../src/slack/blocks/limits.ts';
import {
  anyKind,
  blame,
  type Check,
  chars,
  type Fields,
  flag,
  type Kind,
  kind,
  list,
  object,
  oneOf,
  optional,
  type Rule,
  whole,
} from './check.ts';
import { richTextKind } from './check-rich-text.ts';
import { asObject, asObjects, asString, type Json } from './json.ts';

const id: Fields = { block_id: optional(chars(BLOCK_ID_CHARS_MAX)) };
const label = chars(CHART_LABEL_CHARS_MAX);
const CELL_CHARS_MAX = 20_000;

const finite: Check = (value, at, visit) => {
  if (typeof value !== 'number' || !Number.isFinite(value))
    blame(visit, at, 'must provide a number');
};
const positive: Check = (value, at, visit) => {
  finite(value, at, visit);
  if (Number(value) <= 0) blame(visit, at, 'must be greater than 0');
};

const cell = anyKind('table cell', {
  raw_text: kind({ text: chars(CELL_CHARS_MAX) }),
  raw_number: kind({ value: finite, text: chars(CELL_CHARS_MAX) }),
  rich_text: richTextKind,
});

const rowsAreEven: Rule = (value, at, visit) => {
  const rows = Array.isArray(value['rows']) ? value['rows'] : [];
  const widths = new Set(rows.map((row: unknown) => (Array.isArray(row) ? row.length : 0)));
  if (widths.size > 1) blame(visit, `${at}/rows`, 'every row must have as many cells as the first');
};

/** Each series has one value for each category, in the same order. */
const seriesFitAxis: Rule = (value, at, visit) => {
  const categories = JSON.stringify(asObject(value['axis_config'])['categories']);
  const names = new Set<string>();
  for (const [index, series] of asObjects(value['series']).entries()) {
    const labels = JSON.stringify(asObjects(series['data']).map((point) => point['label']));
    if (labels !== categories)
      blame(visit, `${at}/series/${index}/data`, 'labels must match the categories of the axis');
    names.add(asString(series['name']));
  }
  if (names.size < asObjects(value['series']).length)
    blame(visit, `${at}/series`, 'series must have unique names');
};

const plotted = kind(
  {
    series: list(
      object({ name: label, data: list(object({ label, value: finite }), CHART_POINTS_MAX) }),
      CHART_SERIES_MAX,
    ),
    axis_config: object({
      categories: list(label, CHART_POINTS_MAX),
      x_label: optional(chars(CHART_AXIS_CHARS_MAX)),
      y_label: optional(chars(CHART_AXIS_CHARS_MAX)),
    }),
  },
  [seriesFitAxis],
);

const chart = anyKind('chart', {
  pie: kind({ segments: list(object({ label, value: positive }), CHART_SEGMENTS_MAX) }),
  bar: plotted,
  area: plotted,
  line: plotted,
});

/** The text in all cells of a table. */
export const cellText = (table: Json): string[] =>
  (Array.isArray(table['rows']) ? table['rows'] : []).flatMap((row: unknown) =>
    asObjects(row).map((entry) => asString(entry['text'])),
  );

export const tableKind = kind(
  {
    ...id,
    rows: list(list(cell, TABLE_COLUMNS_MAX), TABLE_ROWS_MAX),
    column_settings: optional(
      list(
        object({
          align: optional(oneOf('left', 'center', 'right')),
          is_wrapped: optional(flag),
        }),
        TABLE_COLUMNS_MAX,
      ),
    ),
  },
  [],
  ['message'],
);

export const FIGURES: Readonly<Record<string, Kind>> = {
  table: tableKind,
  data_table: kind(
    {
      ...id,
      caption: chars(CELL_CHARS_MAX),
      rows: list(list(cell, DATA_TABLE_COLUMNS_MAX), DATA_TABLE_ROWS_MAX, 2),
      page_size: optional(whole(1, DATA_TABLE_PAGE_ROWS_MAX)),
      row_header_column_index: optional(whole(0, DATA_TABLE_COLUMNS_MAX - 1)),
    },
    [rowsAreEven],
    ['message'],
  ),
  data_visualization: kind({ ...id, title: chars(CHART_TITLE_CHARS_MAX), chart }, [], ['message']),
};
