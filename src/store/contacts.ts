/**
 * Contacts: people as they were imported, each with up to three addresses.
 *
 * A contact has no permission: its addresses have. The id is made from the external id, or else
 * from the first address, so that importing a person again finds the same contact.
 */
import { createHmac } from 'node:crypto';
import type { Db, UpdateFilter } from 'mongodb';
import { z } from 'zod';
import { EMAIL_FIELDS } from '../consent/audience.ts';
import { scoped, type Tx } from './scoped.ts';

export const CONTACTS = 'contacts';
const ID_DIGITS = 32;

export const ContactDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  externalId: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  name: z.string().optional(),
  language: z.string().optional(),
  timeZone: z.string().optional(),
  /** Ids of its addresses, by field; at most one each. */
  addresses: z.array(z.strictObject({ field: z.enum(EMAIL_FIELDS), id: z.string() })),
  /** Tag ids and batch ids; the memberships of its addresses are kept in step with them. */
  tags: z.array(z.string()),
  batches: z.array(z.string()),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type ContactDocument = z.infer<typeof ContactDocument>;
export type NewContact = Omit<ContactDocument, 'workspace'>;

/** What an import needs to know of a contact that is on file. */
export type KnownContact = Omit<ContactDocument, 'workspace' | 'v' | 'createdAt' | 'updatedAt'>;

const KNOWN = { workspace: 0, v: 0, createdAt: 0, updatedAt: 0 } as const;

/** What an import changes alike in several contacts that it knows. */
export interface ContactPatch {
  readonly ids: readonly string[];
  /** Names, language, time zone, addresses: whatever is replaced. */
  readonly set: Partial<Omit<ContactDocument, '_id' | 'workspace' | 'v' | 'tags' | 'batches'>>;
  readonly tags: readonly string[];
  readonly batches: readonly string[];
}

/**
 * Keyed, so that nobody who reads the database can tell a guess by it.
 * @param firstAddress the id of the first address; what counts if the file has no external id
 */
export function contactId(
  { key, workspace }: { readonly key: Buffer; readonly workspace: string },
  externalId: string | undefined,
  firstAddress: string,
): string {
  if (externalId === undefined) return `c_${firstAddress}`;
  const hash = createHmac('sha256', key).update(`contact\0${workspace}\0${externalId}`);
  return `x_${hash.digest('hex').slice(0, ID_DIGITS)}`;
}

export type ContactStore = ReturnType<typeof contactStore>;

export function contactStore(db: Db, workspace: string) {
  const contacts = scoped(db.collection<ContactDocument>(CONTACTS), workspace);

  return {
    async findMany(ids: readonly string[], tx?: Tx): Promise<KnownContact[]> {
      const options = { hint: { _id: 1 }, batchSize: ids.length + 1, projection: KNOWN };
      return contacts.find({ _id: { $in: [...ids] } }, options, tx).toArray();
    },

    /** Every contact that holds one of these addresses, in whatever field. */
    async holding(addresses: readonly string[], tx?: Tx): Promise<KnownContact[]> {
      const filter = { 'addresses.id': { $in: [...addresses] } };
      return contacts.find(filter, { projection: KNOWN }, tx).toArray();
    },

    /** @throws the driver's error if one was made meanwhile (`isDuplicate`) */
    async insertMany(docs: readonly NewContact[], tx: Tx): Promise<void> {
      await contacts.insertMany(docs, tx);
    },

    /**
     * Writes patches in one round trip; returns how many contacts they found.
     * @param patches tags and batches that their contacts do not have, as read in this transaction
     */
    async patch(patches: readonly ContactPatch[], tx: Tx): Promise<number> {
      return contacts.updateEach(
        patches.map(({ ids, set, tags, batches }) => ({
          filter: { _id: { $in: [...ids] } },
          update: { $set: set, ...pushed({ tags, batches }) },
          many: true,
          hint: { _id: 1 },
        })),
        tx,
      );
    },

    /** Contacts that carry a tag, counted from the index alone. */
    async countTagged(tag: string): Promise<number> {
      return contacts.count({ tags: tag });
    },
  };
}

/** Only what there is: naming a list makes MongoDB look at its index again. */
function pushed(lists: Pick<ContactPatch, 'tags' | 'batches'>): UpdateFilter<ContactDocument> {
  const filled = Object.entries(lists).filter(([, ids]) => ids.length > 0);
  if (filled.length === 0) return {};
  return { $push: Object.fromEntries(filled.map(([name, ids]) => [name, { $each: ids }])) };
}
