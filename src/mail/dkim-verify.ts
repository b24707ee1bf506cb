/**
 * DKIM verification: does this signed mail hold against this public key? For the self-test and for
 * `doctor`; receivers look the key up themselves.
 */
import { type KeyObject, verify } from 'node:crypto';
import { bodyHash, coveredFields, relaxedField, splitMail } from './dkim-canonical.ts';

export type DkimCheck =
  | { readonly ok: true; readonly covered: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** Checks the first DKIM-Signature of a mail (RFC 6376, section 6.1.3), for rsa-sha256, relaxed/relaxed. */
export function verifyDkim(raw: Buffer, publicKey: KeyObject): DkimCheck {
  const { fields, body } = splitMail(raw);
  const signature = fields.find(({ name }) => name === 'dkim-signature');
  if (signature === undefined) return { ok: false, why: 'the mail carries no signature' };
  const tags = tagsOf(relaxedField(signature));
  if (tags.get('a') !== 'rsa-sha256' || tags.get('c') !== 'relaxed/relaxed') {
    return { ok: false, why: 'the signature is not rsa-sha256 with relaxed/relaxed' };
  }
  if (tags.get('bh') !== bodyHash(body)) return { ok: false, why: 'the body was changed' };
  const names = (tags.get('h') ?? '').toLowerCase().split(':');
  const others = fields.filter((field) => field !== signature);
  const signed = [
    ...coveredFields(others, names).map((field) => `${relaxedField(field)}\r\n`),
    relaxedField(signature).replace(/(?<=[;\s:]b=)[^;]*/, ''),
  ].join('');
  const mac = Buffer.from(tags.get('b') ?? '', 'base64');
  const holds = verify('sha256', Buffer.from(signed, 'latin1'), publicKey, mac);
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
