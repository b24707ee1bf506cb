/** Fold quoted: soft line breaks stand exactly where nodemailer puts them. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wrap } from 'nodemailer/lib/qp';
import { foldQuoted } from '../../../src/mail/fold-quoted.ts';

const LINE_CHARACTERS_MAX = 76;
const same = (line: string) =>
  expect(foldQuoted(`${line}\r\n`)).toBe(wrap(`${line}\r\n`, LINE_CHARACTERS_MAX));

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

  it('that fits is left as it is', () => {
    same('x'.repeat(LINE_CHARACTERS_MAX - 2));
    same('');
  });
});
