/** World: files to import, and everything that must hold whatever was imported. */
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { membershipKey } from '../../../src/consent/audience.ts';
import type { Interview } from '../../../src/consent/interview.ts';
import type { LedgerEntry } from '../../../src/consent/ledger.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { IMPORTS, type ImportDocument, TAGS } from '../../../src/store/audiences.ts';
import { CONTACTS, type ContactDocument } from '../../../src/store/contacts.ts';
import { type CsvFile, openCsvBuffer } from '../../../src/store/csv/file.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { openRejectFile } from '../../../src/store/reject-file.ts';
import type { Deps } from '../../../src/workflow/deps.ts';
import {
  type ImportInput,
  type ImportResult,
  importContacts,
} from '../../../src/workflow/import-contacts.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { WORKSPACE } from '../../support/deps.ts';
import { idOf, interviewOf } from '../../support/people.ts';

export const NOW = new Date('2026-06-15T12:00:00Z');
const OPERATOR = 'olga';

export interface ImportOver extends Partial<Omit<ImportInput, 'csv' | 'rejects'>> {
  /** Where the rejects stay; without it they are thrown away. */
  readonly rejectPath?: string;
  /** Rows of one chunk, to have several chunks in a small file. */
  readonly chunkRows?: number;
}

/** Imports text as a file; says yes with a good interview, unless told otherwise. */
export async function imported(
  deps: Deps,
  text: string,
  { chunkRows, rejectPath: kept, ...over }: ImportOver = {},
): Promise<ImportResult> {
  const csv = await openCsvBuffer(Buffer.from(text), { bytesMax: 1e8 });
  const rejectPath = kept ?? join(tmpdir(), `rejects-${randomBytes(6).toString('hex')}.csv`);
  try {
    return await importContacts(deps, {
      workspace: WORKSPACE,
      csv: chunkRows === undefined ? csv : inChunks(csv, chunkRows),
      fileName: 'people.csv',
      permission: 'yes',
      interview: interviewOf(deps.now()),
      tags: [],
      by: OPERATOR,
      again: false,
      dryRun: false,
      rejects: openRejectFile(rejectPath, csv.headers),
      ...over,
    });
  } finally {
    await csv.close();
    if (kept === undefined) await rm(rejectPath, { force: true });
  }
}

/** The same file, read in smaller chunks. */
function inChunks(csv: CsvFile, size: number): CsvFile {
  return {
    ...csv,
    async *rows() {
      for await (const rows of csv.rows()) {
        for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
      }
    },
  };
}

/** `Email` and what else is said, one line each. */
export function csvOf(header: string, ...lines: readonly string[]): string {
  return `${[header, ...lines].join('\n')}\n`;
}

/** A file of so many people: `p0@example.com` … */
export function peopleCsv(count: number, domain = 'example.com'): string {
  return csvOf('Email', ...Array.from({ length: count }, (_, n) => `p${n}@${domain}`));
}

/** The source that only an approver can judge. */
export function otherInterview(now: Date): Interview {
  const { collectedFrom, collectedUntil } = interviewOf(now).answers;
  const explanation = 'They asked for it at the counter of our shop, we wrote it down.';
  return {
    source: 'other',
    answers: { explanation, collectedFrom, collectedUntil },
    attested: true,
  };
}

export async function addressOf(deps: Deps & { addressKey: Buffer }, address: string) {
  const found = await deps.database.of(WORKSPACE).addresses.find(idOf(deps, address));
  if (found === null) throw new Error('This address is not on file.');
  return found;
}

export const contactsOf = (deps: Deps): Promise<ContactDocument[]> =>
  deps.database.db.collection<ContactDocument>(CONTACTS).find().sort({ _id: 1 }).toArray();

export const batchesOf = (deps: Deps): Promise<ImportDocument[]> =>
  deps.database.db.collection<ImportDocument>(IMPORTS).find().sort({ startedAt: 1 }).toArray();

export const entriesOf = (deps: Deps, act?: LedgerEntry['act']): Promise<LedgerEntry[]> =>
  deps.database.db
    .collection<LedgerEntry>(LEDGER)
    .find(act === undefined ? {} : { act })
    .sort({ at: 1, _id: 1 })
    .toArray();

/** Names of the keys of an address: `batch#email`, `vip#email2`. */
export async function membershipsOf(deps: Deps, address: string): Promise<string[]> {
  const names = new Map<string, string>();
  for (const { _id, name } of await batchesOf(deps)) names.set(`batch:${_id}`, name);
  const tags = deps.database.db.collection<{ _id: string; name: string }>(TAGS);
  for await (const { _id, name } of tags.find()) names.set(`tag:${_id}`, name);
  const { memberships } = await addressOf(deps, address);
  return memberships
    .map(({ key }) => {
      const [source = '', field = ''] = key.split('#');
      return `${names.get(source) ?? source}#${field}`;
    })
    .toSorted();
}

/** The lines of a reject file, without its header and the cells of the row. */
export async function rejectsIn(path: string | null): Promise<string[]> {
  if (path === null) return [];
  const lines = (await readFile(path, 'utf8')).trim().split('\r\n').slice(1);
  await rm(path);
  return lines;
}

/** Everything that must hold; empty if it does. */
export async function faultsOf(deps: Deps): Promise<string[]> {
  return [...(await crossCheck(deps)), ...(await membershipFaults(deps))];
}

/** An address is in a batch or tag in a field exactly if a contact of that batch holds it there. */
async function membershipFaults({ database: { db } }: Deps): Promise<string[]> {
  const wanted = new Map<string, Set<string>>();
  for await (const contact of db.collection<ContactDocument>(CONTACTS).find()) {
    for (const { field, id } of contact.addresses) {
      const keys = wanted.get(id) ?? new Set<string>();
      for (const batch of contact.batches)
        keys.add(membershipKey({ kind: 'batch', id: batch }, field));
      for (const tag of contact.tags) keys.add(membershipKey({ kind: 'tag', id: tag }, field));
      wanted.set(id, keys);
    }
  }
  const faults: string[] = [];
  const addresses = db.collection<AddressDocument>(ADDRESSES).find();
  for await (const { _id, address, memberships } of addresses) {
    const keys = memberships.map(({ key }) => key).toSorted();
    const expected = [...(wanted.get(_id) ?? [])].toSorted();
    if (keys.join() !== expected.join()) {
      faults.push(`${address} is in ${keys.join()}, not in ${expected.join()}`);
    }
    wanted.delete(_id);
  }
  for (const id of wanted.keys()) faults.push(`${id} is held and not on file`);
  return faults;
}
