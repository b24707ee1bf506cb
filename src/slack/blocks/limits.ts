/**
 * Limits: what Slack takes, and no more. One named number a limit, the unit in its name.
 *
 * Sources, from docs.slack.dev: reference/block-kit/blocks, reference/block-kit/block-elements,
 * reference/block-kit/composition-objects, reference/views, reference/methods (views.open,
 * views.push, chat.postMessage, chat.update), interactivity/handling-user-interaction,
 * apis/web-api/rate- limits; and the comments in the type files of @slack/types 3. Where two
 * sources differ, the smaller number stands here and the comment says so. CHARS are Unicode code
 * points, not UTF-16 units: measure with `[...text].length`.
 */

// Text objects (composition-objects/text-object).
export const TEXT_CHARS_MAX = 3_000;

// Messages (methods/chat.postMessage, methods/chat.update).
export const MESSAGE_BLOCKS_MAX = 50;
/**
 * chat.update refuses longer text with `msg_too_long`; chat.postMessage would take 40,000. Ours may
 * all be edited.
 */
export const MESSAGE_TEXT_CHARS_MAX = 4_000;
/**
 * All block text of one message together; beyond it `msg_blocks_too_long`. The number is not in the
 * documentation: 12,000 is what Slack's own staff named (bolt-js issue 2509); about 13,200 were
 * seen to fail.
 */
export const MESSAGE_BLOCK_TEXT_CHARS_MAX = 12_000;
export const MESSAGE_ATTACHMENTS_MAX = 100;
export const MESSAGE_TABLES_MAX = 1;
export const MESSAGE_CHARTS_MAX = 2;

// Views (reference/views/modal-views, methods/views.open, methods/views.push).
export const VIEW_BLOCKS_MAX = 100;
/** "250 kB" of JSON (`view_too_large`); read as 250,000 bytes, the smaller reading. */
export const VIEW_BYTES_MAX = 250_000;
export const VIEW_TITLE_CHARS_MAX = 24;
export const VIEW_SUBMIT_CHARS_MAX = 24;
export const VIEW_CLOSE_CHARS_MAX = 24;
export const PRIVATE_METADATA_CHARS_MAX = 3_000;
export const CALLBACK_ID_CHARS_MAX = 255;
export const EXTERNAL_ID_CHARS_MAX = 255;
/** One root view and two pushed ones (`push_limit_reached`). */
export const VIEW_STACK_MAX = 3;

// Ids.
export const BLOCK_ID_CHARS_MAX = 255;
export const ACTION_ID_CHARS_MAX = 255;

// Blocks.
export const SECTION_TEXT_CHARS_MAX = 3_000;
export const SECTION_FIELDS_MAX = 10;
export const SECTION_FIELD_CHARS_MAX = 2_000;
export const HEADER_TEXT_CHARS_MAX = 150;
export const CONTEXT_ELEMENTS_MAX = 10;
export const ACTIONS_ELEMENTS_MAX = 25;
export const INPUT_LABEL_CHARS_MAX = 2_000;
export const INPUT_HINT_CHARS_MAX = 2_000;
export const IMAGE_URL_CHARS_MAX = 3_000;
export const IMAGE_ALT_TEXT_CHARS_MAX = 2_000;
export const IMAGE_TITLE_CHARS_MAX = 2_000;
export const MARKDOWN_TEXT_CHARS_MAX = 12_000;
export const ALERT_TEXT_CHARS_MAX = 200;
export const CONTEXT_ACTIONS_ELEMENTS_MAX = 5;
export const CARD_TITLE_CHARS_MAX = 150;
export const CARD_SUBTITLE_CHARS_MAX = 150;
export const CARD_BODY_CHARS_MAX = 200;
export const CARD_ACTIONS_MAX = 3;
export const CAROUSEL_CARDS_MAX = 10;
export const CONTAINER_TITLE_CHARS_MAX = 150;
export const CONTAINER_SUBTITLE_CHARS_MAX = 150;
export const CONTAINER_BLOCKS_MAX = 10;
export const PLAN_TASKS_MAX = 50;
export const VIDEO_TITLE_CHARS_MAX = 200;
export const VIDEO_AUTHOR_CHARS_MAX = 50;
export const VIDEO_DESCRIPTION_CHARS_MAX = 200;

