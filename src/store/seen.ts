/**
 * Seen: the replay guard. What was handled once is remembered for as long as it could be replayed.
 */
import { createHash } from 'node:crypto';
import type { Db } from 'mongodb';
import { z } from 'zod';
import { isDuplicate } from './duplicate.ts';

export const SEEN = 'seen';
/** Slack accepts signatures of the last 5 minutes and retries for about as long. */
const REMEMBER_MS = 15 * 60 * 1000;

export const SeenDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  /** What it was handled for, where the same may come again and nothing else. */
  purpose: z.string().optional(),
  expiresAt: z.date(),
});
type SeenDocument = z.infer<typeof SeenDocument>;

export function seenStore(db: Db, workspace: string) {
  const seen = db.collection<SeenDocument>(SEEN);
  const idOf = (key: string) => createHash('sha256').update(`${workspace}\0${key}`).digest('hex');
  return {
    /** True exactly once for one key, whichever process asks. @param rememberMs how long */
    async firstTime(key: string, now: Date, rememberMs = REMEMBER_MS): Promise<boolean> {
      const _id = idOf(key);
      try {
        const expiresAt = new Date(now.getTime() + rememberMs);
        await seen.insertOne({ _id, workspace, expiresAt });
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    /**
     * True if the key was not used before, or was used for the same: then it was begun, and perhaps
     * not ended. @param rememberMs how long
     */
    async isFor(key: string, purpose: string, now: Date, rememberMs: number): Promise<boolean> {
      const _id = idOf(key);
      try {
        const expiresAt = new Date(now.getTime() + rememberMs);
        await seen.insertOne({ _id, workspace, purpose, expiresAt });
        return true;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const first = await seen.findOne({ _id, workspace });
        return first?.purpose === purpose;
      }
    },
  };
}
