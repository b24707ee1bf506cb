/** People: as many made-up addresses as a measurement needs, written as an import would leave them. */
import { createHash } from 'node:crypto';
import type { Collection } from 'mongodb';
import { ADDRESSES, type AddressDocument } from '../src/store/address-document.ts';
import type { Database } from '../src/store/database.ts';

export const WORKSPACE = 'T0BENCH';
export const BATCH = { kind: 'batch' as const, id: 'b_bench' };
const MEMBERSHIP = `${BATCH.kind}:${BATCH.id}#email`;
const CHUNK = 10_000;
const SINCE = new Date('2026-06-01T00:00:00Z');

/** Fills the empty collection with `count` non-marketable addresses of one batch. */
export async function fillAddresses({ db }: Database, count: number): Promise<void> {
  const addresses: Collection<AddressDocument> = db.collection(ADDRESSES);
  await addresses.deleteMany({});
  for (let first = 0; first < count; first += CHUNK) {
    const size = Math.min(CHUNK, count - first);
    await addresses.insertMany(
      Array.from({ length: size }, (_, n) => person(first + n)),
      { ordered: false },
    );
  }
}

function person(number: number): AddressDocument {
  return {
    _id: createHash('sha256').update(`bench ${number}`).digest('hex').slice(0, 32),
    workspace: WORKSPACE,
    v: 1,
    address: `person.${number}@example.com`,
    permission: 'non-marketable',
    permissionSince: SINCE,
    suppressions: [],
    asks: [],
    entries: [`${BATCH.id}.${Math.floor(number / 1_000)}`],
    memberships: [{ key: MEMBERSHIP, since: SINCE }],
    language: 'en',
    createdAt: SINCE,
  };
}
