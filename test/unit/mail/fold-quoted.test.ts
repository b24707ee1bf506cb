/** Fold quoted: soft line breaks stand exactly where nodemailer puts them. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encode, wrap } from 'nodemailer/lib/qp';
import { foldQuoted } from '../../../src/mail/fold-quoted.ts';

const LINE_CHARACTERS_MAX = 76;
const same = (line: string) =>
  expect(foldQuoted(`${line}\r\n`)).toBe(wrap(`${line}\r\n`, LINE_CHARACTERS_MAX));
/** Or says that it cannot: then `wrap` is asked. */
const sameOrNone = (line: string) => {
  const folded = foldQuoted(`${line}\r\n`);
  if (folded !== undefined) expect(folded).toBe(wrap(`${line}\r\n`, LINE_CHARACTERS_MAX));
  return folded;
};

/** Words, links, escapes and marks in every mixture. */
const piece = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9/_-]{1,90}$/),
  fc.constantFrom('=3D', ' ', '\t', '.', ',', '!', '?', '3D', '&', 'https://example.com/c/'),
);
const line = fc
  .array(piece, { minLength: 1, maxLength: 40 })
  .map((pieces) => pieces.join('').trimEnd());

describe('a line', () => {
  it('of any words is folded as nodemailer folds it', () => {
    fc.assert(fc.property(line, same), { numRuns: 2_000 });
  });

  it.each(['=3D', ' ', '.', 'x', ' x', 'x '])('with "%s" at each place around the fold', (part) => {
    for (let at = 40; at <= 80; at += 1) {
      for (let after = 0; after <= 80; after += 1) {
        same(`${'x'.repeat(at)}${part}${'y'.repeat(after)}z`);
      }
    }
  });

  it.each(['é', '’', '😀', ' é', 'é '])(
    'with "%s" around the fold is as folded, or is left',
    (part) => {
      const quoted = encode(part);
      const folds = [];
      for (let at = 20; at <= 80; at += 1) {
        for (let after = 1; after <= 80; after += 1) {
          folds.push(sameOrNone(`${'x'.repeat(at)}${quoted}${'y'.repeat(after)}z`));
        }
      }
      expect(folds.filter((fold) => fold !== undefined).length).toBeGreaterThan(folds.length / 2);
    },
  );

  it('that fits is left as it is', () => {
    same('x'.repeat(LINE_CHARACTERS_MAX - 2));
    same('');
  });
});
