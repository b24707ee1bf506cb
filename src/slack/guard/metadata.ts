/** Metadata: what one of our windows carries about itself, read back without trusting its shape. */
import type { z } from 'zod';

/** A window of an older version of the app, or of none of ours. Nothing was done. */
export class OldView extends Error {
  override readonly name = 'OldView';
}

/** @throws OldView if it is not of this shape */
export function readMetadata<T extends z.ZodType>(schema: T, metadata: string): z.infer<T> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(metadata);
  } catch {
    // The parser's own words would quote what stood there.
    throw new OldView('a window does not say what it is about');
  }
  const found = schema.safeParse(parsed);
  if (!found.success) throw new OldView('a window of an older version of the app');
  return found.data;
}
