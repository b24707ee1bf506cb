/** Contact plan: what a chunk writes into contacts; those that change alike share a patch. */
import type { ContactPatch, NewContact } from '../store/contacts.ts';
import { heldEntries, heldList, type MergedContact } from './import-merge.ts';

export function planContacts(
  merged: readonly MergedContact[],
  at: Date,
): { newContacts: NewContact[]; contactPatches: ContactPatch[] } {
  const newContacts: NewContact[] = [];
  const patches = new Map<string, ContactPatch & { readonly ids: string[] }>();
  for (const contact of merged) {
    const patch = patchOf(contact, at);
    if (patch === 'new') newContacts.push(newContact(contact, at));
    else if (patch !== 'same') {
      const { updatedAt: _, ...values } = patch.set;
      const kind = JSON.stringify([values, patch.tags, patch.batches]);
      const alike = patches.get(kind);
      if (alike === undefined) patches.set(kind, { ...patch, ids: [contact.id] });
      else alike.ids.push(contact.id);
    }
  }
  return { newContacts, contactPatches: [...patches.values()] };
}

function newContact({ id, held, tags, batches, values }: MergedContact, at: Date): NewContact {
  return {
    _id: id,
    v: 1,
    ...values,
    addresses: heldList(held),
    tags,
    batches,
    createdAt: at,
    updatedAt: at,
  };
}

function patchOf(
  { before, held, heldBefore, tags, batches, changed }: MergedContact,
  at: Date,
): Omit<ContactPatch, 'ids'> | 'new' | 'same' {
  if (before === undefined) return 'new';
  const hasMoved = heldEntries(held).some(([field, address]) => heldBefore[field] !== address);
  const newTags = tags.slice(before.tags.length);
  const newBatches = batches.slice(before.batches.length);
  const hasNew = newTags.length + newBatches.length + Object.keys(changed).length > 0;
  if (!hasMoved && !hasNew) return 'same';
  const addresses = hasMoved ? { addresses: heldList(held) } : {};
  return {
    set: { ...changed, ...addresses, updatedAt: at },
    tags: newTags,
    batches: newBatches,
  };
}
