/** Timed fetch: a fetch that does not wait longer than the person who waits for us. */

/** Bolt's answers to response URLs have no limit of their own. */
const FETCH_MS = 2_500;

export const timedFetch: typeof fetch = async (url, init) =>
  fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(FETCH_MS) });
