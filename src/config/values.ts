/** Config values: the kinds of value that a variable can have, each with the fault it is refused with. */
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import type { TokenKey } from '../consent/link.ts';

const LINE_CHARACTERS_MAX = 200;
/** Refresh tokens of some providers have well over a thousand. */
const TOKEN_CHARACTERS_MAX = 8192;
const KEY_BYTES = 32;
const KEY_COMMAND = 'make one with `openssl rand -hex 32`';
/** Plain http stays on the machine with these. */
const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

export const matching = (pattern: RegExp, fault: string) => z.string().regex(pattern, fault);

const lineUpTo = (charactersMax: number) =>
  z
    .string()
    .max(charactersMax, `must be at most ${charactersMax} characters`)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters');

export const line = lineUpTo(LINE_CHARACTERS_MAX);

/** A secret that somebody else made, whatever it looks like. */
export const opaque = lineUpTo(TOKEN_CHARACTERS_MAX);

export const domain = matching(
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i,
  'must be a domain name, such as mail.example.com',
);

export const address = z.email('must be an e-mail address, without a name and without < >');

export function oneOf<const T extends string>(values: readonly [T, ...T[]], fallback: NoInfer<T>) {
  return z.enum(values, `must be one of ${values.join(', ')}`).default(fallback);
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

export function whole(unit: string, { min, max, fallback }: Range) {
  const fault = `must be a whole number from ${min} to ${max} (${unit})`;
  const number = z.int(fault).min(min, fault).max(max, fault);
  return matching(/^\d{1,16}$/, fault)
    .transform(Number)
    .pipe(number)
    .default(fallback);
}

/** Parts with commas or spaces between them; the fault stands for all parts. */
export function listOf(part: RegExp, fault: string) {
  const split = (text: string) => text.split(/[\s,]+/).filter((each) => each !== '');
  return z
    .string()
    .transform(split)
    .refine((parts) => parts.length > 0 && parts.every((each) => part.test(each)), fault);
}

export const urlOf = (protocols: readonly string[], fault: string) =>
  z.string().refine(
    (text) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      return url !== undefined && protocols.includes(url.protocol) && url.hostname !== '';
    },
    // The checks after this one read the URL.
    { error: fault, abort: true },
  );

/** Without a slash at the end. Links carry a decision of a recipient: http never leaves the machine. */
export const webUrl = urlOf(['https:', 'http:'], 'must be an https:// address')
  .refine((text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || LOOPBACK_HOSTS.includes(hostname);
  }, 'must begin with https://; http:// is for localhost only')
  .refine((text) => {
    const { username, password, search, hash } = new URL(text);
    return `${username}${password}${search}${hash}` === '';
  }, 'must have no user, no ? and no #')
  .transform((text) => text.replace(/\/+$/, ''));

/** Environment files often hold a PEM in one line, with `\n` for its line ends. */
export const rsaKey = z
  .string()
  .transform((text) => text.replaceAll('\\n', '\n'))
  .refine((pem) => {
    try {
      return createPrivateKey(pem).asymmetricKeyType === 'rsa';
    } catch {
      return false;
    }
  }, 'must be an RSA private key in PEM, not encrypted; make one with `openssl genrsa 2048`');

export const addressKey = matching(
  /^(?:[0-9a-f]{64}|[A-Za-z0-9_-]{43}=?)$/i,
  `must be ${KEY_BYTES} bytes as hex or base64url; ${KEY_COMMAND}`,
).transform((text) => Buffer.from(text, text.length === 2 * KEY_BYTES ? 'hex' : 'base64url'));

export const tokenKeys = listOf(
  /^[A-Za-z0-9_-]{1,16}:[0-9a-f]{64}$/i,
  `must be id:key, several with commas; id: letters and digits, key: ${KEY_BYTES} bytes as hex; ${KEY_COMMAND}`,
)
  .transform((parts) => parts.map(readTokenKey))
  .refine(hasNoDuplicates, 'has an id twice; each key needs its own')
  .transform(([first, ...others]) => (first ? ([first, ...others] as const) : undefined));

function readTokenKey(part: string): TokenKey {
  const [id = '', hex = ''] = part.split(':');
  return { id, key: Buffer.from(hex, 'hex') };
}

function hasNoDuplicates(keys: readonly TokenKey[]): boolean {
  return new Set(keys.map(({ id }) => id)).size === keys.length;
}
