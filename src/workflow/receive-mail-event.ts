/**
 * Receive mail event: writes what a report about a mail of ours means, once, in one transaction.
 *
 * Whose mail it is stands in our own record of the send, never in the report: a report cannot reach
 * an address that this mail did not go to, nor another workspace.
 */
import {
  judgeMailEvent,
  type MailEvent,
  type MailEventFacts,
  type MailEventVerdict,
  SOFT_BOUNCE_WINDOW_DAYS,
} from '../consent/mail-event.ts';
import { maskReply } from '../mail/smtp/reply.ts';
import type { AddressDocument } from '../store/address-document.ts';
import type { Store } from '../store/database.ts';
import type { Tx } from '../store/scoped.ts';
import type { SendDocument } from '../store/send-document.ts';
import type { SendReport } from '../store/send-events.ts';
import type { Deps } from './deps.ts';
import { suppressAddress } from './suppress-address.ts';
import { type StopMethod, writeStop } from './withdraw-consent.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const WINDOW_MS = SOFT_BOUNCE_WINDOW_DAYS * DAY_MS;

export type MailEventOutcome = 'taken' | 'nothing-new' | 'repeat' | 'unknown-send';
export type ReceiveDeps = Pick<
  Deps,
  'database' | 'addressKey' | 'evidenceIp' | 'now' | 'log' | 'returns'
>;

/** Safe to run again and at the same time: an event counts once. */
export async function receiveMailEvent(
  deps: ReceiveDeps,
  event: MailEvent,
): Promise<MailEventOutcome> {
  const outcome = await receive(deps, event);
  deps.returns[outcome === 'taken' ? event.kind : outcome] += 1;
  const { kind, provider, send, status } = event;
  const level = outcome === 'taken' ? 'info' : 'debug';
  deps.log[level]({ kind, provider, send, status, outcome }, 'a mail was reported on');
  return outcome;
}

async function receive(deps: ReceiveDeps, event: MailEvent): Promise<MailEventOutcome> {
  const { database } = deps;
  const workspace = await database.clock.workspaceOfSend(event.send);
  if (workspace === undefined) return 'unknown-send';
  const store = database.of(workspace);
  // Nearly every mail is delivered as was thought: that costs one look, and nothing is written.
  if (event.kind === 'delivered' || event.kind === 'delayed') {
    const send = await store.sends.find(event.send);
    if (send === null) return 'unknown-send';
    const { state } = judgeMailEvent(event.kind, sendFacts(send));
    if (state === undefined) return 'nothing-new';
  }
  return database.inTransaction(async (tx) => take(deps, store, event, tx));
}

async function take(
  deps: ReceiveDeps,
  store: Store,
  event: MailEvent,
  tx: Tx,
): Promise<MailEventOutcome> {
  const send = await store.sends.find(event.send, tx);
  if (send === null) return 'unknown-send';
  if (await store.mailEvents.has(event, tx)) return 'repeat';
  const now = deps.now();
  const address = (await store.addresses.find(send.address, tx)) ?? undefined;
  const facts = await factsOf(store, { event, send, address, tx });
  const verdict = judgeMailEvent(event.kind, facts);
  await store.mailEvents.insert(event, send.address, now, tx);
  if (verdict.state !== undefined) {
    const report = reportOf(event, { send, address, state: verdict.state, now });
    await store.sendEvents.settle(send._id, send.state, report, tx);
  }
  if (address !== undefined) await change(deps, store, { event, send, address, verdict, now, tx });
  return isNothing(verdict) ? 'nothing-new' : 'taken';
}

interface Change {
  readonly event: MailEvent;
  readonly send: SendDocument;
  readonly address: AddressDocument;
  readonly verdict: MailEventVerdict;
  readonly now: Date;
  readonly tx: Tx;
}

