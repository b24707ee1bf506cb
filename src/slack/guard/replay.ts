/**
 * Replay: one delivery is acted upon once.
 *
 * Slack retries what it thinks was lost, and a signed request can be sent again within five minutes
 * (the signature has no nonce). The trigger id is the same in every copy of one click, and new in the
 * next; where there is none, a view's id and hash, or the event's id, stand for it.
 */
import { z } from 'zod';
import type { Deps } from '../../workflow/deps.ts';
import type { Call } from './door.ts';

const Delivery = z.object({
  trigger_id: z.string().optional().catch(undefined),
  event_id: z.string().optional().catch(undefined),
  view: z
    .object({ id: z.string(), hash: z.string().optional().catch('') })
    .optional()
    .catch(undefined),
});

/** What a delivery is known by, or nothing if its body says nothing of the kind. */
export function deliveryOf(body: unknown): string {
  const found = Delivery.safeParse(body);
  if (!found.success) return '';
  const { trigger_id: trigger, event_id: event, view } = found.data;
  if (trigger !== undefined && trigger !== '') return `trigger:${trigger}`;
  if (event !== undefined && event !== '') return `event:${event}`;
  return view === undefined ? '' : `view:${view.id}:${view.hash ?? ''}`;
}

/**
 * True exactly once for one delivery, whichever process asks. A delivery that cannot be told from
 * another is let through: what it does must then be safe to repeat by itself.
 */
export async function isFirstDelivery(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  { workspace, delivery }: Pick<Call, 'workspace' | 'delivery'>,
): Promise<boolean> {
  if (delivery === '') return true;
  return database.of(workspace).seen.firstTime(`slack:${delivery}`, now());
}

/** Runs `act` unless this very delivery was acted upon before; `undefined` if it was. */
export async function once<T>(
  deps: Pick<Deps, 'database' | 'now'>,
  call: Pick<Call, 'workspace' | 'delivery'>,
  act: () => Promise<T>,
): Promise<T | undefined> {
  return (await isFirstDelivery(deps, call)) ? act() : undefined;
}
