/** Contact plan: what a chunk writes into contacts; those that change alike share a patch. */
import type { ContactPatch, NewContact } from '../../store/contacts.ts';
import { addedTo, hasMoved, heldList, type MergedContact } from './merge.ts';

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
      const kind = kindOf(patch);
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

function patchOf(contact: MergedContact, at: Date): Omit<ContactPatch, 'ids'> | 'new' | 'same' {
  const { before, held, changed } = contact;
  if (before === undefined) return 'new';
  const isMoved = hasMoved(contact);
  const added = addedTo(contact);
  const hasNew = added.tags.length + added.batches.length + Object.keys(changed).length > 0;
  if (!isMoved && !hasNew) return 'same';
  const addresses = isMoved ? { addresses: heldList(held) } : {};
  return { set: { ...changed, ...addresses, updatedAt: at }, ...added };
}

/** Names patches that are the same; all of a chunk are of one time. */
function kindOf({ set, tags, batches }: Omit<ContactPatch, 'ids'>): string {
  const { updatedAt: _, ...values } = set;
  return [...batches, '', ...tags, JSON.stringify(values)].join('\n');
}
