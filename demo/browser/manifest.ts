/** Manifest: what the app's manifest says people can type and press. */
import { readFile } from 'node:fs/promises';
import type { StepDefinition } from '../slack/functions.ts';
import { asObject, asObjects, asString, type Json, parseJson } from '../slack/json.ts';
import type { Named } from './scene.ts';

/** A step for Workflow Builder, and what somebody fills in for it. */
export interface Step extends StepDefinition {
  readonly about: string;
  readonly inputs: readonly StepInput[];
}

export interface StepInput extends Named {
  readonly about: string;
  readonly isRequired: boolean;
}

export interface Manifest {
  readonly commands: readonly { name: string; about: string; usage: string }[];
  readonly globalShortcuts: readonly Named[];
  readonly messageShortcuts: readonly Named[];
  readonly steps: readonly Step[];
}

const FILE = new URL('../../manifests/manifest.json', import.meta.url);

export async function readManifest(): Promise<Manifest> {
  const manifest = asObject(parseJson(await readFile(FILE, 'utf8')));
  const features = asObject(manifest['features']);
  const shortcuts = asObjects(features['shortcuts']);
  return {
    commands: asObjects(features['slash_commands']).map((command) => ({
      name: asString(command['command']),
      about: asString(command['description']),
      usage: asString(command['usage_hint']),
    })),
    globalShortcuts: ofType(shortcuts, 'global'),
    messageShortcuts: ofType(shortcuts, 'message'),
    steps: Object.entries(asObject(manifest['functions'])).map(([id, step]) =>
      stepOf(id, asObject(step)),
    ),
  };
}

function stepOf(callbackId: string, step: Json): Step {
  const inputs = Object.entries(asObject(step['input_parameters'])).map(([id, given]) => ({
    id,
    ...asObject(given),
  }));
  return {
    callbackId,
    title: asString(step['title']),
    about: asString(step['description']),
    outputs: Object.keys(asObject(step['output_parameters'])),
    // Who runs it is no field: Slack says it.
    inputs: inputs
      .filter((input: Json) => input['type'] === 'string')
      .map((input: Json) => ({
        id: asString(input['id']),
        name: asString(input['title']),
        about: asString(input['description']),
        isRequired: input['is_required'] === true,
      })),
  };
}

const ofType = (shortcuts: readonly Json[], type: string): Named[] =>
  shortcuts
    .filter((shortcut) => shortcut['type'] === type)
    .map((shortcut) => ({
      id: asString(shortcut['callback_id']),
      name: asString(shortcut['name']),
    }));
