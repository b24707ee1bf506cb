/**
 * Request body: the fields of a small form. What is too large is turned away before it is read, so
 * that nobody can make us hold it.
 */
import type { IncomingMessage } from 'node:http';
import { HttpFault } from './http-fault.ts';

/** Our forms have two short fields; RFC 8058's has one. */
export const BODY_BYTES_MAX = 16 * 1024;
const FORM_TYPES = new Set(['application/x-www-form-urlencoded', 'multipart/form-data']);

/**
 * Reads the text fields of a form; a body without a type is taken for the common one.
 * @throws HttpFault 413, 415, or 400 for a form that cannot be read
 */
export async function readForm(request: IncomingMessage): Promise<ReadonlyMap<string, string>> {
  const type = request.headers['content-type'] ?? 'application/x-www-form-urlencoded';
  const media = type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!FORM_TYPES.has(media)) throw new HttpFault(415, 'wrongType');
  const body = await readBytes(request);
  if (body.length === 0) return new Map();
  if (media === 'application/x-www-form-urlencoded') {
    return new Map(new URLSearchParams(body.toString('utf8')));
  }
  try {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    return new Map([...form].filter((field): field is [string, string] => isText(field[1])));
  } catch {
    throw new HttpFault(400, 'badRequest');
  }
}

/** @throws HttpFault 413 as soon as it is known to be too large; the rest is not read */
export async function readBytes(
  request: IncomingMessage,
  bytesMax = BODY_BYTES_MAX,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) {
    throw new HttpFault(413, 'tooLarge');
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop would destroy the socket, and with it the answer: hence the iterator's option.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const piece: Buffer = chunk;
    bytes += piece.length;
    if (bytes > bytesMax) throw new HttpFault(413, 'tooLarge');
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
