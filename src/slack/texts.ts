/**
 * Texts: the sentences that several of our views and messages share, in one place and one voice.
 *
 * English only for now. Sentences of refusals live in consent/refusal.ts; what one view alone says
 * stands in that view's file.
 */
import type { AskSkip } from '../consent/ask.ts';
import type { EmailField } from '../consent/audience.ts';
import type { Skip } from '../consent/eligibility.ts';
import type { RequestKind } from '../consent/plan.ts';

const NUMBERS = new Intl.NumberFormat('en');

/** `12,480`. */
export function formatNumber(count: number): string {
  return NUMBERS.format(count);
}

/** `1 address`, `12,480 addresses`. */
export function counted(count: number, one: string, many: string): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

export const addresses = (count: number): string => counted(count, 'address', 'addresses');

/** `a, b and c`. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1);
  if (last === undefined) return '';
  return items.length === 1 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

export const KIND_NAMES: Readonly<Record<RequestKind, string>> = {
  'opt-in': 'Opt in',
  'opt-out': 'Opt out',
  reconfirm: 'Ask for confirmation again',
  undo: 'Undo',
};

export const FIELD_NAMES: Readonly<Record<EmailField, string>> = {
  email: 'E-mail 1',
  email2: 'E-mail 2',
  email3: 'E-mail 3',
};

/** Why an address is left as it is: what stands after its count. */
export const SKIP_WORDS: Readonly<Record<Skip | AskSkip, string>> = {
  erased: 'were erased and are never mailed again',
  complaint: 'complained about mail',
  'hard-bounce': 'bounced: no such mailbox',
  invalid: 'are no valid addresses',
  permission_too_old: 'gave permission more than 24 months ago',
  already_opted_in: 'are opted in already',
  already_confirmed: 'have confirmed already',
  opted_out_by_recipient: 'opted out themselves',
  opted_out_by_user: 'were opted out by your team',
  already_opted_out: 'are opted out already',
  no_permission: 'never gave permission, so they may not even be asked',
  asked_too_often: 'were asked twice in the last 180 days',
};

/** What is done with the addresses that a request of this kind changes. */
export const CHANGE_WORDS: Readonly<Record<Exclude<RequestKind, 'undo'>, string>> = {
  'opt-in': 'will be opted in',
  'opt-out': 'will be opted out',
  reconfirm: 'will be changed',
};
