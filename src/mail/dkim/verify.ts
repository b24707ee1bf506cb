/**
 * DKIM verification: does this signed mail hold against this public key? For the self-test and for
 * `doctor`; receivers look the key up themselves.
 */
import { createHash, type KeyObject, verify } from 'node:crypto';
import { bodyHash, coveredFields, relaxedField, splitMail } from './canonical.ts';
import type { DkimAlgorithm } from './sign.ts';

export type DkimCheck =
  | { readonly ok: true; readonly covered: readonly string[] }
  | { readonly ok: false; readonly why: string };

/**
 * Checks the first DKIM-Signature of an algorithm (RFC 6376, section 6.1.3), relaxed/relaxed. Others
 * of the same mail are not looked at: each stands for itself.
 */
export function verifyDkim(
  raw: Buffer,
  publicKey: KeyObject,
  algorithm: DkimAlgorithm = 'rsa-sha256',
): DkimCheck {
  const { fields, body } = splitMail(raw);
  const signatures = fields.filter(({ name }) => name === 'dkim-signature');
  if (signatures.length === 0) return { ok: false, why: 'the mail carries no signature' };
  const isWanted = (tags: Map<string, string>) =>
    tags.get('a') === algorithm && tags.get('c') === 'relaxed/relaxed';
  const signature = signatures.find((field) => isWanted(tagsOf(relaxedField(field))));
  if (signature === undefined) {
    return { ok: false, why: `the signature is not ${algorithm} with relaxed/relaxed` };
  }
  const tags = tagsOf(relaxedField(signature));
  if (tags.get('bh') !== bodyHash(body)) return { ok: false, why: 'the body was changed' };
  const names = (tags.get('h') ?? '').toLowerCase().split(':');
  const others = fields.filter((field) => field !== signature);
  const signed = [
    ...coveredFields(others, names).map((field) => `${relaxedField(field)}\r\n`),
    relaxedField(signature).replace(/(?<=[;\s:]b=)[^;]*/, ''),
  ].join('');
  const mac = Buffer.from(tags.get('b') ?? '', 'base64');
  const text = Buffer.from(signed, 'latin1');
  const holds =
    algorithm === 'rsa-sha256'
      ? verify('sha256', text, publicKey, mac)
      : verify(null, createHash('sha256').update(text).digest(), publicKey, mac);
  if (!holds) return { ok: false, why: 'the signature does not fit the headers and this key' };
  return { ok: true, covered: [...new Set(names)] };
}

function tagsOf(field: string): Map<string, string> {
  const list = field.slice(field.indexOf(':') + 1).split(';');
  return new Map(
    list.map((tag) => {
      const equals = tag.indexOf('=');
      return [tag.slice(0, Math.max(0, equals)).trim(), tag.slice(equals + 1).replace(/\s/g, '')];
    }),
  );
}
