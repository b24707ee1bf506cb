/**
 * Drafts: a wizard in progress, kept so that closing the modal loses nothing. They die by
 * themselves (TTL).
 */
import type { Db, UpdateFilter } from 'mongodb';
import { z } from 'zod';
import { scoped } from './scoped.ts';

export const DRAFTS = 'drafts';
const DRAFT_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

export const DraftDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  user: z.string(),
  /** Which wizard it belongs to: `request`, `import`; or any `form`, kept as it stood. */
  wizard: z.enum(['request', 'import', 'form']),
  step: z.string(),
  /** The answers so far, as that wizard keeps them. */
  answers: z.looseObject({}),
  expiresAt: z.date(),
});
export type DraftDocument = z.infer<typeof DraftDocument>;

export function draftStore(db: Db, workspace: string) {
  const drafts = scoped(db.collection<DraftDocument>(DRAFTS), workspace);
  return {
    /** Only the person who wrote a draft can open it. */
    async find(id: string, user: string): Promise<DraftDocument | null> {
      return drafts.findOne({ _id: id, user });
    },
    async latest(user: string, wizard: DraftDocument['wizard']): Promise<DraftDocument | null> {
      return drafts.findOne({ user, wizard }, { sort: { expiresAt: -1 } });
    },
    async save(
      {
        id,
        user,
        wizard,
        step,
        answers,
      }: {
        id: string;
        user: string;
        wizard: DraftDocument['wizard'];
        step: string;
        answers: Record<string, unknown>;
      },
      now: Date,
    ): Promise<void> {
      const expiresAt = new Date(now.getTime() + DRAFT_DAYS * DAY_MS);
      await drafts.updateOne(
        { _id: id, user },
        {
          $set: { v: 1, wizard, step, answers, expiresAt },
        } as unknown as UpdateFilter<DraftDocument>,
        undefined,
        { upsert: true },
      );
    },
    async discard(id: string, user: string): Promise<void> {
      await drafts.deleteOne({ _id: id, user });
    },
  };
}
