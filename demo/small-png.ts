/**
 * Small PNG: a picture of a screen with at most 256 colours, a third of its size; the eye sees no
 * difference. PNG, third edition (W3C 2025): 8 bits a channel in, palette out.
 */
import assert from 'node:assert';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS_MAX = 256;
/** Colour types: three channels, three and transparency, palette. */
const [RGB, RGBA, INDEXED] = [2, 6, 3];

interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB per pixel, row by row. */
  readonly pixels: Uint32Array;
}

/** @throws AssertionError for a PNG that is interlaced, grey or not 8 bits deep */
export function smallPng(png: Buffer): Buffer {
  return encode(decode(png));
}

function decode(png: Buffer): Picture {
  assert(png.subarray(0, 8).equals(SIGNATURE), 'this is no PNG');
  const chunks = chunksOf(png);
  const head = chunks.find(({ type }) => type === 'IHDR')?.data;
  assert(head !== undefined, 'the PNG has no header');
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const channels = head[9] === RGBA ? 4 : 3;
  assert(head[8] === 8 && head[12] === 0 && (head[9] === RGB || head[9] === RGBA), 'unknown PNG');
  const data = chunks.filter(({ type }) => type === 'IDAT').map(({ data: part }) => part);
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), width * channels, height, channels);
  const pixels = new Uint32Array(width * height);
  for (let at = 0; at < pixels.length; at += 1) {
    const from = at * channels;
    pixels[at] =
      ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
  }
  return { width, height, pixels };
}

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

/** Each row says by its first byte how it differs from its neighbours to the left and above. */
function unfiltered(rows: Buffer, stride: number, height: number, step: number): Uint8Array {
  const out = new Uint8Array(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = rows[row * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x += 1) {
      const at = row * stride + x;
      const left = x >= step ? (out[at - step] ?? 0) : 0;
      const above = row > 0 ? (out[at - stride] ?? 0) : 0;
      const corner = x >= step && row > 0 ? (out[at - stride - step] ?? 0) : 0;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0;
      out[at] = (rows[row * (stride + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return out;
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(guess - value));
  if (a === undefined || b === undefined || c === undefined) return left;
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

function encode({ width, height, pixels }: Picture): Buffer {
  const palette = paletteOf(pixels);
  const nearest = new Map<number, number>();
  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < pixels.length; at += 1) {
    const colour = pixels[at] ?? 0;
    let index = nearest.get(colour);
    if (index === undefined) {
      index = nearestIn(palette, colour);
      nearest.set(colour, index);
    }
    rows[at + Math.floor(at / width) + 1] = index;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, INDEXED], 8);
  const colours = Buffer.from(palette.flatMap((colour) => channelsOf(colour)));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * The commonest colours, each far enough from those taken before it: the shades at the edges of
 * letters would otherwise push out the small coloured things.
 */
function paletteOf(pixels: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const common = [...counts].toSorted(([, a], [, b]) => b - a).map(([colour]) => colour);
  if (common.length <= COLOURS_MAX) return common;
  for (let apart = 8; ; apart *= 1.4) {
    const taken = spread(common, apart);
    if (taken.length <= COLOURS_MAX) return taken;
  }
}

/** Stops as soon as there are too many. */
function spread(common: readonly number[], apart: number): number[] {
  const taken: number[] = [];
  for (const colour of common) {
    if (taken.every((other) => distance(other, colour) > apart)) taken.push(colour);
    if (taken.length > COLOURS_MAX) break;
  }
  return taken;
}

function nearestIn(palette: readonly number[], colour: number): number {
  let best = 0;
  for (let at = 1; at < palette.length; at += 1) {
    if (distance(palette[at] ?? 0, colour) < distance(palette[best] ?? 0, colour)) best = at;
  }
  return best;
}

const channelsOf = (colour: number): [number, number, number] => [
  colour >> 16,
  (colour >> 8) & 0xff,
  colour & 0xff,
];

function distance(one: number, other: number): number {
  const [r, g, b] = channelsOf(one);
  const [r2, g2, b2] = channelsOf(other);
  return (r - r2) ** 2 + (g - g2) ** 2 + (b - b2) ** 2;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
