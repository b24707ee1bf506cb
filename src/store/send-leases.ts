/**
 * Send leases: how several senders share the mail of a workspace without sending any of it twice.
 *
 * `sending` is written before the first byte leaves, with a lease; whatever is found in it after a
 * crash is `unknown`. That write takes a row only as it was read when it was claimed: queued, and due
 * by then. So of two that hold a row one gets it, and what was cancelled, put off, sent or tried
 * since is nobody's. Every later write carries the lease's token, so a sender that was given up on
 * cannot write any more.
 */
import type { Document, Filter, UpdateFilter } from 'mongodb';
import type { SendState } from '../consent/mail-event.ts';
import type { SendNote } from '../consent/note.ts';
import type { Scoped, Tx } from './scoped.ts';
import type { SendClaim, sendClaimStore } from './send-claims.ts';
import type { SendDocument } from './send-document.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Else the database may look at all rows of a state to find a hundred of them. */
const BY_ID = { hint: { _id: 1 } } as const;

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

/** A mail that goes back into the queue, unsent. */
export interface PutBack {
  readonly id: string;
  /** Not before then; as it was if left out. */
  readonly nextAt?: Date | undefined;
}

export function sendLeases(sends: Scoped<SendDocument>, claims: ReturnType<typeof sendClaimStore>) {
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
    /** Keeps what is claimed or on its way under this token for longer. */
    async renew(token: string, until: Date): Promise<void> {
      await Promise.all([
        claims.renewClaim(token, until),
        sends.updateMany(
          { state: 'sending', 'lease.token': token },
          { $set: { 'lease.until': until } },
        ),
      ]);
    },

    /** Write-ahead: these are about to leave, under a lease. @returns the ids that are ours */
    async markSending(
      mails: readonly { id: string; messageId: string; mailHash: string }[],
      claim: SendClaim,
      now: Date,
    ): Promise<Set<string>> {
      if (mails.length === 0) return new Set();
      const { token, until } = claim;
      const ids = mails.map(({ id }) => id);
      const own = (values: readonly string[]) => ofRow(ids, values);
      const { modifiedCount } = await sends.updateMany(
        { _id: { $in: ids }, ...asRead(claim) },
        [
          {
            $set: {
              state: 'sending',
              lease: { $literal: { token, until } },
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
        { _id: { $in: ids }, ...leased(token) },
        { projection: { _id: 1 }, batchSize: mails.length + 1 },
      );
      return new Set((await ours.toArray()).map(({ _id }) => _id));
    },

    /**
     * Puts claimed mails back that were not written ahead, and gives up the claim on them. What is
     * not as it was read stays as it is.
     */
    async putBack(mails: readonly PutBack[], claim: SendClaim): Promise<void> {
      if (mails.length === 0) return;
      const later = mails.flatMap(({ id, nextAt }) =>
        nextAt === undefined
          ? []
          : [
              {
                filter: { _id: id, ...asRead(claim) },
                update: { $set: { nextAt } },
                hint: { _id: 1 },
              },
            ],
      );
      await sends.updateEach(later);
      await claims.drop(
        claim.token,
        mails.map(({ id }) => id),
      );
    },

    /**
     * Writes what became of a claimed mail that was not written ahead: it never leaves.
     * @returns false if it is not as it was read
     */
    async settleClaimed(
      id: string,
      claim: SendClaim,
      result: Pick<SendResult, 'state' | 'nextAt' | 'reply' | 'note'>,
      tx?: Tx,
    ): Promise<boolean> {
      const filter = { _id: id, ...asRead(claim) } as Filter<SendDocument>;
      const { modifiedCount } = await sends.updateOne(filter, { $set: result }, tx);
      return modifiedCount === 1;
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
     * Takes up what dead senders left. Their claims are given up; rows they were sending are
     * `unknown`, never repeated, and their silence is judged as if they had been sent now.
     */
    async recover(now: Date): Promise<{ claims: number; unknown: number }> {
      const expired = await claims.expire(now);
      const unknown = await sends.updateMany({ state: 'sending', 'lease.until': { $lte: now } }, [
        {
          $set: {
            state: 'unknown',
            reply: 'The sender stopped before the server answered.',
            nextAt: { $add: [now, { $multiply: ['$linkDays', DAY_MS] }] },
          },
        },
        { $unset: 'lease' },
      ]);
      return { claims: expired, unknown: unknown.modifiedCount };
    },
  };
}

/** What a sender is about to hand over, and nobody else may settle. */
const leased = (token: string) => ({ state: 'sending', 'lease.token': token }) as const;

/** Still as it was when it was claimed: what was tried or put off since is due later. */
const asRead = ({ now }: SendClaim) => ({ state: 'queued', nextAt: { $lte: now } }) as const;

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
