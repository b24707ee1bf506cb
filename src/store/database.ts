/**
 * Database: the connection, what it must be able to do, and transactions.
 *
 * Proofs and permissions change together or not at all, so a replica set is needed (one node is
 * enough): a standalone server is refused at the start, with the command that makes it one.
 */
import { createHash } from 'node:crypto';
import { type ClientSession, type Db, MongoClient, type MongoClientOptions } from 'mongodb';
import { addressStore } from './addresses.ts';
import { announcementClock, announcementStore } from './announcements.ts';
import { audienceStore } from './audiences.ts';
import { budget } from './budget.ts';
import { campaignClock, campaignStore } from './campaigns.ts';
import { consentMixStore } from './consent-mix.ts';
import { contactStore } from './contacts.ts';
import { digestClock, digestStore } from './digests.ts';
import { draftStore } from './drafts.ts';
import { evidenceClock, evidenceStore } from './evidence.ts';
import { importAddressStore } from './import-addresses.ts';
import { importStore } from './imports.ts';
import { ledgerStore } from './ledger.ts';
import { mailEventStore } from './mail-events.ts';
import { migrate } from './migrations.ts';
import { paceStore } from './paces.ts';
import { canaryStore } from './paces-canary.ts';
import { rangeStore } from './ranges.ts';
import { requestClock, requestStore } from './requests.ts';
import type { Tx } from './scoped.ts';
import { seenStore } from './seen.ts';
import { sendEventStore, sendFinder } from './send-events.ts';
import { sendGroupStore } from './send-groups.ts';
import { sendClock, sendStore } from './sends.ts';
import { settingsStore } from './settings.ts';
import { templateStore } from './templates.ts';
import { visitorStore } from './visitors.ts';

/** How long a start waits for a server that does not answer. */
const SERVER_SELECTION_MS = 5_000;
const POOL_CONNECTIONS = 30;
/** Installation-wide facts that belong to no workspace: the address key's fingerprint. */
const SYSTEM = 'system';

const CLIENT_OPTIONS: MongoClientOptions = {
  appName: 'assent',
  serverApi: { version: '1', strict: true, deprecationErrors: true },
  serverSelectionTimeoutMS: SERVER_SELECTION_MS,
  retryWrites: true,
  w: 'majority',
  maxPoolSize: POOL_CONNECTIONS,
};

export type Store = ReturnType<typeof storeOf>;
export type Database = Awaited<ReturnType<typeof openDatabase>>;

/** Everything of one workspace; there is no way to ask for a document of another. */
function storeOf(db: Db, workspace: string) {
  return {
    workspace,
    addresses: addressStore(db, workspace),
    announcements: announcementStore(db, workspace),
    audiences: audienceStore(db, workspace),
    campaigns: campaignStore(db, workspace),
    consentMix: consentMixStore(db, workspace),
    contacts: contactStore(db, workspace),
    digests: digestStore(db, workspace),
    drafts: draftStore(db, workspace),
    evidence: evidenceStore(db, workspace),
    importAddresses: importAddressStore(db, workspace),
    imports: importStore(db, workspace),
    ledger: ledgerStore(db, workspace),
    mailEvents: mailEventStore(db, workspace),
    canaries: canaryStore(db, workspace),
    paces: paceStore(db, workspace),
    ranges: rangeStore(db, workspace),
    requests: requestStore(db, workspace),
    seen: seenStore(db, workspace),
    sendEvents: sendEventStore(db, workspace),
    sendGroups: sendGroupStore(db, workspace),
    sends: sendStore(db, workspace),
    templates: templateStore(db, workspace),
    visitors: visitorStore(db, workspace),
    settings: settingsStore(db, workspace),
    budget: (pace: Parameters<typeof budget>[2]) => budget(db, workspace, pace),
  };
}

/** What the clock asks about all workspaces at once; at most four together keep their types. */
const clockOf = (db: Db) =>
  Object.assign(
    Object.assign(requestClock(db), campaignClock(db), digestClock(db), announcementClock(db)),
    sendClock(db),
    evidenceClock(db),
    sendFinder(db),
  );

/**
 * Connects, checks the server, runs the migrations and checks the address key.
 * @param prepared the same process opened this database before: nothing is there to make or check
 * @throws Error with the remedy if the server is not reachable, not a replica set, or was used
 *   with another address key (it would make everyone a stranger and forget every opt-out)
 */
export async function openDatabase({
  uri,
  name,
  addressKey,
  prepared = false,
}: {
  uri: string;
  name: string;
  addressKey: Buffer;
  prepared?: boolean;
}) {
  const client = new MongoClient(uri, CLIENT_OPTIONS);
  try {
    await connect(client);
    const db = client.db(name);
    if (!prepared) {
      await migrate(db);
      await checkAddressKey(db, addressKey);
    }
    return {
      client,
      db,
      of: (workspace: string) => storeOf(db, workspace),
      clock: clockOf(db),
      /**
       * Runs `act` in a transaction: all of it or nothing. It may run several times (write
       * conflicts), so it must do nothing but read and write through `tx`.
       */
      async inTransaction<T>(act: (tx: Tx) => Promise<T>): Promise<T> {
        return client.withSession(async (session: ClientSession) =>
          session.withTransaction(async () => act({ session })),
        );
      },
      /** @throws the driver's error if the server does not answer */
      async ping(): Promise<void> {
        await db.command({ ping: 1 });
      },
      async close(): Promise<void> {
        await client.close();
      },
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function connect(client: MongoClient): Promise<void> {
  try {
    await client.connect();
  } catch (cause) {
    throw new Error(
      'MongoDB does not answer at MONGODB_URI, so nothing was started. Check that the server runs and the address is right.',
      { cause },
    );
  }
  const hello = await client.db('admin').command({ hello: 1 });
  if (hello['setName'] === undefined && hello['msg'] !== 'isdbgrid') {
    throw new Error(
      'MongoDB runs as a standalone server, which has no transactions, so nothing was started. ' +
        'Start mongod with --replSet rs0 and run once: mongosh --eval "rs.initiate()".',
    );
  }
}

async function checkAddressKey(db: Db, addressKey: Buffer): Promise<void> {
  const fingerprint = createHash('sha256').update('address-key\0').update(addressKey).digest('hex');
  const kept = await db
    .collection<{ _id: string; fingerprint: string }>(SYSTEM)
    .findOneAndUpdate(
      { _id: 'address-key' },
      { $setOnInsert: { fingerprint } },
      { upsert: true, returnDocument: 'after' },
    );
  if (kept?.fingerprint !== fingerprint) {
    throw new Error(
      'ASSENT_ADDRESS_KEY is not the key this database was made with, so nothing was started: ' +
        'with it every address would look new and every opt-out would be forgotten. Configure the old key.',
    );
  }
}
