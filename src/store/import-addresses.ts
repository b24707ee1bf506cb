/**
 * Import addresses: what an import reads and writes of the addresses, a chunk of rows at a time.
 *
 * All of it happens inside one transaction, so what was read cannot change before it is written:
 * an opt-out that comes between makes MongoDB refuse the write, and the chunk is read again. That
 * holds for what is written only, and who holds an address stands in other documents, of which two
 * imports may write one each. So an address that is held or left is always written: where nothing
 * else changes, its `holdings` are raised (setting a value that is there would be no write).
 */
import assert from 'node:assert';
import type { Db, Document } from 'mongodb';
import type { Permission } from '../consent/permission.ts';
import type { Suppression } from '../consent/suppression.ts';
import { ADDRESSES, type AddressDocument, MEMBERSHIP_INDEX } from './address-document.ts';
import { scoped, type Tx } from './scoped.ts';

/** What an import needs to know of an address that is on file. */
export interface KnownAddress {
  readonly id: string;
  readonly permission: Permission;
  readonly suppressions: readonly Suppression[];
  readonly consentAt?: Date;
  readonly language?: string;
  readonly timeZone?: string;
  readonly memberships: readonly string[];
  /** The entry that gave it its first permission. */
  readonly firstEntry?: string | undefined;
}

export interface NewAddress {
  readonly id: string;
  readonly address: string;
  readonly permission: Permission;
  readonly suppressions: readonly Suppression[];
  readonly entry: string;
  readonly memberships: readonly string[];
  readonly consentAt: Date | undefined;
  readonly language: string | undefined;
  readonly timeZone: string | undefined;
}

/** What changes alike in several addresses that are on file; nothing: contacts come to hold them. */
export interface AddressPatch {
  readonly ids: readonly string[];
  /** As they were judged; the filter repeats it. */
  readonly from: Permission | undefined;
  readonly to: Permission | undefined;
  readonly adds: readonly Suppression[];
  readonly entry: string | undefined;
  readonly memberships: readonly string[];
  /** Replaces what is on file only if it is earlier. */
  readonly consentAt: Date | undefined;
  readonly language: string | undefined;
  readonly timeZone: string | undefined;
}

/** Memberships that an address loses, because no contact of theirs holds it any more; or none. */
export interface LostMemberships {
  readonly id: string;
  readonly memberships: readonly string[];
}

/** `since`: from when on memberships hold; `at`: when it is written. */
export interface ImportTimes {
  readonly since: Date;
  readonly at: Date;
}

export type ImportAddressStore = ReturnType<typeof importAddressStore>;

export function importAddressStore(db: Db, workspace: string) {
  const addresses = scoped(db.collection<AddressDocument>(ADDRESSES), workspace);

  return {
    /** Those of the ids that are on file. */
    async findKnown(ids: readonly string[], tx?: Tx): Promise<KnownAddress[]> {
      const found = addresses.find(
        { _id: { $in: [...ids] } },
        { hint: { _id: 1 }, batchSize: ids.length + 1 },
        tx,
      );
      return found.project<KnownAddress>(PROJECTION).toArray();
    },

    /** @throws the driver's error if one was made meanwhile (`isDuplicate`) */
    async insertNew(fresh: readonly NewAddress[], times: ImportTimes, tx: Tx): Promise<void> {
      await addresses.insertMany(
        fresh.map((address) => newDocument(address, times)),
        tx,
      );
    },

    /** Writes all changes of a chunk in one round trip. */
    async patch(
      patches: readonly AddressPatch[],
      lost: readonly LostMemberships[],
      times: ImportTimes,
      tx: Tx,
    ): Promise<void> {
      const matched = await addresses.updateEach(
        [...lost.map(loss), ...patches.map((patch) => change(patch, times))],
        tx,
      );
      const expected = patches.reduce((sum, { ids }) => sum + ids.length, lost.length);
      assert.equal(matched, expected, 'what was read in this transaction is still there');
    },

    /** How many addresses carry one of these memberships, by permission: one `$group`. */
    async countPermissions(memberships: readonly string[]): Promise<Record<string, number>> {
      const groups = addresses.aggregate<{ _id: Permission; count: number }>(
        { 'memberships.key': { $in: [...memberships] } },
        [{ $group: { _id: '$permission', count: { $sum: 1 } } }, { $sort: { _id: 1 } }],
        { hint: MEMBERSHIP_INDEX },
      );
      const counts = (await groups.toArray()).map(({ _id, count }) => [_id, count]);
      return Object.fromEntries(counts);
    },
  };
}

/** Lists are flattened by the database: half the bytes, and a third of the objects. */
const PROJECTION = {
  _id: 0,
  id: '$_id',
  permission: 1,
  suppressions: 1,
  consentAt: 1,
  language: 1,
  timeZone: 1,
  memberships: '$memberships.key',
  firstEntry: { $first: '$entries' },
} as const;

function newDocument(fresh: NewAddress, { since, at }: ImportTimes) {
  const { id, address, permission, suppressions, entry, consentAt, language, timeZone } = fresh;
  const document: Omit<AddressDocument, 'workspace'> = {
    _id: id,
    v: 1,
    address,
    permission,
    permissionSince: at,
    suppressions: [...suppressions],
    asks: [],
    entries: [entry],
    memberships: fresh.memberships.map((key) => ({ key, since })),
    createdAt: at,
  };
  if (consentAt !== undefined) document.consentAt = consentAt;
  if (language !== undefined) document.language = language;
  if (timeZone !== undefined) document.timeZone = timeZone;
  return document;
}

function change(
  { ids, from, to, adds, entry, memberships, consentAt, ...speech }: AddressPatch,
  { since, at }: ImportTimes,
) {
  const set = present(speech);
  if (to !== undefined) Object.assign(set, { permission: to, permissionSince: at });
  const push: Document = {};
  if (entry !== undefined) push['entries'] = entry;
  if (memberships.length > 0) {
    push['memberships'] = { $each: memberships.map((key) => ({ key, since })) };
  }
  const update = {
    ...some('$set', set),
    ...some('$push', push),
    ...some('$addToSet', adds.length === 0 ? {} : { suppressions: { $each: [...adds] } }),
    ...some('$min', present({ consentAt })),
  };
  return {
    filter: { _id: { $in: [...ids] }, ...(from === undefined ? {} : { permission: from }) },
    update: Object.keys(update).length === 0 ? HELD : update,
    many: true,
    hint: { _id: 1 },
  };
}

function loss({ id, memberships }: LostMemberships) {
  const pull = { $pull: { memberships: { key: { $in: [...memberships] } } } };
  return { filter: { _id: id }, update: memberships.length === 0 ? HELD : pull };
}

const HELD = { $inc: { holdings: 1 } };

/** MongoDB takes no empty operators. */
const some = (operator: string, fields: Document): Document =>
  Object.keys(fields).length === 0 ? {} : { [operator]: fields };

function present(fields: Document): Document {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
