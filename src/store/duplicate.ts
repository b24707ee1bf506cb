/**
 * Duplicate: the answer of MongoDB when a document was there already, and upserts that live with it.
 */
import { MongoBulkWriteError, MongoServerError } from 'mongodb';

const DUPLICATE_KEY = 11_000;

/** True if a document was made by somebody else since it was looked for; look again. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/**
 * An upsert outside a transaction, once more if somebody made the document in the same moment.
 * MongoDB repeats such an upsert by itself only if the filter names the fields of the unique index
 * and nothing else; ours name the workspace too. The second time the document is there, so a
 * duplicate that stays is one of another index, and is thrown.
 */
export async function upserted<R>(act: () => Promise<R>): Promise<R> {
  try {
    return await act();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return act();
  }
}

/**
 * What an unordered bulk did before it met documents made meanwhile: how many documents its filters
 * matched, and the positions of the writes that were not done. Every other write was.
 * @throws the error itself if it says anything else too
 */
export function duplicatesIn(error: unknown): { matched: number; undone: readonly number[] } {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const failed = [error.writeErrors].flat();
  if (failed.length === 0 || failed.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
  return { matched: error.matchedCount, undone: failed.map(({ index }) => index) };
}
