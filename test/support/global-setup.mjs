/** Global setup: one real mongod for the whole test run, in a temporary folder. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';

/** A caller that has a MongoDB already names it in TEST_MONGODB_URI; it must be a replica set. */
// biome-ignore lint/style/noDefaultExport: Jest asks for one.
export default async function globalSetup() {
  if (process.env.TEST_MONGODB_URI) return;
  const { startLocalMongod } = await tsImport('../../src/store/local-mongod.ts', import.meta.url);
  const folder = await mkdtemp(join(tmpdir(), 'assent-test-'));
  const mongod = await startLocalMongod({ folder, env: process.env, say: console.log });
  process.env.TEST_MONGODB_URI = mongod.uri;
  globalThis.testMongod = { mongod, folder };
}
