/** Method: one call of the Web API, from its arguments to its answer without `ok`. */
import type { Json } from './json.ts';
import type { Workspace } from './workspace.ts';

/** @throws SlackError */
export type Method = (ws: Workspace, args: Json) => Json;
