/**
 * Eligibility: the permission table. What may happen to one address, judged alone.
 *
 * Mass actions touch people who are not in the room, so every "no" has a name that an approver can
 * read. A skip is data, not an error: one address never stops a batch. The rules are product law:
 * nobody who opted out comes back by a mass action, and consent older than 24 months is no consent.
 */
import { DateTime } from 'luxon';
import type { Direction, Permission } from './permission.ts';
import { firstSuppression, type Suppression } from './suppression.ts';

/** Own consent dates older than this many months are not relied on (domain facts: 24 months). */
const CONSENT_AGE_MONTHS_MAX = 24;

export const SKIPS = [
  'erased',
  'complaint',
  'hard-bounce',
  'invalid',
  'permission_too_old',
  'already_opted_in',
  'already_confirmed',
  'opted_out_by_recipient',
  'opted_out_by_user',
  'already_opted_out',
  // Only where asking is required: an address that may not be asked is not opted in.
  'asked_too_often',
] as const;
export type Skip = (typeof SKIPS)[number];

export type Verdict =
  | { readonly kind: 'change'; readonly from: Permission; readonly to: Permission }
  | { readonly kind: 'skip'; readonly reason: Skip };

export interface AddressFacts {
  readonly permission: Permission;
  readonly suppressions: readonly Suppression[];
  /** When this very person gave consent, if the import said so. */
  readonly consentAt?: Date | undefined;
}

/** Judges one address against a mass opt-in or opt-out. Pure; `now` decides the age of consent. */
export function judge(address: AddressFacts, direction: Direction, now: Date): Verdict {
  return direction === 'opt-out' ? judgeOptOut(address) : judgeOptIn(address, now);
}

/** Opting out only takes away, so a suppressed address may be opted out too. */
function judgeOptOut({ permission }: AddressFacts): Verdict {
  switch (permission) {
    case 'opted-out-by-recipient':
    case 'opted-out-by-user':
      return skip('already_opted_out');
    case 'non-marketable':
    case 'single-opt-in':
    case 'double-opt-in':
      return change(permission, 'opted-out-by-user');
  }
}

function judgeOptIn({ permission, suppressions, consentAt }: AddressFacts, now: Date): Verdict {
  const suppression = firstSuppression(suppressions);
  if (suppression !== undefined) return skip(suppression);
  switch (permission) {
    case 'single-opt-in':
      return skip('already_opted_in');
    case 'double-opt-in':
      return skip('already_confirmed');
    case 'opted-out-by-recipient':
      return skip('opted_out_by_recipient');
    case 'opted-out-by-user':
      return skip('opted_out_by_user');
    case 'non-marketable':
      return consentAt !== undefined && consentAt < oldestConsent(now)
        ? skip('permission_too_old')
        : change(permission, 'single-opt-in');
  }
}

/** The oldest own consent date that still counts: 24 calendar months before `now`, in UTC. */
export function oldestConsent(now: Date): Date {
  return DateTime.fromJSDate(now, { zone: 'utc' })
    .minus({ months: CONSENT_AGE_MONTHS_MAX })
    .toJSDate();
}

const change = (from: Permission, to: Permission): Verdict => ({ kind: 'change', from, to });
const skip = (reason: Skip): Verdict => ({ kind: 'skip', reason });
