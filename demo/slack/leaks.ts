/** Leaks: e-mail addresses in places where many people, or Slack itself, would read them. */
import { isObject, type Json, leaves } from './json.ts';

export interface Leak {
  /** A Web API method, or the kind of request whose answer it was. */
  readonly by: string;
  /** JSON pointer to the string that holds the address. */
  readonly at: string;
  readonly found: string;
}

/**
 * A whole address; a masked one (`j***@example.com`) is none, since `*` is no part of what comes
 * before the @.
 */
const ADDRESS = /[\w.%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/i;

/** Fields that are not shown, but travel through Slack and come back. */
const HIDDEN = new Set([
  'private_metadata',
  'metadata',
  'value',
  'block_id',
  'action_id',
  'callback_id',
  'external_id',
]);

/** Any address in what a channel reads. */
export const leaksInChannel = (by: string, message: Json): Leak[] =>
  leaves(message).flatMap((leaf) => leak(by, leaf.at, leaf.text));

/** Any address in what is not shown: metadata, ids, values of buttons and options. */
export const leaksInHiding = (by: string, thing: Json): Leak[] =>
  hidden(thing, '').flatMap((leaf) => leak(by, leaf.at, leaf.text));

function leak(by: string, at: string, text: string): Leak[] {
  const found = ADDRESS.exec(text)?.[0];
  return found === undefined ? [] : [{ by, at, found }];
}

function hidden(thing: unknown, at: string): { at: string; text: string }[] {
  if (Array.isArray(thing)) return thing.flatMap((item, index) => hidden(item, `${at}/${index}`));
  if (!isObject(thing)) return [];
  return Object.entries(thing).flatMap(([key, value]) =>
    HIDDEN.has(key) ? leaves(value, `${at}/${key}`) : hidden(value, `${at}/${key}`),
  );
}
