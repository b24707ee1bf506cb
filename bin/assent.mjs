#!/usr/bin/env node
/**
 * Launcher: runs `assent` right after `npm ci`, built or not. In production, or where the sources
 * are not there, it runs dist/; else the sources, so that nobody runs yesterday's build by mistake.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const built = at('../dist/main.js');
const source = at('../src/main.ts');

/** tsx runs the sources on Node 20; it is there after `npm ci` unless dev dependencies are left out. */
function tsx() {
  try {
    return createRequire(import.meta.url).resolve('tsx');
  } catch {
    return undefined;
  }
}

const loader = existsSync(source) ? tsx() : undefined;
const useBuilt = existsSync(built) && (process.env.NODE_ENV === 'production' || !loader);

if (useBuilt) {
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(built).href);
} else if (loader) {
  await import(pathToFileURL(loader).href);
  await import(pathToFileURL(source).href);
} else {
  console.error(
    'Assent is not built and its sources cannot be run here. Run: npm ci && npm run build',
  );
  process.exitCode = 1;
}
