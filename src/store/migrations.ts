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
import { ADDRESSES, AddressDocument } from './address-document.ts';
import { ANNOUNCEMENTS, AnnouncementDocument } from './announcements.ts';
import { IMPORTS, ImportDocument, TAGS, TagDocument } from './audiences.ts';
import { BUDGETS, BudgetDocument } from './budget.ts';
import { CAMPAIGNS, CampaignDocument } from './campaigns.ts';
import { CONSENT_MIXES, ConsentMixDocument } from './consent-mix.ts';
import { CONTACTS, ContactDocument } from './contacts.ts';
import { DRAFTS, DraftDocument } from './drafts.ts';
import { EVIDENCE, EvidenceDocument } from './evidence.ts';
import { dropFormerIndexes, makeIndexes } from './indexes.ts';
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
import { SEND_CLAIMS, SendClaimDocument } from './send-claims.ts';
import { SENDS, SendDocument } from './send-document.ts';
import { SETTINGS, SettingsDocument } from './settings.ts';
import { TEMPLATES, TemplateDocument } from './templates.ts';
import { VISITORS, VisitorDocument } from './visitors.ts';

/** Every collection of ours and what its documents look like. */
export const COLLECTIONS: Readonly<Record<string, z.ZodType>> = {
  [ADDRESSES]: AddressDocument,
  [CONTACTS]: ContactDocument,
  [IMPORTS]: ImportDocument,
  [TAGS]: TagDocument,
  [REQUESTS]: RequestDocument,
  [RANGES]: RangeDocument,
  [SENDS]: SendDocument,
  [SEND_CLAIMS]: SendClaimDocument,
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

interface Migration {
  readonly name: string;
  run(db: Db): Promise<void>;
}

const MIGRATIONS: readonly Migration[] = [
  { name: 'collections and their validators', run: validate },
  { name: 'indexes', run: makeIndexes },
  { name: 'indexes of earlier versions', run: dropFormerIndexes },
  { name: 'sends that were claimed', run: freeClaimed },
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
  const work = Object.entries(COLLECTIONS).map(async ([name, schema]) => {
    const validator = mongoSchema(schema);
    if (!known.has(name)) await makeCollection(db, name, validator);
    else if (!isDeepStrictEqual(known.get(name), validator)) {
      await db.command({ collMod: name, validator, validationLevel: 'strict' });
    }
  });
  await Promise.all(work);
}

/** Until claims had documents of their own, a claimed send was in a state of its own. */
async function freeClaimed(db: Db): Promise<void> {
  const queued = { $set: { state: 'queued' }, $unset: { lease: '' } } as const;
  await db.collection(SENDS).updateMany({ state: 'claimed' }, queued);
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
