/** Read scenario: one folder with `given.json` and `then.json`, checked before anything is played. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { Given } from './given.ts';
import { Then } from './then.ts';

const FILES = ['given.json', 'then.json'];
/** A sentence in kebab-case: at least three words. */
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+){2,}$/;

export interface Scenario {
  readonly given: Given;
  readonly expected: Then;
}

/** The names of all scenarios in a folder. */
export function scenarioNames(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

/** @throws Error if the name is no sentence, a file is missing or too many, or one has a slip in it */
export function readScenario(folder: string): Scenario {
  const name = basename(folder);
  if (!NAME.test(name)) throw new Error(`${name} is not the name of a scenario: a-few-words.`);
  const files = readdirSync(folder).toSorted();
  if (files.join() !== FILES.join()) {
    throw new Error(`${name} must hold ${FILES.join(' and ')}; it holds ${files.join(', ')}.`);
  }
  return { given: read(folder, 'given.json', Given), expected: read(folder, 'then.json', Then) };
}

function read<T>(folder: string, file: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  if (result.success) return result.data;
  throw new Error(`${basename(folder)}/${file}:\n${z.prettifyError(result.error)}`);
}
