/** As text: a message, a modal or an App Home as somebody would read it, for a terminal. */
import { optionsOf } from './check-texts.ts';
import { asObject, asObjects, asString, type Json, leaves, textOf } from './json.ts';
import { heldIn, isStateful, valueAt } from './state-values.ts';
import type { OpenView, PostedMessage, Values } from './workspace.ts';

const WIDTH = 72;

/** Turns `U0ANNA` into what people call her; ids stay where nothing is known. */
export type Names = (id: string) => string | undefined;

/** The thing as lines of plain text, with a frame around views. */
export function asText(thing: PostedMessage | OpenView, names: Names = () => undefined): string {
  if (!('hash' in thing)) return messageText(thing, names).join('\n');
  const lines = thing.blocks.flatMap((block) =>
    blockLines(block, thing.values, names, thing.errors),
  );
  const title = thing.type === 'home' ? 'Home' : textOf(thing.title);
  const buttons = [thing.close, thing.submit].filter((text) => text !== null).map(buttonText);
  return framed(title, lines, thing.type === 'modal' ? buttons.join(' ') : '');
}

function messageText(message: PostedMessage, names: Names): string[] {
  const blocks = message.blocks.flatMap((block) => blockLines(block, {}, names, {}));
  const lines = blocks.length > 0 ? blocks : plain(message.text, names).split('\n');
  const marks = [
    ...(message.files ?? []).map((file) => `(file: ${file.name})`),
    ...(message.edited === undefined ? [] : ['(edited)']),
  ];
  return [...lines, ...marks];
}

const framed = (title: string, lines: readonly string[], foot: string): string =>
  [
    `┌─ ${title} ${'─'.repeat(Math.max(1, WIDTH - title.length - 4))}`,
    ...lines.map((line) => `│ ${line}`.trimEnd()),
    `└─ ${foot}`.trimEnd(),
  ].join('\n');

type Lines = (block: Json, values: Values, names: Names) => string[];

const BLOCK_LINES: Readonly<Record<string, Lines>> = {
  header: (block, _values, names) => {
    const text = words(block['text'], names);
    return [text, '═'.repeat(text.length)];
  },
  divider: () => ['─'.repeat(WIDTH - 2)],
  section: sectionLines,
  context: (block, _values, names) => [
    asObjects(block['elements'])
      .map((element) =>
        element['type'] === 'image' ? `(${asString(element['alt_text'])})` : words(element, names),
      )
      .join(' · '),
  ],
  actions: (block, values) => [
    asObjects(block['elements'])
      .map((element) => elementText(block, element, values))
      .join(' '),
  ],
  alert: (block, _values, names) => [
    `! ${asString(block['level']) || 'note'}: ${words(block['text'], names)}`,
  ],
  image: (block) => [`(picture: ${asString(block['alt_text'])})`],
  markdown: (block) => asString(block['text']).split('\n'),
  rich_text: (block, _values, names) => richTextLines(block, names),
  table: tableLines,
  data_table: (block, values, names) => [
    asString(block['caption']),
    ...tableLines(block, values, names),
  ],
  data_visualization: chartLines,
};

function blockLines(
  block: Json,
  values: Values,
  names: Names,
  errors: Readonly<Record<string, string>>,
): string[] {
  const type = asString(block['type']);
  if (type === 'input') return inputLines(block, values, errors);
  const lines = Object.hasOwn(BLOCK_LINES, type) ? BLOCK_LINES[type] : undefined;
  if (lines !== undefined) return lines(block, values, names);
  const inner = [...asObjects(block['child_blocks']), ...asObjects(block['tasks'])];
  const own = ['title', 'subtitle', 'body'].map((name) => words(block[name], names));
  return [
    ...own.filter(Boolean),
    ...inner.flatMap((child) => blockLines(child, values, names, {})),
  ];
}

function inputLines(
  block: Json,
  values: Values,
  errors: Readonly<Record<string, string>>,
): string[] {
  const element = asObject(block['element']);
  const required = block['optional'] === true ? '' : ' *';
  const error = errors[asString(block['block_id'])] ?? '';
  const hint = textOf(block['hint']);
  return [
    `${textOf(block['label'])}${required}: ${elementText(block, element, values)}`,
    ...(hint === '' ? [] : [`  ${hint}`]),
    ...(error === '' ? [] : [`  ✗ ${error}`]),
  ];
}

function sectionLines(block: Json, values: Values, names: Names): string[] {
  const accessory = asObject(block['accessory']);
  const beside =
    block['accessory'] === undefined ? '' : `   ${elementText(block, accessory, values)}`;
  const text = words(block['text'], names);
  const lines = text === '' ? [] : text.split('\n');
  const fields = asObjects(block['fields']).map((field) =>
    words(field, names).split('\n').filter(Boolean).join(': '),
  );
  const [first = '', ...rest] = [...lines, ...fields.map((field) => `• ${field}`)];
  return [first + beside, ...rest];
}

