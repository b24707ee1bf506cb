/**
 * Permission: what we may send to an e-mail address.
 *
 * It belongs to the address, not to the contact: the same address in two fields, two contacts or
 * two batches has one permission. Suppressions stand beside it (suppression.ts), never inside it.
 */

export const PERMISSIONS = [
  'non-marketable',
  'single-opt-in',
  'double-opt-in',
  'opted-out-by-recipient',
  'opted-out-by-user',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What a mass action does to the permission of an address. */
const DIRECTIONS = ['opt-in', 'opt-out'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** True if the address was opted out, by whomever: no mass action leads out of these. */
export function isOptedOut(permission: Permission): boolean {
  return permission === 'opted-out-by-recipient' || permission === 'opted-out-by-user';
}
