/**
 * Test database: an empty database of ours. Making one costs a second (collections, validators,
 * indexes), so each worker of a test run keeps a few, empties them and gives them out again.
 */
import { randomBytes } from 'node:crypto';
import type { Db } from 'mongodb';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { COLLECTIONS } from '../../src/store/migrations.ts';

export interface TestDatabase {
  readonly database: Database;
  /** Empties every collection. */
  empty(): Promise<void>;
  /** Closes the connection, so that whatever still runs can no longer write. */
  close(): Promise<void>;
}

/** The fingerprint of the address key, which is the same in all tests. */
const ADDRESS_KEY_FACT = { _id: 'address-key' } as object;
const SYSTEM = 'system';

/** Which of its worker's databases this test file holds. */
const held = new Set<number>();
/** Those that this file had before: they need no collections and no indexes. */
const prepared = new Set<string>();

/**
 * @param own a database that nobody had before and nobody gets afterwards: for tests that start
 *   programs, which may outlive them or leave a transaction open
 */
export async function testDatabase({
  addressKey,
  own,
}: {
  readonly addressKey: Buffer;
  readonly own: boolean;
}): Promise<TestDatabase> {
  const uri = process.env['TEST_MONGODB_URI'];
  const run = process.env['TEST_RUN'];
  if (uri === undefined || run === undefined) {
    throw new Error('Tests run by `npm test`, which starts a mongod.');
  }
  let slot = 0;
  while (held.has(slot)) slot++;
  held.add(slot);
  const worker = process.env['JEST_WORKER_ID'] ?? '0';
  const place = own ? randomBytes(6).toString('hex') : `${worker}-${slot}`;
  const name = `test-${run}-${place}`;
  const database = await openDatabase({ uri, name, addressKey, prepared: prepared.has(name) });
  if (!own) {
    await empty(database.db);
    prepared.add(name);
  }
  return {
    database,
    empty: async () => empty(database.db),
    async close() {
      if (own) await database.db.dropDatabase();
      await database.close();
      held.delete(slot);
    },
  };
}

/** Empties what the product made and removes what tests made. */
async function empty(db: Db): Promise<void> {
  const found = await db.listCollections({}, { nameOnly: true }).toArray();
  const names = found.map(({ name }) => name);
  const made = names.filter((name) => name !== SYSTEM && !(name in COLLECTIONS));
  const filled = await filledOf(
    db,
    names.filter((name) => !made.includes(name)),
  );
  await Promise.all([
    ...filled.map(async (name) => db.collection(name).deleteMany({ $nor: [ADDRESS_KEY_FACT] })),
    ...made.map(async (name) => db.collection(name).drop()),
  ]);
}

/** Those that hold something, found by one question instead of by emptying all, one by one. */
async function filledOf(db: Db, names: readonly string[]): Promise<string[]> {
  const [first, ...others] = names;
  if (first === undefined) return [];
  const oneOf = (name: string) => [
    { $match: { $nor: [ADDRESS_KEY_FACT] } },
    { $limit: 1 },
    { $project: { _id: 0, name } },
  ];
  const found = await db
    .collection(first)
    .aggregate<{ name: string }>([
      ...oneOf(first),
      ...others.map((coll) => ({ $unionWith: { coll, pipeline: oneOf(coll) } })),
    ])
    .toArray();
  return found.map(({ name }) => name);
}
