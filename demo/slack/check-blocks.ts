/** Check blocks: every type of block, its fields, and the surfaces that show it. */
import {
  ACTIONS_ELEMENTS_MAX,
  ALERT_TEXT_CHARS_MAX,
  BLOCK_ID_CHARS_MAX,
  CARD_ACTIONS_MAX,
  CARD_BODY_CHARS_MAX,
  CARD_SUBTITLE_CHARS_MAX,
  CARD_TITLE_CHARS_MAX,
  CAROUSEL_CARDS_MAX,
  CONTAINER_BLOCKS_MAX,
  CONTAINER_SUBTITLE_CHARS_MAX,
  CONTAINER_TITLE_CHARS_MAX,
  CONTEXT_ACTIONS_ELEMENTS_MAX,
  CONTEXT_ELEMENTS_MAX,
  HEADER_TEXT_CHARS_MAX,
  IMAGE_TITLE_CHARS_MAX,
  INPUT_HINT_CHARS_MAX,
  INPUT_LABEL_CHARS_MAX,
  MARKDOWN_TEXT_CHARS_MAX,
  PLAN_TASKS_MAX,
  SECTION_FIELD_CHARS_MAX,
  SECTION_FIELDS_MAX,
  SECTION_TEXT_CHARS_MAX,
  TEXT_CHARS_MAX,
  VIDEO_AUTHOR_CHARS_MAX,
  VIDEO_DESCRIPTION_CHARS_MAX,
  VIDEO_TITLE_CHARS_MAX,
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
  matching,
  object,
  oneOf,
  optional,
  type Rule,
  type Surface,
} from './check.ts';
import {
  ACCESSORIES,
  ACTION_ELEMENTS,
  buttonKind,
  CONTEXT_ACTION_ELEMENTS,
  INPUT_ELEMENTS,
} from './check-elements.ts';
import { FIGURES, tableKind } from './check-figures.ts';
import { richText, richTextKind } from './check-rich-text.ts';
import {
  anyText,
  exactlyOne,
  mrkdwn,
  pictureFields,
  pictureKind,
  plainText,
} from './check-texts.ts';
import { asObject, asObjects, asString } from './json.ts';

const MESSAGE: readonly Surface[] = ['message'];
const MODAL: readonly Surface[] = ['modal'];

const id: Fields = { block_id: optional(chars(BLOCK_ID_CHARS_MAX)) };
const https = matching(/^https:\/\/\S+$/, 'an https URL');
const picture = anyKind('image', { image: pictureKind });

const textOrFields: Rule = (value, at, visit) => {
  if (value['text'] === undefined && value['fields'] === undefined)
    blame(visit, at, 'must provide text or fields');
};

const someContent: Rule = (value, at, visit) => {
  const holds = ['hero_image', 'title', 'actions', 'body'].some(
    (name) => value[name] !== undefined,
  );
  if (!holds) blame(visit, at, 'must provide hero_image, title, actions or body');
};

const someTitle: Rule = (value, at, visit) => {
  if (value['title'] === undefined && value['rich_text_title'] === undefined)
    blame(visit, at, 'must provide title or rich_text_title');
};

/**
 * No two elements of one block may carry the same action id (the same id in other blocks is fine).
 */
const uniqueActionIds: Rule = (value, at, visit) => {
  const seen = new Set<string>();
  for (const [index, element] of asObjects(value['elements']).entries()) {
    const actionId = asString(element['action_id']);
    if (actionId !== '' && seen.has(actionId))
      blame(visit, `${at}/elements/${index}`, `\`action_id\` "${actionId}" already exists`);
    seen.add(actionId);
  }
};

const PLAIN_BLOCKS: Readonly<Record<string, Kind>> = {
  divider: kind(id),
  header: kind({ ...id, text: plainText(HEADER_TEXT_CHARS_MAX) }),
  section: kind(
    {
      ...id,
      text: optional(anyText(SECTION_TEXT_CHARS_MAX)),
      fields: optional(list(anyText(SECTION_FIELD_CHARS_MAX), SECTION_FIELDS_MAX)),
      accessory: optional(anyKind('accessory', { ...ACCESSORIES, image: pictureKind })),
      expand: optional(flag),
    },
    [textOrFields],
  ),
  context: kind({
    ...id,
    elements: list(
      anyKind('context element', {
        image: pictureKind,
        plain_text: textKind('plain_text'),
        mrkdwn: textKind('mrkdwn'),
      }),
      CONTEXT_ELEMENTS_MAX,
    ),
  }),
  actions: kind(
    { ...id, elements: list(anyKind('action', ACTION_ELEMENTS), ACTIONS_ELEMENTS_MAX) },
    [uniqueActionIds],
  ),
  input: kind({
    ...id,
    label: plainText(INPUT_LABEL_CHARS_MAX),
    hint: optional(plainText(INPUT_HINT_CHARS_MAX)),
    optional: optional(flag),
    dispatch_action: optional(flag),
    element: anyKind('input element', INPUT_ELEMENTS),
  }),
  image: kind({ ...id, ...pictureFields, title: optional(plainText(IMAGE_TITLE_CHARS_MAX)) }, [
    exactlyOne('image_url', 'slack_file'),
  ]),
  rich_text: richTextKind,
  video: kind({
    ...id,
    video_url: https,
    thumbnail_url: chars(3_000),
    alt_text: chars(2_000),
    title: plainText(VIDEO_TITLE_CHARS_MAX - 1),
    title_url: optional(https),
    author_name: optional(chars(VIDEO_AUTHOR_CHARS_MAX - 1)),
    provider_name: optional(chars(50)),
    provider_icon_url: optional(chars(2_000)),
    description: optional(plainText(VIDEO_DESCRIPTION_CHARS_MAX)),
  }),
};

