/**
 * Send confirmations: the clock rings, and double opt-in requests that are due leave by mail.
 *
 * A pass goes on until nothing is due. Some batches are on their way at a time: while one waits
 * for the database another keeps the connections busy. Several processes share the work by claims
 * and one pace in the database. No mail is known to have left twice; what nobody knows is held.
 */
import { Refusal } from '../consent/refusal.ts';
import type { RouteDown } from '../mail/delivery.ts';
import { about } from './announce-request.ts';
import type { Deps } from './deps.ts';
import { aheadGate } from './sending/ahead-gate.ts';
import { mailsAheadMax, sendBatch } from './sending/batch.ts';
import { requestsThatSend } from './sending/check-sends.ts';
import { sendGovernor } from './sending/governor.ts';
import { goesOn, type Pass } from './sending/pass.ts';
import type { SettledCounts } from './sending/settle-send.ts';

/** Groups that are written ahead at a time: what a crash can leave uncertain. */
export const LANES = 2;
/** Lanes besides, whose mail is claimed, composed and looked at meanwhile. */
const LANES_BEHIND = 2;
/** What was begun when the process is told to stop gets this long. */
const DRAIN_MS = 20_000;

export interface SendSummary extends SettledCounts {
  /** Not asked after all: stopped, suppressed or changed since they were queued. */
  readonly cancelled: number;
  /** Why mail could not leave over a route, the latest time. */
  readonly routeDown?: RouteDown | undefined;
}

/**
 * Sends what is due in a workspace; ends when nothing is, or when the signal comes, or when no route
 * takes anything (their breakers, caps and the canaries decide). Without a mailer nothing happens.
 * @throws the database's error, or an error if no mail can be composed; what is left claimed or
 *   under lease is taken up by a later pass
 */
export async function sendConfirmations(
  deps: Deps,
  workspace: string,
  { signal }: { signal: AbortSignal },
): Promise<SendSummary> {
  const counts = { sent: 0, bounced: 0, blocked: 0, deferred: 0, unknown: 0, cancelled: 0 };
  const { mail } = deps;
  await recoverLeases(deps, workspace);
  if (mail === undefined) return counts;
  const drain = drainAfter(signal);
  const store = deps.database.of(workspace);
  const { drained } = drain;
  const governor = sendGovernor({ deps, mail, workspace, store });
  const ahead = aheadGate(LANES * mailsAheadMax(mail.connections));
  const pass: Pass = { deps, mail, workspace, store, governor, ahead, signal, drained, counts };
  try {
    await runLanes(pass);
  } finally {
    drain.clear();
    await governor.finish();
  }
  if (!signal.aborted) await finishRequests(pass);
  return { ...counts, routeDown: pass.routeDown };
}

/**
 * Moves a request from asking to done if all its mail has met its fate. Silence is judged later;
 * answers keep coming. Safe to run again and by several senders at once.
 */
export async function finishAsking(deps: Deps, workspace: string, id: string): Promise<void> {
  const store = deps.database.of(workspace);
  const request = await store.requests.find(id);
  if (request.state !== 'asking' || (await store.sends.hasOpen(id))) return;
  const at = deps.now();
  try {
    await deps.database.inTransaction(async (tx) => {
      const moved = await store.requests.move(request, { event: 'finish', by: 'assent', at }, tx);
      await about(deps, moved, ['approval-card', 'progress', 'result', 'direct-result'], at, tx);
    });
  } catch (error) {
    // Another sender finished it, or somebody paused or cancelled it meanwhile.
    if (!(error instanceof Refusal)) throw error;
    return;
  }
  await deps.queue.wakeAnnouncer();
}

/**
 * All lanes until nothing may leave. One that finds nothing while another waits for a probe or for
 * the results of a canary begins again when that one is through.
 */
async function runLanes(pass: Pass): Promise<void> {
  while (goesOn(pass) && (await runOnce(pass)));
}

/** @returns true if anything was claimed */
async function runOnce(pass: Pass): Promise<boolean> {
  let wasDue = false;
  const lane = async () => {
    try {
      while (goesOn(pass) && (await sendBatch(pass))) wasDue = true;
    } catch (error) {
      pass.isBroken = true;
      pass.ahead.breakDown();
      throw error;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES + LANES_BEHIND }, lane));
  const broken = lanes.find((result) => result.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return wasDue;
}

/** The mail of dead senders: what they only claimed is free, what they were sending is unknown. */
async function recoverLeases(deps: Deps, workspace: string): Promise<void> {
  const { claims, unknown } = await deps.database.of(workspace).sends.recover(deps.now());
  if (claims + unknown > 0) {
    deps.log.warn({ workspace, claims, unknown }, 'took up the mail of a sender that stopped');
  }
}

async function finishRequests({ deps, store, workspace }: Pass): Promise<void> {
  for (const { id, state } of (await requestsThatSend(store)).values()) {
    if (state === 'asking') await finishAsking(deps, workspace, id);
  }
}

/** A signal that comes DRAIN_MS after the given one. */
function drainAfter(signal: AbortSignal): { drained: AbortSignal; clear(): void } {
  const drained = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onStop = () => {
    timer = setTimeout(() => drained.abort(), DRAIN_MS);
  };
  if (signal.aborted) onStop();
  else signal.addEventListener('abort', onStop, { once: true });
  return {
    drained: drained.signal,
    clear() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onStop);
    },
  };
}
