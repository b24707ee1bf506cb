/** Global teardown: ends the mongod that the setup started and removes its folder. */
import { rm } from 'node:fs/promises';

export default async function globalTeardown() {
  const started = globalThis.testMongod;
  if (started === undefined) return;
  await started.mongod.stop();
  await rm(started.folder, { recursive: true, force: true });
}
