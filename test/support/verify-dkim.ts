/**
 * Verify DKIM: checks a signature by code that was written from RFC 6376 and RFC 8463 and shares
 * nothing with what signs.
 */
import { createHash, createPublicKey, createVerify, verify } from 'node:crypto';

/**
 * Both checks of RFC 6376, section 6.1.3, for relaxed/relaxed.
 * @param mail as it came over the line, one character a byte
 * @param records what the signer's domain publishes
 * @returns whether body and headers are as they were signed, and the names in `h=`
 */
export function verifyDkim(
  mail: string,
  records: readonly { readonly value: string }[],
  kind: 'rsa' | 'ed25519' = 'rsa',
): { body: boolean; headers: boolean; names: string[] } {
  const end = mail.indexOf('\r\n\r\n');
  const fields = unfold(mail.slice(0, end));
  const isOf = (field: string) => /^dkim-signature:/i.test(field) && field.includes(` a=${kind}-`);
  const signature = fields.find(isOf) ?? '';
  const tag = (name: string) =>
    new RegExp(`[;:\\s]${name}=([^;]*)`).exec(signature)?.[1]?.replace(/\s+/g, '') ?? '';
  const names = tag('h').toLowerCase().split(':');

  const stack = new Map<string, string[]>();
  for (const field of fields) {
    if (field === signature) continue;
    const name = field.slice(0, field.indexOf(':')).trim().toLowerCase();
    stack.set(name, [...(stack.get(name) ?? []), relaxed(field)]);
  }
  const signed = names.map((name) => stack.get(name)?.pop() ?? '').filter((line) => line !== '');
  const unsigned = relaxed(signature).replace(/( b=)[A-Za-z0-9+/= ]+$/, '$1');
  const text = Buffer.from([...signed, unsigned].join('\r\n'), 'latin1');
  const mac = Buffer.from(tag('b'), 'base64');
  const record = records.find(({ value }) => value.includes(`k=${kind}`));
  const key = Buffer.from(/p=(.*)$/.exec(record?.value ?? '')?.[1] ?? '', 'base64');
  return {
    body: digest(mail.slice(end + 4)) === tag('bh'),
    headers: kind === 'rsa' ? holdsRsa(text, mac, key) : holdsEd25519(text, mac, key),
    names,
  };
}

function holdsRsa(text: Buffer, mac: Buffer, spki: Buffer): boolean {
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return createVerify('RSA-SHA256').update(text).verify(key, mac);
}
/** RFC 8463, section 3: the hash is signed, as if it were the message; the record holds 32 bytes. */
function holdsEd25519(text: Buffer, mac: Buffer, published: Buffer): boolean {
  const x = published.toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, createHash('sha256').update(text).digest(), key, mac);
}

/** The fields of a head, each on one line. */
export function unfold(head: string): string[] {
  return head.replace(/\r\n([ \t])/g, '$1').split('\r\n');
}
function relaxed(field: string): string {
  const colon = field.indexOf(':');
  const value = field.slice(colon + 1).replace(/[ \t]+/g, ' ');
  return `${field.slice(0, colon).trim().toLowerCase()}:${value.replace(/^ /, '').replace(/ $/, '')}`;
}
function digest(body: string): string {
  const lines = body.replace(/[ \t]+(?=\r\n)/g, '').replace(/[ \t]+/g, ' ');
  const trimmed = lines.replace(/(?:\r\n)*$/, '\r\n');
  return createHash('sha256').update(trimmed, 'latin1').digest('base64');
}
