/** Remembering: columns repeat few values a million times, so each is worked out once. */

/** Different texts that one function remembers; with more it starts anew. */
const TEXTS_MAX = 1_000;

/** The same function, but quick for texts that it has seen lately. */
export function remembering<Result>(
  read: (text: string) => Result | undefined,
): (text: string) => Result | undefined {
  const known = new Map<string, Result | undefined>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before;
    if (known.size >= TEXTS_MAX) known.clear();
    const result = read(text);
    known.set(text, result);
    return result;
  };
}
