/**
 * Warm-up: how many mails a new route may send on each of its first days.
 *
 * Receivers trust a sender that grows steadily. The table roughly doubles each day; after its last
 * day there is no cap. Days are UTC days, so that all processes agree on them.
 */

const DAY_MS = 24 * 60 * 60 * 1000;

/** Mails on the first day, the second, and so on. */
export const WARM_UP_MAILS: readonly number[] = [
  50, 100, 200, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 50_000, 75_000, 100_000, 150_000,
];

/** The cap of a route's day; undefined: none. @param from the first day, undefined: no warm-up */
export function dailyCap(from: Date | undefined, now: Date): number | undefined {
  if (from === undefined) return undefined;
  const day = Math.floor(now.getTime() / DAY_MS) - Math.floor(from.getTime() / DAY_MS);
  return day < 0 ? 0 : WARM_UP_MAILS[day];
}

/** The UTC day, as in `2026-11-23`: the name of its counter. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}

/** When the next day's cap begins. */
export function nextDay(now: Date): Date {
  return new Date((Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS);
}
