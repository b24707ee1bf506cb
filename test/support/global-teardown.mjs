/** Global teardown: ends the mongod that the setup started, or removes our databases from another. */
import { rm } from 'node:fs/promises';
import { MongoClient } from 'mongodb';

export default async function globalTeardown() {
  const started = globalThis.testMongod;
  if (started === undefined) return removeDatabases();
  await started.mongod.stop();
  await rm(started.folder, { recursive: true, force: true });
}

/** A MongoDB that was there before is left as it was. */
async function removeDatabases() {
  const client = new MongoClient(process.env.TEST_MONGODB_URI);
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    const ours = databases.filter(({ name }) => name.startsWith(`test-${process.env.TEST_RUN}-`));
    for (const { name } of ours) await client.db(name).dropDatabase();
  } finally {
    await client.close();
  }
}
