/**
 * Retry schedule: when a mail that the server put off is offered again.
 *
 * Greylists want some minutes; full mailboxes and busy servers want hours. RFC 5321, 4.5.4.1 asks
 * for patience of four to five days in general; a question that was asked two days late is not
 * wanted any more.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The wait after the first attempt, the second, and so on. */
export const RETRY_WAITS_MS: readonly number[] = [
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  8 * HOUR_MS,
  24 * HOUR_MS,
];
/** So that a thousand mails that were put off together do not come back together. */
const RETRY_JITTER = 0.2;
/** After this much time since the first attempt it is given up. */
export const RETRY_FOR_MS = 48 * HOUR_MS;

export interface Attempts {
  /** How often it was tried, the latest included. */
  readonly count: number;
  readonly firstAt: Date;
  readonly now: Date;
  /** How long the server asks us to wait, if it does (ms). */
  readonly hintMs?: number | undefined;
}

/** When to try again; undefined: not any more. @param random 0 to 1 */
export function retryAt(
  { count, firstAt, now, hintMs = 0 }: Attempts,
  random: () => number = Math.random,
): Date | undefined {
  const wait = RETRY_WAITS_MS[count - 1];
  if (wait === undefined) return undefined;
  const jittered = wait * (1 + RETRY_JITTER * (2 * random() - 1));
  const at = new Date(now.getTime() + Math.max(jittered, hintMs));
  return at.getTime() - firstAt.getTime() > RETRY_FOR_MS ? undefined : at;
}
