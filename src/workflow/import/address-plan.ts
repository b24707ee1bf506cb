/**
 * Address plan: what a chunk makes of each address that it touches. New ones get their first
 * permission, known ones are tightened at most; addresses that change alike share a patch.
 */
import type { AddressPatch, KnownAddress, NewAddress } from '../../store/import-addresses.ts';
import type { NewEntry } from '../../store/ledger.ts';
import { EntryBook, type ImportProof, isEntryOf } from './entries.ts';
import { arrivalsOf, type ImportRow, type MergedContact } from './merge.ts';
import {
  addHearsay,
  type FirstPermission,
  firstPermission,
  type Hearsay,
  hearsayOf,
  tightening,
} from './rules.ts';

export interface PlanContext {
  readonly proof: ImportProof;
  readonly first: FirstPermission;
  /** The number of the chunk; part of the ids of its entries. */
  readonly number: number;
  readonly at: Date;
}

/** What the chunk says of one address, and what it brings it. */
export interface AddressDraft {
  /** Undefined for one that no row names: a contact that one names holds it. */
  text: string | undefined;
  says: Hearsay;
  memberships: string[];
  language: string | undefined;
  timeZone: string | undefined;
}

/** Every address that the chunk names, or that a contact it names holds. */
export function draftAddresses(
  rows: readonly ImportRow[],
  merged: readonly MergedContact[],
): Map<string, AddressDraft> {
  const drafts = new Map<string, AddressDraft>();
  const draftOf = (id: string): AddressDraft => {
    let draft = drafts.get(id);
    if (draft === undefined) {
      draft = {
        text: undefined,
        says: hearsayOf(undefined, undefined),
        memberships: [],
        language: undefined,
        timeZone: undefined,
      };
      drafts.set(id, draft);
    }
    return draft;
  };
  for (const { given, addresses } of rows) {
    const says = hearsayOf(given.status, given.consentAt);
    given.addresses.forEach(({ address }, index) => {
      const draft = draftOf(addresses[index] ?? '');
      draft.says = draft.text === undefined ? says : addHearsay(draft.says, says);
      draft.text ??= address;
    });
  }
  for (const arrival of merged.flatMap(arrivalsOf)) {
    const draft = draftOf(arrival.address);
    for (const key of arrival.memberships) {
      if (!draft.memberships.includes(key)) draft.memberships.push(key);
    }
    draft.language = arrival.language ?? draft.language;
    draft.timeZone = arrival.timeZone ?? draft.timeZone;
  }
  return drafts;
}

export class AddressPlan {
  readonly #context: PlanContext;
  readonly #book: EntryBook;
  readonly #patches = new Map<string, AddressPatch & { readonly ids: string[] }>();
  readonly fresh: NewAddress[] = [];

  constructor(context: PlanContext) {
    this.#context = context;
    this.#book = new EntryBook(context.proof, context.number, context.at);
  }

  get patches(): readonly AddressPatch[] {
    return [...this.#patches.values()];
  }

  get entries(): readonly NewEntry[] {
    return this.#book.entries;
  }

  add(id: string, draft: AddressDraft, known: KnownAddress | undefined): void {
    if (known === undefined) this.#addNew(id, draft);
    else this.#addKnown(known, draft);
  }

  #addNew(id: string, { text, says, memberships, language, timeZone }: AddressDraft): void {
    // A contact may still hold an address that is no longer on file: it is not made again.
    if (text === undefined) return;
    const permission = firstPermission(says, this.#context.first);
    const change = { from: undefined, to: permission, adds: says.suppressions };
    this.fresh.push({
      id,
      address: text,
      permission,
      suppressions: says.suppressions,
      entry: this.#book.add(id, change),
      memberships,
      consentAt: says.consentAt,
      language,
      timeZone,
    });
  }

  #addKnown(known: KnownAddress, { says, ...draft }: AddressDraft): void {
    const { proof, first } = this.#context;
    const { to, adds } = tightening(known, says, {
      isOfThisFile: isEntryOf(proof.batch, known.firstEntry),
      consentNotBefore: first.consentNotBefore,
    });
    const isChanged = to !== undefined || adds.length > 0;
    const change = { from: to === undefined ? undefined : known.permission, to, adds };
    const patch = {
      from: isChanged ? known.permission : undefined,
      to,
      adds,
      entry: isChanged ? this.#book.add(known.id, change) : undefined,
      memberships: draft.memberships.filter((key) => !known.memberships.includes(key)),
      consentAt: isEarlier(says.consentAt, known.consentAt) ? says.consentAt : undefined,
      language: draft.language === known.language ? undefined : draft.language,
      timeZone: draft.timeZone === known.timeZone ? undefined : draft.timeZone,
    };
    this.#patch(known.id, patch, draft.memberships.length > 0);
  }

  /** @param isHeld a contact comes to hold it, or to stand in more: it is written in any case */
  #patch(id: string, patch: Omit<AddressPatch, 'ids'>, isHeld: boolean): void {
    const { from, entry, memberships, consentAt, language, timeZone } = patch;
    const parts = [from, entry, language, timeZone, consentAt?.getTime(), ...memberships];
    if (parts.every((part) => part === undefined) && !isHeld) return;
    const kind = parts.join('\n');
    const same = this.#patches.get(kind);
    if (same === undefined) this.#patches.set(kind, { ...patch, ids: [id] });
    else same.ids.push(id);
  }
}

/** The earliest day on file counts: a later one would let an old consent look younger. */
function isEarlier(given: Date | undefined, onFile: Date | undefined): boolean {
  return given !== undefined && (onFile === undefined || given < onFile);
}
