/**
 * Elements: what can be clicked, chosen or filled in, in a message or a view, and how to find it.
 */

import { optionsOf } from './check-texts.ts';
import { asObject, asObjects, asString, type Json, textOf } from './json.ts';

/** Blocks with those inside containers and carousels. */
export const flatBlocks = (blocks: readonly Json[]): Json[] =>
  blocks.flatMap((block) => [
    block,
    ...flatBlocks(asObjects(block['child_blocks'])),
    ...(block['type'] === 'carousel' ? asObjects(block['elements']) : []),
  ]);

const HOLDERS = new Set(['actions', 'context_actions']);

/** The elements of one block that people can do something with. */
export function elementsOf(block: Json): Json[] {
  const held = [
    block['element'],
    block['accessory'],
    ...(HOLDERS.has(asString(block['type'])) ? asObjects(block['elements']) : []),
    ...asObjects(block['actions']),
  ];
  return held.map(asObject).filter((element) => asString(element['action_id']) !== '');
}

export interface Found {
  readonly block: Json;
  readonly element: Json;
}

/** Exactly one place, as a screen knows it that drew the blocks. */
export interface Spot {
  readonly block: string;
  readonly action: string;
}
/** What an element is called by: a word that stands on it or behind it, or its exact place. */
export type Name = string | Spot;

/**
 * Finds an element by its place, its action id, its own text, or the block id or label of its input
 * block. `value` tells apart elements that share a name: it is the value of a button, or the value or text
 * of an option.
 * @throws Error that lists what there is
 */
export function findElement(blocks: readonly Json[], name: Name, value?: string): Found {
  const all = flatBlocks(blocks).flatMap((block) =>
    elementsOf(block).map((element) => ({ block, element })),
  );
  const named = all.filter((found) => isCalled(found, name));
  const fitting =
    value === undefined || named.length === 1
      ? named
      : named.filter(({ element }) => valuesOf(element).includes(value));
  const first = fitting.at(0);
  if (first === undefined)
    throw new Error(`nothing here is called "${wordOf(name)}"; there is: ${menu(all)}`);
  if (fitting.length > 1)
    throw new Error(
      `${fitting.length} things here are called "${wordOf(name)}"; say which by its value`,
    );
  return first;
}

export const wordOf = (name: Name): string => (typeof name === 'string' ? name : name.action);

const isCalled = (found: Found, name: Name): boolean =>
  typeof name === 'string'
    ? namesOf(found).includes(name)
    : found.block['block_id'] === name.block && found.element['action_id'] === name.action;

const namesOf = ({ block, element }: Found): string[] => [
  asString(element['action_id']),
  textOf(element['text']),
  ...(block['type'] === 'input' ? [textOf(block['label']), asString(block['block_id'])] : []),
];

const valuesOf = (element: Json): string[] => [
  asString(element['value']),
  ...optionsOf(element).flatMap((option) => [asString(option['value']), textOf(option['text'])]),
];

const menu = (all: readonly Found[]): string =>
  all.map((found) => namesOf(found).filter(Boolean).slice(0, 2).join(' = ')).join('; ') ||
  'nothing';

/** Gives ids to blocks and elements that have none, as Slack does. */
export function withIds(blocks: readonly Json[], nextId: (prefix: string) => string): Json[] {
  return structuredClone([...blocks]).map((block) => {
    for (const inner of flatBlocks([block])) {
      inner['block_id'] ||= nextId('bk');
      const held = [inner['element'], inner['accessory'], ...asObjects(inner['elements'])];
      for (const element of held.map(asObject)) {
        if (NEEDS_ID.has(asString(element['type']))) element['action_id'] ||= nextId('ac');
      }
      for (const button of asObjects(inner['actions'])) button['action_id'] ||= nextId('ac');
    }
    return block;
  });
}

const NEEDS_ID = new Set([
  'button',
  'workflow_button',
  'overflow',
  'checkboxes',
  'radio_buttons',
  'static_select',
  'multi_static_select',
  'external_select',
  'multi_external_select',
  'users_select',
  'multi_users_select',
  'channels_select',
  'multi_channels_select',
  'conversations_select',
  'multi_conversations_select',
  'datepicker',
  'timepicker',
  'datetimepicker',
  'plain_text_input',
  'rich_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
  'file_input',
  'feedback_buttons',
  'icon_button',
]);
