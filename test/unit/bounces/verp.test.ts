/** VERP: an address of ours reads back, in any case; what was altered or made up does not. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TokenKey } from '../../../src/consent/link.ts';
import {
  bounceAddress,
  complaintsAddress,
  readMailTarget,
  unsubscribeAddress,
} from '../../../src/mail/bounces/verp.ts';
import { DOMAIN, KEYS, OTHER_SEND, SEND } from './corpus.ts';

const NEW_KEYS: readonly [TokenKey, ...TokenKey[]] = [
  { id: 'K2_New-1', key: Buffer.alloc(32, 7) },
  ...KEYS,
];
const STRANGERS: typeof KEYS = [{ id: 'k1', key: Buffer.alloc(32, 1) }];
const read = (address: string, keys: readonly TokenKey[] = KEYS) =>
  readMailTarget(address, DOMAIN, keys);
const sends = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));

describe('an address of ours', () => {
  it('reads back to its send, for every send', () => {
    fc.assert(
      fc.property(sends, (send) => {
        expect(read(bounceAddress(send, DOMAIN, KEYS))).toEqual({ kind: 'bounce', send });
        expect(read(unsubscribeAddress(send, DOMAIN, KEYS))).toEqual({ kind: 'stop', send });
      }),
    );
  });

  it('survives servers that change the case of letters', () => {
    const address = bounceAddress(SEND, DOMAIN, KEYS);
    expect(address).toBe(address.toLowerCase());
    expect(read(address.toUpperCase())).toEqual({ kind: 'bounce', send: SEND });
  });

  it('fits the 64 octets of a local part (RFC 5321)', () => {
    const [local = ''] = bounceAddress(SEND, DOMAIN, KEYS).split('@');
    expect(local.length).toBe(50);
  });

  it('is still read after the keys were rotated, and not after its key is gone', () => {
    const old = bounceAddress(SEND, DOMAIN, KEYS);
    expect(read(old, NEW_KEYS)).toEqual({ kind: 'bounce', send: SEND });
    const fresh = bounceAddress(SEND, DOMAIN, NEW_KEYS);
    expect(read(fresh.toUpperCase(), NEW_KEYS)).toEqual({ kind: 'bounce', send: SEND });
    expect(read(fresh, KEYS)).toBeUndefined();
  });

  it('stands for complaints too', () => {
    expect(read(complaintsAddress(DOMAIN, KEYS))).toEqual({ kind: 'complaints' });
    expect(read(complaintsAddress(DOMAIN, STRANGERS))).toBeUndefined();
  });

  it.each([[''], ['short'], [`${SEND}A`], ['AAECAwQFBgcICQoLDA0OD!']])(
    'is not made of what is no send id (%p)',
    (send) => {
      expect(() => bounceAddress(send, DOMAIN, KEYS)).toThrow('no address was made');
    },
  );
});

describe('what is no address of ours', () => {
  const ours = bounceAddress(SEND, DOMAIN, KEYS);
  const [, part = '', mac = ''] = /^bounce\+([^.]+)\.([^@]+)@/.exec(ours) ?? [];

  it.each([
    ['made with another key', bounceAddress(SEND, DOMAIN, STRANGERS)],
    ['of another domain', bounceAddress(SEND, 'bounce.elsewhere.example', KEYS)],
    ['of a domain that begins like ours', `${ours}.elsewhere.example`],
    ['with the MAC of another send', ours.replace(part, part.replace(/^a/, 'b'))],
    ['a bounce address used to stop', ours.replace('bounce+', 'stop+')],
    [
      'a stop address used to bounce',
      unsubscribeAddress(SEND, DOMAIN, KEYS).replace('stop', 'bounce'),
    ],
    ['without a MAC', `bounce+${part}@${DOMAIN}`],
    ['with half a MAC', ours.replace(mac, mac.slice(0, 8))],
    ['with more behind it', ours.replace(mac, `${mac}a`)],
    ['with a route', `@relay.example:${ours}`],
    ['quoted', `"bounce+${part}.${mac}"@${DOMAIN}`],
    ['percent-hacked', `${ours.replace('@', '%')}@${DOMAIN}`],
    ['with a line end', `${ours}\n`],
    ['postmaster', `postmaster@${DOMAIN}`],
    ['empty', ''],
    ['very long', `bounce+${'a'.repeat(100_000)}@${DOMAIN}`],
  ])('%s', (_, address) => {
    expect(read(address)).toBeUndefined();
  });

  it('no single letter can be changed', () => {
    const local = ours.slice('bounce+'.length, ours.indexOf('@'));
    for (const [index, letter] of [...local].entries()) {
      const other = letter === 'a' ? 'b' : 'a';
      const altered = `${local.slice(0, index)}${other}${local.slice(index + 1)}`;
      const target = read(`bounce+${altered}@${DOMAIN}`);
      // Two bits of the send's last letter mean nothing; they do not make it another send.
      expect(target === undefined || ('send' in target && target.send === SEND)).toBe(true);
    }
  });

  it('an address of one send never reads as another', () => {
    expect(read(bounceAddress(OTHER_SEND, DOMAIN, KEYS))).toEqual({
      kind: 'bounce',
      send: OTHER_SEND,
    });
  });
});
