/**
 * One realm: the environment of all tests. They run where Node's own modules live, not in a sandbox:
 * an error of node core is an Error, as in production, and packages can be loaded once for all test
 * files (sharing-runtime.mjs). What a file changes in this world is put back at its end.
 */
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

/** What a package or Jest itself put into the world at its loading, and what was there before. */
const world = { globals: descriptorsOf(globalThis), listeners: listenersOf(process) };

export default class OneRealmEnvironment {
  global = globalThis;
  fakeTimers = null;
  #env = { ...process.env };
  #folder = process.cwd();
  #exit = process.exit;

  constructor({ projectConfig }) {
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** None: modules are compiled for the realm that is here anyway. */
  getVmContext() {
    return null;
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    process.exit = this.#exit;
    process.chdir(this.#folder);
    restoreEnvironment(this.#env);
    restoreListeners();
    restoreGlobals();
  }
}

/** Loads a package for all files to come: what it puts into the world by that stays there. */
export async function loadForGood(specifier) {
  const before = { globals: descriptorsOf(globalThis), listeners: listenersOf(process) };
  const loaded = await import(specifier);
  for (const [key, descriptor] of descriptorsOf(globalThis)) {
    if (!before.globals.has(key)) world.globals.set(key, descriptor);
  }
  for (const [event, listeners] of listenersOf(process)) {
    const known = before.listeners.get(event);
    const added = [...listeners].filter((listener) => known?.has(listener) !== true);
    world.listeners.set(event, new Set([...(world.listeners.get(event) ?? []), ...added]));
  }
  return loaded;
}

function restoreGlobals() {
  for (const [key, now] of descriptorsOf(globalThis)) {
    const before = world.globals.get(key);
    if (!now.configurable) continue;
    if (before === undefined) delete globalThis[key];
    else if (now.value !== before.value) Object.defineProperty(globalThis, key, before);
  }
}

function restoreListeners() {
  for (const [event, listeners] of listenersOf(process)) {
    const known = world.listeners.get(event);
    for (const listener of listeners) {
      if (known?.has(listener) !== true) process.off(event, listener);
    }
  }
}

function restoreEnvironment(before) {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  for (const [name, value] of Object.entries(before)) {
    if (process.env[name] !== value) process.env[name] = value;
  }
}

function descriptorsOf(thing) {
  return new Map(
    Reflect.ownKeys(thing).map((key) => [key, Reflect.getOwnPropertyDescriptor(thing, key)]),
  );
}

function listenersOf(emitter) {
  return new Map(
    emitter.eventNames().map((event) => [event, new Set(emitter.rawListeners(event))]),
  );
}
