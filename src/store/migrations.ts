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
import { CAMPAIGNS, CampaignDocument } from './campaigns.ts';
import { CONSENT_MIXES, ConsentMixDocument } from './consent-mix.ts';
import { CONTACTS, ContactDocument } from './contacts.ts';
import { DRAFTS, DraftDocument } from './drafts.ts';
import { EVIDENCE, EVIDENCE_CHUNKS, EvidenceDocument } from './evidence.ts';
import { INSTALL_STATES, InstallStateDocument } from './install-states.ts';
import { INSTALLATIONS, InstallationDocument } from './installations.ts';
import { LEDGER, UNSEALED, UnsealedDocument } from './ledger.ts';
import { MAIL_EVENTS, MailEventDocument } from './mail-events.ts';
import { PACES, PaceDocument } from './paces.ts';
import { CANARIES, CanaryDocument } from './paces-canary.ts';
import { RANGES, RangeDocument } from './ranges.ts';
import { REQUESTS, RequestDocument } from './requests.ts';
import { mongoSchema } from './schema.ts';
import { SEEN, SeenDocument } from './seen.ts';
import { SENDS, SendDocument } from './send-document.ts';
import { SETTINGS, SettingsDocument } from './settings.ts';
import { TEMPLATES, TemplateDocument } from './templates.ts';
import { LATELY_MS, VISITORS, VisitorDocument } from './visitors.ts';

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
  [PACES]: PaceDocument,
  [CANARIES]: CanaryDocument,
  [DRAFTS]: DraftDocument,
  [EVIDENCE]: EvidenceDocument,
  [SEEN]: SeenDocument,
  [TEMPLATES]: TemplateDocument,
  [CAMPAIGNS]: CampaignDocument,
  [CONSENT_MIXES]: ConsentMixDocument,
  [VISITORS]: VisitorDocument,
  [MAIL_EVENTS]: MailEventDocument,
  [SETTINGS]: SettingsDocument,
  [INSTALLATIONS]: InstallationDocument,
  [INSTALL_STATES]: InstallStateDocument,
};

const NAMESPACE_EXISTS = 48;
const SECOND_MS = 1_000;

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
  await db
    .collection(REQUESTS)
    .createIndex(
      { 'plan.terms.ask.followsUp': 1, workspace: 1, state: 1, requestedAt: -1 },
      { partialFilterExpression: { 'plan.terms.ask.followsUp': true } },
    );
  await db.collection(RANGES).createIndex({ workspace: 1, request: 1, number: 1 });
  await db.collection(SENDS).createIndex({ state: 1, nextAt: 1, workspace: 1 });
  await db
    .collection(SENDS)
    .createIndex({ workspace: 1, 'cause.id': 1, state: 1, provider: 1, nextAt: 1 });
  // Small ones: what was put off, what is to be reminded, who said stop.
  await db
    .collection(SENDS)
    .createIndex(
      { workspace: 1, 'cause.id': 1, attempts: 1 },
      { partialFilterExpression: { state: 'queued', attempts: { $gt: 0 } } },
    );
  await db
    .collection(SENDS)
    .createIndex(
      { workspace: 1, 'cause.id': 1, nextAt: 1 },
      { partialFilterExpression: { remind: true } },
    );
  await db
    .collection(SENDS)
    .createIndex(
      { workspace: 1, 'cause.id': 1, outcome: 1 },
      { partialFilterExpression: { outcome: 'stopped' } },
    );
  await db.collection(PACES).createIndex({ workspace: 1, changedAt: -1 });
  await db.collection(PACES).createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  await db.collection(SENDS).createIndex({ workspace: 1, address: 1 });
  await db.collection(SENDS).createIndex({ 'lease.token': 1 }, { sparse: true });
  await db.collection(LEDGER).createIndex({ workspace: 1, 'cause.id': 1, at: 1 });
  await db.collection(UNSEALED).createIndex({ workspace: 1, at: 1 });
  await db.collection(ANNOUNCEMENTS).createIndex({ state: 1, nextAt: 1, workspace: 1 });
  await db.collection(ANNOUNCEMENTS).createIndex({ workspace: 1, 'about.id': 1 });
  await db.collection(DRAFTS).createIndex({ workspace: 1, user: 1, wizard: 1 });
  await db.collection(DRAFTS).createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  await db.collection(EVIDENCE).createIndex({ at: 1 });
  await db.collection(EVIDENCE_CHUNKS).createIndex({ files_id: 1, n: 1 }, { unique: true });
  await db.collection(MAIL_EVENTS).createIndex({ workspace: 1, address: 1, kind: 1, at: 1 });
  await db.collection(MAIL_EVENTS).createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  await db
    .collection(TEMPLATES)
    .createIndex({ workspace: 1, name: 1, version: -1 }, { unique: true });
  await db.collection(SEEN).createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  await db.collection(INSTALLATIONS).createIndex({ teams: 1 });
  await db.collection(INSTALLATIONS).createIndex({ checkAt: 1 });
  await db.collection(INSTALL_STATES).createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  await db.collection(CAMPAIGNS).createIndex({ workspace: 1, state: 1, requestedAt: -1 });
  await db.collection(CAMPAIGNS).createIndex({ workspace: 1, requestedAt: -1 });
  await db.collection(CAMPAIGNS).createIndex({ workspace: 1, submission: 1 }, { unique: true });
  await db.collection(CAMPAIGNS).createIndex({ state: 1, nextRunAt: 1 });
  await db.collection(CAMPAIGNS).createIndex({ state: 1, expiresAt: 1 });
  await db.collection(VISITORS).createIndex({ workspace: 1, openedAt: -1 });
  await db
    .collection(VISITORS)
    .createIndex({ openedAt: 1 }, { expireAfterSeconds: LATELY_MS / SECOND_MS });
  // The weekly digest: what happened in a week, and whether its message is written down.
  await db.collection(LEDGER).createIndex({ workspace: 1, at: 1 });
  await db
    .collection(ANNOUNCEMENTS)
    .createIndex(
      { 'about.id': 1, workspace: 1 },
      { partialFilterExpression: { kind: 'digest' }, name: 'digests' },
    );
}
