/**
 * Sends: one document per mail to one address, and what became of it.
 *
 * What a send looks like is in send-document.ts, who works on it in send-claims.ts, how it is sent
 * once in send-leases.ts; here it is written, cancelled, answered by its recipient, and counted.
 */
import type { Db, Filter } from 'mongodb';
import type { SendState } from '../consent/mail-event.ts';
import type { SendNote } from '../consent/note.ts';
import { scoped, type Tx } from './scoped.ts';
import { sendClaimStore } from './send-claims.ts';
import {
  type NewSend,
  OPEN_SEND_STATES,
  SENDS,
  type SendDocument,
  sendId,
} from './send-document.ts';
import { sendLeases } from './send-leases.ts';

/** Once something was tried: the server has the mail, refused it, or nobody knows. */
const TRIED_STATES = ['sent', 'unknown', 'bounced', 'blocked'] as const;

/** When an answered send is looked at again: it must not stand in the clock's way for ever. */
const NEVER = new Date('9999-12-31T00:00:00Z');

export function sendStore(db: Db, workspace: string) {
  const sends = scoped(db.collection<SendDocument>(SENDS), workspace);
  const claims = sendClaimStore(db, workspace);

  return {
    claim: claims.claim,
    release: claims.release,
    ...sendLeases(sends, claims),

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

    /** Cancels what has not left yet. @returns the addresses whose asks are to be given back */
    async cancelQueued(
      request: string,
      note: SendNote,
      limit: number,
      tx: Tx,
    ): Promise<SendDocument[]> {
      const waiting = (await sends
        .find({ 'cause.id': request, state: 'queued' }, { limit }, tx)
        .toArray()) as SendDocument[];
      await sends.updateMany(
        { _id: { $in: waiting.map(({ _id }) => _id) }, state: 'queued' },
        { $set: { state: 'cancelled', note } },
        tx,
      );
      return waiting;
    },

    /**
     * Cancels what has not left yet to one address, claimed or not: a sender that claimed it finds it
     * gone at the write-ahead. @returns the sends whose asks are to be given back
     */
    async cancelForAddress(address: string, note: SendNote, tx: Tx): Promise<SendDocument[]> {
      const filter = { address, state: 'queued' } as Filter<SendDocument>;
      const waiting = (await sends.find(filter, {}, tx).toArray()) as SendDocument[];
      if (waiting.length === 0) return [];
      await sends.updateMany(filter, { $set: { state: 'cancelled', note } }, tx);
      return waiting;
    },

    /** The recipient holds the mail, so it was sent, whatever the server made us believe. */
    async resolveAsSent(id: string, tx: Tx): Promise<void> {
      await sends.updateOne(
        { _id: id, state: { $nin: ['sent', 'cancelled'] } },
        { $set: { state: 'sent' }, $unset: { lease: '' } },
        tx,
      );
    },

    /** Records what the recipient did; the first act stands. @returns false if one was there */
    async setOutcome(
      id: string,
      outcome: NonNullable<SendDocument['outcome']>,
      at: Date,
      tx: Tx,
    ): Promise<boolean> {
      const { modifiedCount } = await sends.updateOne(
        { _id: id, outcome: { $exists: false } },
        { $set: { outcome, outcomeAt: at, nextAt: NEVER } },
        tx,
      );
      return modifiedCount === 1;
    },

    /** Sends that nobody answered in time: their silence is to be judged. */
    async unanswered(now: Date, limit: number): Promise<SendDocument[]> {
      const found = sends.find(unansweredFilter(now), {
        sort: { nextAt: 1 },
        limit,
      });
      return await found.toArray();
    },

    /** Those of the sends that are still unanswered, as the transaction sees it. */
    async stillUnanswered(ids: readonly string[], now: Date, tx: Tx): Promise<SendDocument[]> {
      const filter = { _id: { $in: [...ids] }, ...unansweredFilter(now) } as Filter<SendDocument>;
      return await sends.find(filter, {}, tx).toArray();
    },

    /** Records the silence of these sends. */
    async setSilent(ids: readonly string[], at: Date, tx: Tx): Promise<void> {
      await sends.updateMany(
        { _id: { $in: [...ids] }, outcome: { $exists: false } },
        { $set: { outcome: 'silent', outcomeAt: at, nextAt: NEVER } },
        tx,
      );
    },

    /** The sends to these addresses that may still be answered, or have not left yet. */
    async openForAddresses(addresses: readonly string[], tx: Tx): Promise<SendDocument[]> {
      const filter = {
        address: { $in: [...addresses] },
        state: { $in: [...OPEN_SEND_STATES, 'sent', 'unknown'] },
        outcome: { $exists: false },
      } as Filter<SendDocument>;
      return await sends.find(filter, {}, tx).toArray();
    },

    /** True if mail of a request still has to be worked on. */
    async hasOpen(request: string, tx?: Tx): Promise<boolean> {
      const open = { 'cause.id': request, state: { $in: [...OPEN_SEND_STATES] } };
      const found = await sends.findOne(open, { projection: { _id: 1 } }, tx);
      return found !== null;
    },

    /** How many sends of a request are in each state, and how many were answered how. */
    async countByState(
      request: string,
      kind?: SendDocument['kind'],
    ): Promise<Partial<Record<SendState, number>>> {
      const groups = sends.aggregate<{ _id: SendState; count: number }>(
        { 'cause.id': request, ...(kind === undefined ? {} : { kind }) },
        [{ $group: { _id: '$state', count: { $sum: 1 } } }],
      );
      return Object.fromEntries((await groups.toArray()).map(({ _id, count }) => [_id, count]));
    },

    async countByOutcome(request: string): Promise<Record<string, number>> {
      const groups = sends.aggregate<{ _id: string; count: number }>(
        { 'cause.id': request, outcome: { $exists: true } },
        [{ $group: { _id: '$outcome', count: { $sum: 1 } } }],
      );
      return Object.fromEntries((await groups.toArray()).map(({ _id, count }) => [_id, count]));
    },

    /** Every send to one address, oldest first. */
    async ofAddress(address: string): Promise<SendDocument[]> {
      const found = sends.find({ address }, { sort: { createdAt: 1 } });
      return await found.toArray();
    },
  };
}

const unansweredFilter = (now: Date) => ({
  state: { $in: [...TRIED_STATES] },
  nextAt: { $lte: now },
  outcome: { $exists: false },
});

/** Workspaces with mail to send or silence to judge, for the clock. */
export function sendClock(db: Db) {
  const sends = db.collection<SendDocument>(SENDS);
  /** Asks workspace by workspace, so that a million due sends cost no more than one. */
  const workspaces = async (match: Filter<SendDocument>): Promise<string[]> => {
    const found: string[] = [];
    let workspace = await nextWorkspace('');
    while (workspace !== undefined) {
      const due = await sends.findOne({ ...match, workspace }, { projection: { _id: 1 } });
      if (due !== null) found.push(workspace);
      workspace = await nextWorkspace(workspace);
    }
    return found;
  };
  const nextWorkspace = async (after: string): Promise<string | undefined> => {
    const next = await sends.findOne(
      { workspace: { $gt: after } },
      { projection: { workspace: 1 }, sort: { workspace: 1 } },
    );
    return next?.workspace;
  };
  return {
    /** With mail that is due, or on its way: whoever sends it may be dead. */
    async workspacesToSend(now: Date): Promise<string[]> {
      return workspaces({
        $or: [{ state: 'queued', nextAt: { $lte: now } }, { state: 'sending' }],
      });
    },
    async workspacesWithSilence(now: Date): Promise<string[]> {
      return workspaces(unansweredFilter(now));
    },
  };
}
