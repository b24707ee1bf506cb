/**
 * Imports: one document per batch: what was answered, how far it got, and who works on it.
 *
 * A file's hash and round name an import, so two processes cannot begin the same one; after that
 * the lease decides. Every chunk's transaction moves the checkpoint under the lease's token: who
 * lost it writes nothing.
 */
import type { Db, Filter } from 'mongodb';
import { IMPORTS, type ImportDocument, nameKey } from './audiences.ts';
import { scoped, type Tx } from './scoped.ts';

export type { ImportDocument };
export type ImportCounts = ImportDocument['counts'];
export type NewImport = Omit<
  ImportDocument,
  'workspace' | 'v' | 'nameKey' | 'state' | 'rowsDone' | 'chunks' | 'counts'
>;

export interface Lease {
  readonly token: string;
  readonly until: Date;
}

export const NO_COUNTS: ImportCounts = {
  rows: 0,
  contacts: 0,
  addressesNew: 0,
  addressesKnown: 0,
  rejected: 0,
  duplicatesInFile: 0,
};

export type ImportStore = ReturnType<typeof importStore>;

export function importStore(db: Db, workspace: string) {
  const imports = scoped(db.collection<ImportDocument>(IMPORTS), workspace);

  const held = (id: string, token: string) =>
    ({ _id: id, state: 'running', 'lease.token': token }) as Filter<ImportDocument>;

  return {
    async find(id: string): Promise<ImportDocument | null> {
      return imports.findOne({ _id: id });
    },

    /** The last import of a file, whatever came of it. */
    async latestOf(fileHash: string): Promise<ImportDocument | null> {
      return imports.findOne({ fileHash }, { sort: { round: -1 } });
    },

    /** @throws the driver's error if this round of the file was begun already (`isDuplicate`) */
    async insert(batch: NewImport, tx: Tx): Promise<void> {
      await imports.insertOne(
        {
          ...batch,
          v: 1,
          nameKey: nameKey(batch.name),
          state: 'running',
          rowsDone: 0,
          chunks: 0,
          counts: NO_COUNTS,
        },
        tx,
      );
    },

    /** Leases an interrupted import; null if somebody works on it, or it ended meanwhile. */
    async claim(id: string, now: Date, lease: Lease): Promise<ImportDocument | null> {
      return imports.findOneAndUpdate(
        {
          _id: id,
          state: 'running',
          $or: [{ lease: { $exists: false } }, { 'lease.until': { $lte: now } }],
        },
        { $set: { lease } },
      );
    },

    /**
     * Moves the checkpoint in the chunk's transaction.
     * @returns false if the lease was lost: write nothing
     */
    async advance(
      { _id, chunks }: Pick<ImportDocument, '_id' | 'chunks'>,
      lease: Lease,
      added: ImportCounts,
      tx: Tx,
    ): Promise<boolean> {
      const counts = Object.entries(added).map(([name, count]) => [`counts.${name}`, count]);
      const { modifiedCount } = await imports.updateOne(
        { ...held(_id, lease.token), chunks },
        {
          $set: { 'lease.until': lease.until },
          $inc: { chunks: 1, rowsDone: added.rows, ...Object.fromEntries(counts) },
        },
        tx,
      );
      return modifiedCount === 1;
    },

    /** Ends an import. @returns it as it stands then, or null if the lease was lost */
    async end(
      id: string,
      token: string,
      ending: Pick<ImportDocument, 'state' | 'finishedAt' | 'permissions' | 'request'>,
      tx: Tx,
    ): Promise<ImportDocument | null> {
      return imports.findOneAndUpdate(held(id, token), { $set: ending, $unset: { lease: '' } }, tx);
    },

    /** Gives back whatever import of the file is leased with the token, to be continued at once. */
    async release(fileHash: string, token: string): Promise<void> {
      await imports.updateOne({ fileHash, 'lease.token': token }, { $unset: { lease: '' } });
    },
  };
}
