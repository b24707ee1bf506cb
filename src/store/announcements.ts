/**
 * Announcements: something Slack must be told, written with the act and posted from here.
 *
 * One document is one message. Each act that changes what it should show raises `wanted`; the
 * poster renders the state of that moment and lowers the difference, so edits coalesce, a crash
 * loses no card, and several processes do not post twice (lease).
 */
import type { Db, UpdateFilter } from 'mongodb';
import { z } from 'zod';
import { scoped, type Tx } from './scoped.ts';

export const ANNOUNCEMENTS = 'announcements';

/** The messages we post: what each shows is drawn by slack/ when it is posted. */
const ANNOUNCEMENT_KINDS = [
  'approval-card',
  'progress',
  'result',
  'direct-decision',
  'direct-result',
  'direct-import',
  'direct-reminder',
  'milestone-25',
  'milestone-50',
  'milestone-75',
  'milestone-paused',
  'milestone-resumed',
  'breaker',
  'canary',
  'campaign-card',
  'direct-campaign',
  'digest',
  'home',
] as const;
export type AnnouncementKind = (typeof ANNOUNCEMENT_KINDS)[number];

export const AnnouncementDocument = z.strictObject({
  /** Made from kind and subject, so that one act cannot make two messages. */
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  kind: z.enum(ANNOUNCEMENT_KINDS),
  about: z.strictObject({
    kind: z.enum(['request', 'import', 'campaign', 'digest', 'home', 'pace']),
    id: z.string(),
  }),
  /** Slack channel id (`C…`), or user id (`U…`) for a direct message. */
  to: z.string(),
  state: z.enum(['due', 'shown', 'given-up']),
  wanted: z.int(),
  shown: z.int(),
  nextAt: z.date(),
  attempts: z.int(),
  lease: z.strictObject({ token: z.string(), until: z.date() }).optional(),
  /** Where the message stands, so that it can be edited. */
  place: z.strictObject({ channel: z.string(), ts: z.string() }).optional(),
  /** Slack's error name of the last failure. */
  error: z.string().optional(),
  createdAt: z.date(),
});
export type AnnouncementDocument = z.infer<typeof AnnouncementDocument>;

export interface Announcement {
  readonly kind: AnnouncementKind;
  readonly about: AnnouncementDocument['about'];
  readonly to: string;
}

export function announcementStore(db: Db, workspace: string) {
  const announcements = scoped(db.collection<AnnouncementDocument>(ANNOUNCEMENTS), workspace);

  return {
    /** Asks for a message to be posted, or edited if it stands already. */
    async want({ kind, about, to }: Announcement, at: Date, tx?: Tx): Promise<void> {
      await announcements.updateOne(
        { _id: `${kind}:${workspace}:${about.kind}:${about.id}:${to}` },
        {
          $set: { state: 'due' },
          $inc: { wanted: 1 },
          // Never sooner than it may be: edits are paced, and Slack may have said when to come back.
          $max: { nextAt: at },
          $setOnInsert: { v: 1, kind, about, to, shown: 0, attempts: 0, createdAt: at },
        } as unknown as UpdateFilter<AnnouncementDocument>,
        tx,
        { upsert: true },
      );
    },

    /** Asks for a message once and for all: whoever asks again changes nothing. */
    async wantOnce({ kind, about, to }: Announcement, at: Date, tx?: Tx): Promise<void> {
      const first = { wanted: 1, shown: 0, attempts: 0, nextAt: at, createdAt: at };
      await announcements.updateOne(
        { _id: `${kind}:${workspace}:${about.kind}:${about.id}:${to}` },
        {
          $setOnInsert: { v: 1, kind, about, to, state: 'due', ...first },
        } as unknown as UpdateFilter<AnnouncementDocument>,
        tx,
        { upsert: true },
      );
    },

    /** Leases the announcement that has waited longest. */
    async claim({ token, now, until }: { token: string; now: Date; until: Date }) {
      return announcements.findOneAndUpdate(
        {
          state: 'due',
          nextAt: { $lte: now },
          $or: [{ lease: { $exists: false } }, { 'lease.until': { $lte: now } }],
        },
        { $set: { lease: { token, until } } },
        undefined,
        { sort: { nextAt: 1 } },
      );
    },

    /**
     * Records that the message shows what was wanted when it was drawn. If more is wanted
     * meanwhile it stays due, and is edited again no sooner than `editAfter`.
     */
    async shown(
      { _id, wanted }: AnnouncementDocument,
      {
        token,
        place,
        editAfter,
      }: { token: string; place: AnnouncementDocument['place']; editAfter: Date },
    ): Promise<void> {
      await announcements.findOneAndUpdate({ _id, 'lease.token': token }, [
        {
          $set: {
            shown: wanted,
            attempts: 0,
            nextAt: editAfter,
            state: { $cond: [{ $gt: ['$wanted', wanted] }, 'due', 'shown'] },
            ...(place === undefined ? {} : { place }),
          },
        },
        { $unset: ['lease', 'error'] },
      ]);
    },

    /** Puts a message off after a failure, or gives it up if it can never be posted. */
    async failed(
      id: string,
      { token, error, nextAt }: { token: string; error: string; nextAt: Date | 'never' },
    ): Promise<void> {
      // Whoever asks for it again later has all attempts before them.
      const change =
        nextAt === 'never'
          ? { $set: { error, state: 'given-up', attempts: 0 } }
          : { $set: { error, nextAt }, $inc: { attempts: 1 } };
      await announcements.updateOne({ _id: id, 'lease.token': token }, {
        ...change,
        $unset: { lease: '' },
      } as unknown as UpdateFilter<AnnouncementDocument>);
    },

    /** Forgets where a message stood, because it was deleted: the next want posts it anew. */
    async forgetPlace(id: string): Promise<void> {
      await announcements.updateOne({ _id: id }, {
        $unset: { place: '' },
      } as unknown as UpdateFilter<AnnouncementDocument>);
    },

    /** Whatever waits for Slack is tried again at once: the app was installed again. */
    async hurry(at: Date): Promise<void> {
      await announcements.updateMany({ state: 'due' }, { $set: { nextAt: at } });
    },

    async ofSubject(about: AnnouncementDocument['about']): Promise<AnnouncementDocument[]> {
      const found = announcements.find({ 'about.kind': about.kind, 'about.id': about.id });
      return await found.toArray();
    },
  };
}

/** The workspaces in which something waits to be posted, for the clock. */
export function announcementClock(db: Db) {
  const announcements = db.collection<AnnouncementDocument>(ANNOUNCEMENTS);
  return {
    async dueWorkspaces(now: Date): Promise<string[]> {
      const groups = announcements.aggregate<{ _id: string }>([
        { $match: { state: 'due', nextAt: { $lte: now } } },
        { $group: { _id: '$workspace' } },
      ]);
      return (await groups.toArray()).map(({ _id }) => _id);
    },
  };
}
