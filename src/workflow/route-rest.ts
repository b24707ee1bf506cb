/**
 * Route rest: how long an SMTP route that failed is left alone before one mail tries it again.
 *
 * It lives as long as the process: each process finds out for itself whether it can reach the
 * server.
 */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** The rest after the first failure, the second in a row, and so on; the last one for all further. */
export const ROUTE_REST_MS: readonly number[] = [
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  4 * MINUTE_MS,
  8 * MINUTE_MS,
  16 * MINUTE_MS,
  30 * MINUTE_MS,
];

export interface RouteRest {
  /** True while nothing may be offered. */
  isResting(now: Date): boolean;
  /** True after a failure until something worked: one mail goes first, alone. */
  isDoubtful(): boolean;
  /** Notes a failure. @returns until when the route rests */
  failed(now: Date): Date;
  worked(): void;
}

export function routeRest(): RouteRest {
  let failures = 0;
  let until = new Date(0);
  return {
    isResting: (now) => now < until,
    isDoubtful: () => failures > 0,
    failed(now) {
      const rest = ROUTE_REST_MS[Math.min(failures, ROUTE_REST_MS.length - 1)] ?? MINUTE_MS;
      failures += 1;
      until = new Date(now.getTime() + rest);
      return until;
    },
    worked() {
      failures = 0;
      until = new Date(0);
    },
  };
}
