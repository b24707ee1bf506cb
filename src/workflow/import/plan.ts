/**
 * Import plan: everything that one chunk of rows changes, made from what is on file. Nothing is
 * written here, so the import and its dry run share it.
 */
import assert from 'node:assert';
import type { ContactPatch, KnownContact, NewContact } from '../../store/contacts.ts';
import type {
  AddressPatch,
  KnownAddress,
  LostMemberships,
  NewAddress,
} from '../../store/import-addresses.ts';
import type { ImportCounts } from '../../store/imports.ts';
import type { NewEntry } from '../../store/ledger.ts';
import { AddressPlan, draftAddresses, type PlanContext } from './address-plan.ts';
import { planContacts } from './contact-plan.ts';
import {
  type Departure,
  departuresOf,
  heldList,
  type ImportRow,
  keptBy,
  type MergedContact,
  mergeRows,
  type Standing,
} from './merge.ts';

/** Up to 1,000 rows of the file, read. */
export interface Chunk {
  readonly rows: readonly ImportRow[];
  /** Rows of the file that it covers, good and bad. */
  readonly read: number;
  readonly rejected: number;
  /** Ids of the addresses that the file names for the first time. */
  readonly first: ReadonlySet<string>;
  /** Names of the tags that the file names for the first time. */
  readonly newTags: readonly string[];
  /** Addresses that the file named before, in this chunk or an earlier one. */
  readonly repeats: number;
}

/** A contact, as far as it matters who holds what. */
export type Holder = Standing & Pick<KnownContact, 'addresses'>;

/** What is on file. */
export interface ImportView {
  contacts(ids: readonly string[]): Promise<readonly KnownContact[]>;
  addresses(ids: readonly string[]): Promise<readonly KnownAddress[]>;
  /** The contacts that hold one of the addresses left, without those of the chunk itself. */
  holders(
    departures: readonly Departure[],
    chunk: readonly MergedContact[],
  ): Promise<readonly Holder[]>;
}

export interface ChunkPlan {
  readonly merged: readonly MergedContact[];
  /** Every address that the chunk touches, as it was found. */
  readonly known: ReadonlyMap<string, KnownAddress>;
  readonly newContacts: readonly NewContact[];
  readonly contactPatches: readonly ContactPatch[];
  readonly newAddresses: readonly NewAddress[];
  readonly addressPatches: readonly AddressPatch[];
  readonly lost: readonly LostMemberships[];
  readonly entries: readonly NewEntry[];
  readonly counts: ImportCounts;
}

export async function planChunk(
  chunk: Chunk,
  context: PlanContext,
  view: ImportView,
): Promise<ChunkPlan> {
  const { batch } = context.proof;
  const contactIds = [...new Set(chunk.rows.map(({ contact }) => contact))];
  const knownContacts = byId(await view.contacts(contactIds), ({ _id }) => _id);
  const merged = mergeRows(chunk.rows, knownContacts, batch);
  const departures = merged.flatMap(departuresOf);
  const drafts = draftAddresses(chunk.rows, merged);
  const ids = new Set([...drafts.keys(), ...departures.map(({ address }) => address)]);
  const known = byId(await view.addresses([...ids]), ({ id }) => id);
  const others = departures.length === 0 ? [] : await view.holders(departures, merged);
  const addressPlan = new AddressPlan(context);
  for (const [id, draft] of drafts) addressPlan.add(id, draft, known.get(id));
  return {
    merged,
    known,
    ...planContacts(merged, context.at),
    newAddresses: addressPlan.fresh,
    addressPatches: addressPlan.patches,
    lost: lossesOf(departures, { merged, others, known }),
    entries: addressPlan.entries,
    counts: countsOf(chunk, { merged, known, batch }),
  };
}

function lossesOf(
  departures: readonly Departure[],
  {
    merged,
    others,
    known,
  }: Pick<ChunkPlan, 'merged' | 'known'> & {
    others: readonly Holder[];
  },
): LostMemberships[] {
  if (departures.length === 0) return [];
  const ofChunk = merged.map(({ held, tags, batches }) => {
    return { addresses: heldList(held), tags, batches };
  });
  const holders = [...others, ...ofChunk];
  return departures.flatMap((departure) => {
    const left = known.get(departure.address);
    if (left === undefined) return [];
    const kept = keptBy(holders, departure);
    const isLost = (key: string) => !kept.has(key) && left.memberships.includes(key);
    // Also if nothing is lost: another import that looks at it has to notice.
    return [{ id: left.id, memberships: departure.memberships.filter(isLost) }];
  });
}

function countsOf(
  { rows, read, rejected, first, repeats }: Chunk,
  { merged, known, batch }: Pick<ChunkPlan, 'merged' | 'known'> & { batch: string },
): ImportCounts {
  assert(rows.length + rejected === read, 'a row is good or bad');
  const addressesKnown = [...first].filter((id) => known.has(id)).length;
  return {
    rows: read,
    contacts: merged.filter(({ before }) => before?.batches.includes(batch) !== true).length,
    addressesNew: first.size - addressesKnown,
    addressesKnown,
    rejected,
    duplicatesInFile: repeats,
  };
}

function byId<T>(list: readonly T[], idOf: (item: T) => string): Map<string, T> {
  return new Map(list.map((item) => [idOf(item), item]));
}
