/**
 * Encoding: which of four ways a file's text is written, and that text as UTF-8.
 *
 * A byte order mark decides. Without one, UTF-16 shows in its zero bytes; bytes that are not UTF-8
 * are Windows-1252, unless most of the longer characters are good UTF-8: then the file is UTF-8
 * with damaged rows, and only those are given up. That is why the whole file is looked at.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface Mark {
  readonly encoding: Encoding;
  /** Length of the byte order mark. */
  readonly bytes: number;
}

/** The byte order mark at the beginning, if there is one. */
export function byteOrderMark(head: Buffer): Mark | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) {
    return { encoding: 'utf-8', bytes: 3 };
  }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bytes: 2 };
  return undefined;
}

/** Of the byte pairs of Western UTF-16 text, at least so many have a zero on one side… */
const ZEROS_SHARE_MIN = 0.5;
/** …and at most so many on the other. */
const STRAY_SHARE_MAX = 0.02;

/** UTF-16 without a byte order mark; undefined if the zero bytes do not look like it. */
export function unmarkedUtf16(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const pairs = Math.floor(head.length / 2);
  let first = 0;
  let second = 0;
  for (let at = 0; at < pairs * 2; at += 2) {
    if (head[at] === 0) first++;
    if (head[at + 1] === 0) second++;
  }
  if (second > pairs * ZEROS_SHARE_MIN && first <= pairs * STRAY_SHARE_MAX) return 'utf-16le';
  if (first > pairs * ZEROS_SHARE_MIN && second <= pairs * STRAY_SHARE_MAX) return 'utf-16be';
  return undefined;
}

/** How often bytes above 127 are good UTF-8 characters, and how often they are not. */
export interface Tally {
  good: number;
  broken: number;
}

/** Of a piece without any broken character so many good ones are counted: enough to weigh it. */
const GOOD_COUNTED_MAX = 1_000;

/** Adds a piece that does not end within a character (see `unfinishedBytes`). */
export function tallyUtf8(tally: Tally, piece: Buffer): void {
  if (isAscii(piece)) return;
  const isAllGood = isUtf8(piece);
  const goodMax = isAllGood ? tally.good + GOOD_COUNTED_MAX : Number.POSITIVE_INFINITY;
  for (let at = 0; at < piece.length && tally.good < goodMax; ) {
    const length = isAllGood ? claimedLength(piece[at] ?? 0) : goodLength(piece, at);
    if (length === 0) tally.broken++;
    else if (length > 1) tally.good++;
    at += length || 1;
  }
}

/** How many bytes at the end of a piece begin a UTF-8 character that is not complete: 0 to 3. */
export function unfinishedBytes(piece: Buffer): number {
  for (let back = 1; back <= Math.min(3, piece.length); back++) {
    const byte = piece[piece.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return claimedLength(byte) > back ? back : 0;
  }
  return 0;
}

/** How long a UTF-8 character is by its first byte; 0 if no character begins with it. */
function claimedLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function goodLength(piece: Buffer, at: number): number {
  const length = claimedLength(piece[at] ?? 0);
  if (length < 2) return length;
  return isUtf8(piece.subarray(at, at + length)) ? length : 0;
}

/**
 * Turns pieces of a file, each of an even number of bytes but the last, into UTF-8. What comes back
 * may be the piece itself.
 */
export interface Decoder {
  decode(piece: Buffer): Buffer;
  /** What is left when no more comes. */
  end(): Buffer;
}

const NOTHING: Buffer = Buffer.alloc(0);

export function decoderOf(encoding: Encoding): Decoder {
  return DECODERS[encoding]();
}

const DECODERS: Readonly<Record<Encoding, () => Decoder>> = {
  'utf-8': () => ({ decode: (piece) => piece, end: () => NOTHING }),
  'windows-1252': () => ({ decode: utf8OfWindows1252, end: () => NOTHING }),
  'utf-16le': () => utf16Decoder((piece) => piece),
  'utf-16be': () => utf16Decoder((piece) => Buffer.from(piece).swap16()),
};

/** A single byte at the end is half of a lost character; it is dropped. */
function utf16Decoder(toLittle: (evenPiece: Buffer) => Buffer): Decoder {
  const decoder = new StringDecoder('utf16le');
  return {
    decode(piece) {
      const evenPiece = piece.length % 2 === 0 ? piece : piece.subarray(0, -1);
      return Buffer.from(decoder.write(toLittle(evenPiece)));
    },
    end: () => Buffer.from(decoder.end()),
  };
}

/** What Windows-1252 has from 0x80 to 0x9F, where Latin-1 has control characters (WHATWG table). */
const WINDOWS_1252_HIGH = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

const utf8OfByte = Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(WINDOWS_1252_HIGH[byte - 0x80] ?? String.fromCharCode(byte)),
);
const UTF8_OF_BYTE_MAX = 3;

function utf8OfWindows1252(piece: Buffer): Buffer {
  if (isAscii(piece)) return piece;
  const utf8 = Buffer.allocUnsafe(piece.length * UTF8_OF_BYTE_MAX);
  let length = 0;
  for (let at = 0; at < piece.length; at++) {
    const byte = piece[at] ?? 0;
    if (byte < 0x80) utf8[length++] = byte;
    else for (const part of utf8OfByte[byte] ?? NOTHING) utf8[length++] = part;
  }
  return utf8.subarray(0, length);
}
