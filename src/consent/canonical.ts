/**
 * Canonical bytes: one value, one byte string, so that a hash can be recomputed years later.
 *
 * JSON with sorted keys, no white space, dates as ISO 8601 in UTC (the idea of RFC 8785, for the
 * plain data we store: strings, safe integers, booleans, null, arrays, objects, dates).
 */
import assert from 'node:assert';
import { createHash } from 'node:crypto';

export type Canonical =
  | string
  | number
  | boolean
  | null
  | Date
  | undefined
  | readonly Canonical[]
  | { readonly [key: string]: Canonical };

/** Canonical JSON of a value; keys whose value is undefined are left out. */
export function canonicalJson(value: Canonical): string {
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
    return `{${pairs.join(',')}}`;
  }
  assert(value !== undefined, 'undefined has no canonical form');
  if (typeof value === 'number') assert(Number.isFinite(value), 'only finite numbers are stored');
  return JSON.stringify(value);
}

/** SHA-256 over the canonical bytes, as lower-case hex. */
export function canonicalHash(value: Canonical): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