// Tables and charts (blocks/table-block, data-table-block, data-visualization-block).
export const TABLE_ROWS_MAX = 100;
export const TABLE_COLUMNS_MAX = 20;
/** The heading row and 100 others; one checker in the wild allows 201. */
export const DATA_TABLE_ROWS_MAX = 101;
export const DATA_TABLE_COLUMNS_MAX = 20;
/** All cells of all data tables of one message together. */
export const DATA_TABLE_TEXT_CHARS_MAX = 20_000;
export const DATA_TABLE_PAGE_ROWS_MAX = 100;
export const CHART_TITLE_CHARS_MAX = 50;
/** The documentation says 6; newer copies of it say 12. */
export const CHART_SEGMENTS_MAX = 6;
/** The documentation says 6; newer copies of it say 12. */
export const CHART_SERIES_MAX = 6;
export const CHART_POINTS_MAX = 20;
export const CHART_LABEL_CHARS_MAX = 20;
export const CHART_AXIS_CHARS_MAX = 50;

// Elements.
export const PLACEHOLDER_CHARS_MAX = 150;
export const BUTTON_TEXT_CHARS_MAX = 75;
export const BUTTON_VALUE_CHARS_MAX = 2_000;
export const BUTTON_URL_CHARS_MAX = 3_000;
export const ACCESSIBILITY_LABEL_CHARS_MAX = 75;
export const ICON_BUTTON_USERS_MAX = 10;
export const CONFIRM_TITLE_CHARS_MAX = 100;
export const CONFIRM_TEXT_CHARS_MAX = 300;
export const CONFIRM_BUTTON_CHARS_MAX = 30;
export const OPTION_TEXT_CHARS_MAX = 75;
export const OPTION_DESCRIPTION_CHARS_MAX = 75;
/**
 * composition-objects/option-object says 150; comments in @slack/types say 75. Ours stay under 75
 * by habit.
 */
export const OPTION_VALUE_CHARS_MAX = 150;
export const OPTION_URL_CHARS_MAX = 3_000;
export const OPTION_GROUP_LABEL_CHARS_MAX = 75;
export const SELECT_OPTIONS_MAX = 100;
export const SELECT_GROUPS_MAX = 100;
export const CHOICE_OPTIONS_MAX = 10;
export const OVERFLOW_OPTIONS_MAX = 5;
/**
 * What Slack waits for before it asks for options, if the element does not say
 * (`min_query_length`).
 */
export const QUERY_CHARS_MIN_DEFAULT = 3;
export const TEXT_INPUT_CHARS_MAX = 3_000;
export const RICH_TEXT_INPUT_LINES_MAX = 100;
export const FILE_INPUT_FILES_MAX = 10;
/**
 * 10 MB a file (block-elements/file-input-element); read as 10,000,000 bytes, the smaller reading.
 */
export const FILE_INPUT_BYTES_MAX = 10_000_000;
export const RICH_TEXT_INDENT_MAX = 8;

// Time.
/** A request of Slack's must be answered within this time, an options request included. */
export const ACK_MS_MAX = 3_000;
/** A `trigger_id` opens or pushes one view, within this time. */
export const TRIGGER_LIFE_MS = 3_000;
export const RESPONSE_URL_USES_MAX = 5;
export const RESPONSE_URL_LIFE_MS = 30 * 60_000;

// Rate limits: calls a minute for one method of one app in one workspace.
export const TIER_2_CALLS_PER_MINUTE = 20;
export const TIER_3_CALLS_PER_MINUTE = 50;
export const TIER_4_CALLS_PER_MINUTE = 100;
/** chat.postMessage, for one channel; short bursts are tolerated. */
export const POSTS_PER_SECOND = 1;
