/**
 * Check sends: whether mails that were queued may still leave, on facts that are fresh.
 *
 * Looked at when they are leased and again when the write-ahead is about to be written, since
 * between the two a recipient may have stopped, or a teammate paused or cancelled.
 */
import { type AskSkip, askWindowStart, judgeAsk } from '../consent/ask.ts';
import { isEnded, type Request, type RequestState } from '../consent/request.ts';
import type { AddressDocument } from '../store/address-document.ts';
import type { Database, Store } from '../store/database.ts';
import type { SendDocument } from '../store/send-document.ts';
import { findRequest } from './find-request.ts';

/** Requests of one workspace that send at the same time; older ones wait for newer to finish. */
const REQUESTS_MAX = 100;
const SENDING_STATES: readonly RequestState[] = ['asking', 'processing'];

export interface CheckedSend {
  readonly send: SendDocument;
  readonly address: AddressDocument;
}

export interface CheckedSends {
  readonly may: readonly CheckedSend[];
  /** Never again: the ask is given back. */
  readonly never: readonly { readonly send: SendDocument; readonly reason: string }[];
  /** Not now: the request is paused, or failed and may be started again. */
  readonly later: readonly SendDocument[];
}

/** The requests whose mail may leave now, by id. */
export async function requestsThatSend(store: Store): Promise<Map<string, Request>> {
  const requests = await store.requests.recent(REQUESTS_MAX, SENDING_STATES);
  return new Map(requests.map((request) => [request.id, request]));
}

export async function checkSends(
  store: Store,
  sends: readonly SendDocument[],
  now: Date,
): Promise<CheckedSends> {
  const [requests, addresses] = await Promise.all([
    statesOf(store, sends),
    store.addresses.findMany(sends.map(({ address }) => address)),
  ]);
  const byId = new Map(addresses.map((address) => [address._id, address]));
  const may: CheckedSend[] = [];
  const never: { send: SendDocument; reason: string }[] = [];
  const later: SendDocument[] = [];
  for (const send of sends) {
    const state = requests.get(send.cause.id);
    const address = byId.get(send.address);
    const reason = address === undefined ? 'erased' : whyNever(send, address, now);
    if (state === undefined || isEnded(state)) never.push({ send, reason: 'request_ended' });
    else if (reason !== undefined) never.push({ send, reason });
    else if (!SENDING_STATES.includes(state)) later.push(send);
    else if (address !== undefined) may.push({ send, address });
  }
  return { may, never, later };
}

/** Cancels what may never leave and gives the asks back; puts back what may not leave now. */
export async function putAside(
  database: Database,
  workspace: string,
  { never, later, token }: Omit<CheckedSends, 'may'> & { readonly token: string },
): Promise<number> {
  const store = database.of(workspace);
  await store.sends.settleMany(
    later.map(({ _id }) => ({ id: _id, result: { state: 'queued' as const } })),
    token,
  );
  if (never.length === 0) return 0;
  return database.inTransaction(async (tx) => {
    let cancelled = 0;
    for (const { send, reason } of never) {
      const result = { state: 'cancelled' as const, note: reason };
      if (!(await store.sends.settle(send._id, token, result, tx))) continue;
      await store.addresses.returnAsks([send.address], send.cause.id, send.kind, tx);
      cancelled += 1;
    }
    return cancelled;
  });
}

/** The states of the requests that these sends belong to; those that are gone are missing. */
async function statesOf(
  store: Store,
  sends: readonly SendDocument[],
): Promise<Map<string, RequestState>> {
  const states = new Map<string, RequestState>();
  for (const [id, { state }] of await requestsThatSend(store)) states.set(id, state);
  const others = new Set(sends.map(({ cause }) => cause.id).filter((id) => !states.has(id)));
  for (const id of others) {
    const request = await findRequest(store, id);
    if (request !== undefined) states.set(id, request.state);
  }
  return states;
}

/**
 * The skip's name if an address may not be asked any more. The ask that was reserved for this very
 * send does not count against it; a permission without any proof is none (invariant 3).
 */
function whyNever(send: SendDocument, address: AddressDocument, now: Date): AskSkip | undefined {
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
  return address.entries.length === 0 ? 'no_permission' : undefined;
}
