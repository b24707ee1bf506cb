/**
 * Canaries: how far the first mails of each request have come, for all senders together. Changed by
 * compare-and-set (`rev`): whoever widens a stage does so once.
 */
import type { Db, UpdateFilter } from 'mongodb';
import { z } from 'zod';
import { CANARY_REASONS, type CanaryCounts } from '../consent/canary.ts';
import { isDuplicate } from './duplicate.ts';
import { scoped, type Tx } from './scoped.ts';

export const CANARIES = 'canaries';

const Counts = z.strictObject({
  tried: z.int(),
  underWay: z.int(),
  bounced: z.int(),
  blocked: z.int(),
  complained: z.int(),
});

export const CanaryDocument = z.strictObject({
  /** The request's. */
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  rev: z.int(),
  /** Place in CANARY_STAGES; past its end the canary is over. */
  stage: z.int(),
  /** Each round hands out `allowed` mails, counted by a budget of its own. */
  round: z.int(),
  allowed: z.int(),
  /** Since when all mails of the stage were tried. */
  fullAt: z.date().optional(),
  /** What people knew when they said "go on". */
  known: Counts.optional(),
  pausedFor: z.enum(CANARY_REASONS).optional(),
});
type CanaryDocument = z.infer<typeof CanaryDocument>;

export type Canary = Omit<CanaryDocument, '_id' | 'workspace' | 'v'> & {
  readonly id: string;
  readonly known?: CanaryCounts | undefined;
};

export function canaryStore(db: Db, workspace: string) {
  const canaries = scoped(db.collection<CanaryDocument>(CANARIES), workspace);
  return {
    async find(id: string, tx?: Tx): Promise<Canary | undefined> {
      const found = await canaries.findOne({ _id: id }, {}, tx);
      if (found === null) return undefined;
      const { _id, workspace: _workspace, v: _v, ...rest } = found;
      return { id: _id, ...rest };
    },

    /** Writes what became of what was read. @returns false if somebody else was faster */
    async change(canary: Canary, next: Omit<Canary, 'id' | 'rev'>, tx?: Tx): Promise<boolean> {
      const { id, rev } = canary;
      const { fullAt, known, pausedFor, stage, round, allowed } = next;
      const maybe = { fullAt, known, pausedFor };
      const set = Object.entries(maybe).filter(([, value]) => value !== undefined);
      const unset = Object.entries(maybe).filter(([, value]) => value === undefined);
      const update = {
        $set: { rev: rev + 1, stage, round, allowed, ...Object.fromEntries(set) },
        $setOnInsert: { v: 1 },
        ...(unset.length === 0
          ? {}
          : { $unset: Object.fromEntries(unset.map(([key]) => [key, ''])) }),
      } as unknown as UpdateFilter<CanaryDocument>;
      try {
        const done = await canaries.updateOne({ _id: id, rev }, update, tx, { upsert: rev === 0 });
        return done.modifiedCount + done.upsertedCount === 1;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
  };
}
