/**
 * Address document: what is on file about one e-mail address.
 *
 * The id is a keyed hash of workspace and canonical address, so that other collections and the
 * ledger can point at it without holding it.
 */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { PERMISSIONS, type Permission } from '../consent/permission.ts';
import { SUPPRESSIONS, type Suppression } from '../consent/suppression.ts';

export const ADDRESSES = 'addresses';
/** Serves the dry run and the pages of the engine: an audience, in the order of ids. */
export const MEMBERSHIP_INDEX = { workspace: 1, 'memberships.key': 1, _id: 1 } as const;
const ID_BYTES = 16;

export const AddressDocument = z.strictObject({
  _id: z.string().length(2 * ID_BYTES),
  workspace: z.string(),
  v: z.literal(1),
  /** Canonical: local part as imported, domain in ASCII, lower case. */
  address: z.string().max(254),
  permission: z.enum(PERMISSIONS),
  permissionSince: z.date(),
  suppressions: z.array(z.enum(SUPPRESSIONS)),
  /** When this very person gave consent, if the import said so. */
  consentAt: z.date().optional(),
  confirmedAt: z.date().optional(),
  /** The latest asks, oldest first; at most as many as the limit, so the limit needs no more. */
  asks: z.array(
    z.strictObject({ cause: z.string(), kind: z.enum(['ask', 'reminder']), at: z.date() }),
  ),
  /** Ids of the ledger entries that name this address, latest last. */
  entries: z.array(z.string()),
  memberships: z.array(z.strictObject({ key: z.string(), since: z.date() })),
  /** Raised where a contact comes to hold it, or ceases to, and nothing else of it changes. */
  holdings: z.int().optional(),
  language: z.string().optional(),
  timeZone: z.string().optional(),
  createdAt: z.date(),
});
export type AddressDocument = z.infer<typeof AddressDocument>;

/** What judging needs to know of one address. */
export interface AddressPageItem {
  readonly id: string;
  readonly permission: Permission;
  readonly suppressions: readonly Suppression[];
  readonly consentAt: Date | undefined;
  /** The latest asks, oldest first; empty if the page was read without them. */
  readonly asks: readonly Date[];
  /** Who runs the mailbox; undefined if the page was read without the asks. */
  readonly provider?: string | undefined;
}

/** Addresses that share all facts that judging looks at, and how many they are. */
export interface FactGroup {
  readonly permission: Permission;
  readonly suppressions: readonly Suppression[];
  readonly consentTooOld: boolean;
  readonly askedTooOften: boolean;
  /** The latest ask is too young for the campaign that counts. */
  readonly askedLately: boolean;
  readonly count: number;
}

/** One permission change of one page: all its addresses share from and to. */
export interface PermissionChange {
  readonly ids: readonly string[];
  readonly from: Permission;
  readonly to: Permission;
  readonly entry: string;
  readonly at: Date;
  /** Facts that an opt-in was judged by, and the write repeats. */
  readonly unsuppressed?: boolean;
  readonly consentNotBefore?: Date;
  /** An ask to reserve with the change, refused to addresses asked too often since then. */
  readonly ask?: AskReservation;
}

export interface AskReservation {
  readonly cause: string;
  readonly kind: 'ask' | 'reminder';
  readonly windowStart: Date;
  /** A campaign's: refused to addresses with an ask at or after this instant. */
  readonly notSince?: Date | undefined;
}

/** Keyed hash (HMAC-SHA256, 128 bits, hex) of workspace and canonical key: every `_id`. */
export function addressId(key: Buffer, workspace: string, canonicalKey: string): string {
  return createHmac('sha256', key)
    .update(`address\0${workspace}\0${canonicalKey}`)
    .digest('hex')
    .slice(0, 2 * ID_BYTES);
}
