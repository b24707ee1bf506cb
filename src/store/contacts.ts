/**
 * Contacts: people as they were imported, each with up to three addresses.
 *
 * A contact has no permission: its addresses have. The id is made from the external id, or else
 * from the first address, so that importing a person again finds the same contact.
 */
import { z } from 'zod';
import { EMAIL_FIELDS } from '../consent/audience.ts';

export const CONTACTS = 'contacts';

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
