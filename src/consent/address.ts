/**
 * Address: the one way in which an e-mail address is written here.
 *
 * The same mailbox must always make the same key, since its permission hangs on it: an opt-out of
 * `Ann@Example.org` binds `ann@example.org` too. The local part is kept as it came for the envelope
 * (RFC 5321, 2.4 lets hosts tell case apart); the key ignores case, as all large hosts do.
 */
import { domainToASCII } from 'node:url';
import { z } from 'zod';

export interface CanonicalAddress {
  readonly ok: true;
  /** Local part as it came, domain in ASCII and lower case: where mail is sent. */
  readonly address: string;
  /** All lower case: what is hashed and compared. */
  readonly key: string;
}

export type AddressFaultReason =
  | 'empty'
  | 'no-at'
  | 'not-an-address'
  | 'non-ascii-local-part'
  | 'bad-domain'
  | 'too-long';

export interface AddressFault {
  readonly ok: false;
  readonly reason: AddressFaultReason;
}

/** RFC 5321, 4.5.3.1.1. */
const LOCAL_PART_OCTETS_MAX = 64;
/** RFC 5321, 4.5.3.1.3: a path is 256 octets at most, and two of them are `<` and `>`. */
const ADDRESS_OCTETS_MAX = 254;
/** More than any address, with room for what is trimmed; longer text is not even looked at. */
const TEXT_LENGTH_MAX = 1_000;

/** zod's default, as z.email() has it. */
const ADDRESS = z.regexes.email;
/**
 * RFC 1035, 2.3.4: a label has 63 octets at most and neither begins nor ends with a hyphen. The
 * last one is letters, or another script in its ASCII form, which zod's pattern does not know.
 */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;
const PLAIN_DOMAIN = /^[a-z0-9.-]+$/;
/** ASCII that no domain holds; `domainToASCII` would read some of it as part of a URL. */
const NEVER_IN_DOMAIN = /[\p{Cc} -,/:-@[-`{-~]/u;
const ENCODED = /xn--/i;
const ENCODED_TOP = /\.xn--[a-z0-9-]+$/;

/**
 * Reads one address; white space around it, `<…>` and `mailto:` are taken off. A name beside the
 * address (`Ann <ann@example.org>`) is refused: that cell is something else than an address.
 */
export function canonicalAddress(text: string): CanonicalAddress | AddressFault {
  if (text.length > TEXT_LENGTH_MAX) return fault('too-long');
  return ADDRESS.test(text) && !ENCODED.test(text) ? asciiAddress(text) : anyAddress(text);
}

/** The short way for nearly all addresses: nothing to take off, nothing to encode. */
function asciiAddress(text: string): CanonicalAddress | AddressFault {
  const at = text.lastIndexOf('@');
  const key = text.toLowerCase();
  if (!DOMAIN.test(key.slice(at + 1))) return fault('bad-domain');
  if (at > LOCAL_PART_OCTETS_MAX || text.length > ADDRESS_OCTETS_MAX) return fault('too-long');
  return { ok: true, address: text.slice(0, at) + key.slice(at), key };
}

function anyAddress(text: string): CanonicalAddress | AddressFault {
  const bare = unwrapped(text);
  if (bare === '') return fault('empty');
  const at = bare.lastIndexOf('@');
  if (at === -1) return fault('no-at');
  const local = bare.slice(0, at);
  if (NOT_ASCII.test(local)) return fault('non-ascii-local-part');
  const domain = asciiDomain(bare.slice(at + 1));
  if (domain === undefined) return fault('bad-domain');
  const address = `${local}@${domain}`;
  if (local.length > LOCAL_PART_OCTETS_MAX || address.length > ADDRESS_OCTETS_MAX) {
    return fault('too-long');
  }
  if (!ADDRESS.test(address.replace(ENCODED_TOP, '.xn'))) return fault('not-an-address');
  return { ok: true, address, key: address.toLowerCase() };
}

/**
 * Shortens an address so far that nobody can be written to, yet its owner may recognise it:
 * `j***@ex…`. Anything that is not an address becomes `***`.
 */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  if (at === -1) return '***';
  const first = at >= LOCAL_PART_SHOWN_FROM ? address.slice(0, 1) : '';
  const domain = address.slice(at + 1);
  const shown = domain.length >= DOMAIN_SHOWN_FROM ? domain.slice(0, 2) : '';
  return `${first}***@${shown}…`;
}

/** Shorter parts are not shown at all, since a letter or two would be most of them. */
const LOCAL_PART_SHOWN_FROM = 3;
const DOMAIN_SHOWN_FROM = 6;

const NOT_ASCII = /\P{ASCII}/u;

function unwrapped(text: string): string {
  const trimmed = text.normalize('NFC').trim();
  const inside =
    trimmed.startsWith('<') && trimmed.endsWith('>') ? trimmed.slice(1, -1).trim() : trimmed;
  return /^mailto:/i.test(inside) ? inside.slice('mailto:'.length).trim() : inside;
}

function asciiDomain(domain: string): string | undefined {
  const lower = domain.toLowerCase();
  if (PLAIN_DOMAIN.test(lower) && !ENCODED.test(lower)) {
    return DOMAIN.test(lower) ? lower : undefined;
  }
  if (NEVER_IN_DOMAIN.test(domain)) return undefined;
  const ascii = domainToASCII(domain);
  return DOMAIN.test(ascii) ? ascii : undefined;
}

const fault = (reason: AddressFaultReason): AddressFault => ({ ok: false, reason });
