/** Manifest: what the app's manifest says people can type and press. */
import { readFile } from 'node:fs/promises';
import { asObject, asObjects, asString, type Json, parseJson } from '../slack/json.ts';
import type { Named } from './scene.ts';

export interface Manifest {
  readonly commands: readonly { name: string; about: string; usage: string }[];
  readonly globalShortcuts: readonly Named[];
  readonly messageShortcuts: readonly Named[];
}

const FILE = new URL('../../manifests/manifest.json', import.meta.url);

export async function readManifest(): Promise<Manifest> {
  const features = asObject(asObject(parseJson(await readFile(FILE, 'utf8')))['features']);
  const shortcuts = asObjects(features['shortcuts']);
  return {
    commands: asObjects(features['slash_commands']).map((command) => ({
      name: asString(command['command']),
      about: asString(command['description']),
      usage: asString(command['usage_hint']),
    })),
    globalShortcuts: ofType(shortcuts, 'global'),
    messageShortcuts: ofType(shortcuts, 'message'),
  };
}

const ofType = (shortcuts: readonly Json[], type: string): Named[] =>
  shortcuts
    .filter((shortcut) => shortcut['type'] === type)
    .map((shortcut) => ({
      id: asString(shortcut['callback_id']),
      name: asString(shortcut['name']),
    }));
