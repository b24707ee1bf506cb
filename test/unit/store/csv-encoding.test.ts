/** Encoding: told by marks, zero bytes and broken characters; every letter arrives whole. */
import { describe, expect, it } from '@jest/globals';
import { constantFrom, integer, string } from 'fast-check';
import {
  byteOrderMark,
  decoderOf,
  tallyUtf8,
  unfinishedBytes,
  unmarkedUtf16,
} from '../../../src/store/csv/encoding.ts';
import { forAll } from '../../support/csv/for-all.ts';
import { ENCODINGS, encoded, type SampleEncoding } from '../../support/csv/samples.ts';

function decodedInPieces(bytes: Buffer, encoding: SampleEncoding, pieceBytes: number): string {
  const decoder = decoderOf(encoding);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    parts.push(Buffer.from(decoder.decode(bytes.subarray(at, at + pieceBytes))));
  }
  return Buffer.concat([...parts, decoder.end()]).toString();
}

describe('decoders', () => {
  it.each(ENCODINGS)('give back %s, in pieces of any size', async (encoding) => {
    const letters = encoding === 'windows-1252' ? 'abÄßé€Š„“Ÿ\n' : 'abÄßé€日本😀\u{10ffff}\n';
    const texts = string({ unit: constantFrom(...Array.from(letters)), maxLength: 20 });
    await forAll([texts, integer({ min: 1, max: 5 })], (text, half) => {
      expect(decodedInPieces(encoded(text, { encoding }), encoding, half * 2)).toBe(text);
    });
  });

  it('know what Windows-1252 has in the place of control characters', () => {
    const bytes = Buffer.from(Array.from({ length: 128 }, (_, index) => index + 128));
    const expected =
      '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ' +
      Array.from({ length: 96 }, (_, index) => String.fromCharCode(index + 160)).join('');
    expect(decoderOf('windows-1252').decode(bytes).toString()).toBe(expected);
  });

  it('drop half a character at the end of UTF-16', () => {
    expect(decodedInPieces(Buffer.from([97, 0, 98]), 'utf-16le', 10)).toBe('a');
    expect(decodedInPieces(Buffer.from([0, 97, 0]), 'utf-16be', 10)).toBe('a');
  });
});

it.each([
  ['efbbbf61', { encoding: 'utf-8', bytes: 3 }],
  ['fffe6100', { encoding: 'utf-16le', bytes: 2 }],
  ['feff0061', { encoding: 'utf-16be', bytes: 2 }],
  ['efbb61', undefined],
  ['61', undefined],
  ['', undefined],
])('bytes %s begin with the mark %j', (hex, mark) => {
  expect(byteOrderMark(Buffer.from(hex, 'hex'))).toEqual(mark);
});

describe('UTF-16 without a mark', () => {
  it.each([
    ['email;name\nann@example.org;Zoë', 'utf-16le'],
    ['email;name\nann@example.org;Zoë Łódź', 'utf-16le'],
  ] as const)('shows in %j', (text, encoding) => {
    const bytes = encoded(text, { encoding });
    expect(unmarkedUtf16(bytes)).toBe('utf-16le');
    expect(unmarkedUtf16(Buffer.from(bytes).swap16())).toBe('utf-16be');
  });

  it.each([
    ['text', Buffer.from('email;name')],
    ['zeros', Buffer.alloc(100)],
    ['some zeros', Buffer.from('email\0name\0ann')],
    ['nothing', Buffer.alloc(0)],
    ['numbers', Buffer.from(new Uint32Array([1, 2, 3, 70_000]).buffer)],
  ])('does not show in %s', (_, bytes) => {
    expect(unmarkedUtf16(bytes)).toBeUndefined();
  });
});

describe('tallyUtf8', () => {
  const tally = (hex: string) => {
    const counted = { good: 0, broken: 0 };
    tallyUtf8(counted, Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    return counted;
  };

  it.each([
    ['61 62', 0, 0],
    ['c3a4 e282ac f09f9880 61', 3, 0],
    ['fc 72', 0, 1],
    ['c3a4 fc c3a4', 2, 1],
    ['e282', 0, 2],
    ['c0af', 0, 2],
    ['eda080', 0, 3],
    ['f4908080', 0, 4],
    ['e4 c3b6', 1, 1],
  ])('%s: %i good, %i broken', (hex, good, broken) => {
    expect(tally(hex)).toEqual({ good, broken });
  });
});

it('finds the character that a piece ends within', async () => {
  const letters = string({ unit: constantFrom('a', 'ä', '€', '😀'), minLength: 1, maxLength: 5 });
  await forAll([letters, integer({ min: 1, max: 20 })], (text, cut) => {
    const piece = Buffer.from(text).subarray(0, cut);
    const whole = piece.subarray(0, piece.length - unfinishedBytes(piece));
    expect(text.startsWith(whole.toString())).toBe(true);
    expect(piece.length - whole.length).toBeLessThan(4);
    expect(Buffer.from(text).length > cut || whole.length === piece.length).toBe(true);
  });
  expect(unfinishedBytes(Buffer.from('a\x80\x80\x80', 'latin1'))).toBe(0);
  expect(unfinishedBytes(Buffer.from('a\xfc', 'latin1'))).toBe(0);
});
