/**
 * Import: a CSV file, half of its rows known already, against csv-parse and bare driver calls that
 * leave the same documents: no check of any row, no transaction, no way to continue.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { type Collection, MongoBulkWriteError } from 'mongodb';
import { ADDRESSES, addressId } from '../src/store/address-document.ts';
import { IMPORTS, TAGS, tagId } from '../src/store/audiences.ts';
import { CONTACTS } from '../src/store/contacts.ts';
import { openCsv } from '../src/store/csv/file.ts';
import { LEDGER, UNSEALED } from '../src/store/ledger.ts';
import { openRejectFile } from '../src/store/reject-file.ts';
import type { Deps } from '../src/workflow/deps.ts';
import { importContacts } from '../src/workflow/import-contacts.ts';
import { type Measurement, measure, printTable, rate, ratio } from './measure.ts';
import { WORKSPACE } from './people.ts';

const CHUNK = 1_000;
const BYTES_MAX = 1024 ** 3;
const TOUCHED = [ADDRESSES, CONTACTS, IMPORTS, TAGS, LEDGER, UNSEALED];
type Row = Record<'Email' | 'First name' | 'Last name' | 'Language' | 'Tags', string>;
interface Owned {
  readonly _id: string;
}

export async function benchImport(deps: Deps, sizes: readonly number[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-bench-import-'));
  const rows = [];
  for (const size of sizes) {
    const [known, all] = [join(folder, 'known.csv'), join(folder, 'all.csv')];
    await writeCsv(known, size / 2);
    await writeCsv(all, size);
    const bare = await fresh(deps, known, () => bareScript(deps, all, 'b_second'));
    const ours = await fresh(deps, known, () => importFile(deps, all, folder));
    rows.push({
      rows: size,
      'import/s': rate(size, ours),
      'bare/s': rate(size, bare),
      'import ÷ bare': ratio(bare.ms / ours.ms),
      'RSS MB': ours.rssMb,
    });
    console.error(JSON.stringify(rows.at(-1)));
  }
  await rm(folder, { recursive: true, force: true });
  printTable('CSV import, half of the rows known', rows);
}

/** Measures on a database that holds the first half already. */
async function fresh(deps: Deps, known: string, run: () => Promise<unknown>): Promise<Measurement> {
  for (const name of TOUCHED) await deps.database.db.collection(name).deleteMany({});
  await bareScript(deps, known, 'b_first');
  return measure(run);
}

async function writeCsv(path: string, count: number): Promise<void> {
  const lines = function* () {
    yield 'Email,First name,Last name,Language,Tags\n';
    for (let n = 0; n < count; n += 1) {
      const language = ['en', 'de', 'fr'][n % 3];
      const tag = n % 10 === 0 ? 'vip' : 'news';
      yield `person.${n}@example${n % 1_000}.com,First${n % 5_000},Last${n % 70_000},${language},${tag}\n`;
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(path));
}

async function importFile(deps: Deps, path: string, folder: string): Promise<void> {
  const csv = await openCsv(path, { bytesMax: BYTES_MAX });
  const today = new Date().toISOString().slice(0, 10);
  await importContacts(deps, {
    workspace: WORKSPACE,
    csv,
    fileName: 'all.csv',
    permission: 'yes',
    interview: {
      source: 'spoken',
      answers: { askedBy: 'The bench', collectedFrom: today, collectedUntil: today },
      attested: true,
    },
    tags: [],
    by: 'bench',
    again: true,
    dryRun: false,
    rejects: openRejectFile(join(folder, 'rejects.csv'), csv.headers),
  });
  await csv.close();
}

async function bareScript(deps: Deps, path: string, batch: string): Promise<void> {
  let rows: Row[] = [];
  let chunk = 0;
  for await (const row of createReadStream(path).pipe(parse({ columns: true }))) {
    rows.push(row as Row);
    if (rows.length < CHUNK) continue;
    await writeChunk(deps, rows, { batch, chunk });
    rows = [];
    chunk += 1;
  }
  if (rows.length > 0) await writeChunk(deps, rows, { batch, chunk });
}

async function writeChunk(
  { database: { db }, addressKey }: Deps,
  rows: readonly Row[],
  { batch, chunk }: { batch: string; chunk: number },
): Promise<void> {
  const at = new Date();
  const entry = `${batch}.${chunk}.0`;
  const ids = rows.map(({ Email }) => addressId(addressKey, WORKSPACE, Email.toLowerCase()));
  const addresses = rows.map((row, n) => addressOf(row, { id: ids[n] ?? '', batch, entry, at }));
  const contacts = rows.map((row, n) => contactOf(row, { id: ids[n] ?? '', batch, at }));
  const knownAddresses = await insertNew(db.collection<Owned>(ADDRESSES), addresses);
  await db
    .collection<Owned>(ADDRESSES)
    .updateMany(
      { _id: { $in: knownAddresses } },
      { $addToSet: { memberships: { key: `batch:${batch}#email`, since: at } } },
    );
  const knownContacts = await insertNew(db.collection<Owned>(CONTACTS), contacts);
  await db
    .collection<Owned>(CONTACTS)
    .updateMany(
      { _id: { $in: knownContacts } },
      { $addToSet: { batches: batch }, $set: { updatedAt: at } },
    );
  const known = new Set(knownAddresses);
  const fresh = ids.filter((id) => !known.has(id));
  if (fresh.length === 0) return;
  await db.collection<Owned>(LEDGER).insertOne({
    _id: entry,
    workspace: WORKSPACE,
    v: 1,
    act: 'import-address',
    to: 'single-opt-in',
    cause: { kind: 'import', id: batch },
    who: 'bench',
    at,
    addresses: fresh,
  } as Owned);
  await db.collection<Owned>(UNSEALED).insertOne({ _id: entry, workspace: WORKSPACE, at } as Owned);
}

/** Inserts what is new in one call; what is there comes back as an error, which is how we know. */
async function insertNew(collection: Collection<Owned>, docs: Owned[]): Promise<string[]> {
  try {
    await collection.insertMany(docs, { ordered: false });
    return [];
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const failed = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
    return failed.flatMap(({ index }) => docs[index]?._id ?? []);
  }
}

function addressOf(
  row: Row,
  { id, batch, entry, at }: { id: string; batch: string; entry: string; at: Date },
): Owned {
  return {
    _id: id,
    workspace: WORKSPACE,
    v: 1,
    address: row.Email,
    permission: 'single-opt-in',
    permissionSince: at,
    suppressions: [],
    asks: [],
    entries: [entry],
    memberships: [
      { key: `batch:${batch}#email`, since: at },
      { key: `tag:${tagId(WORKSPACE, row.Tags)}#email`, since: at },
    ],
    language: row.Language,
    createdAt: at,
  } as Owned;
}

function contactOf(row: Row, { id, batch, at }: { id: string; batch: string; at: Date }): Owned {
  return {
    _id: `c_${id}`,
    workspace: WORKSPACE,
    v: 1,
    firstName: row['First name'],
    lastName: row['Last name'],
    language: row.Language,
    addresses: [{ field: 'email', id }],
    tags: [tagId(WORKSPACE, row.Tags)],
    batches: [batch],
    createdAt: at,
    updatedAt: at,
  } as Owned;
}
