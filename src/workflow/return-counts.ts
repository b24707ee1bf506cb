/** Return counts: what came back to this process since it started, for whoever watches it. */
import { MAIL_EVENT_KINDS, type MailEventKind } from '../consent/mail-event.ts';

const OTHER = [
  // Reports that were understood and changed nothing
  'repeat',
  'unknown-send',
  'nothing-new',
  // Mail that reports nothing, and mail that was not taken in
  'mail-ignored',
  'mail-refused',
  // Posts of providers
  'hook-ignored',
  'hook-refused',
] as const;

export type ReturnCount = MailEventKind | (typeof OTHER)[number];
export type ReturnCounts = Record<ReturnCount, number>;

export function newReturnCounts(): ReturnCounts {
  return Object.fromEntries(
    [...MAIL_EVENT_KINDS, ...OTHER].map((name) => [name, 0]),
  ) as ReturnCounts;
}
