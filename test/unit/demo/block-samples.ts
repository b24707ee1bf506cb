/** Block samples: small valid blocks, elements and views, to bend one thing of. */
import type { Json } from '../../../demo/slack/json.ts';

/** A text of n code points, each of them two UTF-16 units long: limits count the former. */
export const long = (n: number): string => '🎈'.repeat(n);
/** A plain string of n characters. */
export const letters = (n: number): string => 'a'.repeat(n);

export const plain = (text: string): Json => ({ type: 'plain_text', text });
export const mrkdwn = (text: string): Json => ({ type: 'mrkdwn', text });
export const times = <T>(n: number, make: (index: number) => T): T[] =>
  Array.from({ length: n }, (_, index) => make(index));

export const section = (more: Json = {}): Json => ({
  type: 'section',
  text: mrkdwn('Hello'),
  ...more,
});
export const option = (index: number, more: Json = {}): Json => ({
  text: plain(`Option ${index}`),
  value: `v${index}`,
  ...more,
});
export const button = (more: Json = {}): Json => ({
  type: 'button',
  action_id: 'press',
  text: plain('Press'),
  ...more,
});
export const actions = (...elements: Json[]): Json => ({ type: 'actions', elements });
export const input = (element: Json, more: Json = {}): Json => ({
  type: 'input',
  label: plain('Label'),
  element: { action_id: 'enter', ...element },
  ...more,
});
export const textInput = (more: Json = {}): Json => ({ type: 'plain_text_input', ...more });
export const select = (more: Json = {}): Json => ({
  type: 'static_select',
  options: [option(1), option(2)],
  ...more,
});
export const confirm = (more: Json = {}): Json => ({ text: plain('Sure?'), ...more });

export const modal = (blocks: unknown = [section()], more: Json = {}): Json => ({
  type: 'modal',
  title: plain('Title'),
  submit: plain('Send'),
  blocks,
  ...more,
});
export const home = (blocks: unknown = [section()], more: Json = {}): Json => ({
  type: 'home',
  blocks,
  ...more,
});
export const message = (blocks: unknown = [section()], more: Json = {}): Json => ({
  text: 'Hello',
  blocks,
  ...more,
});

export const cell = (text: string): Json => ({ type: 'raw_text', text });
export const rows = (count: number, columns = 1): Json[][] =>
  times(count, (row) => times(columns, (column) => cell(`${row}/${column}`)));
export const dataTable = (more: Json = {}): Json => ({
  type: 'data_table',
  caption: 'Counts',
  rows: rows(2),
  ...more,
});
export const pie = (segments: number, more: Json = {}): Json => ({
  type: 'data_visualization',
  title: 'Outcome',
  chart: { type: 'pie', segments: times(segments, (i) => ({ label: `s${i}`, value: 1 })) },
  ...more,
});
export const line = (series: number, points: number, axis: Json = {}): Json => ({
  type: 'data_visualization',
  title: 'Outcome',
  chart: {
    type: 'line',
    series: times(series, (i) => ({
      name: `n${i}`,
      data: times(points, (j) => ({ label: `p${j}`, value: -j })),
    })),
    axis_config: { categories: times(points, (j) => `p${j}`), ...axis },
  },
});
export const picture = (more: Json = {}): Json => ({
  type: 'image',
  image_url: 'https://example.com/a.png',
  alt_text: 'A picture',
  ...more,
});
export const card = (more: Json = {}): Json => ({ type: 'card', title: mrkdwn('Card'), ...more });
export const container = (more: Json = {}): Json => ({
  type: 'container',
  title: plain('Box'),
  child_blocks: [section()],
  ...more,
});
export const video = (more: Json = {}): Json => ({
  type: 'video',
  video_url: 'https://example.com/v',
  thumbnail_url: 'https://example.com/t.png',
  alt_text: 'A film',
  title: plain('Film'),
  ...more,
});
export const richText = (...elements: Json[]): Json => ({ type: 'rich_text', elements });
export const iconButton = (more: Json = {}): Json => ({
  type: 'context_actions',
  elements: [{ type: 'icon_button', icon: 'trash', text: plain('Drop'), ...more }],
});
