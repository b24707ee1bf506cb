/**
 * Visitors: who has opened Assent's Home in Slack lately, so that it is drawn anew for them, and for
 * nobody else, when something changes.
 */
import type { Db } from 'mongodb';
import { z } from 'zod';
import { scoped } from './scoped.ts';

export const VISITORS = 'visitors';
/** Somebody who has not looked for a day sees it anew when they open it (ms). */
export const LATELY_MS = 24 * 60 * 60 * 1_000;
/** Homes that one change draws anew, those opened last first. */
const VISITORS_MAX = 50;

export const VisitorDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  /** Slack user id. */
  user: z.string(),
  openedAt: z.date(),
});
export type VisitorDocument = z.infer<typeof VisitorDocument>;

export function visitorStore(db: Db, workspace: string) {
  const visitors = scoped(db.collection<VisitorDocument>(VISITORS), workspace);
  return {
    async opened(user: string, openedAt: Date): Promise<void> {
      await visitors.updateOne(
        { _id: `${workspace}:${user}` },
        { $max: { openedAt }, $setOnInsert: { v: 1, user } },
        undefined,
        { upsert: true },
      );
    },

    /** Somebody who may not see it any more. */
    async forget(user: string): Promise<void> {
      await visitors.deleteOne({ _id: `${workspace}:${user}` });
    },

    /** User ids, the latest first. */
    async lately(now: Date): Promise<string[]> {
      const since = new Date(now.getTime() - LATELY_MS);
      const found = visitors.find(
        { openedAt: { $gte: since } },
        { sort: { openedAt: -1 }, limit: VISITORS_MAX },
      );
      return (await found.toArray()).map(({ user }) => user);
    },
  };
}
