/**
 * Send leases: how several senders share the mail of a workspace without sending any of it twice.
 *
 * A few rows are leased at a time. `sending` is written before the first byte leaves; whatever is
 * found in it after a crash is `unknown`. Every later write carries the lease's token, so a sender
 * that was given up on cannot write any more.
 */
import type { Filter, UpdateFilter } from 'mongodb';
import type { Scoped, Tx } from './scoped.ts';
import type { SendDocument, SendState } from './send-document.ts';

/** When other senders took all rows that were found due, so often it is looked again. */
const CLAIM_TRIES_MAX = 5;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What became of a send. */
export interface SendResult {
  readonly state: SendState;
  readonly nextAt?: Date;
  readonly sentAt?: Date;
  readonly reply?: string;
  readonly note?: string;
  /** Takes back the attempt: nothing was offered to the server. */
  readonly uncount?: boolean;
}

export function sendLeases(sends: Scoped<SendDocument>) {
  /** The filter and the write that settle a send while the lease is held. */
  const settlement = (id: string, token: string, { uncount, ...set }: SendResult) => ({
    filter: {
      _id: id,
      state: { $in: ['claimed', 'sending'] },
      'lease.token': token,
    } as Filter<SendDocument>,
    update: {
      $set: set,
      $unset: { lease: '' },
      ...(uncount === true ? { $inc: { attempts: -1 } } : {}),
    } as UpdateFilter<SendDocument>,
  });

  return {
    /**
     * Leases a few due sends of the given requests to one sender.
     * @param limit rows; small, since what a crash leaves uncertain is bounded by it
     */
    async claim(
      requests: readonly string[],
      { token, now, until, limit }: { token: string; now: Date; until: Date; limit: number },
    ): Promise<SendDocument[]> {
      for (let tries = 0; tries < CLAIM_TRIES_MAX; tries += 1) {
        const due = await sends
          .find(
            { state: 'queued', nextAt: { $lte: now }, 'cause.id': { $in: [...requests] } },
            { projection: { _id: 1 }, sort: { nextAt: 1 }, limit, batchSize: limit + 1 },
          )
          .toArray();
        if (due.length === 0) return [];
        const { modifiedCount } = await sends.updateMany(
          { _id: { $in: due.map(({ _id }) => _id) }, state: 'queued' },
          { $set: { state: 'claimed', lease: { token, until } } },
        );
        if (modifiedCount === 0) continue;
        return await sends.find({ 'lease.token': token, state: 'claimed' }).toArray();
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
      await sends.updateEach(
        mails.map(({ id, messageId, mailHash }) => ({
          filter: { _id: id, state: 'claimed', 'lease.token': token } as Filter<SendDocument>,
          update: {
            $set: { state: 'sending', messageId, mailHash },
            $inc: { attempts: 1 },
            $min: { triedAt: now },
          } as UpdateFilter<SendDocument>,
        })),
      );
      const ours = sends.find(
        {
          _id: { $in: mails.map(({ id }) => id) },
          state: 'sending',
          'lease.token': token,
        },
        { projection: { _id: 1 }, batchSize: mails.length + 1 },
      );
      return new Set((await ours.toArray()).map(({ _id }) => _id));
    },

    /** Writes what became of a send, if the lease is still ours. @returns false if it was lost */
    async settle(id: string, token: string, result: SendResult, tx?: Tx): Promise<boolean> {
      const { filter, update } = settlement(id, token, result);
      const { modifiedCount } = await sends.updateOne(filter, update, tx);
      return modifiedCount === 1;
    },

    /** The same for several sends in one round trip; those whose lease was lost stay as they are. */
    async settleMany(
      results: readonly { readonly id: string; readonly result: SendResult }[],
      token: string,
    ): Promise<void> {
      await sends.updateEach(results.map(({ id, result }) => settlement(id, token, result)));
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
