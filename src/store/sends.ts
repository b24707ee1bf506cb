/**
 * Sends: one document per mail to one address, and what became of it.
 *
 *   queued ─claim─▶ claimed ─write-ahead─▶ sending ─▶ sent │ bounced │ blocked │ unknown
 *      └────────────────┴──── cancelled (never left)          └ deferred: back to queued, later
 *
 * The id is made from cause, address and kind, so a send cannot be written twice. `sending` is
 * written before the first byte leaves; whatever is found in it after a crash is `unknown`. Every
 * later write carries the lease's token.
 */
import { createHash } from 'node:crypto';
import type { Db, Filter, UpdateFilter } from 'mongodb';
import { z } from 'zod';
import { scoped, type Tx } from './scoped.ts';

export const SENDS = 'sends';
export const SEND_STATES = [
  'queued',
  'claimed',
  'sending',
  'sent',
  'bounced',
  'blocked',
  'unknown',
  'cancelled',
] as const;
export type SendState = (typeof SEND_STATES)[number];
/** States in which a send still has to be worked on. */
export const OPEN_SEND_STATES = ['queued', 'claimed', 'sending'] as const;

const ID_BYTES = 16;

export const SendDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  cause: z.strictObject({ kind: z.literal('request'), id: z.string() }),
  /** Id of the address; the address itself is read when the mail is made. */
  address: z.string(),
  kind: z.enum(['ask', 'reminder']),
  template: z.string(),
  templateHash: z.string(),
  silence: z.enum(['keep', 'revert']),
  linkDays: z.int(),
  state: z.enum(SEND_STATES),
  /** When it may be worked on (queued), or when its silence is judged (sent). */
  nextAt: z.date(),
  attempts: z.int(),
  lease: z.strictObject({ token: z.string(), until: z.date() }).optional(),
  messageId: z.string().optional(),
  mailHash: z.string().optional(),
  /** The server's last words, without any address. */
  reply: z.string().optional(),
  /** Why it was cancelled: a skip of judgeAsk, or the request's end. */
  note: z.string().optional(),
  createdAt: z.date(),
  sentAt: z.date().optional(),
  /** What the recipient did; set once, in the transaction of the act. */
  outcome: z.enum(['confirmed', 'stopped', 'silent']).optional(),
  outcomeAt: z.date().optional(),
});
export type SendDocument = z.infer<typeof SendDocument>;
export type NewSend = Omit<
  SendDocument,
  '_id' | 'workspace' | 'v' | 'state' | 'attempts' | 'nextAt'
> & { readonly nextAt?: Date };

/** 128 bits of SHA-256 over what makes a send one send, as base64url. */
export function sendId(
  workspace: string,
  { cause, address, kind }: Pick<SendDocument, 'cause' | 'address' | 'kind'>,
): string {
  return createHash('sha256')
    .update(`send\0${workspace}\0${cause.kind}:${cause.id}\0${address}\0${kind}`)
    .digest()
    .subarray(0, ID_BYTES)
    .toString('base64url');
}

export type SendStore = ReturnType<typeof sendStore>;

