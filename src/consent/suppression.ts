/**
 * Suppression: why an address is not mailed, whatever its permission.
 *
 * An address may carry several. The first in this order names the skip, so that the reason which
 * outranks the others (a person who asked to be erased) is the one that people read.
 */

export const SUPPRESSIONS = ['erased', 'complaint', 'hard-bounce', 'invalid'] as const;
export type Suppression = (typeof SUPPRESSIONS)[number];

/** The suppression that names the skip, or undefined for an address that carries none. */
export function firstSuppression(carried: readonly Suppression[]): Suppression | undefined {
  return SUPPRESSIONS.find((suppression) => carried.includes(suppression));
}
