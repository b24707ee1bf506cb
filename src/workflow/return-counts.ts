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

/** Tells what was counted since it was asked last. */
export interface ReturnWatch {
  /** Undefined: nothing. */
  news(): Partial<ReturnCounts> | undefined;
}

export function watchReturns(counts: ReturnCounts): ReturnWatch {
  let before = { ...counts };
  return {
    news() {
      const grown = Object.entries(counts)
        .map(([name, count]) => [name, count - before[name as ReturnCount]] as const)
        .filter(([, more]) => more > 0);
      before = { ...counts };
      return grown.length === 0 ? undefined : Object.fromEntries(grown);
    },
  };
}
