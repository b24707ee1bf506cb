/**
 * Secrets: tokens at rest, encrypted with AES-256-GCM. Each is bound to the document that it stands
 * in (additional data), so that a token copied into another one does not open.
 *
 * Keys rotate: the first encrypts, all decrypt (`assent rotate-secrets` re-encrypts with the first).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';

export interface SecretsKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}
export type SecretsKeys = readonly [SecretsKey, ...SecretsKey[]];

const CIPHER = 'aes-256-gcm';
/** NIST SP 800-38D, 8.2.2: random, 96 bits; one key must not encrypt more than 2^32 values. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What is stored: base64url but for the key's id. */
export const SealedSecret = z.strictObject({
  key: z.string(),
  iv: z.string(),
  tag: z.string(),
  data: z.string(),
});
export type SealedSecret = z.infer<typeof SealedSecret>;

/** Encrypts with the first key. @param place what the secret belongs to; needed to open it */
export function seal([{ id, key }]: SecretsKeys, place: string, secret: string): SealedSecret {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(place, 'utf8'));
  const data = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return {
    key: id,
    iv: iv.toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
    data: data.toString('base64url'),
  };
}

/**
 * @throws Error naming the key's id if that key is not configured, or if the secret was altered or
 *   belongs to another place
 */
export function unseal(
  keys: readonly SecretsKey[],
  place: string,
  { key: id, iv, tag, data }: SealedSecret,
): string {
  const found = keys.find((key) => key.id === id);
  if (found === undefined) {
    throw new Error(
      `A Slack token is encrypted with the key "${id}", which ASSENT_SECRETS_KEYS does not hold. Put that key back; it may stand last.`,
    );
  }
  try {
    const decipher = createDecipheriv(CIPHER, found.key, Buffer.from(iv, 'base64url'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(place, 'utf8'));
    decipher.setAuthTag(Buffer.from(tag, 'base64url'));
    return Buffer.concat([
      decipher.update(Buffer.from(data, 'base64url')),
      decipher.final(),
    ]).toString('utf8');
  } catch (cause) {
    throw new Error(
      `The Slack token of ${place} cannot be decrypted with the key "${id}": it was altered, or the key is another one under the same id. Install the app there again.`,
      { cause },
    );
  }
}
