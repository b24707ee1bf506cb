/**
 * Rehearsal: the dry run of an import. Its chunks are planned like those of the import itself, from
 * what is on file and what the chunks before would have left there, which is kept here: a few
 * dozen bytes for each address and contact that the file touches.
 */
import { EMAIL_FIELDS, type EmailField, membershipKey } from '../../consent/audience.ts';
import { PERMISSIONS, type Permission } from '../../consent/permission.ts';
import type { KnownContact } from '../../store/contacts.ts';
import type { Store } from '../../store/database.ts';
import type { KnownAddress } from '../../store/import-addresses.ts';
import { IdTable } from './ids.ts';
import type { Departure, Held, MergedContact } from './merge.ts';
import type { ChunkPlan, ImportView } from './plan.ts';

export class Rehearsal implements ImportView {
  readonly #store: Store;
  readonly #batch: string;
  readonly #contactIds = new IdTable();
  readonly #addressIds = new IdTable();
  /** By contact, three places: 1 + the number of the address that it holds in the field. */
  readonly #held: number[] = [];
  /** By address, three places: how many contacts of the batch hold it in the field. */
  readonly #holders: number[] = [];
  /** By address: its permission, as a place in PERMISSIONS. */
  readonly #permissions: number[] = [];
  /** By address: true if the file gave it its first permission. */
  readonly #isOfFile: boolean[] = [];

  constructor(store: Store, batch: string) {
    this.#store = store;
    this.#batch = batch;
  }

  async contacts(ids: readonly string[]): Promise<KnownContact[]> {
    const onFile = await this.#store.contacts.findMany(ids);
    const known = new Map<string, KnownContact>();
    for (const contact of onFile) known.set(idOf(contact), contact);
    for (const id of ids) {
      const number = this.#contactIds.find(id);
      if (number === -1) continue;
      const before = known.get(id) ?? { _id: id, addresses: [], tags: [], batches: [] };
      known.set(id, {
        ...before,
        addresses: this.#heldBy(number),
        batches: [...before.batches, this.#batch],
      });
    }
    return [...known.values()];
  }

  async addresses(ids: readonly string[]): Promise<KnownAddress[]> {
    const onFile = await this.#store.importAddresses.findKnown(ids);
    const known = new Map(onFile.map((address) => [address.id, address]));
    for (const id of ids) {
      const number = this.#addressIds.find(id);
      if (number !== -1) known.set(id, this.#asLeft(number, id, known.get(id)));
    }
    return [...known.values()];
  }

  /** Only the batch's own memberships count in a dry run, so only its own contacts are looked at. */
  async holders(departures: readonly Departure[], chunk: readonly MergedContact[]) {
    return departures
      .filter(({ address, field }) => {
        const number = this.#addressIds.find(address);
        if (number === -1) return false;
        const ofChunk = chunk.filter((contact) => this.#heldHere(contact.id, field) === number);
        return this.#count(number, field) > ofChunk.length;
      })
      .map(({ address, field }) => ({
        addresses: [{ id: address, field }],
        tags: [],
        batches: [this.#batch],
      }));
  }

  /** Remembers what a chunk would have left. */
  apply({ merged, known, newAddresses, addressPatches }: ChunkPlan): void {
    for (const { id, permission } of newAddresses) {
      this.#isOfFile[this.#setPermission(id, permission)] = true;
    }
    for (const { ids, to } of addressPatches) {
      if (to !== undefined) for (const id of ids) this.#setPermission(id, to);
    }
    for (const contact of merged) this.#hold(contact, known);
  }

  /** The addresses that would be in the batch, by permission. */
  permissions(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (let number = 0; number < this.#addressIds.size; number += 1) {
      if (!EMAIL_FIELDS.some((field) => this.#count(number, field) > 0)) continue;
      const permission = this.#permissionOf(number);
      counts[permission] = (counts[permission] ?? 0) + 1;
    }
    return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #hold({ id, held }: MergedContact, known: ChunkPlan['known']): void {
    const isNew = this.#contactIds.find(id) === -1;
    const contact = this.#contactIds.add(id);
    EMAIL_FIELDS.forEach((field, place) => {
      const before = isNew ? -1 : this.#heldHere(id, field);
      const after = this.#numberOf(held, field, known);
      this.#held[contact * EMAIL_FIELDS.length + place] = after + 1;
      if (before !== -1) this.#addHolder(before, place, -1);
      if (after !== -1) this.#addHolder(after, place, 1);
    });
  }

  #numberOf(held: Held, field: EmailField, known: ChunkPlan['known']): number {
    const id = held[field];
    if (id === undefined) return -1;
    const number = this.#addressIds.find(id);
    if (number !== -1) return number;
    const permission = known.get(id)?.permission;
    return permission === undefined ? -1 : this.#setPermission(id, permission);
  }

  #setPermission(id: string, permission: Permission): number {
    const number = this.#addressIds.add(id);
    this.#permissions[number] = PERMISSIONS.indexOf(permission);
    return number;
  }

  #permissionOf(number: number): Permission {
    return PERMISSIONS[this.#permissions[number] ?? 0] ?? 'non-marketable';
  }

  #addHolder(address: number, place: number, step: 1 | -1): void {
    const index = address * EMAIL_FIELDS.length + place;
    this.#holders[index] = (this.#holders[index] ?? 0) + step;
  }

  #count(address: number, field: EmailField): number {
    const index = address * EMAIL_FIELDS.length + EMAIL_FIELDS.indexOf(field);
    return this.#holders[index] ?? 0;
  }

  /** The number of the address that a contact of the batch holds in a field; -1: none. */
  #heldHere(contact: string, field: EmailField): number {
    const number = this.#contactIds.find(contact);
    if (number === -1) return -1;
    const index = number * EMAIL_FIELDS.length + EMAIL_FIELDS.indexOf(field);
    return (this.#held[index] ?? 0) - 1;
  }

  #heldBy(contact: number): KnownContact['addresses'] {
    return EMAIL_FIELDS.flatMap((field, place) => {
      const address = (this.#held[contact * EMAIL_FIELDS.length + place] ?? 0) - 1;
      return address === -1 ? [] : [{ field, id: this.#addressIds.idOf(address) }];
    });
  }

  #asLeft(number: number, id: string, onFile: KnownAddress | undefined): KnownAddress {
    const batch = { kind: 'batch' as const, id: this.#batch };
    const here = EMAIL_FIELDS.filter((field) => this.#count(number, field) > 0);
    return {
      ...(onFile ?? UNKNOWN),
      id,
      permission: this.#permissionOf(number),
      memberships: [
        ...(onFile?.memberships ?? []),
        ...here.map((field) => membershipKey(batch, field)),
      ],
      firstEntry: this.#isOfFile[number] ? `${this.#batch}.` : onFile?.firstEntry,
    };
  }
}

const UNKNOWN = { suppressions: [] } as const;

const idOf = ({ _id }: KnownContact): string => _id;
