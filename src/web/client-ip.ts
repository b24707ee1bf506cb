/**
 * Client IP: whose request it is, behind as many proxies as the operator says.
 *
 * Each proxy adds the address that it saw to the end of X-Forwarded-For; what stands before those
 * can be made up by anybody, so it is counted from the end.
 */
import { isIP } from 'node:net';

/** Longer lists are made up (characters). */
const HEADER_CHARACTERS_MAX = 2_000;

/** @param trustedProxies how many proxies of the operator's own stand in front */
export function clientIp(
  request: {
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly socket: { readonly remoteAddress?: string | undefined };
  },
  trustedProxies: number,
): string | undefined {
  const direct = request.socket.remoteAddress;
  if (trustedProxies === 0) return direct;
  const header = String(request.headers['x-forwarded-for'] ?? '').slice(-HEADER_CHARACTERS_MAX);
  const forwarded = header.split(',').map((part) => part.trim());
  const seen = forwarded.at(-trustedProxies);
  return seen !== undefined && isIP(seen) !== 0 ? seen : direct;
}

/** Whom a limit counts: an IPv4 address, or the 64 bits of IPv6 that one home or phone has. */
export function clientGroup(ip: string | undefined): string {
  if (ip === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(ip)?.[1] ?? ip;
  if (isIP(mapped) !== 6) return mapped;
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
