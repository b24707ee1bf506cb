/**
 * Ledger: append and read, nothing else. No update and no delete stands in this file.
 *
 * With each entry goes a row in `unsealed`, in the same transaction: the sealing takes entries in
 * the order in which it finds them committed, and never touches the entries themselves.
 */
import type { Db } from 'mongodb';
import { z } from 'zod';
import { LEDGER_VERSION, type LedgerEntry } from '../consent/ledger.ts';
import { scoped, type Tx } from './scoped.ts';

export const LEDGER = 'ledger';
export const UNSEALED = 'unsealed';

export const UnsealedDocument = z.strictObject({
  /** The id of the entry. */
  _id: z.string(),
  workspace: z.string(),
  at: z.date(),
});
type UnsealedDocument = z.infer<typeof UnsealedDocument>;

export type NewEntry = Omit<LedgerEntry, 'workspace' | 'v'>;

export function ledgerStore(db: Db, workspace: string) {
  const ledger = scoped(db.collection<LedgerEntry>(LEDGER), workspace);
  const unsealed = scoped(db.collection<UnsealedDocument>(UNSEALED), workspace);

  return {
    /**
     * Appends entries inside the transaction of the act that they prove. The collection's validator
     * refuses what is not of the schema.
     * @throws MongoServerError if an entry is malformed (a bug), or its id was written before
     */
    async append(entries: readonly NewEntry[], tx: Tx): Promise<void> {
      await ledger.insertMany(
        entries.map((entry) => ({ ...entry, v: LEDGER_VERSION })),
        tx,
      );
      await unsealed.insertMany(
        entries.map(({ _id, at }) => ({ _id, at })),
        tx,
      );
    },

    /** The entries with these ids, in the order of the ids; missing ones are left out. */
    async findMany(ids: readonly string[]): Promise<LedgerEntry[]> {
      const found = await ledger.find({ _id: { $in: [...ids] } }).toArray();
      const byId = new Map(found.map((entry) => [entry._id, entry as LedgerEntry]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },

    /** The entries that a request, import or send caused, oldest first. */
    async ofCause(kind: LedgerEntry['cause']['kind'], id: string): Promise<LedgerEntry[]> {
      const found = ledger.find(
        { 'cause.id': id, 'cause.kind': kind },
        { sort: { at: 1, _id: 1 } },
      );
      return await found.toArray();
    },
  };
}
