/**
 * Import run: goes through the rows of a file, a chunk at a time, and writes each chunk in one
 * transaction with its proofs and the checkpoint; or only counts it (the dry run).
 */
import { setTimeout } from 'node:timers/promises';
import { oldestConsent } from '../../consent/eligibility.ts';
import { Refusal } from '../../consent/refusal.ts';
import type { Store } from '../../store/database.ts';
import { isDuplicate } from '../../store/duplicate.ts';
import { type ImportCounts, type ImportDocument, NO_COUNTS } from '../../store/imports.ts';
import type { RejectFile } from '../../store/reject-file.ts';
import type { Tx } from '../../store/scoped.ts';
import type { Deps } from '../deps.ts';
import type { PlanContext } from './address-plan.ts';
import { beginBatch, type ImportWork, leaseOf, newBatchId, type Start } from './batch.ts';
import type { ImportOutcome } from './finish.ts';
import { type Chunk, type ChunkPlan, type ImportView, planChunk } from './plan.ts';
import { Rehearsal } from './rehearsal.ts';
import { RowReader } from './rows.ts';

/** A chunk is tried again so often when another import made one of its people meanwhile. */
const RACES_MAX = 10;
const RACE_PAUSE_MS = 20;

export interface ImportRun {
  readonly deps: Deps;
  readonly work: ImportWork;
  readonly start: Start;
  readonly rejects: RejectFile;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How far it got, in rows of the file. */
export interface ImportProgress {
  readonly rows: number;
  readonly rejected: number;
}

/**
 * Writes every row that is not written yet.
 * @throws Refusal `import_no_good_row`; `import_running` if the lease was lost
 */
export async function writeRows(
  run: ImportRun,
): Promise<{ batch: ImportDocument; tags: ReadonlySet<string> }> {
  const { deps, work, start, onProgress } = run;
  let batch = start.kind === 'continue' ? start.batch : undefined;
  const startedAt = batch?.startedAt ?? deps.now();
  const reader = readerOf(run, startedAt, batch?.rowsDone ?? 0);
  for await (const chunk of ahead(fromFirstGood(reader.chunks(), batch !== undefined))) {
    batch ??= await beginBatch(deps, work, { round: roundOf(start), startedAt });
    batch = await writeChunk(deps, { work, batch, chunk });
    onProgress?.(batch.counts);
  }
  if (batch === undefined) throw new Refusal('import_no_good_row');
  return { batch, tags: reader.tags };
}

/**
 * Counts what writing the rows would do; nothing is changed.
 * @throws Refusal `import_no_good_row`
 */
export async function rehearseRows(run: ImportRun): Promise<ImportOutcome> {
  const { deps, work, onProgress } = run;
  const startedAt = deps.now();
  const batch = newBatchId();
  const rehearsal = new Rehearsal(deps.database.of(work.answers.workspace), batch);
  const context = { batch, by: work.answers.by, startedAt, number: 0, at: startedAt };
  let counts = NO_COUNTS;
  for await (const chunk of ahead(fromFirstGood(readerOf(run, startedAt, 0).chunks(), false))) {
    const plan = await planChunk(chunk, contextOf(work, context), rehearsal);
    rehearsal.apply(plan);
    counts = sum(counts, plan.counts);
    onProgress?.(counts);
  }
  if (counts.rows === 0) throw new Refusal('import_no_good_row');
  return { batch: null, counts, permissions: rehearsal.permissions() };
}

function readerOf({ deps, work, rejects, signal }: ImportRun, now: Date, skip: number): RowReader {
  const { answers, terms } = work;
  const { columns, dayFirst, tags } = terms;
  const { csv, workspace } = answers;
  const { addressKey } = deps;
  return new RowReader({
    csv,
    columns,
    dayFirst,
    tags,
    workspace,
    addressKey,
    rejects,
    now,
    skip,
    signal,
  });
}

const roundOf = (start: Start): number => (start.kind === 'begin' ? start.round : 1);

/** Bad rows at the head of a file wait for the first good one: without any there is no batch. */
async function* fromFirstGood(
  chunks: AsyncIterable<Chunk>,
  hasBatch: boolean,
): AsyncGenerator<Chunk, void, undefined> {
  let isBegun = hasBatch;
  const waiting = { read: 0, rejected: 0 };
  for await (const chunk of chunks) {
    isBegun ||= chunk.rows.length > 0;
    const read = waiting.read + chunk.read;
    const rejected = waiting.rejected + chunk.rejected;
    Object.assign(waiting, isBegun ? { read: 0, rejected: 0 } : { read, rejected });
    if (isBegun) yield { ...chunk, read, rejected };
  }
}

/** Makes the next item while the last one is worked on. */
async function* ahead<T>(items: AsyncGenerator<T, void>): AsyncGenerator<T, void, undefined> {
  let next = items.next();
  try {
    for (let item = await next; item.done !== true; item = await next) {
      next = items.next();
      // Whoever takes it sees the error; until then it is not unhandled.
      next.catch(() => {});
      yield item.value;
    }
  } finally {
    await next.catch(() => {});
    await items.return();
  }
}

interface ChunkWork {
  readonly work: ImportWork;
  readonly batch: ImportDocument;
  readonly chunk: Chunk;
}

/** @throws Refusal `import_running` if the lease was lost; then nothing was written */
async function writeChunk(deps: Deps, chunkWork: ChunkWork): Promise<ImportDocument> {
  const { batch, chunk } = chunkWork;
  const { audiences } = deps.database.of(batch.workspace);
  await audiences.touchTags(chunk.newTags, deps.now());
  const added = await againAfterRaces(() =>
    deps.database.inTransaction((tx) => writeIn(deps, chunkWork, tx)),
  );
  return {
    ...batch,
    chunks: batch.chunks + 1,
    rowsDone: batch.rowsDone + added.rows,
    counts: sum(batch.counts, added),
  };
}

/**
 * A write conflict runs the transaction again by itself. A document that somebody else made since
 * we looked does not, so it is run again here, and finds it.
 */
async function againAfterRaces<T>(act: () => Promise<T>): Promise<T> {
  for (let race = 1; ; race += 1) {
    try {
      return await act();
    } catch (error) {
      if (!isDuplicate(error) || race === RACES_MAX) throw error;
      await setTimeout(RACE_PAUSE_MS * race);
    }
  }
}

/** The chunk's transaction: reads, plans, moves the checkpoint, writes, proves. */
async function writeIn(
  deps: Deps,
  { work, batch, chunk }: ChunkWork,
  tx: Tx,
): Promise<ImportCounts> {
  const store = deps.database.of(batch.workspace);
  const at = deps.now();
  const { _id, by, startedAt, chunks } = batch;
  const context = contextOf(work, { batch: _id, by, startedAt, number: chunks, at });
  const plan = await planChunk(chunk, context, viewOf(store, tx));
  const isOurs = await store.imports.advance(batch, leaseOf(deps, work.token), plan.counts, tx);
  if (!isOurs) throw new Refusal('import_running');
  await writePlan(store, plan, { since: startedAt, at }, tx);
  return plan.counts;
}

async function writePlan(
  store: Store,
  plan: ChunkPlan,
  times: { readonly since: Date; readonly at: Date },
  tx: Tx,
): Promise<void> {
  await store.contacts.insertMany(plan.newContacts, tx);
  await store.contacts.patch(plan.contactPatches, tx);
  await store.importAddresses.insertNew(plan.newAddresses, times, tx);
  await store.importAddresses.patch(plan.addressPatches, plan.lost, times, tx);
  await store.ledger.append(plan.entries, tx);
}

/** Whoever continues an import acts on the answers of the one who began it, so `by` is theirs. */
function contextOf(
  { answers: { csv }, terms }: ImportWork,
  { batch, by, startedAt, ...rest }: ChunkContext,
): PlanContext {
  return {
    proof: { batch, who: by, fileHash: csv.sha256, provenance: terms.provenance },
    first: { granted: terms.granted, consentNotBefore: oldestConsent(startedAt) },
    ...rest,
  };
}

interface ChunkContext {
  readonly batch: string;
  readonly by: string;
  readonly startedAt: Date;
  readonly number: number;
  readonly at: Date;
}

function viewOf(store: Store, tx: Tx): ImportView {
  return {
    contacts: (ids) => store.contacts.findMany(ids, tx),
    addresses: (ids) => store.importAddresses.findKnown(ids, tx),
    async holders(departures, chunk) {
      const ofChunk = new Set(chunk.map(({ id }) => id));
      const left = departures.map(({ address }) => address);
      const holding = await store.contacts.holding(left, tx);
      return holding.filter(({ _id }) => !ofChunk.has(_id));
    },
  };
}

function sum(a: ImportCounts, b: ImportCounts): ImportCounts {
  return {
    rows: a.rows + b.rows,
    contacts: a.contacts + b.contacts,
    addressesNew: a.addressesNew + b.addressesNew,
    addressesKnown: a.addressesKnown + b.addressesKnown,
    rejected: a.rejected + b.rejected,
    duplicatesInFile: a.duplicatesInFile + b.duplicatesInFile,
  };
}
