/**
 * Migrations: an ordered list of steps that bring any database to what the code expects.
 *
 * Each step can run again without harm, and all of them run at every start: two processes that
 * start at once, or a start that was cut off, end in the same place.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Db, type Document, MongoServerError } from 'mongodb';
import type { z } from 'zod';
import { LedgerEntrySchema } from '../consent/ledger.ts';
import { ADDRESSES, AddressDocument, MEMBERSHIP_INDEX } from './address-document.ts';
import { ANNOUNCEMENTS, AnnouncementDocument } from './announcements.ts';
import { IMPORTS, ImportDocument, TAGS, TagDocument } from './audiences.ts';
import { BUDGETS, BudgetDocument } from './budget.ts';
import { CONTACTS, ContactDocument } from './contacts.ts';
import { DRAFTS, DraftDocument } from './drafts.ts';
import { LEDGER, UNSEALED, UnsealedDocument } from './ledger.ts';
import { RANGES, RangeDocument } from './ranges.ts';
import { REQUESTS, RequestDocument } from './requests.ts';
import { mongoSchema } from './schema.ts';
import { SEEN, SeenDocument } from './seen.ts';
import { SENDS, SendDocument } from './send-document.ts';

/** Every collection of ours and what its documents look like. */
export const COLLECTIONS: Readonly<Record<string, z.ZodType>> = {
  [ADDRESSES]: AddressDocument,
  [CONTACTS]: ContactDocument,
  [IMPORTS]: ImportDocument,
  [TAGS]: TagDocument,
  [REQUESTS]: RequestDocument,
  [RANGES]: RangeDocument,
  [SENDS]: SendDocument,
  [LEDGER]: LedgerEntrySchema,
  [UNSEALED]: UnsealedDocument,
  [ANNOUNCEMENTS]: AnnouncementDocument,
  [BUDGETS]: BudgetDocument,
  [DRAFTS]: DraftDocument,
  [SEEN]: SeenDocument,
};

const NAMESPACE_EXISTS = 48;

interface Migration {
  readonly name: string;
  run(db: Db): Promise<void>;
}

const MIGRATIONS: readonly Migration[] = [
  { name: 'collections and their validators', run: validate },
  { name: 'indexes', run: index },
];

/** Runs every migration, in order. @throws the database's error, with the step's name */
export async function migrate(db: Db): Promise<void> {
  for (const { name, run } of MIGRATIONS) {
    try {
      await run(db);
    } catch (cause) {
      throw new Error(`The database could not be prepared (step: ${name}).`, { cause });
    }
  }
}

/**
 * Makes each collection, or changes its validator if it is another one. Changing waits for every
 * open transaction, also one that a killed process left behind; so it is done only if it must be.
 */
async function validate(db: Db): Promise<void> {
  const found = await db.listCollections().toArray();
  const known = new Map(found.map((info) => [info.name, validatorOf(info)]));
  for (const [name, schema] of Object.entries(COLLECTIONS)) {
    const validator = mongoSchema(schema);
    if (!known.has(name)) await makeCollection(db, name, validator);
    else if (!isDeepStrictEqual(known.get(name), validator)) {
      await db.command({ collMod: name, validator, validationLevel: 'strict' });
    }
  }
}

const validatorOf = (info: object): unknown =>
  (info as { options?: { validator?: unknown } }).options?.validator;

async function makeCollection(db: Db, name: string, validator: Document): Promise<void> {
  try {
    await db.createCollection(name, { validator, validationLevel: 'strict' });
  } catch (error) {
    // Another process made it a moment ago.
    if (!(error instanceof MongoServerError) || error.code !== NAMESPACE_EXISTS) throw error;
  }
}

async function index(db: Db): Promise<void> {
  await db.collection(ADDRESSES).createIndex(MEMBERSHIP_INDEX);
  await db.collection(CONTACTS).createIndex({ workspace: 1, 'addresses.id': 1 });
  await db.collection(CONTACTS).createIndex({ workspace: 1, tags: 1 });
  await db.collection(IMPORTS).createIndex({ workspace: 1, nameKey: 1 });
  await db.collection(IMPORTS).createIndex({ workspace: 1, startedAt: -1 });
  await db
    .collection(IMPORTS)
    .createIndex({ workspace: 1, fileHash: 1, round: 1 }, { unique: true });
  await db.collection(TAGS).createIndex({ workspace: 1, nameKey: 1 });
  await db.collection(TAGS).createIndex({ workspace: 1, usedAt: -1 });
  await db.collection(REQUESTS).createIndex({ workspace: 1, state: 1, requestedAt: -1 });
  await db.collection(REQUESTS).createIndex({ workspace: 1, requestedAt: -1 });
  await db.collection(REQUESTS).createIndex({ workspace: 1, submission: 1 }, { unique: true });
  await db.collection(REQUESTS).createIndex({ state: 1, expiresAt: 1 });
  await db.collection(RANGES).createIndex({ workspace: 1, request: 1, number: 1 });
  await db.collection(SENDS).createIndex({ state: 1, nextAt: 1, workspace: 1 });
  await db.collection(SENDS).createIndex({ workspace: 1, 'cause.id': 1, state: 1, nextAt: 1 });
  await db.collection(SENDS).createIndex({ workspace: 1, address: 1 });
  await db.collection(SENDS).createIndex({ 'lease.token': 1 }, { sparse: true });
  await db.collection(LEDGER).createIndex({ workspace: 1, 'cause.id': 1, at: 1 });
  await db.collection(UNSEALED).createIndex({ workspace: 1, at: 1 });
  await db.collection(ANNOUNCEMENTS).createIndex({ state: 1, nextAt: 1, workspace: 1 });
  await db.collection(ANNOUNCEMENTS).createIndex({ workspace: 1, 'about.id': 1 });
  await db.collection(DRAFTS).createIndex({ workspace: 1, user: 1, wizard: 1 });
  await db.collection(DRAFTS).createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  await db.collection(SEEN).createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
}
