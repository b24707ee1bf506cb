/**
 * Ask: may one double opt-in request go to one address, and what its recipient's answer means.
 *
 * Asking somebody without permission on file whether they want mail is itself unlawful advertising
 * (ICO v. Flybe and Honda, 2017), so only `single-opt-in` addresses are asked. An old mail never
 * resurrects anybody: after an opt-out the confirm link changes nothing.
 */
import type { AddressFacts } from './eligibility.ts';
import type { Permission } from './permission.ts';
import { firstSuppression, type Suppression } from './suppression.ts';

/** Asks per address in the window, reminders counted, whatever the campaign. */
export const ASKS_MAX = 2;
const ASK_WINDOW_DAYS = 180;
const DAY_MS = 24 * 60 * 60 * 1000;

export const ASK_SKIPS = [
  'erased',
  'complaint',
  'hard-bounce',
  'invalid',
  'no_permission',
  'already_confirmed',
  'opted_out_by_recipient',
  'opted_out_by_user',
  'asked_too_often',
  'asked_lately',
] as const;
export type AskSkip = (typeof ASK_SKIPS)[number];

export type AskVerdict =
  | { readonly kind: 'ask' }
  | { readonly kind: 'skip'; readonly reason: AskSkip };

export interface AskFacts extends AddressFacts {
  /** Asks reserved or sent in the window; older ones do not count. */
  readonly asksInWindow: number;
  /** True if a campaign leaves this address out because its latest ask is too young. */
  readonly askedLately?: boolean | undefined;
}

/** Judges whether a double opt-in request may be sent to an address. */
export function judgeAsk(facts: AskFacts): AskVerdict {
  const { permission, suppressions, asksInWindow, askedLately } = facts;
  const suppression = firstSuppression(suppressions);
  if (suppression !== undefined) return skip(suppression);
  switch (permission) {
    case 'non-marketable':
      return skip('no_permission');
    case 'double-opt-in':
      return skip('already_confirmed');
    case 'opted-out-by-recipient':
      return skip('opted_out_by_recipient');
    case 'opted-out-by-user':
      return skip('opted_out_by_user');
    case 'single-opt-in':
      if (asksInWindow >= ASKS_MAX) return skip('asked_too_often');
      return askedLately === true ? skip('asked_lately') : { kind: 'ask' };
  }
}

/** Asks at or after this instant count against the limit. */
export function askWindowStart(now: Date): Date {
  return new Date(now.getTime() - ASK_WINDOW_DAYS * DAY_MS);
}

/** An ask at or after this instant is too young for a campaign that waits so many days, if it does. */
export function askedLatelySince(now: Date, days: number | undefined): Date | undefined {
  return days === undefined ? undefined : new Date(now.getTime() - days * DAY_MS);
}

/** What a recipient's "yes" does: the last column of the permission table. */
export type Confirmation =
  | {
      readonly kind: 'change';
      readonly from: Permission;
      readonly to: Permission;
      readonly clears: readonly Suppression[];
    }
  | { readonly kind: 'already-confirmed'; readonly clears: readonly Suppression[] }
  | { readonly kind: 'stale-link' };

/**
 * Judges a recipient's "yes" on an unexpired link. A hard bounce is disproved by the click and
 * cleared; every other suppression stays and stops the confirmation.
 */
export function judgeConfirmation({ permission, suppressions }: AddressFacts): Confirmation {
  const clears: Suppression[] = suppressions.includes('hard-bounce') ? ['hard-bounce'] : [];
  if (suppressions.some((suppression) => suppression !== 'hard-bounce')) {
    return { kind: 'stale-link' };
  }
  if (permission === 'double-opt-in') return { kind: 'already-confirmed', clears };
  if (permission !== 'single-opt-in') return { kind: 'stale-link' };
  return { kind: 'change', from: permission, to: 'double-opt-in', clears };
}

/** What silence after a double opt-in request means: never an opt-out. */
export const SILENCE_MEANINGS = ['keep', 'revert'] as const;
export type SilenceMeaning = (typeof SILENCE_MEANINGS)[number];

const skip = (reason: AskSkip): AskVerdict => ({ kind: 'skip', reason });
