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
