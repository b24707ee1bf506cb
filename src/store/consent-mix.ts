/**
 * Consent mix: how many addresses of a workspace have which permission, as counted last.
 *
 * Counting reads every address, so nobody waits for it and it is done seldom: once a minute at the
 * most, and never for more than a twentieth of the time. Whoever looks sees the last counts and when
 * they were made.
 */
import type { Db } from 'mongodb';
import { z } from 'zod';
import { PERMISSIONS, type Permission } from '../consent/permission.ts';
import { ADDRESSES, type AddressDocument } from './address-document.ts';
import { isDuplicate } from './duplicate.ts';
import { scoped } from './scoped.ts';

export const CONSENT_MIXES = 'mixes';
const COUNT_EVERY_MS = 60_000;
/** A count that took two seconds is made anew after forty. */
const REST_FACTOR = 20;
/** A count that takes longer is given up; the old one stays (ms). */
const COUNT_MS_MAX = 60_000;

const count = z.int().min(0);
export const ConsentMixDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  permissions: z.record(z.string(), count),
  /** Addresses that are not mailed whatever their permission says. */
  suppressed: count,
  /** When the counts were made; undefined while the first count goes on. */
  countedAt: z.date().optional(),
  /** Nobody counts before this instant. */
  nextAt: z.date(),
});
type ConsentMixDocument = z.infer<typeof ConsentMixDocument>;

export interface ConsentMix {
  readonly permissions: Readonly<Record<Permission, number>>;
  readonly suppressed: number;
  readonly countedAt: Date;
}

export function consentMixStore(db: Db, workspace: string) {
  const mixes = scoped(db.collection<ConsentMixDocument>(CONSENT_MIXES), workspace);
  const addresses = scoped(db.collection<AddressDocument>(ADDRESSES), workspace);

  /** True for one of all who ask, and not again before the count had its rest. */
  async function mayCount(now: Date): Promise<boolean> {
    const nextAt = new Date(now.getTime() + COUNT_MS_MAX);
    try {
      const { matchedCount, upsertedCount } = await mixes.updateOne(
        { _id: workspace, nextAt: { $lte: now } },
        { $set: { nextAt }, $setOnInsert: { v: 1, permissions: {}, suppressed: 0 } },
        undefined,
        { upsert: true },
      );
      return matchedCount + upsertedCount === 1;
    } catch (error) {
      // It is there and not due: the upsert of the filter met it.
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  return {
    /** The counts as they were made last; undefined before the first. */
    async read(): Promise<ConsentMix | undefined> {
      const found = await mixes.findOne({ _id: workspace });
      if (found?.countedAt === undefined) return undefined;
      const { permissions, suppressed, countedAt } = found;
      const known = PERMISSIONS.map((permission) => [permission, permissions[permission] ?? 0]);
      // One entry for each permission.
      return {
        permissions: Object.fromEntries(known) as Record<Permission, number>,
        suppressed,
        countedAt,
      };
    },

    /**
     * Counts anew if it is time. @param clock the time passes while it counts
     * @returns true if it did
     */
    async refresh(clock: () => Date): Promise<boolean> {
      const begunAt = clock();
      if (!(await mayCount(begunAt))) return false;
      const groups = await addresses
        .aggregate<{ _id: Permission; count: number; suppressed: number }>(
          {},
          [
            {
              $group: {
                _id: '$permission',
                count: { $sum: 1 },
                suppressed: { $sum: { $cond: [{ $eq: ['$suppressions', []] }, 0, 1] } },
              },
            },
          ],
          { maxTimeMS: COUNT_MS_MAX },
        )
        .toArray();
      const countedAt = clock();
      const tookMs = countedAt.getTime() - begunAt.getTime();
      const restMs = Math.max(COUNT_EVERY_MS, REST_FACTOR * tookMs);
      await mixes.updateOne(
        { _id: workspace },
        {
          $set: {
            permissions: Object.fromEntries(groups.map((group) => [group._id, group.count])),
            suppressed: groups.reduce((sum, { suppressed }) => sum + suppressed, 0),
            countedAt,
            nextAt: new Date(countedAt.getTime() + restMs),
          },
        },
      );
      return true;
    },
  };
}
