/**
 * Settle send: writes what became of a mail. Each kind of delivery has its own consequence; only a
 * bounce says something about the recipient.
 */
import type { Delivery, RouteDown } from '../../mail/delivery.ts';
import type { SendDocument } from '../../store/send-document.ts';
import type { SendResult } from '../../store/send-leases.ts';
import type { Deps } from '../deps.ts';
import { suppressAddress } from '../suppress-address.ts';
import { retryAt } from './retry-schedule.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Delivered {
  /** As it was claimed: before this attempt was counted. */
  readonly send: SendDocument;
  readonly messageId: string;
  readonly delivery: Delivery;
}

export const SETTLED_KINDS = ['sent', 'bounced', 'blocked', 'deferred', 'unknown'] as const;
export type SettledCounts = Record<(typeof SETTLED_KINDS)[number], number>;

/**
 * Writes the fate of several sends under the lease's token: all but bounces in one round trip.
 * @returns how many of each kind
 */
export async function settleSends(
  deps: Pick<Deps, 'database' | 'now'>,
  workspace: string,
  { delivered, token }: { delivered: readonly Delivered[]; token: string },
): Promise<SettledCounts> {
  const now = deps.now();
  const counts = { sent: 0, bounced: 0, blocked: 0, deferred: 0, unknown: 0 };
  const results = delivered.map((item) => ({ ...item, result: resultOf(item, now) }));
  const plain = results.filter(({ result }) => result.state !== 'bounced');
  await deps.database.of(workspace).sends.settleMany(
    plain.map(({ send, result }) => ({ id: send._id, result })),
    token,
  );
  for (const item of results) {
    if (item.result.state === 'bounced') await settleBounce(deps, { ...item, token, now });
  }
  for (const { result, delivery } of results) {
    if (delivery.kind === 'route-down') continue;
    const kind = result.state === 'queued' ? 'deferred' : result.state;
    const counted = SETTLED_KINDS.find((known) => known === kind);
    if (counted !== undefined) counts[counted] += 1;
  }
  return counts;
}

/** What to write for one delivery. Silence is judged when the link would have stopped confirming. */
export function resultOf(
  { send, delivery }: Pick<Delivered, 'send' | 'delivery'>,
  now: Date,
): SendResult {
  const judgedAt = new Date(now.getTime() + send.linkDays * DAY_MS);
  switch (delivery.kind) {
    case 'accepted':
      return { state: 'sent', sentAt: now, nextAt: judgedAt, reply: delivery.reply };
    case 'bounced':
    case 'blocked':
    case 'unknown':
      return { state: delivery.kind, nextAt: judgedAt, reply: delivery.reply };
    case 'deferred': {
      const nextAt = retryAt({
        count: send.attempts + 1,
        firstAt: send.triedAt ?? now,
        now,
        hintMs: delivery.retryAfterMs,
      });
      return nextAt === undefined
        ? { state: 'blocked', nextAt: judgedAt, reply: delivery.reply, note: 'retries_ended' }
        : { state: 'queued', nextAt, reply: delivery.reply };
    }
    case 'route-down':
      // Due at once also if its recipient stopped meanwhile, which had put it off for ever: the next
      // look cancels it.
      return { state: 'queued', nextAt: now, uncount: true, untried: send.attempts === 0 };
    default:
      return delivery satisfies never;
  }
}

/** True if the route itself failed; `stopped` was us. */
export function isRouteFault(delivery: Delivery): delivery is RouteDown {
  return delivery.kind === 'route-down' && delivery.fault !== 'stopped';
}

interface Bounce extends Delivered {
  readonly result: SendResult;
  readonly token: string;
  readonly now: Date;
}

/** A hard bounce suppresses the address, with its proof, in one transaction. */
async function settleBounce(
  { database }: Pick<Deps, 'database'>,
  { send, messageId, delivery, result, token, now }: Bounce,
): Promise<void> {
  const store = database.of(send.workspace);
  await database.inTransaction(async (tx) => {
    if (!(await store.sends.settle(send._id, token, result, tx))) return;
    const address = await store.addresses.find(send.address, tx);
    if (address === null) return;
    const enhanced = delivery.kind === 'bounced' ? delivery.enhanced : undefined;
    const facts = { messageId, ...(enhanced === undefined ? {} : { enhanced }) };
    await suppressAddress(store, { send, address, adds: 'hard-bounce', facts, at: now, tx });
  });
}
