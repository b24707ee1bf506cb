/**
 * Budget: a token bucket in the database, so that all processes share one pace.
 *
 * The server's clock fills it (`$$NOW`), one atomic update takes from it; no process can cheat by
 * its own clock or by restarting.
 */
import type { Db } from 'mongodb';
import { z } from 'zod';

export const BUDGETS = 'budgets';
/** No workspace's id. */
const EVERY_WORKSPACE = '*';

export const BudgetDocument = z.strictObject({
  /** Workspace and what is paced: `T1:slack`, `T1:mail`. */
  _id: z.string(),
  workspace: z.string(),
  tokens: z.number(),
  at: z.date(),
  granted: z.number(),
});
type BudgetDocument = z.infer<typeof BudgetDocument>;

/**
 * @param perSecond tokens that come back each second
 * @param capacity tokens that can be saved up (the largest burst)
 * @param isShared one bucket for all workspaces: a mail server's limit is one, whoever sends
 */
export function budget(
  db: Db,
  workspace: string,
  {
    name,
    perSecond,
    capacity,
    isShared = false,
  }: { name: string; perSecond: number; capacity: number; isShared?: boolean },
) {
  const budgets = db.collection<BudgetDocument>(BUDGETS);
  const owner = isShared ? EVERY_WORKSPACE : workspace;
  const _id = `${owner}:${name}`;
  const refilled = {
    $min: [
      capacity,
      {
        $add: [
          { $ifNull: ['$tokens', capacity] },
          {
            $multiply: [perSecond / 1000, { $subtract: ['$$NOW', { $ifNull: ['$at', '$$NOW'] }] }],
          },
        ],
      },
    ],
  };
  return {
    /** Takes up to `wanted` tokens at once. @returns how many were granted, 0 to `wanted` */
    async take(wanted: number): Promise<number> {
      const after = await budgets.findOneAndUpdate(
        { _id },
        [
          { $set: { workspace: owner, tokens: refilled, at: '$$NOW' } },
          { $set: { granted: { $max: [0, { $min: [wanted, { $floor: '$tokens' }] }] } } },
          { $set: { tokens: { $subtract: ['$tokens', '$granted'] } } },
        ],
        { upsert: true, returnDocument: 'after' },
      );
      return after?.granted ?? 0;
    },

    /** Gives tokens back that were not needed after all. */
    async giveBack(unused: number): Promise<void> {
      if (unused <= 0) return;
      await budgets.updateOne({ _id }, [
        { $set: { tokens: { $min: [capacity, { $add: ['$tokens', unused] }] } } },
      ]);
    },
  };
}
