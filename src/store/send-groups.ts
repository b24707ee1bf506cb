/**
 * Send groups: to which providers mail waits, what has become of a request's mail, and which sends
 * wait for a reminder or for a second try of an unknown one.
 */
import type { Db, Filter, UpdateFilter } from 'mongodb';
import type { CanaryCounts } from '../consent/canary.ts';
import type { SendState } from '../consent/mail-event.ts';
import { ADDRESSES, type AddressDocument } from './address-document.ts';
import { scoped, type Tx } from './scoped.ts';
import { sendClaimStore } from './send-claims.ts';
import { OPEN_SEND_STATES, SENDS, type SendDocument } from './send-document.ts';

/** Providers of one request that are looked at; more than that and the rest wait for their turn. */
const PROVIDERS_MAX = 20_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Stops that are looked through for complaints; so many are more than enough to judge by. */
const STOPS_MAX = 5_000;
const TRIED_STATES = ['sent', 'bounced', 'blocked', 'unknown'] as const;
/** In which a mail may leave again. */
const WAITING_STATES = [...OPEN_SEND_STATES, 'unknown'] as const;

export function sendGroupStore(db: Db, workspace: string) {
  const sends = scoped(db.collection<SendDocument>(SENDS), workspace);
  const addresses = scoped(db.collection<AddressDocument>(ADDRESSES), workspace);
  const claims = sendClaimStore(db, workspace);

  /** Mails of a request that senders are about to write ahead, without those that were put off once. */
  async function claimedOf(request: string): Promise<number> {
    const held = await claims.heldIds();
    if (held.length === 0) return 0;
    const filter = {
      _id: { $in: held },
      'cause.id': request,
      state: 'queued',
      attempts: 0,
    } as const;
    return sends.count(filter, { hint: { _id: 1 } });
  }

  async function complaintsOf(request: string): Promise<number> {
    const stopped = await sends
      .find(
        { 'cause.id': request, outcome: 'stopped' },
        { projection: { address: 1 }, limit: STOPS_MAX },
      )
      .toArray();
    if (stopped.length === 0) return 0;
    const ids = stopped.map(({ address }) => address);
    return addresses.count({ _id: { $in: ids }, suppressions: 'complaint' });
  }

  return {
    /**
     * The providers to which mail of a request is due; null: rows from before providers were known.
     * Reads one key of the index for each provider.
     */
    async dueProviders(request: string, now: Date): Promise<(string | null)[]> {
      const groups = sends.aggregate<{ _id: string | null; nextAt: Date }>(
        { 'cause.id': request, state: 'queued' },
        [
          { $sort: { provider: 1, nextAt: 1 } },
          { $group: { _id: '$provider', nextAt: { $first: '$nextAt' } } },
          { $match: { nextAt: { $lte: now } } },
          { $limit: PROVIDERS_MAX },
        ],
      );
      return (await groups.toArray()).map(({ _id }) => _id);
    },

    /**
     * What came of a request's mail so far, for its canary. What is claimed is looked at first: a
     * mail that leaves meanwhile is counted twice then, and never not at all.
     */
    async canaryCounts(request: string): Promise<CanaryCounts> {
      const claimed = await claimedOf(request);
      const [groups, deferred, complained] = await Promise.all([
        sends
          .aggregate<{ _id: SendState; count: number }>(
            { 'cause.id': request, state: { $in: [...TRIED_STATES, 'sending'] } },
            [{ $group: { _id: '$state', count: { $sum: 1 } } }],
          )
          .toArray(),
        sends.count({ 'cause.id': request, state: 'queued', attempts: { $gt: 0 } }),
        complaintsOf(request),
      ]);
      const of = new Map(groups.map(({ _id, count }) => [_id, count]));
      const sum = (states: readonly SendState[]) =>
        states.reduce((total, state) => total + (of.get(state) ?? 0), 0);
      return {
        tried: sum(TRIED_STATES),
        underWay: claimed + sum(['sending']) + deferred,
        bounced: of.get('bounced') ?? 0,
        blocked: of.get('blocked') ?? 0,
        complained,
      };
    },

    /**
     * The requests with a mail that may leave, now or later: queued, under way, of unknown fate, or
     * to be followed by a reminder. An index jumps from request to request, whatever they hold.
     */
    async requestsWaiting(): Promise<string[]> {
      const byRequest = [{ $group: { _id: '$cause.id' } }];
      const waiting = [{ state: { $in: [...WAITING_STATES] } }, { remind: true }] as const;
      const found = await Promise.all(
        waiting.map((filter) =>
          sends.aggregate<{ _id: string }>(filter as Filter<SendDocument>, byRequest).toArray(),
        ),
      );
      return [...new Set(found.flat().map(({ _id }) => _id))];
    },

    /** Asks of a request that nobody answered by now and that were to be reminded. */
    async toRemind(
      request: string,
      { judgedBefore, now, limit }: { judgedBefore: Date; now: Date; limit: number },
    ): Promise<SendDocument[]> {
      const found = sends.find(
        {
          'cause.id': request,
          remind: true,
          state: 'sent',
          outcome: { $exists: false },
          nextAt: { $gt: now, $lte: judgedBefore },
        },
        { sort: { nextAt: 1 }, limit },
      );
      return found.toArray();
    },

    /** Of these, those that still wait to be reminded, as the transaction sees it. */
    async stillToRemind(ids: readonly string[], tx: Tx): Promise<SendDocument[]> {
      const filter = {
        _id: { $in: [...ids] },
        remind: true,
        state: 'sent',
        outcome: { $exists: false },
      } as Filter<SendDocument>;
      return sends.find(filter, {}, tx).toArray();
    },

    /** These were looked at: each is reminded once, or never. */
    async setReminded(ids: readonly string[], tx: Tx): Promise<void> {
      const update = { $unset: { remind: '' } } as unknown as UpdateFilter<SendDocument>;
      await sends.updateMany({ _id: { $in: [...ids] } }, update, tx);
    },

    /**
     * Puts unknown mails of a request back into the queue, each once, with the Message-ID and the
     * links that they had. @returns how many
     */
    async resend(
      request: string,
      { brokenBefore, now, limit }: { brokenBefore: Date; now: Date; limit: number },
    ): Promise<number> {
      const filter = {
        'cause.id': request,
        state: 'unknown',
        // Its silence is judged so many days after it broke off.
        $expr: {
          $lte: [{ $subtract: ['$nextAt', { $multiply: ['$linkDays', DAY_MS] }] }, brokenBefore],
        },
        outcome: { $exists: false },
        resent: { $exists: false },
      } as Filter<SendDocument>;
      const found = await sends.find(filter, { projection: { _id: 1 }, limit }).toArray();
      if (found.length === 0) return 0;
      const { modifiedCount } = await sends.updateMany(
        { ...filter, _id: { $in: found.map(({ _id }) => _id) } },
        { $set: { state: 'queued', nextAt: now, resent: true } },
      );
      return modifiedCount;
    },
  };
}
