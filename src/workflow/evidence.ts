/**
 * Evidence: what is kept of a recipient's click besides the click itself.
 *
 * Whether an IP address may be kept as proof is disputed, so the operator decides how much of it;
 * the ledger is never changed, so what is not written cannot leak. `keyed-hash` can be compared
 * with an address that somebody names later, and tells nothing by itself.
 */
import { createHmac } from 'node:crypto';
import { isIPv4, isIPv6, SocketAddress } from 'node:net';

export const EVIDENCE_IP = ['off', 'truncated', 'keyed-hash', 'full'] as const;
export type EvidenceIp = (typeof EVIDENCE_IP)[number];

/** What the door saw of the request in which the recipient answered. */
export interface Evidence {
  readonly at: Date;
  readonly ip?: string | undefined;
  readonly userAgent?: string | undefined;
}

/** A browser's name is shorter; the rest would be a letter to the ledger (characters). */
const USER_AGENT_CHARACTERS_MAX = 200;
/** Hex digits of the keyed hash: 128 bits. */
const HASH_CHARACTERS = 32;

/** The evidence as facts of a ledger entry. */
export function evidenceFacts(
  { ip, userAgent }: Evidence,
  { mode, key }: { mode: EvidenceIp; key: Buffer },
): Record<string, string> {
  const kept = ip === undefined ? undefined : keptIp(ip, mode, key);
  const agent = userAgent?.replace(/[^\x20-\x7e]/gu, '').slice(0, USER_AGENT_CHARACTERS_MAX);
  return {
    ...(kept === undefined ? {} : { ip: kept }),
    ...(agent === undefined || agent === '' ? {} : { userAgent: agent }),
  };
}

/** Undefined if nothing is to be kept, or if it is no IP address. */
function keptIp(text: string, mode: EvidenceIp, key: Buffer): string | undefined {
  const ip = normalIp(text);
  if (ip === undefined) return undefined;
  switch (mode) {
    case 'off':
      return undefined;
    case 'truncated':
      return truncatedIp(ip);
    case 'keyed-hash':
      return createHmac('sha256', key).update(`ip\0${ip}`).digest('hex').slice(0, HASH_CHARACTERS);
    case 'full':
      return ip;
    default:
      return mode satisfies never;
  }
}

/** IPv4 mapped into IPv6 is IPv4; IPv6 in its short form. */
function normalIp(text: string): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(text)?.[1] ?? text;
  if (isIPv4(mapped)) return mapped;
  if (!isIPv6(mapped) || mapped.includes('%')) return undefined;
  return new SocketAddress({ address: mapped, family: 'ipv6' }).address;
}

/** The network: 24 bits of IPv4, 48 bits of IPv6, which is what one customer is given. */
function truncatedIp(ip: string): string {
  if (isIPv4(ip)) return `${ip.split('.').slice(0, 3).join('.')}.0/24`;
  const groups = ip.split('::')[0]?.split(':') ?? [];
  const site = [0, 1, 2].map((index) => groups[index] || '0');
  return `${site.join(':')}::/48`;
}
