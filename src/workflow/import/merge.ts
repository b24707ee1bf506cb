/**
 * Merge: what the rows of a chunk make of the contacts that they name, and with it which addresses
 * come into which batches and tags, in which field, and which leave them.
 *
 * One rule holds before and after: an address carries the membership of a batch or tag in a field
 * exactly if a contact of that batch or tag holds it in that field.
 */
import { EMAIL_FIELDS, type EmailField, membershipKey } from '../../consent/audience.ts';
import type { ImportedContact } from '../../consent/row.ts';
import type { KnownContact } from '../../store/contacts.ts';

/** A good row of the file, with the ids that it means. */
export interface ImportRow {
  readonly contact: string;
  readonly given: ImportedContact;
  /** Ids of its addresses, in their order. */
  readonly addresses: readonly string[];
  /** Tag ids of the row and of the whole batch. */
  readonly tags: readonly string[];
}

const VALUES = ['externalId', 'firstName', 'lastName', 'name', 'language', 'timeZone'] as const;
export type ContactValues = Partial<Record<(typeof VALUES)[number], string>>;
export type Held = Partial<Record<EmailField, string>>;

/** A contact as it will be. */
export interface MergedContact {
  readonly id: string;
  /** As it was found; undefined if it is new. */
  readonly before: KnownContact | undefined;
  readonly held: Held;
  readonly heldBefore: Held;
  /** Those of before first, then what was added. */
  readonly tags: string[];
  readonly batches: string[];
  readonly values: ContactValues;
  /** Values that are new or differ from before. */
  readonly changed: ContactValues;
}

/** Applies rows in their order; later values replace earlier ones, empty ones replace nothing. */
export function mergeRows(
  rows: readonly ImportRow[],
  known: ReadonlyMap<string, KnownContact>,
  batch: string,
): MergedContact[] {
  const merged = new Map<string, MergedContact>();
  for (const row of rows) {
    let contact = merged.get(row.contact);
    if (contact === undefined) {
      contact = begin(row.contact, known.get(row.contact), batch);
      merged.set(row.contact, contact);
    }
    apply(row, contact);
  }
  return [...merged.values()];
}

function begin(id: string, before: KnownContact | undefined, batch: string): MergedContact {
  if (before === undefined) {
    const nothing = { tags: [], batches: [batch], held: {}, heldBefore: {} };
    return { id, before, ...nothing, values: {}, changed: {} };
  }
  const held = Object.fromEntries(before.addresses.map((each) => [each.field, each.id])) as Held;
  const values: ContactValues = {};
  for (const name of VALUES) {
    const value = before[name];
    if (value !== undefined) values[name] = value;
  }
  const isIn = before.batches.includes(batch);
  return {
    id,
    before,
    held,
    heldBefore: { ...held },
    tags: [...before.tags],
    batches: isIn ? [...before.batches] : [...before.batches, batch],
    values,
    changed: {},
  };
}

function apply({ given, addresses, tags }: ImportRow, contact: MergedContact): void {
  given.addresses.forEach(({ field }, index) => {
    const id = addresses[index];
    if (id !== undefined) contact.held[field] = id;
  });
  for (const tag of tags) if (!contact.tags.includes(tag)) contact.tags.push(tag);
  for (const name of VALUES) {
    const value = given[name];
    if (value === undefined || value === contact.values[name]) continue;
    contact.values[name] = value;
    contact.changed[name] = value;
  }
}

/** The fields in which something is held, in their order. */
function heldEntries(held: Held): [EmailField, string][] {
  const entries: [EmailField, string][] = [];
  for (const field of EMAIL_FIELDS) {
    const id = held[field];
    if (id !== undefined) entries.push([field, id]);
  }
  return entries;
}

/** What a contact's address comes to stand in, and what language and time zone it takes over. */
export interface Arrival {
  readonly address: string;
  readonly memberships: readonly string[];
  readonly language: string | undefined;
  readonly timeZone: string | undefined;
}

/** An address that is new in a field gets all of the contact's memberships there, others the new. */
export function arrivalsOf(contact: MergedContact): Arrival[] {
  const { before, held, heldBefore, values, changed } = contact;
  const added = addedTo(contact);
  return heldEntries(held).map(([field, address]) => {
    const isNewHere = before === undefined || heldBefore[field] !== address;
    const { language, timeZone } = isNewHere ? values : changed;
    const stands = memberships(isNewHere ? contact : added, field);
    return { address, memberships: stands, language, timeZone };
  });
}

/** The tags and batches that the contact did not have. */
export function addedTo({ before, tags, batches }: MergedContact): Standing {
  if (before === undefined) return { tags, batches };
  return {
    tags: tags.length === before.tags.length ? NONE : tags.slice(before.tags.length),
    batches: batches.length === before.batches.length ? NONE : batches.slice(before.batches.length),
  };
}

/** An address that a contact held in a field and no longer does. */
export interface Departure {
  readonly address: string;
  readonly field: EmailField;
  readonly memberships: readonly string[];
}

export function departuresOf(contact: MergedContact): Departure[] {
  const { before, held, heldBefore } = contact;
  if (before === undefined || !hasMoved(contact)) return [];
  return heldEntries(heldBefore)
    .filter(([field, address]) => held[field] !== address)
    .map(([field, address]) => ({ address, field, memberships: memberships(before, field) }));
}

/** True if it holds an address in a field where it held another one, or none. */
export function hasMoved({ held, heldBefore }: MergedContact): boolean {
  return EMAIL_FIELDS.some((field) => held[field] !== heldBefore[field]);
}

/** The memberships that an address keeps in a field, because these contacts hold it there too. */
export function keptBy(
  holders: readonly (Standing & Pick<KnownContact, 'addresses'>)[],
  { address, field }: Departure,
): Set<string> {
  const others = holders.filter(({ addresses }) =>
    addresses.some((held) => held.id === address && held.field === field),
  );
  return new Set(others.flatMap((other) => memberships(other, field)));
}

/** What a contact stands in. */
export interface Standing {
  readonly tags: readonly string[];
  readonly batches: readonly string[];
}

const NONE: readonly string[] = [];

function memberships({ tags, batches }: Standing, field: EmailField): string[] {
  const keys: string[] = [];
  for (const id of batches) keys.push(membershipKey({ kind: 'batch', id }, field));
  for (const id of tags) keys.push(membershipKey({ kind: 'tag', id }, field));
  return keys;
}

/** How the database keeps the held addresses. */
export function heldList(held: Held): KnownContact['addresses'] {
  return heldEntries(held).map(([field, id]) => ({ field, id }));
}
