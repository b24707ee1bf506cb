/**
 * Send claims: which due rows a sender is working on, so that others take different ones.
 *
 * A claim is one document with the ids of its rows; the rows themselves are not written. A unique
 * index over the ids lets nobody else claim them, so inserting the document is what takes them. It
 * only spares work: two senders may still hold a row (a claim ran out, or a row was read just before
 * its claim was given up), and then the write-ahead lets one of them have it (send-leases.ts).
 */
import type { Db, Filter, UpdateFilter } from 'mongodb';
import { z } from 'zod';
import { isDuplicate } from './duplicate.ts';
import { type Scoped, scoped } from './scoped.ts';
import { SENDS, type SendDocument } from './send-document.ts';

export const SEND_CLAIMS = 'send_claims';

/** When other senders took all rows that were found due, so often it is looked again. */
const CLAIM_TRIES_MAX = 5;
/** Senders that insert at once: each loser leaves out what the others hold by then. */
const TAKE_TRIES_MAX = 10;

export const SendClaimDocument = z.strictObject({
  /** The token of its sender. */
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  /** Of sends. Some may have been sent since. */
  ids: z.array(z.string()),
  /** From then on its sender is taken for dead. */
  until: z.date(),
});
type SendClaimDocument = z.infer<typeof SendClaimDocument>;

/** A sender's claim on a few rows, and what it knows them by. */
export interface SendClaim {
  readonly token: string;
  /** When its rows were found due: what was tried since is due later than that. */
  readonly now: Date;
  readonly until: Date;
}

/** So many due rows of these requests, to these providers; all providers if none is named. */
export interface ClaimQuota {
  readonly requests: readonly string[];
  /** Null: rows that are older than providers. */
  readonly providers?: readonly (string | null)[] | undefined;
  readonly limit: number;
}

export function sendClaimStore(db: Db, workspace: string) {
  const claims = scoped(db.collection<SendClaimDocument>(SEND_CLAIMS), workspace);
  const sends = scoped(db.collection<SendDocument>(SENDS), workspace);

  /** The rows that senders work on. @param now gives up the claims of dead ones, and leaves them out */
  async function heldIds(now?: Date): Promise<string[]> {
    const all = await claims.find({}, { projection: { ids: 1, until: 1 } }).toArray();
    const isOver = ({ until }: { until: Date }) => now !== undefined && until <= now;
    if (now !== undefined && all.some(isOver)) await expire(now);
    return all.filter((claim) => !isOver(claim)).flatMap(({ ids }) => ids);
  }

  /** Gives up the claims of dead senders. @returns how many */
  async function expire(now: Date): Promise<number> {
    return claims.deleteMany({ until: { $lte: now } });
  }

  /** @returns those of the ids that nobody else held */
  async function take(
    ids: readonly string[],
    { token, now, until }: SendClaim,
  ): Promise<ReadonlySet<string>> {
    let free = ids;
    for (let tries = 0; tries < TAKE_TRIES_MAX && free.length > 0; tries += 1) {
      try {
        await claims.insertOne({ _id: token, v: 1, ids: [...free], until });
        return new Set(free);
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const held = new Set(await heldIds(now));
        free = free.filter((id) => !held.has(id));
      }
    }
    return new Set();
  }

  return {
    /**
     * Claims a few due sends for one sender: of each quota so many, as they stand in the database.
     * A sender has one claim at a time for each token.
     */
    async claim(quotas: readonly ClaimQuota[], claim: SendClaim): Promise<SendDocument[]> {
      for (let tries = 0; tries < CLAIM_TRIES_MAX; tries += 1) {
        const due = await dueOf(sends, quotas, { now: claim.now, held: await heldIds(claim.now) });
        if (due.length === 0) return [];
        const ours = await take(
          due.map(({ _id }) => _id),
          claim,
        );
        if (ours.size === due.length) return due;
        if (ours.size > 0) return due.filter(({ _id }) => ours.has(_id));
      }
      return [];
    },

    /** Keeps a claim for longer; one that was given up stays so. */
    async renewClaim(token: string, until: Date): Promise<void> {
      await claims.updateOne({ _id: token }, { $set: { until } });
    },

    /** Gives up a part of a claim: others may take these rows at once. */
    async drop(token: string, ids: readonly string[]): Promise<void> {
      const update = { $pullAll: { ids: [...ids] } } as UpdateFilter<SendClaimDocument>;
      await claims.updateOne({ _id: token }, update);
    },

    /** Gives up a claim. */
    async release(token: string): Promise<void> {
      await claims.deleteOne({ _id: token });
    },

    heldIds,
    expire,
  };
}

/** What is due and nobody works on, the oldest of each quota first, in one command. */
async function dueOf(
  sends: Scoped<SendDocument>,
  quotas: readonly ClaimQuota[],
  { now, held }: { readonly now: Date; readonly held: readonly string[] },
): Promise<SendDocument[]> {
  const [first, ...others] = quotas.map(({ requests, providers, limit }) => ({
    match: {
      state: 'queued',
      nextAt: { $lte: now },
      'cause.id': { $in: [...requests] },
      ...(providers === undefined ? {} : { provider: { $in: [...providers] } }),
      ...(held.length === 0 ? {} : { _id: { $nin: [...held] } }),
    } as Filter<SendDocument>,
    pipeline: [{ $sort: { nextAt: 1 } }, { $limit: limit }],
  }));
  if (first === undefined) return [];
  const unions = others.map(({ match, pipeline }) => ({
    $unionWith: { coll: SENDS, pipeline: [{ $match: sends.own(match) }, ...pipeline] },
  }));
  const limit = quotas.reduce((sum, quota) => sum + quota.limit, 0);
  return sends
    .aggregate<SendDocument>(first.match, [...first.pipeline, ...unions], {
      batchSize: limit + 1,
    })
    .toArray();
}
