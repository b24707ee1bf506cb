/** Limit rows: for each of Slack's numbers, a view or message with so many of what it limits. */
import type { Json } from '../../../demo/slack/json.ts';
import type * as limits from '../../../src/slack/blocks/limits.ts';
import * as a from './block-samples.ts';

export type Limit = keyof typeof limits;
/** The limit, where a fault must be named, and the thing with `n` of what is limited. */
export type Row = [limit: Limit, at: string, build: (n: number) => Json];

const { plain, mrkdwn, long, letters, times } = a;
const inModal = (block: Json) => a.modal([block]);
const field = (element: Json) => inModal(a.input(element));
const pressed = (more: Json) => a.message([a.actions(a.button(more))]);
const asked = (more: Json) => pressed({ confirm: a.confirm(more) });
const chosen = (more: Json) => field(a.select({ options: [a.option(1, more)] }));

export const ROWS: Row[] = [
  [
    'TEXT_CHARS_MAX',
    '/blocks/0/elements/0/text',
    (n) => a.message([{ type: 'context', elements: [mrkdwn(long(n))] }]),
  ],
  ['MESSAGE_BLOCKS_MAX', '/blocks', (n) => a.message(times(n, () => a.section()))],
  ['MESSAGE_TEXT_CHARS_MAX', '/text', (n) => ({ text: long(n) })],
  [
    'MESSAGE_BLOCK_TEXT_CHARS_MAX',
    '/blocks',
    (n) =>
      a.message([
        ...times(4, () => a.section({ text: mrkdwn(long(2_900)) })),
        a.section({ text: mrkdwn(long(n - 4 * 2_900)) }),
      ]),
  ],
  [
    'MESSAGE_ATTACHMENTS_MAX',
    '/attachments',
    (n) => ({
      text: 'x',
      attachments: times(n, () => ({ text: 'y' })),
    }),
  ],
  ['MESSAGE_TABLES_MAX', '/blocks', (n) => a.message(times(n, () => a.dataTable()))],
  ['MESSAGE_CHARTS_MAX', '/blocks', (n) => a.message(times(n, () => a.pie(1)))],
  ['VIEW_BLOCKS_MAX', '/blocks', (n) => a.modal(times(n, () => a.section()))],
  ['VIEW_BYTES_MAX', '', (n) => ofBytes(n)],
  ['VIEW_TITLE_CHARS_MAX', '/title/text', (n) => a.modal(undefined, { title: plain(long(n)) })],
  ['VIEW_SUBMIT_CHARS_MAX', '/submit/text', (n) => a.modal(undefined, { submit: plain(long(n)) })],
  ['VIEW_CLOSE_CHARS_MAX', '/close/text', (n) => a.modal(undefined, { close: plain(long(n)) })],
  [
    'PRIVATE_METADATA_CHARS_MAX',
    '/private_metadata',
    (n) => a.home(undefined, { private_metadata: long(n) }),
  ],
  ['CALLBACK_ID_CHARS_MAX', '/callback_id', (n) => a.modal(undefined, { callback_id: long(n) })],
  ['EXTERNAL_ID_CHARS_MAX', '/external_id', (n) => a.modal(undefined, { external_id: long(n) })],
  ['BLOCK_ID_CHARS_MAX', '/blocks/0/block_id', (n) => inModal(a.section({ block_id: long(n) }))],
  ['ACTION_ID_CHARS_MAX', '/blocks/0/elements/0/action_id', (n) => pressed({ action_id: long(n) })],
  [
    'SECTION_TEXT_CHARS_MAX',
    '/blocks/0/text/text',
    (n) => inModal(a.section({ text: mrkdwn(long(n)) })),
  ],
  [
    'SECTION_FIELDS_MAX',
    '/blocks/0/fields',
    (n) => inModal(a.section({ fields: times(n, () => mrkdwn('x')) })),
  ],
  [
    'SECTION_FIELD_CHARS_MAX',
    '/blocks/0/fields/0/text',
    (n) => inModal(a.section({ fields: [mrkdwn(long(n))] })),
  ],
  [
    'HEADER_TEXT_CHARS_MAX',
    '/blocks/0/text/text',
    (n) => inModal({ type: 'header', text: plain(long(n)) }),
  ],
  [
    'CONTEXT_ELEMENTS_MAX',
    '/blocks/0/elements',
    (n) => inModal({ type: 'context', elements: times(n, () => mrkdwn('x')) }),
  ],
  [
    'ACTIONS_ELEMENTS_MAX',
    '/blocks/0/elements',
    (n) => a.message([a.actions(...times(n, (i) => a.button({ action_id: `press-${i}` })))]),
  ],
  [
    'INPUT_LABEL_CHARS_MAX',
    '/blocks/0/label/text',
    (n) => inModal(a.input(a.textInput(), { label: plain(long(n)) })),
  ],
  [
    'INPUT_HINT_CHARS_MAX',
    '/blocks/0/hint/text',
    (n) => inModal(a.input(a.textInput(), { hint: plain(long(n)) })),
  ],
  ['IMAGE_URL_CHARS_MAX', '/blocks/0/image_url', (n) => inModal(a.picture({ image_url: long(n) }))],
  [
    'IMAGE_ALT_TEXT_CHARS_MAX',
    '/blocks/0/alt_text',
    (n) => inModal(a.picture({ alt_text: long(n) })),
  ],
  [
    'IMAGE_TITLE_CHARS_MAX',
    '/blocks/0/title/text',
    (n) => inModal(a.picture({ title: plain(long(n)) })),
  ],
  [
    'MARKDOWN_TEXT_CHARS_MAX',
    '/blocks/0/text',
    (n) => a.message([{ type: 'markdown', text: long(n) }]),
  ],
  [
    'ALERT_TEXT_CHARS_MAX',
    '/blocks/0/text/text',
    (n) => inModal({ type: 'alert', text: mrkdwn(long(n)) }),
  ],
  [
    'CONTEXT_ACTIONS_ELEMENTS_MAX',
    '/blocks/0/elements',
    (n) =>
      a.message([
        {
          type: 'context_actions',
          elements: times(n, (i) => ({
            type: 'icon_button',
            icon: 'trash',
            text: plain('Drop'),
            action_id: `drop-${i}`,
          })),
        },
      ]),
  ],
  [
    'CARD_TITLE_CHARS_MAX',
    '/blocks/0/title/text',
    (n) => a.message([a.card({ title: mrkdwn(long(n)) })]),
  ],
  [
    'CARD_SUBTITLE_CHARS_MAX',
    '/blocks/0/subtitle/text',
    (n) => a.message([a.card({ subtitle: mrkdwn(long(n)) })]),
  ],
  [
    'CARD_BODY_CHARS_MAX',
    '/blocks/0/body/text',
    (n) => a.message([a.card({ body: mrkdwn(long(n)) })]),
  ],
  [
    'CARD_ACTIONS_MAX',
    '/blocks/0/actions',
    (n) => a.message([a.card({ actions: times(n, () => a.button()) })]),
  ],
  [
    'CAROUSEL_CARDS_MAX',
    '/blocks/0/elements',
    (n) => a.message([{ type: 'carousel', elements: times(n, () => a.card()) }]),
  ],
  [
    'CONTAINER_TITLE_CHARS_MAX',
    '/blocks/0/title/text',
    (n) => a.message([a.container({ title: plain(long(n)) })]),
  ],
  [
    'CONTAINER_SUBTITLE_CHARS_MAX',
    '/blocks/0/subtitle/text',
    (n) => a.message([a.container({ subtitle: plain(long(n)) })]),
  ],
  [
    'CONTAINER_BLOCKS_MAX',
    '/blocks/0/child_blocks',
    (n) => a.message([a.container({ child_blocks: times(n, () => a.section()) })]),
  ],
  [
    'PLAN_TASKS_MAX',
    '/blocks/0/tasks',
    (n) =>
      a.message([
        {
          type: 'plan',
          title: 'Plan',
          tasks: times(n, (i) => ({
            type: 'task_card',
            task_id: `t${i}`,
            title: 'Task',
            status: 'pending',
          })),
        },
      ]),
  ],
  [
    'VIDEO_TITLE_CHARS_MAX',
    '/blocks/0/title/text',
    (n) => inModal(a.video({ title: plain(long(n - 1)) })),
  ],
  [
    'VIDEO_AUTHOR_CHARS_MAX',
    '/blocks/0/author_name',
    (n) => inModal(a.video({ author_name: long(n - 1) })),
  ],
  [
    'VIDEO_DESCRIPTION_CHARS_MAX',
    '/blocks/0/description/text',
    (n) => inModal(a.video({ description: plain(long(n)) })),
  ],
  ['TABLE_ROWS_MAX', '/blocks/0/rows', (n) => a.message([{ type: 'table', rows: a.rows(n) }])],
  [
    'TABLE_COLUMNS_MAX',
    '/blocks/0/rows/0',
    (n) => a.message([{ type: 'table', rows: a.rows(1, n) }]),
  ],
  ['DATA_TABLE_ROWS_MAX', '/blocks/0/rows', (n) => a.message([a.dataTable({ rows: a.rows(n) })])],
  [
    'DATA_TABLE_COLUMNS_MAX',
    '/blocks/0/rows/0',
    (n) => a.message([a.dataTable({ rows: a.rows(2, n) })]),
  ],
  [
    'DATA_TABLE_TEXT_CHARS_MAX',
    '/blocks',
    (n) => a.message([a.dataTable({ rows: [[a.cell('x')], [a.cell(long(n - 1))]] })]),
  ],
  [
    'DATA_TABLE_PAGE_ROWS_MAX',
    '/blocks/0/page_size',
    (n) => a.message([a.dataTable({ page_size: n })]),
  ],
  ['CHART_TITLE_CHARS_MAX', '/blocks/0/title', (n) => a.message([a.pie(1, { title: long(n) })])],
  ['CHART_SEGMENTS_MAX', '/blocks/0/chart/segments', (n) => a.message([a.pie(n)])],
  ['CHART_SERIES_MAX', '/blocks/0/chart/series', (n) => a.message([a.line(n, 2)])],
  ['CHART_POINTS_MAX', '/blocks/0/chart/series/0/data', (n) => a.message([a.line(1, n)])],
  [
    'CHART_LABEL_CHARS_MAX',
    '/blocks/0/chart/segments/0/label',
    (n) =>
      a.message([a.pie(0, { chart: { type: 'pie', segments: [{ label: long(n), value: 1 }] } })]),
  ],
  [
    'CHART_AXIS_CHARS_MAX',
    '/blocks/0/chart/axis_config/x_label',
    (n) => a.message([a.line(1, 1, { x_label: long(n) })]),
  ],
  [
    'PLACEHOLDER_CHARS_MAX',
    '/blocks/0/element/placeholder/text',
    (n) => field(a.textInput({ placeholder: plain(long(n)) })),
  ],
  [
    'BUTTON_TEXT_CHARS_MAX',
    '/blocks/0/elements/0/text/text',
    (n) => pressed({ text: plain(long(n)) }),
  ],
  ['BUTTON_VALUE_CHARS_MAX', '/blocks/0/elements/0/value', (n) => pressed({ value: long(n) })],
  ['BUTTON_URL_CHARS_MAX', '/blocks/0/elements/0/url', (n) => pressed({ url: long(n) })],
  [
    'ACCESSIBILITY_LABEL_CHARS_MAX',
    '/blocks/0/elements/0/accessibility_label',
    (n) => pressed({ accessibility_label: long(n) }),
  ],
  [
    'ICON_BUTTON_USERS_MAX',
    '/blocks/0/elements/0/visible_to_user_ids',
    (n) => a.message([a.iconButton({ visible_to_user_ids: times(n, (i) => `U${i}`) })]),
  ],
  [
    'CONFIRM_TITLE_CHARS_MAX',
    '/blocks/0/elements/0/confirm/title/text',
    (n) => asked({ title: plain(long(n)) }),
  ],
  [
    'CONFIRM_TEXT_CHARS_MAX',
    '/blocks/0/elements/0/confirm/text/text',
    (n) => asked({ text: mrkdwn(long(n)) }),
  ],
  [
    'CONFIRM_BUTTON_CHARS_MAX',
    '/blocks/0/elements/0/confirm/deny/text',
    (n) => asked({ confirm: plain('Yes'), deny: plain(long(n)) }),
  ],
  [
    'OPTION_TEXT_CHARS_MAX',
    '/blocks/0/element/options/0/text/text',
    (n) => chosen({ text: plain(long(n)) }),
  ],
  [
    'OPTION_DESCRIPTION_CHARS_MAX',
    '/blocks/0/element/options/0/description/text',
    (n) => chosen({ description: plain(long(n)) }),
  ],
  [
    'OPTION_VALUE_CHARS_MAX',
    '/blocks/0/element/options/0/value',
    (n) => chosen({ value: long(n) }),
  ],
  [
    'OPTION_URL_CHARS_MAX',
    '/blocks/0/elements/0/options/0/url',
    (n) => a.message([a.actions({ type: 'overflow', options: [a.option(1, { url: long(n) })] })]),
  ],
  [
    'OPTION_GROUP_LABEL_CHARS_MAX',
    '/blocks/0/element/option_groups/0/label/text',
    (n) =>
      field({
        type: 'static_select',
        option_groups: [{ label: plain(long(n)), options: [a.option(1)] }],
      }),
  ],
  [
    'SELECT_OPTIONS_MAX',
    '/blocks/0/element/options',
    (n) => field(a.select({ options: times(n, a.option) })),
  ],
  [
    'SELECT_GROUPS_MAX',
    '/blocks/0/element/option_groups',
    (n) =>
      field({
        type: 'static_select',
        option_groups: times(n, (i) => ({ label: plain('Group'), options: [a.option(i)] })),
      }),
  ],
  [
    'CHOICE_OPTIONS_MAX',
    '/blocks/0/element/options',
    (n) => field({ type: 'radio_buttons', options: times(n, a.option) }),
  ],
  [
    'OVERFLOW_OPTIONS_MAX',
    '/blocks/0/elements/0/options',
    (n) => a.message([a.actions({ type: 'overflow', options: times(n, a.option) })]),
  ],
  [
    'TEXT_INPUT_CHARS_MAX',
    '/blocks/0/element/max_length',
    (n) => field(a.textInput({ max_length: n })),
  ],
  [
    'RICH_TEXT_INPUT_LINES_MAX',
    '/blocks/0/element/max_lines',
    (n) => field({ type: 'rich_text_input', max_lines: n }),
  ],
  [
    'FILE_INPUT_FILES_MAX',
    '/blocks/0/element/max_files',
    (n) => field({ type: 'file_input', max_files: n }),
  ],
  [
    'RICH_TEXT_INDENT_MAX',
    '/blocks/0/elements/0/indent',
    (n) =>
      inModal(
        a.richText({
          type: 'rich_text_list',
          style: 'bullet',
          indent: n,
          elements: [{ type: 'rich_text_section', elements: [] }],
        }),
      ),
  ],
];

/** A modal whose JSON is exactly this long; its blocks are few and each within its limits. */
function ofBytes(n: number): Json {
  const filled = (spare: number) =>
    a.modal([
      ...times(90, () => a.section({ text: mrkdwn(letters(2_700)) })),
      ...times(5, () => a.section({ text: mrkdwn(letters(1 + Math.floor(spare / 5))) })),
      a.section({ text: mrkdwn(letters(1 + (spare % 5))) }),
    ]);
  return filled(n - JSON.stringify(filled(0)).length);
}
