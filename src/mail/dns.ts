/** DNS: the look-ups that tell whether receivers will believe our mail. */
import { Resolver } from 'node:dns/promises';

/** Per question; asked twice (ms). */
const ANSWER_MS = 3_000;
const TRIES = 2;
/** There is no such name, or nothing of that kind there. */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA']);

export interface Dns {
  /** TXT records, the pieces of each joined. */
  txt(name: string): Promise<string[]>;
  mx(name: string): Promise<string[]>;
  /** IPv4 and IPv6. */
  addresses(host: string): Promise<string[]>;
  /** Names of an IP address (PTR). */
  names(ip: string): Promise<string[]>;
}

/**
 * @param servers as for node:dns; those of the machine if left out
 * Each look-up gives nothing where nothing is published, and rejects if the DNS does not answer.
 */
export function dnsLookups(servers?: readonly string[]): Dns {
  const resolver = new Resolver({ timeout: ANSWER_MS, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  return {
    async txt(name) {
      return (await orNothing(resolver.resolveTxt(name))).map((pieces) => pieces.join(''));
    },
    async mx(name) {
      const found = await orNothing(resolver.resolveMx(name));
      return found.toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
    },
    async addresses(host) {
      const [v4, v6] = await Promise.all([
        orNothing(resolver.resolve4(host)),
        orNothing(resolver.resolve6(host)),
      ]);
      return [...v4, ...v6];
    },
    names: (ip) => orNothing(resolver.reverse(ip)),
  };
}

async function orNothing<T>(answer: Promise<T[]>): Promise<T[]> {
  try {
    return await answer;
  } catch (error) {
    const { code = 'no code' } = error as { code?: string };
    if (NOTHING.has(code)) return [];
    throw new Error(`the DNS did not answer (${code})`, { cause: error });
  }
}
