/** Database: an empty database of its own for each test file, on the run's one mongod. */
import { randomBytes } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';

export interface TestDatabase {
  readonly uri: string;
  readonly client: MongoClient;
  readonly db: Db;
  /** Removes the database and closes the client; call it in `afterAll`. */
  drop(): Promise<void>;
}

/** @throws Error outside of a test run, which alone has a mongod */
export async function testDatabase(): Promise<TestDatabase> {
  const uri = process.env['TEST_MONGODB_URI'];
  if (uri === undefined) {
    throw new Error('TEST_MONGODB_URI is not set: tests run by `npm test`, which starts a mongod.');
  }
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 5_000 });
  const db = client.db(`test-${randomBytes(6).toString('hex')}`);
  const drop = async () => {
    await db.dropDatabase();
    await client.close();
  };
  return { uri, client, db, drop };
}
