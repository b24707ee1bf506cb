/** JSON: values whose shape is not known yet, and how to look into them. */
export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value as an object; what is none reads as an empty one. */
export const asObject = (value: unknown): Json => (isObject(value) ? value : {});

/** The objects of a list; what is no list reads as an empty one. */
export const asObjects = (value: unknown): Json[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** The value as a string; what is none reads as an empty one. */
export const asString = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The text of a text object, such as `{ type: 'plain_text', text }`. */
export const textOf = (value: unknown): string => asString(asObject(value)['text']);

/** Counts Unicode code points, as Slack does. */
export const codePoints = (text: string): number => Array.from(text).length;

/** Parses JSON of somebody else's; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One string of the value's tree, with its place as a JSON pointer. */
export interface Leaf {
  readonly at: string;
  readonly text: string;
}

/** Every string in a value, depth first. */
export function leaves(value: unknown, at = ''): Leaf[] {
  if (typeof value === 'string') return [{ at, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, `${at}/${key}`));
}