export function sendStore(db: Db, workspace: string) {
  const sends = scoped(db.collection<SendDocument>(SENDS), workspace);

  return {
    async find(id: string, tx?: Tx): Promise<SendDocument | null> {
      return sends.findOne({ _id: id }, {}, tx);
    },

    /** Writes the sends of a page, in the transaction that reserved their asks. */
    async insertMany(news: readonly NewSend[], tx: Tx): Promise<void> {
      await sends.insertMany(
        news.map((send) => ({
          ...send,
          _id: sendId(workspace, send),
          v: 1 as const,
          state: 'queued' as const,
          attempts: 0,
          nextAt: send.nextAt ?? send.createdAt,
        })),
        tx,
      );
    },

    /**
     * Leases a few due sends of the given requests to one sender.
     * @param limit rows; small, since what a crash leaves uncertain is bounded by it
     */
    async claim(
      requests: readonly string[],
      { token, now, until, limit }: { token: string; now: Date; until: Date; limit: number },
    ): Promise<SendDocument[]> {
      const due = await sends
        .find(
          { state: 'queued', nextAt: { $lte: now }, 'cause.id': { $in: [...requests] } },
          { projection: { _id: 1 }, sort: { nextAt: 1 }, limit, batchSize: limit + 1 },
        )
        .toArray();
      if (due.length === 0) return [];
      await sends.updateMany(
        { _id: { $in: due.map(({ _id }) => _id) }, state: 'queued' },
        { $set: { state: 'claimed', lease: { token, until } } },
      );
      return (await sends
        .find({ 'lease.token': token, state: 'claimed' } as Filter<SendDocument>)
        .toArray()) as SendDocument[];
    },

    /** Write-ahead: these are about to leave. @returns the ids that are still ours */
    async markSending(
      mails: readonly { id: string; messageId: string; mailHash: string }[],
      token: string,
    ): Promise<Set<string>> {
      await sends.updateEach(
        mails.map(({ id, messageId, mailHash }) => ({
          filter: { _id: id, state: 'claimed', 'lease.token': token } as Filter<SendDocument>,
          update: {
            $set: { state: 'sending', messageId, mailHash },
            $inc: { attempts: 1 },
          } as UpdateFilter<SendDocument>,
        })),
      );
      const ours = sends.find(
        {
          _id: { $in: mails.map(({ id }) => id) },
          state: 'sending',
          'lease.token': token,
        } as Filter<SendDocument>,
        { projection: { _id: 1 } },
      );
      return new Set((await ours.toArray()).map(({ _id }) => _id));
    },

    /** Writes what became of a send, if the lease is still ours. @returns false if it was lost */
    async settle(
      id: string,
      token: string,
      result: {
        readonly state: SendState;
        readonly nextAt?: Date;
        readonly sentAt?: Date;
        readonly reply?: string;
        readonly note?: string;
        /** Takes back the attempt: nothing was offered to the server. */
        readonly uncount?: boolean;
      },
      tx?: Tx,
    ): Promise<boolean> {
      const { uncount, ...set } = result;
      const { modifiedCount } = await sends.updateOne(
        {
          _id: id,
          state: { $in: ['claimed', 'sending'] },
          'lease.token': token,
        } as Filter<SendDocument>,
        {
          $set: set,
          $unset: { lease: '' },
          ...(uncount === true ? { $inc: { attempts: -1 } } : {}),
        } as UpdateFilter<SendDocument>,
        tx,
      );
      return modifiedCount === 1;
    },

    /** Cancels what has not left yet. @returns the addresses whose asks are to be given back */
    async cancelQueued(
      request: string,
      note: string,
      limit: number,
      tx: Tx,
    ): Promise<SendDocument[]> {
      const waiting = (await sends
        .find({ 'cause.id': request, state: 'queued' }, { limit }, tx)
        .toArray()) as SendDocument[];
      await sends.updateMany(
        { _id: { $in: waiting.map(({ _id }) => _id) }, state: 'queued' },
        { $set: { state: 'cancelled', note } } as UpdateFilter<SendDocument>,
        tx,
      );
      return waiting;
    },

    /** Claimed rows of a dead sender go back; rows it was sending are `unknown`, never repeated. */
    async recover(now: Date): Promise<{ returned: number; unknown: number }> {
      const expired = { 'lease.until': { $lte: now } };
      const returned = await sends.updateMany(
        { state: 'claimed', ...expired } as Filter<SendDocument>,
        { $set: { state: 'queued' }, $unset: { lease: '' } } as UpdateFilter<SendDocument>,
      );
      const unknown = await sends.updateMany(
        { state: 'sending', ...expired } as Filter<SendDocument>,
        {
          $set: { state: 'unknown', reply: 'The sender stopped before the server answered.' },
          $unset: { lease: '' },
        } as UpdateFilter<SendDocument>,
      );
      return { returned: returned.modifiedCount, unknown: unknown.modifiedCount };
    },

    /** Records what the recipient did; the first act stands. @returns false if one was there */
    async setOutcome(
      id: string,
      outcome: NonNullable<SendDocument['outcome']>,
      at: Date,
      tx: Tx,
    ): Promise<boolean> {
      const { modifiedCount } = await sends.updateOne(
        { _id: id, outcome: { $exists: false } } as Filter<SendDocument>,
        { $set: { outcome, outcomeAt: at } } as UpdateFilter<SendDocument>,
        tx,
      );
      return modifiedCount === 1;
    },

    /** Sends that left before `leftBefore`, unanswered: their silence is to be judged. */
    async unanswered(now: Date, limit: number): Promise<SendDocument[]> {
      const found = sends.find(
        {
          state: { $in: ['sent', 'unknown', 'bounced', 'blocked'] },
          nextAt: { $lte: now },
          outcome: { $exists: false },
        } as Filter<SendDocument>,
        { sort: { nextAt: 1 }, limit },
      );
      return (await found.toArray()) as SendDocument[];
    },

    /** How many sends of a request are in each state, and how many were answered how. */
    async countByState(request: string): Promise<Partial<Record<SendState, number>>> {
      const groups = sends.aggregate<{ _id: SendState; count: number }>({ 'cause.id': request }, [
        { $group: { _id: '$state', count: { $sum: 1 } } },
      ]);
      return Object.fromEntries((await groups.toArray()).map(({ _id, count }) => [_id, count]));
    },

    async countByOutcome(request: string): Promise<Record<string, number>> {
      const groups = sends.aggregate<{ _id: string; count: number }>(
        { 'cause.id': request, outcome: { $exists: true } } as Filter<SendDocument>,
        [{ $group: { _id: '$outcome', count: { $sum: 1 } } }],
      );
      return Object.fromEntries((await groups.toArray()).map(({ _id, count }) => [_id, count]));
    },

    /** Every send to one address, oldest first. */
    async ofAddress(address: string): Promise<SendDocument[]> {
      const found = sends.find({ address }, { sort: { createdAt: 1 } });
      return (await found.toArray()) as SendDocument[];
    },
  };
}

/** Workspaces with mail to send or silence to judge, for the clock. */
export function sendClock(db: Db) {
  const sends = db.collection<SendDocument>(SENDS);
  const workspaces = async (match: Filter<SendDocument>) => {
    const groups = sends.aggregate<{ _id: string }>([
      { $match: match },
      { $group: { _id: '$workspace' } },
    ]);
    return (await groups.toArray()).map(({ _id }) => _id);
  };
  return {
    async workspacesToSend(now: Date): Promise<string[]> {
      return workspaces({
        state: { $in: ['queued', 'claimed', 'sending'] },
        nextAt: { $lte: now },
      });
    },
    async workspacesWithSilence(now: Date): Promise<string[]> {
      return workspaces({
        state: { $in: ['sent', 'unknown', 'bounced', 'blocked'] },
        nextAt: { $lte: now },
        outcome: { $exists: false },
      });
    },
  };
}
