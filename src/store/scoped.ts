/**
 * Scoped: a collection seen from one workspace.
 *
 * Store functions get nothing else, so that no query can forget the workspace: it is added to every
 * filter, every document and in front of every pipeline. A filter that names another one is a bug.
 */
import assert from 'node:assert';
import type {
  AbstractCursor,
  AggregateOptions,
  BulkWriteOptions,
  ClientSession,
  Collection,
  CountDocumentsOptions,
  DeleteOptions,
  Document,
  Filter,
  FindCursor,
  FindOneAndUpdateOptions,
  FindOptions,
  InsertOneOptions,
  OptionalUnlessRequiredId,
  UpdateFilter,
  UpdateOptions,
  UpdateResult,
  WithId,
} from 'mongodb';
import { duplicatesIn, upserted } from './duplicate.ts';

/** Every document of ours: a text id, and the workspace it belongs to. */
export interface Owned {
  readonly _id: string;
  readonly workspace: string;
}

/** A running transaction; only store/ can look inside. */
export interface Tx {
  readonly session: ClientSession;
}

const inTx = (tx: Tx | undefined): { session?: ClientSession } =>
  tx === undefined ? {} : { session: tx.session };

export type Scoped<T extends Owned> = ReturnType<typeof scoped<T>>;

export function scoped<T extends Owned>(collection: Collection<T>, workspace: string) {
  assert(workspace !== '', 'a workspace is needed');

  /** The filter with the workspace put first. */
  const own = (filter: Filter<T>): Filter<T> => {
    assert(!('workspace' in filter), 'the workspace of a query is not for the caller to choose');
    return { ...filter, workspace };
  };
  const owned = (doc: Omit<T, 'workspace'>): OptionalUnlessRequiredId<T> =>
    ({ ...doc, workspace }) as unknown as OptionalUnlessRequiredId<T>;

  return {
    workspace,
    /** For stages of a pipeline that look at a collection again. */
    own,
    find(filter: Filter<T>, options: FindOptions = {}, tx?: Tx): FindCursor<WithId<T>> {
      return collection.find(own(filter), { ...options, ...inTx(tx) });
    },
    async findOne(filter: Filter<T>, options: FindOptions = {}, tx?: Tx): Promise<T | null> {
      return (await collection.findOne(own(filter), { ...options, ...inTx(tx) })) as T | null;
    },
    async count(filter: Filter<T>, options: CountDocumentsOptions = {}): Promise<number> {
      return collection.countDocuments(own(filter), options);
    },
    aggregate<R extends Document>(
      match: Filter<T>,
      pipeline: Document[],
      options: AggregateOptions = {},
    ): AbstractCursor<R> {
      return collection.aggregate<R>([{ $match: own(match) }, ...pipeline], options);
    },
    async insertOne(doc: Omit<T, 'workspace'>, tx?: Tx, options: InsertOneOptions = {}) {
      await collection.insertOne(owned(doc), { ...options, ...inTx(tx) });
    },
    async insertMany(
      docs: readonly Omit<T, 'workspace'>[],
      tx?: Tx,
      options: BulkWriteOptions = {},
    ) {
      if (docs.length === 0) return;
      await collection.insertMany(docs.map(owned), { ...options, ...inTx(tx) });
    },
    async updateOne(
      filter: Filter<T>,
      update: UpdateFilter<T>,
      tx?: Tx,
      options: UpdateOptions = {},
    ): Promise<UpdateResult<T>> {
      const act = () => collection.updateOne(own(filter), update, { ...options, ...inTx(tx) });
      return options.upsert === true && tx === undefined ? upserted(act) : act();
    },
    async updateMany(
      filter: Filter<T>,
      update: UpdateFilter<T>,
      tx?: Tx,
      options: UpdateOptions = {},
    ): Promise<UpdateResult<T>> {
      return collection.updateMany(own(filter), update, { ...options, ...inTx(tx) });
    },
    /**
     * Unordered updates in one round trip; the workspace is added to each filter.
     * @returns how many documents the filters matched
     */
    async updateEach(
      updates: readonly {
        filter: Filter<T>;
        update: UpdateFilter<T>;
        many?: boolean;
        upsert?: boolean;
        hint?: Document;
      }[],
      tx?: Tx,
    ): Promise<number> {
      if (updates.length === 0) return 0;
      const operations = updates.map(({ filter, many = false, ...rest }) => {
        const step = { filter: own(filter), ...rest };
        return many ? { updateMany: step } : { updateOne: step };
      });
      const options = { ordered: false, ...inTx(tx) };
      try {
        return (await collection.bulkWrite(operations, options)).matchedCount;
      } catch (error) {
        // In a transaction the same race is a conflict, which the transaction repeats as a whole.
        if (tx !== undefined || !updates.some(({ upsert }) => upsert === true)) throw error;
        const { matched, undone } = duplicatesIn(error);
        const again = undone.flatMap((index) => operations.at(index) ?? []);
        return matched + (await collection.bulkWrite(again, options)).matchedCount;
      }
    },
    async findOneAndUpdate(
      filter: Filter<T>,
      update: UpdateFilter<T> | Document[],
      tx?: Tx,
      options: FindOneAndUpdateOptions = {},
    ): Promise<T | null> {
      const how = { returnDocument: 'after' as const, ...options, ...inTx(tx) };
      const act = () => collection.findOneAndUpdate(own(filter), update, how);
      const found = await (options.upsert === true && tx === undefined ? upserted(act) : act());
      return found as T | null;
    },
    async deleteOne(filter: Filter<T>, tx?: Tx, options: DeleteOptions = {}): Promise<boolean> {
      const { deletedCount } = await collection.deleteOne(own(filter), { ...options, ...inTx(tx) });
      return deletedCount === 1;
    },
    /** @returns how many */
    async deleteMany(filter: Filter<T>, tx?: Tx): Promise<number> {
      return (await collection.deleteMany(own(filter), inTx(tx))).deletedCount;
    },
  };
}