async function change(
  deps: ReceiveDeps,
  store: Store,
  { event, send, address, verdict: { stops, adds }, now, tx }: Change,
): Promise<void> {
  const facts = proofOf(event, send);
  if (stops) {
    const how: StopMethod =
      event.kind === 'complaint' ? 'complaint' : event.provider === 'smtp' ? 'mail' : 'provider';
    await writeStop(deps, { send, address }, { how, evidence: { at: now }, adds, facts, tx });
    return;
  }
  for (const suppression of adds) {
    if (suppression !== 'hard-bounce' && suppression !== 'complaint') continue;
    await suppressAddress(store, { send, address, adds: suppression, facts, at: now, tx });
  }
}

/** What the judging looks at, as this transaction sees it, this event included. */
async function factsOf(
  store: Store,
  {
    event,
    send,
    address,
    tx,
  }: { event: MailEvent; send: SendDocument; address: AddressDocument | undefined; tx: Tx },
): Promise<MailEventFacts> {
  if (address === undefined) return sendFacts(send);
  const { permission, suppressions, confirmedAt } = address;
  const leftAt = send.sentAt ?? send.triedAt ?? send.createdAt;
  const confirmedSince =
    send.outcome === 'confirmed' || (confirmedAt !== undefined && confirmedAt >= leftAt);
  const softBounceDays =
    event.kind === 'soft-bounce' ? await softBounceDaysOf(store, { event, send, address, tx }) : 0;
  return {
    ...sendFacts(send),
    address: { permission, suppressions, confirmedSince, softBounceDays },
  };
}

function sendFacts({ state, attempts }: SendDocument): Pick<MailEventFacts, 'state' | 'tried'> {
  const isWaiting = state === 'queued' || state === 'cancelled';
  return { state, tried: attempts > 0 || !isWaiting };
}

/** Days (UTC) with a soft bounce since the mailbox last showed life: a mail arrived, or a yes. */
async function softBounceDaysOf(
  store: Store,
  {
    event,
    send,
    address,
    tx,
  }: { event: MailEvent; send: SendDocument; address: AddressDocument; tx: Tx },
): Promise<number> {
  const arrivedAt = await store.sendEvents.lastArrival(address._id, send._id, tx);
  const lifeMs = Math.max(
    event.at.getTime() - WINDOW_MS,
    address.confirmedAt?.getTime() ?? 0,
    arrivedAt?.getTime() ?? 0,
  );
  const earlier = await store.mailEvents.softBounces(address._id, new Date(lifeMs), tx);
  return new Set([...earlier, event.at].map((at) => at.toISOString().slice(0, 10))).size;
}

function reportOf(
  event: MailEvent,
  {
    send,
    address,
    state,
    now,
  }: {
    send: SendDocument;
    address: AddressDocument | undefined;
    state: SendReport['state'];
    now: Date;
  },
): SendReport {
  const isSettled = send.state !== 'queued' && send.state !== 'sending';
  const reply = replyOf(event, address);
  return {
    state,
    ...(isSettled ? {} : { nextAt: new Date(now.getTime() + send.linkDays * DAY_MS) }),
    ...(reply === undefined ? {} : { reply }),
    ...(event.kind === 'soft-bounce' ? { note: 'soft_bounce' } : {}),
  };
}

/** What is kept of a report as proof: short strings, no address. */
function proofOf({ provider, kind, at, status, feedback }: MailEvent, send: SendDocument) {
  return {
    provider,
    event: kind,
    reportedAt: at.toISOString(),
    ...(status === undefined ? {} : { enhanced: status }),
    ...(feedback === undefined ? {} : { feedback }),
    ...(send.messageId === undefined ? {} : { messageId: send.messageId }),
  };
}

function replyOf({ reply }: MailEvent, address: AddressDocument | undefined): string | undefined {
  if (reply === undefined || reply.trim() === '') return undefined;
  return maskReply(reply, address?.address ?? '');
}

const isNothing = ({ state, stops, adds }: MailEventVerdict): boolean =>
  state === undefined && !stops && adds.length === 0;
