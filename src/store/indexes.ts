/**
 * Indexes: what each collection is found by. All of one collection are asked for at once, and all
 * collections beside each other: a start waits for the disk once, not fifty times.
 */
import { type Db, type IndexDescription, MongoServerError } from 'mongodb';
import { ADDRESSES, MEMBERSHIP_INDEX } from './address-document.ts';
import { ANNOUNCEMENTS } from './announcements.ts';
import { IMPORTS, TAGS } from './audiences.ts';
import { CAMPAIGNS } from './campaigns.ts';
import { CONTACTS } from './contacts.ts';
import { DRAFTS } from './drafts.ts';
import { EVIDENCE, EVIDENCE_CHUNKS } from './evidence.ts';
import { INSTALL_STATES } from './install-states.ts';
import { INSTALLATIONS } from './installations.ts';
import { LEDGER, UNSEALED } from './ledger.ts';
import { MAIL_EVENTS } from './mail-events.ts';
import { PACES } from './paces.ts';
import { RANGES } from './ranges.ts';
import { REQUESTS } from './requests.ts';
import { SEEN } from './seen.ts';
import { SEND_CLAIMS } from './send-claims.ts';
import { SENDS } from './send-document.ts';
import { TEMPLATES } from './templates.ts';
import { LATELY_MS, VISITORS } from './visitors.ts';

const SECOND_MS = 1_000;

const INDEXES: readonly { readonly of: string; readonly indexes: readonly IndexDescription[] }[] = [
  {
    of: ADDRESSES,
    indexes: [{ key: MEMBERSHIP_INDEX }],
  },
  {
    of: CONTACTS,
    indexes: [{ key: { workspace: 1, 'addresses.id': 1 } }, { key: { workspace: 1, tags: 1 } }],
  },
  {
    of: IMPORTS,
    indexes: [
      { key: { workspace: 1, nameKey: 1 } },
      { key: { workspace: 1, startedAt: -1 } },
      { key: { workspace: 1, fileHash: 1, round: 1 }, unique: true },
    ],
  },
  {
    of: TAGS,
    indexes: [{ key: { workspace: 1, nameKey: 1 } }, { key: { workspace: 1, usedAt: -1 } }],
  },
  {
    of: REQUESTS,
    indexes: [
      { key: { workspace: 1, state: 1, requestedAt: -1 } },
      { key: { workspace: 1, requestedAt: -1 } },
      { key: { workspace: 1, submission: 1 }, unique: true },
      { key: { state: 1, expiresAt: 1 } },
      {
        key: { 'plan.terms.ask.followsUp': 1, workspace: 1, state: 1, requestedAt: -1 },
        partialFilterExpression: { 'plan.terms.ask.followsUp': true },
      },
    ],
  },
  {
    of: RANGES,
    indexes: [{ key: { workspace: 1, request: 1, number: 1 } }],
  },
  {
    of: SENDS,
    indexes: [
      { key: { state: 1, nextAt: 1, workspace: 1 } },
      { key: { workspace: 1, 'cause.id': 1, state: 1, provider: 1, nextAt: 1 } },
      // Small ones: what was put off, what is to be reminded, who said stop.
      {
        key: { workspace: 1, 'cause.id': 1, attempts: 1 },
        partialFilterExpression: { state: 'queued', attempts: { $gt: 0 } },
      },
      {
        key: { workspace: 1, 'cause.id': 1, nextAt: 1 },
        partialFilterExpression: { remind: true },
      },
      {
        key: { workspace: 1, 'cause.id': 1, outcome: 1 },
        partialFilterExpression: { outcome: 'stopped' },
      },
      { key: { workspace: 1, address: 1 } },
    ],
  },
  {
    of: SEND_CLAIMS,
    indexes: [
      {
        key: { workspace: 1, ids: 1 },
        unique: true,
        // An empty list would be a value too, and one that two claims cannot share.
        partialFilterExpression: { 'ids.0': { $exists: true } },
      },
    ],
  },
  {
    of: PACES,
    indexes: [
      { key: { workspace: 1, changedAt: -1 } },
      { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
  {
    of: LEDGER,
    indexes: [
      { key: { workspace: 1, 'cause.id': 1, at: 1 } },
      // The weekly digest: what happened in a week, and whether its message is written down.
      { key: { workspace: 1, at: 1 } },
    ],
  },
  {
    of: UNSEALED,
    indexes: [{ key: { workspace: 1, at: 1 } }],
  },
  {
    of: ANNOUNCEMENTS,
    indexes: [
      { key: { state: 1, nextAt: 1, workspace: 1 } },
      { key: { workspace: 1, 'about.id': 1 } },
      {
        key: { 'about.id': 1, workspace: 1 },
        partialFilterExpression: { kind: 'digest' },
        name: 'digests',
      },
    ],
  },
  {
    of: DRAFTS,
    indexes: [
      { key: { workspace: 1, user: 1, wizard: 1 } },
      { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
  {
    of: EVIDENCE,
    indexes: [{ key: { at: 1 } }],
  },
  {
    of: EVIDENCE_CHUNKS,
    indexes: [{ key: { files_id: 1, n: 1 }, unique: true }],
  },
  {
    of: MAIL_EVENTS,
    indexes: [
      { key: { workspace: 1, address: 1, kind: 1, at: 1 } },
      { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
  {
    of: TEMPLATES,
    indexes: [{ key: { workspace: 1, name: 1, version: -1 }, unique: true }],
  },
  {
    of: SEEN,
    indexes: [{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }],
  },
  {
    of: INSTALLATIONS,
    indexes: [{ key: { teams: 1 } }, { key: { checkAt: 1 } }],
  },
  {
    of: INSTALL_STATES,
    indexes: [{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }],
  },
  {
    of: CAMPAIGNS,
    indexes: [
      { key: { workspace: 1, state: 1, requestedAt: -1 } },
      { key: { workspace: 1, requestedAt: -1 } },
      { key: { workspace: 1, submission: 1 }, unique: true },
      { key: { state: 1, nextRunAt: 1 } },
      { key: { state: 1, expiresAt: 1 } },
    ],
  },
  {
    of: VISITORS,
    indexes: [
      { key: { workspace: 1, openedAt: -1 } },
      { key: { openedAt: 1 }, expireAfterSeconds: LATELY_MS / SECOND_MS },
    ],
  },
];

/** Of earlier versions: nothing reads them, and each write of a mail paid for them. */
const FORMER = [{ of: SENDS, name: 'lease.token_1' }] as const;
const INDEX_NOT_FOUND = 27;

/** Makes every index that is not there yet; safe to run again. @throws the database's error */
export async function makeIndexes(db: Db): Promise<void> {
  await Promise.all(
    INDEXES.map(({ of, indexes }) => db.collection(of).createIndexes([...indexes])),
  );
}

/** Drops the indexes that earlier versions had; safe to run again. @throws the database's error */
export async function dropFormerIndexes(db: Db): Promise<void> {
  for (const { of, name } of FORMER) {
    try {
      await db.collection(of).dropIndex(name);
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== INDEX_NOT_FOUND) throw error;
    }
  }
}
