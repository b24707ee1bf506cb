/**
 * Pace: how much one client may send. Who gets too much is told to come later, and no bounce is
 * lost by that: servers keep what was put off.
 */

/** Mails at once, and mails that come back each second. A large provider returns many at a time. */
const MAILS_BURST = 300;
const MAILS_PER_SECOND = 10;
/** Clients that are remembered; beyond, the one seen longest ago is forgotten. */
const CLIENTS_MAX = 10_000;

export interface Pace {
  /** Takes one mail of a client. @returns false if it has to wait */
  take(client: string): boolean;
}

/** A token bucket for each client's IP address, in memory. */
export function createPace(
  now: () => Date,
  { burst = MAILS_BURST, perSecond = MAILS_PER_SECOND, clientsMax = CLIENTS_MAX } = {},
): Pace {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(client) {
      const atMs = now().getTime();
      const known = buckets.get(client) ?? { tokens: burst, atMs };
      const refill = (Math.max(0, atMs - known.atMs) / 1000) * perSecond;
      const tokens = Math.min(burst, known.tokens + refill);
      // Put in anew, so that the map stays in the order in which clients were seen last.
      buckets.delete(client);
      buckets.set(client, { tokens: tokens < 1 ? tokens : tokens - 1, atMs });
      const [oldest] = buckets.keys();
      if (buckets.size > clientsMax && oldest !== undefined) buckets.delete(oldest);
      return tokens >= 1;
    },
  };
}
