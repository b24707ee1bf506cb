/** Check rich text: the `rich_text` block and the pieces inside it. */
import { RICH_TEXT_INDENT_MAX } from '../../src/slack/blocks/limits.ts';
import {
  anyKind,
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
  whole,
} from './check.ts';

/** No limit is documented for one run of text; a whole message's text is limited elsewhere. */
const RUN_CHARS_MAX = 12_000;
const ITEMS_MAX = 1_000;

const styled: Fields = {
  style: optional(
    object({
      bold: optional(flag),
      code: optional(flag),
      italic: optional(flag),
      strike: optional(flag),
      underline: optional(flag),
    }),
  ),
};
const id: Check = chars(255);

const text = kind({ ...styled, text: chars(RUN_CHARS_MAX) });
const link = kind({
  ...styled,
  url: chars(3_000),
  text: optional(chars(RUN_CHARS_MAX)),
  unsafe: optional(flag),
});

const RUNS: Readonly<Record<string, Kind>> = {
  text,
  link,
  user: kind({ ...styled, user_id: id }),
  usergroup: kind({ ...styled, usergroup_id: id }),
  channel: kind({ ...styled, channel_id: id }),
  team: kind({ ...styled, team_id: id }),
  broadcast: kind({ ...styled, range: oneOf('here', 'channel', 'everyone') }),
  color: kind({ ...styled, value: matching(/^#[0-9a-f]{3,8}$/i, 'a hex colour') }),
  date: kind({
    ...styled,
    timestamp: whole(0),
    format: chars(255),
    url: optional(chars(3_000)),
    fallback: optional(chars(255)),
  }),
  emoji: kind({
    ...styled,
    name: chars(100),
    unicode: optional(chars(100)),
    url: optional(chars(3_000)),
  }),
};
const runs = list(anyKind('rich text', RUNS), ITEMS_MAX, 0);
const plainRuns = list(anyKind('text or link', { text, link }), ITEMS_MAX, 0);
const border: Fields = { border: optional(whole(0, 1)) };
const section = kind({ elements: runs });

const PARTS: Readonly<Record<string, Kind>> = {
  rich_text_section: section,
  rich_text_list: kind({
    ...border,
    elements: list(anyKind('list item', { rich_text_section: section }), ITEMS_MAX),
    style: oneOf('bullet', 'ordered'),
    indent: optional(whole(0, RICH_TEXT_INDENT_MAX)),
    offset: optional(whole(0)),
  }),
  rich_text_quote: kind({ ...border, elements: runs }),
  rich_text_preformatted: kind({ ...border, elements: plainRuns, language: optional(chars(50)) }),
};

export const richTextKind = kind({
  block_id: optional(id),
  elements: list(anyKind('rich text part', PARTS), ITEMS_MAX),
});

/** A `rich_text` block where only that may stand: a table's cell, an input's first value. */
export const richText: Check = anyKind('rich_text', { rich_text: richTextKind });
