/**
 * Addresses: one document per e-mail address, with its permission, suppressions, asks, memberships
 * and the ids of its ledger entries.
 *
 * The id is a keyed hash of workspace and canonical address, so that other collections and the
 * ledger can point at it without holding it. Every change repeats in its filter what was judged, so
 * that an opt-out that arrives between judging and writing wins.
 */
import assert from 'node:assert';
import type { Db, Document, Filter } from 'mongodb';
import { ASKS_MAX } from '../consent/ask.ts';
import { type Audience, membershipGroups } from '../consent/audience.ts';
import { ENTRY_ADDRESSES_MAX } from '../consent/ledger.ts';
import type { Permission } from '../consent/permission.ts';
import { providerOf } from '../consent/provider.ts';
import type { Suppression } from '../consent/suppression.ts';
import {
  ADDRESSES,
  type AddressDocument,
  type AddressPageItem,
  type AskReservation,
  type FactGroup,
  MEMBERSHIP_INDEX,
  type PermissionChange,
} from './address-document.ts';
import { scoped, type Tx } from './scoped.ts';

export function addressStore(db: Db, workspace: string) {
  const addresses = scoped(db.collection<AddressDocument>(ADDRESSES), workspace);

  return {
    async find(id: string, tx?: Tx): Promise<AddressDocument | null> {
      return addresses.findOne({ _id: id }, {}, tx);
    },

    async findMany(ids: readonly string[], tx?: Tx): Promise<AddressDocument[]> {
      const options = { batchSize: ids.length + 1 };
      return addresses.find({ _id: { $in: [...ids] } }, options, tx).toArray();
    },

    /**
     * Counts an audience by the facts that judging looks at: one `$group`, exact at its instant.
     * The caller judges each group once, so counting and changing share one rule.
     */
    async countFacts(
      audience: Audience,
      {
        consentNotBefore,
        askWindowStart,
        askedLatelySince,
      }: {
        consentNotBefore: Date;
        askWindowStart: Date | undefined;
        askedLatelySince?: Date | undefined;
      },
    ): Promise<FactGroup[]> {
      const groups = addresses.aggregate<FactGroup & Document>(
        audienceFilter(audience),
        [
          {
            $group: {
              _id: factsKey(consentNotBefore, askWindowStart, askedLatelySince),
              count: { $sum: 1 },
            },
          },
          {
            $project: {
              _id: 0,
              permission: '$_id.p',
              suppressions: '$_id.s',
              consentTooOld: '$_id.c',
              askedTooOften: { $ifNull: ['$_id.a', false] },
              askedLately: { $ifNull: ['$_id.l', false] },
              count: 1,
            },
          },
        ],
        { hint: MEMBERSHIP_INDEX, allowDiskUse: true },
      );
      return await groups.toArray();
    },

    /**
     * One page of an audience in the order of ids: after `after`, before `before`.
     * @param limit addresses, at most 1,000, so that a page fits one ledger entry
     * @param withAsks reads the latest asks too, for requests that ask
     */
    async page(
      audience: Audience,
      {
        after,
        before,
        limit,
        withAsks,
      }: { after: string; before: string | undefined; limit: number; withAsks: boolean },
    ): Promise<AddressPageItem[]> {
      assert(limit <= ENTRY_ADDRESSES_MAX, 'a page fits one ledger entry');
      const slice = before === undefined ? { $gt: after } : { $gt: after, $lt: before };
      const found = addresses.find(
        { ...audienceFilter(audience), _id: slice },
        {
          projection: {
            permission: 1,
            suppressions: 1,
            consentAt: 1,
            ...(withAsks ? { 'asks.at': 1, address: 1 } : {}),
          },
          sort: { _id: 1 },
          limit,
          batchSize: limit + 1,
          hint: MEMBERSHIP_INDEX,
        },
      );
      return (await found.toArray()).map(pageItem);
    },

    /** The first few addresses of an audience in the order of ids, which are hashes. */
    async sample(audience: Audience, limit: number): Promise<string[]> {
      const found = addresses.find(audienceFilter(audience), {
        projection: { address: 1 },
        sort: { _id: 1 },
        limit,
        hint: MEMBERSHIP_INDEX,
      });
      return (await found.toArray()).map(({ address }) => address);
    },

    /**
     * Writes one permission change and returns the ids for which it took effect.
     * @param change at most 1,000 addresses
     */
    async change(change: PermissionChange, tx: Tx): Promise<readonly string[]> {
      const { ids, entry, at, to, ask } = change;
      assert(ids.length <= ENTRY_ADDRESSES_MAX, 'a change fits one ledger entry');
      const { modifiedCount } = await addresses.updateMany(
        judgedFilter(change),
        {
          $set: { permission: to, permissionSince: at },
          $push: { entries: entry, ...(ask === undefined ? {} : { asks: reservation(ask, at) }) },
        },
        tx,
        { hint: { _id: 1 } },
      );
      if (modifiedCount === ids.length) return ids;
      const took = addresses.find(
        { _id: { $in: [...ids] }, entries: entry },
        { projection: { _id: 1 } },
        tx,
      );
      return (await took.toArray()).map(({ _id }) => _id);
    },

    /** Reserves an ask without changing a permission; returns the ids that may be asked. */
    async reserveAsks(
      ids: readonly string[],
      ask: AskReservation,
      at: Date,
      tx: Tx,
    ): Promise<readonly string[]> {
      const mark = { cause: ask.cause, kind: ask.kind };
      const { modifiedCount } = await addresses.updateMany(
        {
          _id: { $in: [...ids] },
          permission: 'single-opt-in',
          suppressions: [],
          asks: { $not: { $elemMatch: mark } },
          ...notAskedTooOften(ask),
        },
        { $push: { asks: reservation(ask, at) } },
        tx,
        { hint: { _id: 1 } },
      );
      if (modifiedCount === ids.length) return ids;
      const took = addresses.find(
        { _id: { $in: [...ids] }, asks: { $elemMatch: mark } },
        { projection: { _id: 1 } },
        tx,
      );
      return (await took.toArray()).map(({ _id }) => _id);
    },

    /** Gives reserved asks back when their sends are cancelled before anything left. */
    async returnAsks(ids: readonly string[], cause: string, kind: 'ask' | 'reminder', tx: Tx) {
      await addresses.updateMany(
        { _id: { $in: [...ids] } },
        { $pull: { asks: { cause, kind } } },
        tx,
      );
    },

    /**
     * Changes one address by its recipient's own act, if it still is as it was judged.
     * @returns false if it changed meanwhile; judge again
     */
    async changeOne(
      id: string,
      {
        from,
        to,
        entry,
        at,
        adds = [],
        clears = [],
        confirmedAt,
      }: {
        from: Permission;
        to: Permission;
        entry: string;
        at: Date;
        adds?: readonly Suppression[];
        clears?: readonly Suppression[];
        confirmedAt?: Date;
      },
      tx: Tx,
    ): Promise<boolean> {
      const set: Document = confirmedAt === undefined ? {} : { confirmedAt };
      if (to !== from) Object.assign(set, { permission: to, permissionSince: at });
      const { modifiedCount } = await addresses.updateOne(
        { _id: id, permission: from },
        [
          {
            $set: {
              ...set,
              entries: { $concatArrays: ['$entries', [entry]] },
              suppressions: {
                $setUnion: [{ $setDifference: ['$suppressions', [...clears]] }, [...adds]],
              },
            },
          },
        ],
        tx,
      );
      return modifiedCount === 1;
    },
  };
}

