/** Open view: opens a modal on somebody's screen, within the leave that Slack gave for it. */
import type { ModalView } from '@slack/types';
import { WebAPIPlatformError } from '@slack/web-api';
import type { Call } from './door.ts';

const TOO_LATE =
  'Slack gives an app three seconds to open a window, and they were over. Nothing was done; please try again.';
/** The click was used already: this is a copy of a delivery that was answered. */
const USED = 'exchanged_trigger_id';
const OVER: ReadonlySet<string> = new Set([
  'expired_trigger_id',
  'invalid_trigger_id',
  'trigger_expired',
]);

export interface OpenedView {
  readonly id: string;
  readonly hash: string;
}

/**
 * Opens a modal; tells the person if it is too late for it.
 * @returns undefined if none was opened
 * @throws Slack's error for everything else
 */
export async function openView(call: Call, view: ModalView): Promise<OpenedView | undefined> {
  try {
    const opened = await call.client.views.open({ trigger_id: call.triggerId, view });
    return { id: opened.view?.id ?? '', hash: opened.view?.hash ?? '' };
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError)) throw error;
    if (error.data.error === USED) return undefined;
    if (!OVER.has(error.data.error)) throw error;
    await call.reply({ text: TOO_LATE });
    return undefined;
  }
}
