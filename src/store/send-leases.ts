/**
 * Send leases: how several senders share the mail of a workspace without sending any of it twice.
 *
 * A few rows are leased at a time. `sending` is written before the first byte leaves; whatever is
 * found in it after a crash is `unknown`. Every later write carries the lease's token, so a sender
 * that was given up on cannot write any more.
 */
import type { Document, Filter, UpdateFilter } from 'mongodb';
import type { SendState } from '../consent/mail-event.ts';
import type { SendNote } from '../consent/note.ts';
import type { Scoped, Tx } from './scoped.ts';
import { SENDS, type SendDocument } from './send-document.ts';

/** When other senders took all rows that were found due, so often it is looked again. */
const CLAIM_TRIES_MAX = 5;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Else the database may look at all rows of a state to find a hundred of them. */
const BY_ID = { hint: { _id: 1 } } as const;

/** So many due rows of these requests, to these providers; all providers if none is named. */
export interface ClaimQuota {
  readonly requests: readonly string[];
  /** Null: rows that are older than providers. */
  readonly providers?: readonly (string | null)[] | undefined;
  readonly limit: number;
}

/** What became of a send. */
export interface SendResult {
  readonly state: SendState;
  readonly nextAt?: Date;
  readonly sentAt?: Date;
  readonly reply?: string;
  readonly note?: SendNote;
  /** Takes back the attempt: nothing was offered to the server. */
  readonly uncount?: boolean;
  /** It was the first attempt: from its time on nothing is counted either. */
  readonly untried?: boolean;
}

export interface SettledSend {
  readonly id: string;
  readonly result: SendResult;
}

