/**
 * Ranges: slices of the id space of one request, each with a lease, a checkpoint and its counts.
 *
 * Agenda's locks are no fence (a worker whose lock expired goes on unknowing), so every page's
 * transaction moves the checkpoint under the token of our own lease: a worker that lost it writes
 * nothing.
 */
import type { Db } from 'mongodb';
import { z } from 'zod';
import type { RequestCounts } from '../consent/request.ts';
import { scoped, type Tx } from './scoped.ts';

export const RANGES = 'ranges';

export const RangeDocument = z.strictObject({
  /** Request id and number: `q_ab12.3`. */
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  request: z.string(),
  number: z.int(),
  /** Ids from (exclusive) … before (exclusive; absent in the last range). */
  from: z.string(),
  before: z.string().optional(),
  /** The last id that was looked at; the next page begins after it. */
  checkpoint: z.string(),
  /** Pages written so far; part of the ids of ledger entries. */
  pages: z.int(),
  done: z.boolean(),
  counts: z.strictObject({
    addresses: z.int(),
    changed: z.int(),
    asks: z.int(),
    skips: z.record(z.string(), z.int()),
  }),
  lease: z.strictObject({ token: z.string(), until: z.date() }).optional(),
});
export type RangeDocument = z.infer<typeof RangeDocument>;

/** What one page adds to a range. */
export interface PageProgress {
  readonly checkpoint: string;
  readonly addresses: number;
  readonly changed: number;
  readonly asks: number;
  readonly skips: Readonly<Record<string, number>>;
}

export function rangeStore(db: Db, workspace: string) {
  const ranges = scoped(db.collection<RangeDocument>(RANGES), workspace);

  return {
    /** Cuts the id space into even ranges; called again, it finds them there. */
    async open(request: string, count: number, tx: Tx): Promise<void> {
      if ((await ranges.findOne({ request }, { projection: { _id: 1 } }, tx)) !== null) return;
      await ranges.insertMany(
        cuts(count).map(({ from, before }, number) => ({
          _id: `${request}.${number}`,
          v: 1,
          request,
          number,
          from,
          ...(before === undefined ? {} : { before }),
          checkpoint: from,
          pages: 0,
          done: false,
          counts: { addresses: 0, changed: 0, asks: 0, skips: {} },
        })),
        tx,
      );
    },

    /** Leases one range that nobody works on, or whose worker died. */
    async claim(
      request: string,
      { token, now, until }: { token: string; now: Date; until: Date },
    ): Promise<RangeDocument | null> {
      return ranges.findOneAndUpdate(
        {
          request,
          done: false,
          $or: [{ lease: { $exists: false } }, { 'lease.until': { $lte: now } }],
        },
        { $set: { lease: { token, until } } },
        undefined,
        { sort: { number: 1 } },
      );
    },

    /**
     * Moves the checkpoint in the page's transaction, if the lease is still ours.
     * @returns false if another worker holds the range now: write nothing
     */
    async advance(
      range: RangeDocument,
      { token, until }: { token: string; until: Date },
      { checkpoint, addresses, changed, asks, skips }: PageProgress,
      tx: Tx,
    ): Promise<boolean> {
      const added = Object.entries(skips).map(([skip, count]) => [`counts.skips.${skip}`, count]);
      const { modifiedCount } = await ranges.updateOne(
        { _id: range._id, pages: range.pages, 'lease.token': token },
        {
          $set: { checkpoint, 'lease.until': until },
          $inc: {
            pages: 1,
            'counts.addresses': addresses,
            'counts.changed': changed,
            'counts.asks': asks,
            ...Object.fromEntries(added),
          },
        },
        tx,
      );
      return modifiedCount === 1;
    },

    /** Closes a range whose last page is written. @returns false if the lease was lost */
    async finish(id: string, token: string): Promise<boolean> {
      const { modifiedCount } = await ranges.updateOne(
        { _id: id, 'lease.token': token },
        { $set: { done: true }, $unset: { lease: '' } },
      );
      return modifiedCount === 1;
    },

    /** Gives a range back, so that another worker can go on at once (pause, shutdown). */
    async release(id: string, token: string): Promise<void> {
      await ranges.updateOne({ _id: id, 'lease.token': token }, { $unset: { lease: '' } });
    },

    /** The counts of a request so far, how many ranges are open, and how many are being worked on. */
    async progress(
      request: string,
      now: Date,
    ): Promise<{ counts: RequestCounts; open: number; leased: number; ranges: number }> {
      const all = await ranges.find({ request }).toArray();
      const open = all.filter(({ done }) => !done);
      const leased = open.filter(({ lease }) => lease !== undefined && lease.until > now);
      return {
        counts: sum(all.map(({ counts }) => counts)),
        open: open.length,
        leased: leased.length,
        ranges: all.length,
      };
    },
  };
}

/** Even cuts of the space of hexadecimal ids: the ids are hashes, so the cuts are even in number. */
function cuts(count: number): { from: string; before: string | undefined }[] {
  const SPACE = 0x1_0000_0000;
  const bounds = Array.from({ length: count }, (_, number) =>
    Math.floor((number * SPACE) / count)
      .toString(16)
      .padStart(8, '0'),
  );
  // `from` is exclusive and shorter than any id, so an id that begins with it still lies after it.
  return bounds.map((from, number) => ({
    from: number === 0 ? '' : from,
    before: bounds[number + 1],
  }));
}

function sum(parts: readonly RequestCounts[]): RequestCounts {
  const skips: Record<string, number> = {};
  for (const part of parts) {
    for (const [skip, count] of Object.entries(part.skips))
      skips[skip] = (skips[skip] ?? 0) + count;
  }
  const total = (key: 'addresses' | 'changed' | 'asks') =>
    parts.reduce((all, part) => all + part[key], 0);
  return { addresses: total('addresses'), changed: total('changed'), asks: total('asks'), skips };
}