const card = kind(
  {
    ...id,
    hero_image: optional(picture),
    icon: optional(picture),
    title: optional(mrkdwn(CARD_TITLE_CHARS_MAX)),
    subtitle: optional(mrkdwn(CARD_SUBTITLE_CHARS_MAX)),
    body: optional(mrkdwn(CARD_BODY_CHARS_MAX)),
    actions: optional(list(anyKind('button', { button: buttonKind }), CARD_ACTIONS_MAX)),
  },
  [someContent],
  MESSAGE,
);

const task = kind(
  {
    ...id,
    task_id: chars(255),
    title: chars(TEXT_CHARS_MAX),
    details: optional(richText),
    output: optional(richText),
    sources: optional(
      list(object({ type: oneOf('url'), url: chars(3_000), text: chars(TEXT_CHARS_MAX) }), 100),
    ),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  [],
  MESSAGE,
);

const contained: Readonly<Record<string, Kind>> = {
  ...PLAIN_BLOCKS,
  table: tableKind,
};

const BLOCKS: Readonly<Record<string, Kind>> = {
  ...PLAIN_BLOCKS,
  ...FIGURES,
  alert: kind(
    {
      ...id,
      text: anyText(ALERT_TEXT_CHARS_MAX),
      level: optional(oneOf('default', 'info', 'warning', 'error', 'success')),
    },
    [],
    MODAL,
  ),
  markdown: kind({ ...id, text: chars(MARKDOWN_TEXT_CHARS_MAX) }, [], MESSAGE),
  card,
  carousel: kind(
    { ...id, elements: list(anyKind('card', { card }), CAROUSEL_CARDS_MAX) },
    [],
    MESSAGE,
  ),
  container: kind(
    {
      ...id,
      title: optional(plainText(CONTAINER_TITLE_CHARS_MAX)),
      rich_text_title: optional(richText),
      subtitle: optional(anyText(CONTAINER_SUBTITLE_CHARS_MAX)),
      child_blocks: list(anyKind('child block', contained), CONTAINER_BLOCKS_MAX),
      width: optional(oneOf('narrow', 'standard', 'wide', 'full')),
      icon: optional(picture),
      is_collapsible: optional(flag),
      default_collapsed: optional(flag),
      has_header_divider: optional(flag),
    },
    [someTitle],
    MESSAGE,
  ),
  context_actions: kind(
    {
      ...id,
      elements: list(
        anyKind('context action', CONTEXT_ACTION_ELEMENTS),
        CONTEXT_ACTIONS_ELEMENTS_MAX,
      ),
    },
    [uniqueActionIds],
    MESSAGE,
  ),
  task_card: task,
  plan: kind(
    {
      ...id,
      title: chars(TEXT_CHARS_MAX),
      tasks: optional(list(anyKind('task', { task_card: task }), PLAN_TASKS_MAX)),
    },
    [],
    MESSAGE,
  ),
};

function textKind(type: 'plain_text' | 'mrkdwn'): Kind {
  return kind({
    text: chars(TEXT_CHARS_MAX),
    [type === 'plain_text' ? 'emoji' : 'verbatim']: optional(flag),
  });
}

/** One block. Files shared by apps (`file`) are Slack's own to place, so they count as unknown. */
const block: Check = anyKind('block', BLOCKS);

/** A list of blocks with ids that are theirs alone. */
export function blocks(max: number, min: number): Check {
  const every = list(block, max, min);
  return (value, at, visit) => {
    every(value, at, visit);
    const seen = new Set<string>();
    for (const [index, entry] of asObjects(value).entries()) {
      const blockId = asString(entry['block_id']);
      if (blockId !== '' && seen.has(blockId))
        blame(visit, `${at}/${index}/block_id`, `\`block_id\` "${blockId}" already exists`);
      seen.add(blockId);
    }
  };
}

/** How many blocks or elements want the focus when the view opens. */
export const focused = (value: unknown): number =>
  asObjects(value).filter((entry) =>
    [entry['element'], entry['accessory'], ...asObjects(entry['elements'])].some(
      (element) => asObject(element)['focus_on_load'] === true,
    ),
  ).length;
