/**
 * VERP: the addresses at our bounce domain, made from a send's id and a keyed MAC.
 *
 *   bounce+<send>.<MAC>      where bounces of this very mail go (its envelope sender)
 *   stop+<send>.<MAC>        a mail to it is the recipient's stop (List-Unsubscribe, RFC 2369)
 *   complaints+<MAC>         where mailbox providers may send their feedback loops (RFC 5965)
 *
 * Servers are known to write local parts in lower case, so they hold base32 (RFC 4648), which has
 * one case only. A key's id might not survive that: all keys are tried, and they are few.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TokenKey } from '../../consent/link.ts';

export type MailTarget =
  | { readonly kind: 'bounce' | 'stop'; readonly send: string }
  | { readonly kind: 'complaints' };

type Keys = readonly TokenKey[];
type SigningKeys = readonly [TokenKey, ...TokenKey[]];

/** A send's id is 128 bits as base64url. */
const SEND_BYTES = 16;
/** 80 bits: with a server between each guess, and one send to gain, nobody gets there. */
const MAC_BYTES = 10;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const DIGIT_BITS = 5;
const BYTE_BITS = 8;
/** RFC 5321, 4.5.3.1.1 and 4.5.3.1.2; longer ones are not looked at. */
const ADDRESS_CHARACTERS_MAX = 254;
const SHAPE = /^(?:(bounce|stop)\+([a-z2-7]{26})\.([a-z2-7]{16})|(complaints)\+([a-z2-7]{16}))$/;

/** The envelope sender of a send's mail. @param domain the bounce domain, without the @ */
export function bounceAddress(send: string, domain: string, keys: SigningKeys): string {
  return `bounce+${signed('bounce', send, keys[0])}@${domain}`;
}

/** Where a mail is the recipient's stop, for `List-Unsubscribe: <mailto:…>`. */
export function unsubscribeAddress(send: string, domain: string, keys: SigningKeys): string {
  return `stop+${signed('stop', send, keys[0])}@${domain}`;
}

/** What an operator registers with mailbox providers for their complaints. */
export function complaintsAddress(domain: string, keys: SigningKeys): string {
  return `complaints+${base32(mac('complaints', '', keys[0]))}@${domain}`;
}

/** What an address at the bounce domain stands for; undefined if it is none of ours. */
export function readMailTarget(
  address: string,
  domain: string,
  keys: Keys,
): MailTarget | undefined {
  if (address.length > ADDRESS_CHARACTERS_MAX) return undefined;
  const lower = address.toLowerCase();
  const at = lower.lastIndexOf('@');
  if (lower.slice(at + 1) !== domain.toLowerCase()) return undefined;
  const [, kind, send = '', given = '', complaints, proof = ''] =
    SHAPE.exec(lower.slice(0, at)) ?? [];
  if (complaints !== undefined) {
    return isSigned('complaints', '', proof, keys) ? { kind: 'complaints' } : undefined;
  }
  if (kind !== 'bounce' && kind !== 'stop') return undefined;
  const id = fromBase32(send).toString('base64url');
  return isSigned(kind, id, given, keys) ? { kind, send: id } : undefined;
}

function signed(kind: MailTarget['kind'], send: string, key: TokenKey): string {
  const bytes = Buffer.from(send, 'base64url');
  if (bytes.length !== SEND_BYTES || bytes.toString('base64url') !== send) {
    throw new Error('a send id is 128 bits as base64url, so no address was made of it');
  }
  return `${base32(bytes)}.${base32(mac(kind, send, key))}`;
}

function isSigned(kind: MailTarget['kind'], send: string, given: string, keys: Keys): boolean {
  const got = fromBase32(given);
  return keys.some((key) => timingSafeEqual(got, mac(kind, send, key)));
}

function mac(kind: MailTarget['kind'], send: string, { id, key }: TokenKey): Buffer {
  return createHmac('sha256', key)
    .update(`mail\0${kind}\0${send}\0${id}`)
    .digest()
    .subarray(0, MAC_BYTES);
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(BYTE_BITS, '0')).join('');
  const digits = bits.match(/.{1,5}/g) ?? [];
  return digits
    .map((digit) => ALPHABET.charAt(Number.parseInt(digit.padEnd(DIGIT_BITS, '0'), 2)))
    .join('');
}

/** Of letters that are known to be digits; bits that fill no byte are left out. */
function fromBase32(text: string): Buffer {
  const bits = Array.from(text)
    .map((digit) => ALPHABET.indexOf(digit).toString(2).padStart(DIGIT_BITS, '0'))
    .join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
