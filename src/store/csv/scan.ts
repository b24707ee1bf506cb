/**
 * Scan: the first of two passes over a file. It looks at every byte once, hashes it, and finds out
 * how the text is written, or that it is no text; nothing is parsed yet.
 */
import { createHash } from 'node:crypto';
import { CsvRefused } from '../../consent/csv-refused.ts';
import {
  byteOrderMark,
  decoderOf,
  type Encoding,
  type Mark,
  tallyUtf8,
  unfinishedBytes,
  unmarkedUtf16,
} from './encoding.ts';
import { CR, LF } from './frame.ts';
import { otherKind } from './magic.ts';
import { type ByteSource, PIECE_BYTES } from './source.ts';

/** So much of the beginning is looked at for format, encoding, delimiter and header. */
const SNIFF_BYTES = 64 * 1024;

export interface Scan {
  /** Of all bytes, as lower-case hex: a batch is known again by it. */
  readonly sha256: string;
  readonly encoding: Encoding;
  /** Where the text begins, behind the byte order mark. */
  readonly textStart: number;
  /** True if the text is UTF-8 but for some bytes. */
  readonly isDamaged: boolean;
  readonly newline: typeof LF | typeof CR;
  /** The beginning of the text, as UTF-8; cut anywhere. */
  readonly head: Buffer;
  /** True if `head` is the whole text. */
  readonly isHeadAll: boolean;
}

const ZEROS = 'It holds zero bytes, which text never does.';

/** @throws CsvRefused `empty` (no bytes), `not-text` */
export async function scan(source: ByteSource): Promise<Scan> {
  if (source.bytes === 0) throw new CsvRefused('empty', 'It has no bytes at all.');
  const head = await source.read(0, Buffer.alloc(SNIFF_BYTES));
  refuseOtherKind(head);
  const mark = byteOrderMark(head) ?? unmarked(head);
  const { sha256, isUtf8, isMostlyUtf8 } = await scanAll(source, mark?.encoding);
  const encoding = mark?.encoding ?? (isMostlyUtf8 ? 'utf-8' : 'windows-1252');
  const textStart = mark?.bytes ?? 0;
  const headText = decoderOf(encoding).decode(head.subarray(textStart));
  return {
    sha256,
    encoding,
    textStart,
    isDamaged: encoding === 'utf-8' && !isUtf8,
    newline: !headText.includes(LF) && headText.includes(CR) ? CR : LF,
    head: headText,
    isHeadAll: source.bytes <= SNIFF_BYTES,
  };
}

function refuseOtherKind(head: Buffer): void {
  const kind = otherKind(head);
  if (kind === undefined) return;
  throw new CsvRefused('not-text', `It looks like ${kind.name}.`, { todo: kind.todo });
}

function unmarked(head: Buffer): Mark | undefined {
  if (!head.includes(0)) return undefined;
  const encoding = unmarkedUtf16(head);
  if (encoding === undefined) throw new CsvRefused('not-text', ZEROS);
  return { encoding, bytes: 0 };
}

interface Whole {
  readonly sha256: string;
  readonly isUtf8: boolean;
  readonly isMostlyUtf8: boolean;
}

async function scanAll(source: ByteSource, encoding: Encoding | undefined): Promise<Whole> {
  const isUtf16 = encoding === 'utf-16le' || encoding === 'utf-16be';
  const hash = createHash('sha256');
  const tally = { good: 0, broken: 0 };
  const room = Buffer.allocUnsafe(PIECE_BYTES);
  let position = 0;
  while (position < source.bytes) {
    const piece = await source.read(position, room);
    if (piece.length === 0) break;
    const isLast = position + piece.length >= source.bytes;
    // A character that goes on in the next piece is read again with it.
    const unfinished = isLast || isUtf16 ? 0 : unfinishedBytes(piece);
    const used = piece.subarray(0, piece.length - unfinished);
    hash.update(used);
    if (isUtf16 ? hasZeroUnit(used) : used.includes(0)) throw new CsvRefused('not-text', ZEROS);
    if (!isUtf16) tallyUtf8(tally, used);
    position += used.length;
  }
  return {
    sha256: hash.digest('hex'),
    isUtf8: tally.broken === 0,
    isMostlyUtf8: tally.good >= tally.broken,
  };
}

/** True if a UTF-16 character is zero: both its bytes, at an even place. */
function hasZeroUnit(piece: Buffer): boolean {
  const zero = Buffer.alloc(2);
  for (let at = piece.indexOf(zero); at !== -1; at = piece.indexOf(zero, at + 1)) {
    if (at % 2 === 0) return true;
  }
  return false;
}
