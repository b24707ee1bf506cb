/**
 * Cross-check: invariant 4 looked at from both sides. Every ledger entry's addresses name the
 * entry, every entry that an address names exists and names it, and the chain of from and to ends
 * at the permission on file.
 */
import type { LedgerEntry } from '../../src/consent/ledger.ts';
import { ADDRESSES, type AddressDocument } from '../../src/store/address-document.ts';
import { LEDGER, UNSEALED } from '../../src/store/ledger.ts';
import type { Deps } from '../../src/workflow/deps.ts';

/**
 * @param workspace looks at this one only, while others go on
 * @returns what is wrong, in words; empty if both sides agree
 */
export async function crossCheck(
  { database: { db } }: Pick<Deps, 'database'>,
  workspace?: string,
): Promise<string[]> {
  const scope = workspace === undefined ? {} : { workspace };
  const entries = await db.collection<LedgerEntry>(LEDGER).find(scope).toArray();
  const byId = new Map(entries.map((entry) => [entry._id, entry]));
  const members = new Map(entries.map((entry) => [entry._id, new Set(entry.addresses)]));
  const unsealed = await db
    .collection<{ _id: string; workspace: string }>(UNSEALED)
    .countDocuments(scope);
  const faults: string[] = [];
  if (unsealed !== entries.length) faults.push(`${entries.length} entries, ${unsealed} unsealed`);
  const named = new Map<string, number>();
  for await (const address of db.collection<AddressDocument>(ADDRESSES).find(scope)) {
    if (new Set(address.entries).size !== address.entries.length) {
      faults.push(`${address._id} names an entry twice`);
    }
    let last: LedgerEntry | undefined;
    for (const id of address.entries) {
      const entry = byId.get(id);
      if (!members.get(id)?.has(address._id)) faults.push(`${id} does not name ${address._id}`);
      named.set(id, (named.get(id) ?? 0) + 1);
      if (last?.to !== undefined && entry?.from !== undefined && last.to !== entry.from) {
        faults.push(`${address._id}: ${last.to} is followed by ${entry.from}`);
      }
      last = entry?.to === undefined ? last : entry;
    }
    if (last !== undefined && last.to !== address.permission) {
      faults.push(`${address._id} is ${address.permission}, its ledger says ${last.to}`);
    }
  }
  for (const entry of entries) {
    if ((named.get(entry._id) ?? 0) !== entry.addresses.length) {
      faults.push(`${entry._id} names ${entry.addresses.length}, is named ${named.get(entry._id)}`);
    }
  }
  return faults;
}
