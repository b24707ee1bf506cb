/**
 * Rate limit: how many pages one client may open. It protects the database, not the links: those
 * cannot be guessed. Large offices and mail filters share an address, so it is generous, and a
 * genuine stop is never turned away.
 */

/** Pages at once, and pages that come back each second. */
export const PAGES_BURST = 120;
const PAGES_PER_SECOND = 4;
/** Clients that are remembered; beyond, the one seen longest ago is forgotten. */
const CLIENTS_MAX = 20_000;

export interface RateLimit {
  /** Takes one page. @returns seconds to wait if there is none left, else 0 */
  take(client: string): number;
}

/** A token bucket for each client, in memory. */
export function rateLimit(
  now: () => Date,
  { burst = PAGES_BURST, perSecond = PAGES_PER_SECOND, clientsMax = CLIENTS_MAX } = {},
): RateLimit {
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
      if (buckets.size > clientsMax) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      return tokens < 1 ? Math.ceil((1 - tokens) / perSecond) : 0;
    },
  };
}