/** A button as `[Approve]`, a menu with what is chosen in it. */
function elementText(block: Json, element: Json, values: Values): string {
  if (element['type'] === 'image') return `(${asString(element['alt_text'])})`;
  if (element['type'] === 'overflow')
    return `[…: ${optionsOf(element)
      .map((option) => textOf(option['text']))
      .join(' | ')}]`;
  if (!isStateful(element)) return buttonText(element['text'] ?? {});
  const value = valueAt(values, asString(block['block_id']), asString(element['action_id']));
  const held = value === undefined ? null : heldIn(element, value);
  if (element['type'] === 'radio_buttons' || element['type'] === 'checkboxes')
    return choicesText(element, held);
  const shown = (Array.isArray(held) ? held : [held]).map(heldText).filter(Boolean).join(', ');
  return shown === '' ? `[${textOf(element['placeholder']) || ' '}]` : `[${shown}]`;
}

function choicesText(element: Json, held: unknown): string {
  const chosen = (Array.isArray(held) ? held : [held]).map((option) => asObject(option)['value']);
  const [on, off] = element['type'] === 'checkboxes' ? ['☑', '☐'] : ['◉', '○'];
  return optionsOf(element)
    .map((option) => `${chosen.includes(option['value']) ? on : off} ${textOf(option['text'])}`)
    .join('  ');
}

function heldText(held: unknown): string {
  if (typeof held === 'string' || typeof held === 'number') return String(held);
  const option = asObject(held);
  if (option['type'] === 'rich_text')
    return leaves(option)
      .filter(({ at }) => at.endsWith('/text'))
      .map(({ text }) => text)
      .join('');
  return textOf(option['text']) || asString(option['name']) || asString(option['id']);
}

const buttonText = (text: unknown): string => `[${textOf(text) || '?'}]`;

function richTextLines(block: Json, names: Names): string[] {
  return asObjects(block['elements']).flatMap((part) => {
    if (part['type'] === 'rich_text_list')
      return asObjects(part['elements']).map((item) => `• ${runText(item, names)}`);
    const mark = part['type'] === 'rich_text_quote' ? '> ' : '';
    return runText(part, names)
      .split('\n')
      .map((line) => mark + line);
  });
}

const runText = (part: Json, names: Names): string =>
  asObjects(part['elements'])
    .map((run) => {
      const id = asString(run['user_id'] ?? run['channel_id'] ?? run['usergroup_id']);
      if (id !== '') return `@${names(id) ?? id}`;
      if (run['type'] === 'emoji') return `:${asString(run['name'])}:`;
      return asString(run['text'] ?? run['fallback'] ?? run['url'] ?? run['range'] ?? run['value']);
    })
    .join('');

function tableLines(block: Json, _values: Values, names: Names): string[] {
  const rows = (Array.isArray(block['rows']) ? block['rows'] : []).map((row: unknown) =>
    asObjects(row).map((cell) =>
      cell['type'] === 'rich_text' ? richTextLines(cell, names).join(' ') : asString(cell['text']),
    ),
  );
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((text, column) => Math.max(widest[column] ?? 0, text.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join(' │ ')
      .trimEnd(),
  );
}

function chartLines(block: Json): string[] {
  const chart = asObject(block['chart']);
  const series = asObjects(chart['series']).flatMap((entry) =>
    asObjects(entry['data']).map((point) => ({
      ...point,
      label: `${asString(entry['name'])}, ${asString(point['label'])}`,
    })),
  );
  const points: Json[] = [...asObjects(chart['segments']), ...series];
  const total = points.reduce((sum, point) => sum + Math.abs(Number(point['value'])), 0);
  const longest = Math.max(0, ...points.map((point) => asString(point['label']).length));
  return [
    asString(block['title']),
    ...points.map((point) => {
      const value = Number(point['value']);
      const bar = '▓'.repeat(Math.round((Math.abs(value) / (total || 1)) * 24));
      return `  ${asString(point['label']).padEnd(longest)} ${bar} ${value.toLocaleString('en')}`;
    }),
  ];
}

const words = (text: unknown, names: Names): string =>
  asObject(text)['type'] === 'mrkdwn' ? plain(textOf(text), names) : textOf(text);

/**
 * Slack's mark-up as plain text: mentions by name, links with their address, dates as their
 * fallback says.
 */
export function plain(mrkdwn: string, names: Names = () => undefined): string {
  return mrkdwn
    .replaceAll(
      /<([@#!]?)([^>|]*)(?:\|([^>]*))?>/g,
      (_all, sign: string, target: string, label?: string) => reference(sign, target, label, names),
    )
    .replaceAll(/(^|[\s(])([*_~])(\S(?:[^\n]*?\S)?)\2(?=$|[\s).,:;!?])/gm, '$1$3')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function reference(sign: string, target: string, label: string | undefined, names: Names): string {
  if (sign === '@' || sign === '#') return `${sign}${names(target) ?? label ?? target}`;
  if (sign === '!')
    return target.startsWith('date^') ? (label ?? '') : `@${label?.replace(/^@/, '') ?? target}`;
  return label === undefined || label === target ? target : `${label} (${target})`;
}
