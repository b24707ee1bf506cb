/** Update view: draws an open modal anew, unless it moved on meanwhile. */
import type { ModalView } from '@slack/types';
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';

/** Somebody was faster, or the window is closed: what we would have drawn is of no use any more. */
const MOVED_ON: ReadonlySet<string> = new Set(['hash_conflict', 'not_found', 'view_not_found']);

/**
 * Draws a view anew if it still is the one with this hash.
 * @returns its new hash; undefined if it moved on
 * @throws Slack's error for everything else
 */
export async function updateView(
  client: WebClient,
  { id, hash }: { readonly id: string; readonly hash: string },
  view: ModalView,
): Promise<string | undefined> {
  try {
    const seen = hash === '' ? {} : { hash };
    const updated = await client.views.update({ view_id: id, ...seen, view });
    return updated.view?.hash ?? '';
  } catch (error) {
    if (error instanceof WebAPIPlatformError && MOVED_ON.has(error.data.error)) return undefined;
    throw error;
  }
}
