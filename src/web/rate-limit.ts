/**
 * Rate limit: how many pages one client may open. It protects the database, not the links: those
 * cannot be guessed. Large offices and mail filters share an address, so it is generous, and a
 * genuine stop is never turned away.
 */
import { clientRate } from '../consent/client-rate.ts';

/** Pages at once. */
export const PAGES_BURST = 120;
const PAGES = { burst: PAGES_BURST, perSecond: 4, clientsMax: 20_000 };

export interface RateLimit {
  /** Takes one page. @returns seconds to wait if there is none left, else 0 */
  take(client: string): number;
}

export function rateLimit(now: () => Date): RateLimit {
  const rate = clientRate(PAGES);
  return { take: (client) => rate.take(client, now()) };
}
