/** Client: the few commands that a mongod is given by those who start it, seek it or end it. */
import { type Document, MongoClient } from 'mongodb';

export type AdminCommand = (command: Document) => Promise<Document>;

const CONNECT_MS = 2_000;

/** Runs commands on one mongod, whatever its place in a replica set is. */
export async function withAdmin<T>(
  address: { readonly port: number },
  work: (command: AdminCommand) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(`mongodb://127.0.0.1:${address.port}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: CONNECT_MS,
  });
  try {
    return await work((command) => client.db('admin').command(command));
  } finally {
    await client.close();
  }
}

/** Asks mongod to close its data and end; it is still busy with that when this returns. */
export async function shutDown(address: { readonly port: number }): Promise<void> {
  // Time 0 with force: a set of one has no secondary to wait for.
  const command = { shutdown: 1, force: true, timeoutSecs: 0 };
  // mongod breaks the connection instead of answering.
  await withAdmin(address, (send) => send(command)).catch(() => {});
}
