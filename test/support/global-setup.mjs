/** Global setup: one real mongod for the whole test run, in a temporary folder. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';

/** A folder in memory: a proof waits for the disk, which is most of what a small test does. */
const MEMORY = '/dev/shm';
/** What all databases of a run take, and as much again. */
const FREE_BYTES_MIN = 2 * 1024 ** 3;

/** A caller that has a MongoDB already names it in TEST_MONGODB_URI; it must be a replica set. */
export default async function globalSetup() {
  // Two runs on one MongoDB keep out of each other's databases by this name.
  process.env.TEST_RUN = randomBytes(4).toString('hex');
  if (process.env.TEST_MONGODB_URI) return;
  const place = await placeOfData();
  await removeLeftovers(place);
  const { startLocalMongod } = await tsImport('../../src/store/local-mongod.ts', import.meta.url);
  const folder = await mkdtemp(join(place, `assent-test-${process.pid}-`));
  try {
    const mongod = await startLocalMongod({ folder, env: process.env, say: console.log });
    process.env.TEST_MONGODB_URI = mongod.uri;
    globalThis.testMongod = { mongod, folder };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function placeOfData() {
  const memory = await statfs(MEMORY).catch(() => undefined);
  const free = memory === undefined ? 0 : memory.bavail * memory.bsize;
  return free < FREE_BYTES_MIN ? tmpdir() : MEMORY;
}

/** A run that was killed or interrupted leaves 300 MB behind; its process id is in the name. */
async function removeLeftovers(place) {
  for (const name of await readdir(place)) {
    const pid = /^assent-test-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(join(place, name), { recursive: true, force: true });
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
