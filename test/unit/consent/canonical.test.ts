/** Canonical bytes: the same for the same value, whatever the order of keys. */
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Canonical, canonicalHash, canonicalJson } from '../../../src/consent/canonical.ts';

it('sorts keys, leaves undefined out, writes dates in UTC', () => {
  const at = new Date('2026-11-23T13:00:00+01:00');
  expect(canonicalJson({ b: [1, 'x', null], a: { d: true, c: at }, e: undefined })).toBe(
    '{"a":{"c":"2026-11-23T12:00:00.000Z","d":true},"b":[1,"x",null]}',
  );
});

it('agrees with JSON about the value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      expect(JSON.parse(canonicalJson(value as Canonical))).toEqual(
        JSON.parse(JSON.stringify(value)),
      );
    }),
  );
});

it('does not depend on the order in which keys were set', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalHash(reversed)).toBe(canonicalHash(value));
    }),
  );
});

it('refuses what has no bytes', () => {
  expect(() => canonicalJson(Number.NaN)).toThrow('finite');
});
