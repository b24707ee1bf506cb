/** Global setup: one real mongod for the whole test run, in a temporary folder. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';

/** A caller that has a MongoDB already names it in TEST_MONGODB_URI; it must be a replica set. */
export default async function globalSetup() {
  // Two runs on one MongoDB keep out of each other's databases by this name.
  process.env.TEST_RUN = randomBytes(4).toString('hex');
  if (process.env.TEST_MONGODB_URI) return;
  await removeLeftovers();
  const { startLocalMongod } = await tsImport('../../src/store/local-mongod.ts', import.meta.url);
  const folder = await mkdtemp(join(tmpdir(), `assent-test-${process.pid}-`));
  try {
    const mongod = await startLocalMongod({ folder, env: process.env, say: console.log });
    process.env.TEST_MONGODB_URI = mongod.uri;
    globalThis.testMongod = { mongod, folder };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A run that was killed or interrupted leaves 300 MB behind; its process id is in the name. */
async function removeLeftovers() {
  for (const name of await readdir(tmpdir())) {
    const pid = /^assent-test-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
