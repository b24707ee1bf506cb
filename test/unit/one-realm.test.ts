/** One realm: tests run where node core lives, and what one file changes no other file sees. */
import { readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

interface Environment {
  teardown(): Promise<void>;
}
type Environments = {
  readonly default: new (options: { readonly projectConfig: object }) => Environment;
  loadForGood(specifier: string): Promise<unknown>;
};

/** An own copy of what all tests run in. */
const environments: Environments = await import('../support/one-realm-environment.mjs' as string);
const projectConfig = { fakeTimers: {} };
const signalled = (): number => process.listenerCount('SIGUSR2');
const ofTheWorld = (name: string): unknown => Reflect.get(globalThis, name);

let environment: Environment;
beforeEach(() => {
  environment = new environments.default({ projectConfig });
});
afterEach(async () => {
  await environment.teardown();
});

it('an error of node core is an error', async () => {
  const fault: unknown = await readFile('/no/such/file').catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Error);
});

it('what a file adds to the world is taken away', async () => {
  Reflect.set(globalThis, 'addedByAFile', true);
  process.env['ADDED_BY_A_FILE'] = 'yes';
  process.on('SIGUSR2', () => undefined);
  await environment.teardown();
  expect(ofTheWorld('addedByAFile')).toBeUndefined();
  expect(process.env['ADDED_BY_A_FILE']).toBeUndefined();
  expect(signalled()).toBe(0);
});

it('what a file changes in the world is put back', async () => {
  const before = { fetch: globalThis.fetch, exit: process.exit, path: process.env['PATH'] };
  const folder = process.cwd();
  Reflect.set(globalThis, 'fetch', () => undefined);
  Reflect.set(process, 'exit', () => undefined);
  process.env['PATH'] = '';
  process.chdir(await realpath(tmpdir()));
  await environment.teardown();
  const after = { fetch: globalThis.fetch, exit: process.exit, path: process.env['PATH'] };
  expect(after).toEqual(before);
  expect(process.cwd()).toBe(folder);
});

it('what a package adds at its loading stays for the files to come', async () => {
  const source = `globalThis.addedByAPackage = true; process.on('SIGUSR2', globalThis.Boolean);`;
  await environments.loadForGood(`data:text/javascript,${encodeURIComponent(source)}`);
  await environment.teardown();
  expect(ofTheWorld('addedByAPackage')).toBe(true);
  expect(signalled()).toBe(1);
  Reflect.deleteProperty(globalThis, 'addedByAPackage');
  process.off('SIGUSR2', Boolean);
});
