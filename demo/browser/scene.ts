/** Scene: what a renderer must know beside the blocks: for whom, where, and what was entered. */
import { Html } from '../../src/web/html.ts';
import type { Surface } from '../slack/check.ts';
import { asString, type Json } from '../slack/json.ts';
import type { Values } from '../slack/workspace.ts';

/** Somebody or something that can be named by an id. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** What the viewer's Slack knows. */
export interface World {
  readonly people: readonly Named[];
  readonly channels: readonly Named[];
  readonly groups: readonly Named[];
  /** The viewer's own, such as `de-DE` and `Europe/Berlin`. */
  readonly locale: string;
  readonly timeZone: string;
  readonly now: Date;
  /** Where a picture or a file that somebody shared can be read; undefined if nowhere. */
  readonly fileUrl: (id: string) => string | undefined;
}

export interface Scene {
  readonly world: World;
  readonly surface: Surface;
  /** Of the view or message; begins every id in the page. */
  readonly id: string;
  readonly values: Values;
  /** Block id → sentence. */
  readonly errors: Readonly<Record<string, string>>;
}

export const nameOf = (world: World, id: string): string =>
  [...world.people, ...world.channels, ...world.groups].find((entry) => entry.id === id)?.name ??
  id;

/** An id for an element of the page: unique, and without spaces. */
export const domId = (scene: Scene, block: Json, more = ''): string =>
  encodeURIComponent(`${scene.id}.${asString(block['block_id'])}.${more}`);

/** An attribute that is there or not: ` checked`. */
export const attribute = (name: string, there: boolean): Html => new Html(there ? ` ${name}` : '');
