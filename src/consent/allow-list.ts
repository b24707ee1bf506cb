/**
 * Allow list: outside production, only these people are mailed. A test with real data on a real
 * mail server has told more strangers than any fault in production.
 */

/** On the list: everybody. */
export const EVERYBODY = '*';

/** `ann@example.com`, `@example.com` (a domain, without those below it) or `*`. */
export const ALLOW_ENTRY = /^(?:\*|[^\s@,]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i;

/** Whether an address may be mailed; undefined: all may. @param entries as ALLOW_ENTRY takes them */
export function allowList(
  entries: readonly string[] | undefined,
): ((address: string) => boolean) | undefined {
  if (entries === undefined || entries.includes(EVERYBODY)) return undefined;
  const known = new Set(entries.map((entry) => entry.toLowerCase()));
  return (address) => {
    const lower = address.toLowerCase();
    return known.has(lower) || known.has(lower.slice(lower.lastIndexOf('@')));
  };
}
