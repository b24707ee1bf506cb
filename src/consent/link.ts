/**
 * Link: the token in a mail, made from the send's id and a keyed MAC; nothing secret is stored.
 *
 *   workspace . send id . key id . MAC        (base64url parts; 128-bit MAC, RFC 2104 HMAC-SHA256)
 *
 * To stop, a link lives for ever; to confirm, as long as its request says. Keys rotate: the first
 * signs, all verify.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface TokenKey {
  readonly id: string;
  readonly key: Buffer;
}

export interface LinkTarget {
  readonly workspace: string;
  readonly send: string;
}

const MAC_BYTES = 16;
/** Longer than any token of ours; what is longer is not looked at. */
const TOKEN_CHARACTERS_MAX = 200;

/** Makes the token of a send with the first key. */
export function makeToken(target: LinkTarget, keys: readonly [TokenKey, ...TokenKey[]]): string {
  const [{ id, key }] = keys;
  return [target.workspace, target.send, id, mac(target, id, key).toString('base64url')].join('.');
}

/** The target of a token, or undefined if it was cut, altered or made with an unknown key. */
export function readToken(token: string, keys: readonly TokenKey[]): LinkTarget | undefined {
  if (token.length > TOKEN_CHARACTERS_MAX) return undefined;
  const [workspace, send, keyId, given, ...rest] = token.split('.');
  if (!workspace || !send || !keyId || !given || rest.length > 0) return undefined;
  const key = keys.find(({ id }) => id === keyId);
  if (key === undefined) return undefined;
  const target = { workspace, send };
  const expected = mac(target, keyId, key.key);
  const got = Buffer.from(given, 'base64url');
  // Base64url has several spellings of one value; only ours is accepted, so a token is one string.
  if (got.length !== MAC_BYTES || got.toString('base64url') !== given) return undefined;
  return timingSafeEqual(got, expected) ? target : undefined;
}

function mac({ workspace, send }: LinkTarget, keyId: string, key: Buffer): Buffer {
  return createHmac('sha256', key)
    .update(`link\0${workspace}\0${send}\0${keyId}`)
    .digest()
    .subarray(0, MAC_BYTES);
}