/** The filter of an audience: one `$elemMatch` per list of keys, as they stood at the cut-off. */
function audienceFilter(audience: Audience): Filter<AddressDocument> {
  const groups = membershipGroups(audience).map((keys) => ({
    memberships: { $elemMatch: { key: { $in: keys }, since: { $lte: audience.cutoff } } },
  }));
  return (groups.length === 1 ? groups[0] : { $and: groups }) as Filter<AddressDocument>;
}

/** What judging looks at, as a group key; asks only where they matter, since they cost most. */
function factsKey(
  consentNotBefore: Date,
  askWindowStart: Date | undefined,
  askedLatelySince: Date | undefined,
): Document {
  return {
    p: '$permission',
    s: '$suppressions',
    c: { $lt: [{ $ifNull: ['$consentAt', consentNotBefore] }, consentNotBefore] },
    ...(askWindowStart === undefined
      ? {}
      : { a: { $gte: [{ $arrayElemAt: ['$asks.at', -ASKS_MAX] }, askWindowStart] } }),
    ...(askedLatelySince === undefined
      ? {}
      : { l: { $gte: [{ $arrayElemAt: ['$asks.at', -1] }, askedLatelySince] } }),
  };
}

/** The pair assertion: what `judge` looked at stands again in the filter of the write. */
function judgedFilter(change: PermissionChange): Filter<AddressDocument> {
  const { ids, from, unsuppressed, consentNotBefore, ask } = change;
  return {
    _id: { $in: [...ids] },
    permission: from,
    ...(unsuppressed === true ? { suppressions: [] } : {}),
    ...(consentNotBefore === undefined ? {} : { consentAt: { $not: { $lt: consentNotBefore } } }),
    ...(ask === undefined ? {} : notAskedTooOften(ask)),
  };
}

/** Asks are kept oldest first and at most ASKS_MAX long: too often means full, and all recent. */
const notAskedTooOften = ({ windowStart, notSince }: AskReservation): Document => ({
  ...(notSince === undefined ? {} : { 'asks.at': { $not: { $gte: notSince } } }),
  $nor: [{ [`asks.${ASKS_MAX - 1}`]: { $exists: true }, 'asks.0.at': { $gte: windowStart } }],
});

const reservation = ({ cause, kind }: AskReservation, at: Date): Document => ({
  $each: [{ cause, kind, at }],
  $slice: -ASKS_MAX,
});

function pageItem(doc: Partial<AddressDocument> & Pick<AddressDocument, '_id'>): AddressPageItem {
  assert(doc.permission !== undefined && doc.suppressions !== undefined, 'projected');
  return {
    id: doc._id,
    permission: doc.permission,
    suppressions: doc.suppressions,
    consentAt: doc.consentAt,
    asks: (doc.asks ?? []).map(({ at }) => at),
    ...(doc.address === undefined ? {} : { provider: providerOf(doc.address) }),
  };
}
