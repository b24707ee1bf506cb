/**
 * Check sends: whether mails that were queued may still leave, on facts that are fresh.
 *
 * Looked at when they are claimed and again when the write-ahead is about to be written, since
 * between the two a recipient may have stopped, or a teammate paused or cancelled.
 */
import { askWindowStart, judgeAsk } from '../../consent/ask.ts';
import type { SendNote } from '../../consent/note.ts';
import { type QuietHours, quietUntil } from '../../consent/quiet-hours.ts';
import { isEnded, type Request, type RequestState } from '../../consent/request.ts';
import type { AddressDocument } from '../../store/address-document.ts';
import type { Database, Store } from '../../store/database.ts';
import type { SendClaim } from '../../store/send-claims.ts';
import type { SendDocument } from '../../store/send-document.ts';

/** Of those with no mail that waits, so many end their asking at a time, the latest first. */
const REQUESTS_MAX = 100;
const SENDING_STATES: readonly RequestState[] = ['asking', 'processing'];

export interface CheckedSend {
  readonly send: SendDocument;
  readonly address: AddressDocument;
}

export interface CheckedSends {
  readonly may: readonly CheckedSend[];
  /** Never again: the ask is given back. */
  readonly never: readonly { readonly send: SendDocument; readonly reason: SendNote }[];
  /** Not now: the request is paused, or failed and may be started again; or it is night there. */
  readonly later: readonly { readonly send: SendDocument; readonly nextAt?: Date | undefined }[];
}

/** What is looked at beside the facts on file. */
export interface CheckRules {
  readonly now: Date;
  readonly quietHours?: QuietHours | undefined;
  /** Of the workspace: where nobody knows the recipient's. */
  readonly timeZone?: string | undefined;
  /** See AskMailer. */
  readonly mayMail?: ((address: string) => boolean) | undefined;
}

/**
 * The requests whose mail may leave now, by id; those that are done for what follows their asks.
 * However many there are: each that has a mail waiting is among them.
 */
export async function requestsThatSend(store: Store): Promise<Map<string, Request>> {
  const [latest, waiting] = await Promise.all([
    store.requests.recent(REQUESTS_MAX, SENDING_STATES),
    store.sendGroups.requestsWaiting(),
  ]);
  const known = new Map(latest.map((request) => [request.id, request]));
  const others = waiting.filter((id) => !known.has(id));
  for (const request of await store.requests.sendingOf(others, SENDING_STATES)) {
    known.set(request.id, request);
  }
  return known;
}

export async function checkSends(
  store: Store,
  sends: readonly SendDocument[],
  rules: CheckRules,
): Promise<CheckedSends> {
  if (sends.length === 0) return { may: [], never: [], later: [] };
  const [requests, addresses] = await Promise.all([
    store.requests.statesOf([...new Set(sends.map(({ cause }) => cause.id))]),
    store.addresses.findMany(sends.map(({ address }) => address)),
  ]);
  const byId = new Map(addresses.map((address) => [address._id, address]));
  const sorted: Sorted = { may: [], never: [], later: [] };
  for (const send of sends) {
    const facts = { state: requests.get(send.cause.id), address: byId.get(send.address) };
    sort(sorted, send, facts, rules);
  }
  return sorted;
}

type Sorted = { readonly [Kind in keyof CheckedSends]: CheckedSends[Kind][number][] };

interface SendFacts {
  /** Of its request; undefined: it is gone. */
  readonly state: RequestState | undefined;
  readonly address: AddressDocument | undefined;
}

function sort(
  { may, never, later }: Sorted,
  send: SendDocument,
  { state, address }: SendFacts,
  rules: CheckRules,
): void {
  if (state === undefined || isOver(state, send)) {
    never.push({ send, reason: 'request_ended' });
    return;
  }
  if (address === undefined) {
    never.push({ send, reason: 'erased' });
    return;
  }
  const reason = whyNever(send, address, rules);
  const isPaused = state !== 'done' && !SENDING_STATES.includes(state);
  const nextAt = quietUntil(rules.quietHours, address.timeZone ?? rules.timeZone, rules.now);
  if (reason !== undefined) never.push({ send, reason });
  else if (isPaused || nextAt !== undefined)
    later.push({ send, nextAt: isPaused ? undefined : nextAt });
  else may.push({ send, address });
}

/** Cancels what may never leave and gives the asks back; puts back what may not leave now. */
export async function putAside(
  database: Database,
  workspace: string,
  { never, later, claim }: Omit<CheckedSends, 'may'> & { readonly claim: SendClaim },
): Promise<number> {
  const store = database.of(workspace);
  await store.sends.putBack(
    later.map(({ send, nextAt }) => ({ id: send._id, nextAt })),
    claim,
  );
  if (never.length === 0) return 0;
  return database.inTransaction(async (tx) => {
    let cancelled = 0;
    for (const { send, reason } of never) {
      const result = { state: 'cancelled' as const, note: reason };
      if (!(await store.sends.settleClaimed(send._id, claim, result, tx))) continue;
      await store.addresses.returnAsks([send.address], send.cause.id, send.kind, tx);
      cancelled += 1;
    }
    return cancelled;
  });
}

/** A request that is done sends no first asks; what follows them it does. */
function isOver(state: RequestState, { kind, resent }: SendDocument): boolean {
  if (state === 'done') return kind !== 'reminder' && resent !== true;
  return isEnded(state);
}

/**
 * The skip's name if an address may not be asked any more. The ask that was reserved for this very
 * send does not count against it; a permission without any proof is none (invariant 3).
 */
function whyNever(
  send: SendDocument,
  address: AddressDocument,
  { now, mayMail }: CheckRules,
): SendNote | undefined {
  const windowStart = askWindowStart(now);
  const others = address.asks.filter(
    ({ cause, kind, at }) => at >= windowStart && !(cause === send.cause.id && kind === send.kind),
  );
  const verdict = judgeAsk({
    permission: address.permission,
    suppressions: address.suppressions,
    asksInWindow: others.length,
  });
  if (verdict.kind === 'skip') return verdict.reason;
  if (address.entries.length === 0) return 'no_permission';
  return mayMail?.(address.address) === false ? 'not_on_allow_list' : undefined;
}
