/**
 * Import entries: gathers the changes of one chunk into as few ledger entries as can hold them.
 * Addresses that share all facts share an entry, up to the 1,000 that one may name.
 */
import { ENTRY_ADDRESSES_MAX } from '../../consent/ledger.ts';
import type { Permission } from '../../consent/permission.ts';
import type { Suppression } from '../../consent/suppression.ts';
import type { NewEntry } from '../../store/ledger.ts';

/** What all entries of one import say. */
export interface ImportProof {
  readonly batch: string;
  readonly who: string;
  readonly fileHash: string;
  readonly provenance: NonNullable<NewEntry['provenance']> | undefined;
}

export interface AddressChange {
  /** Undefined for an address that nobody knew, and if only suppressions are added. */
  readonly from: Permission | undefined;
  readonly to: Permission | undefined;
  readonly adds: readonly Suppression[];
}

export class EntryBook {
  readonly #proof: ImportProof;
  readonly #chunk: number;
  readonly #at: Date;
  readonly #open = new Map<string, NewEntry>();
  readonly #entries: NewEntry[] = [];

  constructor(proof: ImportProof, chunk: number, at: Date) {
    this.#proof = proof;
    this.#chunk = chunk;
    this.#at = at;
  }

  /** Writes a change down and returns the id of the entry in which it stands. */
  add(address: string, change: AddressChange): string {
    const kind = `${change.from}>${change.to}+${change.adds.join('+')}`;
    let entry = this.#open.get(kind);
    if (entry === undefined || entry.addresses.length === ENTRY_ADDRESSES_MAX) {
      entry = this.#begin(change);
      this.#open.set(kind, entry);
    }
    entry.addresses.push(address);
    const { _id } = entry;
    return _id;
  }

  get entries(): readonly NewEntry[] {
    return this.#entries;
  }

  #begin({ from, to, adds }: AddressChange): NewEntry {
    const { batch, who, fileHash, provenance } = this.#proof;
    const entry: NewEntry = {
      _id: `${batch}.${this.#chunk}.${this.#entries.length}`,
      act: 'import-address',
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(adds.length === 0 ? {} : { adds: [...adds] }),
      cause: { kind: 'import', id: batch },
      who,
      ...(provenance === undefined ? {} : { provenance }),
      facts: { fileHash },
      at: this.#at,
      addresses: [],
    };
    this.#entries.push(entry);
    return entry;
  }
}

/** True if the entry is one of this batch's chunks. */
export function isEntryOf(batch: string, entry: string | undefined): boolean {
  return entry?.startsWith(`${batch}.`) === true;
}