export function sendLeases(sends: Scoped<SendDocument>) {
  /** The filter and the write that settle a send while the lease is held. */
  const settlement = (id: string, token: string, { uncount, untried, ...set }: SendResult) => ({
    filter: { _id: id, ...leased(token) } as Filter<SendDocument>,
    update: {
      $set: set,
      $unset: { lease: '', ...(untried === true ? { triedAt: '' } : {}) },
      ...(uncount === true ? { $inc: { attempts: -1 } } : {}),
    } as UpdateFilter<SendDocument>,
    ...BY_ID,
  });

  /** What is due, the oldest of each quota first, in one command. */
  async function dueOf(quotas: readonly ClaimQuota[], now: Date): Promise<SendDocument[]> {
    const [first, ...others] = quotas.map(({ requests, providers, limit }) => ({
      match: {
        state: 'queued',
        nextAt: { $lte: now },
        'cause.id': { $in: [...requests] },
        ...(providers === undefined ? {} : { provider: { $in: [...providers] } }),
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

  /** What most mails come to, in one update of many. */
  async function settleSent(results: readonly SettledSend[], token: string): Promise<void> {
    if (results.length === 0) return;
    const ids = results.map(({ id }) => id);
    const own = (of: (result: SendResult) => unknown) =>
      ofRow(
        ids,
        results.map(({ result }) => of(result)),
      );
    await sends.updateMany(
      { _id: { $in: ids }, ...leased(token) },
      [
        {
          $set: {
            state: 'sent',
            sentAt: own(({ sentAt }) => sentAt),
            nextAt: own(({ nextAt }) => nextAt),
            reply: own(({ reply }) => reply),
          },
        },
        { $unset: 'lease' },
      ],
      undefined,
      BY_ID,
    );
  }

  return {
    /**
     * Leases a few due sends to one sender: of each quota so many.
     * @param quotas few rows in all, since what a crash leaves uncertain is bounded by them
     */
    async claim(
      quotas: readonly ClaimQuota[],
      { token, now, until }: { token: string; now: Date; until: Date },
    ): Promise<SendDocument[]> {
      for (let tries = 0; tries < CLAIM_TRIES_MAX; tries += 1) {
        const due = await dueOf(quotas, now);
        if (due.length === 0) return [];
        // What was put off in between was tried in between: it is not as it was read.
        const { modifiedCount } = await sends.updateMany(
          { _id: { $in: due.map(({ _id }) => _id) }, state: 'queued', nextAt: { $lte: now } },
          { $set: { state: 'claimed', lease: { token, until } } },
          undefined,
          BY_ID,
        );
        if (modifiedCount === 0) continue;
        const claimed = { state: 'claimed', lease: { token, until } } as const;
        if (modifiedCount === due.length) return due.map((send) => ({ ...send, ...claimed }));
        const ours = { 'lease.token': token, state: 'claimed' } as Filter<SendDocument>;
        return await sends.find(ours, { batchSize: due.length + 1 }).toArray();
      }
      return [];
    },

    /** Keeps what is still leased with this token for longer. */
    async renew(token: string, until: Date): Promise<void> {
      await sends.updateMany(
        { 'lease.token': token },
        {
          $set: { 'lease.until': until },
        },
      );
    },

    /** Write-ahead: these are about to leave. @returns the ids that are still ours */
    async markSending(
      mails: readonly { id: string; messageId: string; mailHash: string }[],
      token: string,
      now: Date,
    ): Promise<Set<string>> {
      if (mails.length === 0) return new Set();
      const ids = mails.map(({ id }) => id);
      const own = (values: readonly string[]) => ofRow(ids, values);
      const { modifiedCount } = await sends.updateMany(
        { _id: { $in: ids }, state: 'claimed', 'lease.token': token },
        [
          {
            $set: {
              state: 'sending',
              messageId: own(mails.map(({ messageId }) => messageId)),
              mailHash: own(mails.map(({ mailHash }) => mailHash)),
              attempts: { $add: ['$attempts', 1] },
              triedAt: { $min: ['$triedAt', now] },
            },
          },
        ],
        undefined,
        BY_ID,
      );
      if (modifiedCount === mails.length) return new Set(ids);
      const ours = sends.find(
        {
          _id: { $in: ids },
          state: 'sending',
          'lease.token': token,
        },
        { projection: { _id: 1 }, batchSize: mails.length + 1 },
      );
      return new Set((await ours.toArray()).map(({ _id }) => _id));
    },

    /** Writes what became of a send, if the lease is still ours. @returns false if it was lost */
    async settle(id: string, token: string, result: SendResult, tx?: Tx): Promise<boolean> {
      const { filter, update, hint } = settlement(id, token, result);
      const { modifiedCount } = await sends.updateOne(filter, update, tx, { hint });
      return modifiedCount === 1;
    },

    /** The same for several sends in one round trip; those whose lease was lost stay as they are. */
    async settleMany(results: readonly SettledSend[], token: string): Promise<void> {
      const sent = results.filter(({ result }) => isPlainSent(result));
      const others = results.filter(({ result }) => !isPlainSent(result));
      await Promise.all([
        settleSent(sent, token),
        sends.updateEach(others.map(({ id, result }) => settlement(id, token, result))),
      ]);
    },

    /**
     * Takes up what a dead sender left. Claimed rows go back; rows it was sending are `unknown`,
     * never repeated, and their silence is judged as if they had been sent now.
     * @returns also the requests whose rows went back: one that ended meanwhile must cancel them
     */
    async recover(
      now: Date,
    ): Promise<{ returned: number; unknown: number; requests: readonly string[] }> {
      const expired = { 'lease.until': { $lte: now } };
      const claimed = { state: 'claimed', ...expired } as Filter<SendDocument>;
      const left = await sends.find(claimed, { projection: { 'cause.id': 1 } }).toArray();
      const returned = await sends.updateMany(claimed, {
        $set: { state: 'queued' },
        $unset: { lease: '' },
      });
      const unknown = await sends.updateMany({ state: 'sending', ...expired }, [
        {
          $set: {
            state: 'unknown',
            reply: 'The sender stopped before the server answered.',
            nextAt: { $add: [now, { $multiply: ['$linkDays', DAY_MS] }] },
          },
        },
        { $unset: 'lease' },
      ]);
      return {
        returned: returned.modifiedCount,
        unknown: unknown.modifiedCount,
        requests: [...new Set(left.map(({ cause }) => cause.id))],
      };
    },
  };
}

/** What a sender holds, and nobody else may settle. */
const leased = (token: string) => ({
  state: { $in: ['claimed', 'sending'] as const },
  'lease.token': token,
});

/** Taken by the server, with nothing to say besides. */
function isPlainSent({ state, sentAt, nextAt, reply, ...rest }: SendResult): boolean {
  const isWhole = sentAt !== undefined && nextAt !== undefined && reply !== undefined;
  return state === 'sent' && isWhole && Object.keys(rest).length === 0;
}

/**
 * Each row's own value, in one update of many: half the work of as many updates of one. The values
 * are literals: what looks like a field or an operator of the database is none.
 */
function ofRow(ids: readonly string[], values: readonly unknown[]): Document {
  const [first] = values;
  if (values.every((value) => isSame(value, first))) return { $literal: first };
  return { $arrayElemAt: [{ $literal: values }, { $indexOfArray: [{ $literal: ids }, '$_id'] }] };
}

/** Rows that share a value need no list of it. */
function isSame(one: unknown, other: unknown): boolean {
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  return one === other;
}
