/** Address: one mailbox, one key; what is no address is refused with the reason. */
import { describe, expect, it } from '@jest/globals';
import { array, constantFrom, emailAddress, integer, stringMatching } from 'fast-check';
import {
  type AddressFaultReason,
  canonicalAddress,
  maskAddress,
} from '../../../src/consent/address.ts';
import { forAll } from '../../support/csv/for-all.ts';

describe('canonicalAddress', () => {
  const taken: [text: string, address: string, key: string][] = [
    ['ann@example.org', 'ann@example.org', 'ann@example.org'],
    ['Ann.Lee@Example.ORG', 'Ann.Lee@example.org', 'ann.lee@example.org'],
    ['  ann@example.org\r\n', 'ann@example.org', 'ann@example.org'],
    ['\u00a0ann@example.org\ufeff', 'ann@example.org', 'ann@example.org'],
    ['<ann@example.org>', 'ann@example.org', 'ann@example.org'],
    ['mailto:ann@example.org', 'ann@example.org', 'ann@example.org'],
    ['<MAILTO:Ann@example.org>', 'Ann@example.org', 'ann@example.org'],
    [
      "o'brien+tag_1-x@sub.example.co",
      "o'brien+tag_1-x@sub.example.co",
      "o'brien+tag_1-x@sub.example.co",
    ],
    ['ann@müller.de', 'ann@xn--mller-kva.de', 'ann@xn--mller-kva.de'],
    ['ann@MU\u0308LLER.de', 'ann@xn--mller-kva.de', 'ann@xn--mller-kva.de'],
    ['ann@XN--MLLER-KVA.de', 'ann@xn--mller-kva.de', 'ann@xn--mller-kva.de'],
    ['ann@straße.de', 'ann@xn--strae-oqa.de', 'ann@xn--strae-oqa.de'],
    ['ann@почта.рф', 'ann@xn--80a1acny.xn--p1ai', 'ann@xn--80a1acny.xn--p1ai'],
    [
      `${'l'.repeat(64)}@example.org`,
      `${'l'.repeat(64)}@example.org`,
      `${'l'.repeat(64)}@example.org`,
    ],
    [`a@${'d'.repeat(63)}.org`, `a@${'d'.repeat(63)}.org`, `a@${'d'.repeat(63)}.org`],
  ];

  it.each(taken)('%j is %s', (text, address, key) => {
    expect(canonicalAddress(text)).toEqual({ ok: true, address, key });
  });

  const labels = (count: number) => Array.from({ length: count }, () => 'd'.repeat(40)).join('.');
  const refused: [text: string, reason: AddressFaultReason][] = [
    ['', 'empty'],
    [' \t\r\n', 'empty'],
    ['<>', 'empty'],
    ['mailto:', 'empty'],
    ['ann.example.org', 'no-at'],
    ['@example.org', 'not-an-address'],
    ['ann lee@example.org', 'not-an-address'],
    ['ann@lee@example.org', 'not-an-address'],
    ['.ann@example.org', 'not-an-address'],
    ['ann.@example.org', 'not-an-address'],
    ['an..n@example.org', 'not-an-address'],
    ['"ann"@example.org', 'not-an-address'],
    ['mailto:mailto:ann@example.org', 'not-an-address'],
    ['änn@example.org', 'non-ascii-local-part'],
    ['ann\u200b@example.org', 'non-ascii-local-part'],
    ['Ann Lee <ann@example.org>', 'bad-domain'],
    ['ann@', 'bad-domain'],
    ['ann@localhost', 'bad-domain'],
    ['ann@example', 'bad-domain'],
    ['ann@example.c', 'bad-domain'],
    ['ann@example.org.', 'bad-domain'],
    ['ann@example..org', 'bad-domain'],
    ['ann@-example.org', 'bad-domain'],
    ['ann@example-.org', 'bad-domain'],
    ['ann@ex_ample.org', 'bad-domain'],
    ['ann@ex ample.org', 'bad-domain'],
    ['ann@exam\tple.org', 'bad-domain'],
    ['ann@ex%61mple.org', 'bad-domain'],
    ['ann@müller.de/x', 'bad-domain'],
    ['ann@müller.de#x', 'bad-domain'],
    ['ann@192.0.2.1', 'bad-domain'],
    ['ann@[192.0.2.1]', 'bad-domain'],
    ['ann@xn--zzzz.de', 'bad-domain'],
    ['ann@example.org, lee@example.org', 'not-an-address'],
    [`a@${'d'.repeat(64)}.org`, 'bad-domain'],
    [`${'l'.repeat(65)}@example.org`, 'too-long'],
    [`ann@${labels(6)}.example.org`, 'too-long'],
    [`ann@${labels(6)}.müller.de`, 'too-long'],
    [`${'l'.repeat(65)}@müller.de`, 'too-long'],
    [`ann@example.org${' '.repeat(1_000)}`, 'too-long'],
  ];

  it.each(refused)('%j is refused: %s', (text, reason) => {
    expect(canonicalAddress(text)).toEqual({ ok: false, reason });
  });

  it('takes 254 octets and refuses 255', () => {
    const ofLength = (length: number) => {
      const rest = length - 'aa@'.length - '.org'.length;
      const domain = [61, 61, 61, rest - 186].map((letters) => 'd'.repeat(letters)).join('.');
      return `aa@${domain}.org`;
    };
    expect(ofLength(254)).toHaveLength(254);
    expect(canonicalAddress(ofLength(254))).toMatchObject({ ok: true });
    expect(canonicalAddress(ofLength(255))).toEqual({ ok: false, reason: 'too-long' });
  });

  const words = stringMatching(/^[A-Za-z0-9_'+-]{1,12}$/);
  const locals = array(words, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join('.')}x`);
  const domains = constantFrom(
    'Example.org',
    'MÜLLER.de',
    'sub.Example.co',
    'почта.рф',
    'a.xn--p1ai',
  );
  const wraps = constantFrom(
    (text: string) => text,
    (text: string) => ` ${text}\n`,
    (text: string) => `<${text}>`,
    (text: string) => `mailto:${text}`,
  );

  it('gives an address that is its own canonical form, and a key without capitals', async () => {
    await forAll([locals, domains, wraps], (local, domain, wrap) => {
      const once = canonicalAddress(wrap(`${local}@${domain}`));
      if (!once.ok) throw new Error(`refused: ${once.reason}`);
      expect(canonicalAddress(once.address)).toEqual(once);
      expect(canonicalAddress(once.key)).toEqual({ ok: true, address: once.key, key: once.key });
      expect(once.key).toMatch(/^[a-z0-9_'+.@-]+$/);
      expect(once.address.startsWith(`${local}@`)).toBe(true);
    });
  });

  it('gives one key to all ways of writing a mailbox', async () => {
    await forAll([locals, domains, wraps], (local, domain, wrap) => {
      const plain = canonicalAddress(`${local}@${domain}`);
      const loud = canonicalAddress(wrap(`${local.toUpperCase()}@${domain.toUpperCase()}`));
      expect(plain.ok && loud.ok && plain.key === loud.key).toBe(true);
    });
  });

  it('never throws, and takes nothing that is not plain ASCII', async () => {
    const letters = array(integer({ min: 0, max: 0x2fff }), { maxLength: 30 });
    const texts = letters.map((codes) => String.fromCodePoint(...codes));
    await forAll([texts, texts], (local, domain) => {
      const read = canonicalAddress(`${local}@${domain}`);
      expect(read.ok ? read.address : 'a@b').toMatch(/^[\x21-\x7e]+$/);
    });
  });
});

describe('maskAddress', () => {
  it.each([
    ['john@example.org', 'j***@ex…'],
    ['jo@example.org', '***@ex…'],
    ['john@a.de', 'j***@…'],
    ['a@b@example.org', 'a***@ex…'],
    ['not an address', '***'],
    ['', '***'],
  ])('%j becomes %s', (address, masked) => {
    expect(maskAddress(address)).toBe(masked);
  });

  it('keeps one letter of the local part and two of the domain at most', async () => {
    await forAll([emailAddress()], (address) => {
      const masked = maskAddress(address);
      expect(masked).toMatch(/^.?\*\*\*@(?:..)?…$/);
      expect(masked).not.toContain(address.slice(address.lastIndexOf('@')));
    });
  });
});
