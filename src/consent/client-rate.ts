/**
 * Client rate: how much one client may ask of us: a burst, and so much again each second. Doors that
 * strangers knock at share it; each says its own numbers, and how it answers who gets too much.
 *
 * Each client has a bucket of its own, kept in memory; whoever was not seen for longest is forgotten.
 */

export interface RateTerms {
  /** At once. */
  readonly burst: number;
  /** What comes back each second. */
  readonly perSecond: number;
  /** Clients that are remembered; beyond, the one seen longest ago is forgotten. */
  readonly clientsMax: number;
}

export interface ClientRate {
  /** Takes one, at that instant. @returns seconds to wait if there is none left, else 0 */
  take(client: string, at: Date): number;
}

export function clientRate({ burst, perSecond, clientsMax }: RateTerms): ClientRate {
  const buckets = new Map<string, { readonly left: number; readonly atMs: number }>();
  return {
    take(client, at) {
      const known = buckets.get(client) ?? { left: burst, atMs: at.getTime() };
      // A clock that goes back gives nothing, and gives nothing once more when it has caught up.
      const atMs = Math.max(known.atMs, at.getTime());
      const left = Math.min(burst, known.left + ((atMs - known.atMs) / 1000) * perSecond);
      // Put in anew, so that the map stays in the order in which clients were seen last.
      buckets.delete(client);
      buckets.set(client, { left: left < 1 ? left : left - 1, atMs });
      const [oldest] = buckets.keys();
      if (buckets.size > clientsMax && oldest !== undefined) buckets.delete(oldest);
      return left < 1 ? Math.ceil((1 - left) / perSecond) : 0;
    },
  };
}

/** Whom a limit counts: an IPv4 address, or the 64 bits of IPv6 that one home or phone has. */
export function clientGroup(ip: string | undefined): string {
  if (ip === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(ip)?.[1] ?? ip;
  if (!mapped.includes(':')) return mapped;
  return `${expand(mapped).slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(ip: string): string[] {
  const [head = '', tail = ''] = ip.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/u, ''));
}
