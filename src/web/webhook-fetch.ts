/** Webhook fetch: a page of Amazon SNS, over TLS, small and soon. Where to, the caller has checked. */
import type { HookFetch } from './webhook-sns.ts';

const FETCH_MS = 5_000;
/** A certificate has 2 kB, the answer to a confirmation less. */
const FETCH_BYTES_MAX = 64 * 1024;

/** Follows no redirect: it could lead anywhere. @throws Error if the page cannot be had */
export const fetchFromAmazon: HookFetch = async (url) => {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_MS),
  });
  if (!response.ok) throw new Error(`Amazon SNS answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > FETCH_BYTES_MAX) throw new Error('Amazon SNS answered with too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
