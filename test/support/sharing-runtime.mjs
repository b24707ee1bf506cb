/**
 * Sharing runtime: how test files load modules. A package is loaded once for all test files of a
 * worker, by Node itself, and so is a module of ours that keeps nothing; a test file, what supports
 * tests, and a module that keeps something (with all that import it) are loaded for each file anew.
 *
 * It leans on the inside of jest-runtime, whose version is pinned for that.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { SyntheticModule } from 'node:vm';
import Runtime from 'jest-runtime';
import { loadForGood } from './one-realm-environment.mjs';

const native = createRequire(import.meta.url);
/**
 * A variable, or a collection that starts empty: the module keeps something between two calls. What
 * a WeakMap keeps goes with its keys.
 */
const KEEPS =
  /^(?:export )?(?:let |const \w+(?:: [^=]+)? = (?:new (?:Map|Set)\b[^(\n]*\(\)|\[\]|\{\});)/m;

/** Of this worker: packages by how they are imported, our modules by URL, their maps by path. */
const packages = new Map();
const sources = new Map();
const sourceMaps = new Map();

export default class SharingRuntime extends Runtime {
  #ours;
  #shares;
  /** Who imports a module, by its path. */
  #importers = new Map();

  constructor(...args) {
    // Jest changes it in the sandbox that it believes to be in.
    const { getBuiltinModule } = process;
    super(...args);
    if (getBuiltinModule !== undefined) process.getBuiltinModule = getBuiltinModule;
    const [{ rootDir }, , , , , { collectCoverage }] = args;
    this.#ours = ['src', 'demo'].map((folder) => join(rootDir, folder, sep));
    // Coverage is counted per test file.
    this.#shares = !collectCoverage;
    this.#loadInThisRealm();
    for (const [url, module] of sources) this.registries.getActiveEsmRegistry().set(url, module);
    for (const [path, map] of sourceMaps) this.transformCache.getSourceMaps().set(path, map);
  }

  /** Jest's own modules: the runner holds the tests of one file, the others hold nothing. */
  requireInternalModule(from, to) {
    if (to !== undefined) return createRequire(from)(to);
    delete native.cache[from];
    return native(from);
  }

  teardown() {
    if (this.#shares) this.#share();
    super.teardown();
  }

  #loadInThisRealm() {
    const { esmLoader, coreModule, _resolution: resolution } = this;
    esmLoader.getContext = () => undefined;
    coreModule.require = (name) => native(name);
    // Without it, a newer Node would take a way through Jest that does not ask resolveModule.
    resolution.hasDistinctAsyncResolver = () => true;
    const resolveModule = esmLoader.resolveModule.bind(esmLoader);
    esmLoader.resolveModule = async (specifier, importer, context) => {
      if (isPackage(specifier) && !resolution.isCoreModule(specifier)) return packageOf(specifier);
      const module = await resolveModule(specifier, importer, context);
      const importers = this.#importers.get(module.identifier) ?? new Set();
      this.#importers.set(module.identifier, importers.add(importer));
      return module;
    };
  }

  /** Keeps the modules of ours that are the same for every test file. */
  #share() {
    const loaded = [...this.registries.getActiveEsmRegistry()].filter(
      ([url, { status, identifier }]) =>
        !sources.has(url) &&
        status === 'evaluated' &&
        this.#ours.some((folder) => identifier.startsWith(folder)),
    );
    const apart = new Set();
    for (const [, { identifier }] of loaded) {
      if (KEEPS.test(readFileSync(identifier, 'utf8'))) this.#addWithImporters(apart, identifier);
    }
    for (const [url, module] of loaded) if (!apart.has(module.identifier)) sources.set(url, module);
    for (const [path, map] of this.transformCache.getSourceMaps()) sourceMaps.set(path, map);
  }

  #addWithImporters(apart, path) {
    if (apart.has(path)) return;
    apart.add(path);
    for (const importer of this.#importers.get(path) ?? []) this.#addWithImporters(apart, importer);
  }
}

/** `zod`, `nodemailer/lib/x`; `@jest/globals` is made for each test file. */
const isPackage = (specifier) =>
  /^(?:@[\w-]+\/)?[a-z][\w.-]*(?:\/|$)/i.test(specifier) && specifier !== '@jest/globals';

/** The package as a module that a test file can be linked with. */
async function packageOf(specifier) {
  const known = packages.get(specifier) ?? wrap(specifier);
  packages.set(specifier, known);
  return known;
}

async function wrap(specifier) {
  const exported = await loadForGood(specifier);
  const names = Object.keys(exported);
  const module = new SyntheticModule(
    names,
    () => {
      for (const name of names) module.setExport(name, exported[name]);
    },
    { identifier: `package:${specifier}` },
  );
  await module.link(() => {});
  await module.evaluate();
  return module;
}
