/**
 * Send batch: a few mails on their way, from lease to fate.
 *
 *   lease ▶ check ▶ pace ▶ compose ▶ check again ▶ write-ahead ▶ send ▶ settle
 *
 * What a crash leaves uncertain is what was written ahead and not yet settled: at most the rows of
 * a batch.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SendDocument } from '../store/send-document.ts';
import { type CheckedSend, checkSends, putAside, requestsThatSend } from './check-sends.ts';
import type { Deps } from './deps.ts';
import { prepareMails } from './prepare-mails.ts';
import { goesOn, type Outgoing, type Pass } from './send-pass.ts';
import { type Delivered, isRouteFault, SETTLED_KINDS, settleSends } from './settle-send.ts';

/** How long to wait for the pace to allow another mail. */
const PACE_WAIT_MS = 100;
/** A lease is renewed this often within its time. */
const RENEWALS_PER_LEASE = 3;

/** Leases and sends up to `limit` mails. @returns false if nothing is due */
export async function sendBatch(pass: Pass, limit: number): Promise<boolean> {
  const { deps, store } = pass;
  const requests = await requestsThatSend(store);
  if (requests.size === 0) return false;
  const token = randomUUID();
  const lease = { token, now: deps.now(), until: leaseEnd(deps), limit };
  const claimed = await store.sends.claim([...requests.keys()], lease);
  if (claimed.length === 0) return false;
  const keep = setInterval(() => {
    store.sends.renew(token, leaseEnd(deps)).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'the lease of a batch of mail could not be renewed');
    });
  }, deps.limits.leaseMs / RENEWALS_PER_LEASE);
  try {
    await sendPaced(pass, await check(pass, claimed, token), token);
  } finally {
    clearInterval(keep);
  }
  return true;
}

/** Sends as many at a time as the pace that all processes share allows. */
async function sendPaced(pass: Pass, checked: readonly CheckedSend[], token: string) {
  const { deps, store } = pass;
  const { mailPerSecond } = deps.limits;
  const capacity = Math.max(1, mailPerSecond);
  const pace = store.budget({ name: 'mail', perSecond: mailPerSecond, capacity });
  let waiting = checked;
  while (waiting.length > 0) {
    if (!goesOn(pass)) return release(pass, waiting, token);
    const granted = await pace.take(waiting.length);
    if (granted === 0) await wait(PACE_WAIT_MS, pass.signal);
    else await sendSome(pass, waiting.slice(0, granted), token);
    waiting = waiting.slice(granted);
  }
}

/** Composes, looks at everybody once more, writes ahead, sends and settles. */
async function sendSome(pass: Pass, checked: readonly CheckedSend[], token: string) {
  const { deps, store } = pass;
  const outgoing = await prepareMails(pass, checked, token);
  const byId = new Map(outgoing.map((item) => [item.send._id, item]));
  const fresh = await check(
    pass,
    outgoing.map(({ send }) => send),
    token,
  );
  const mails = fresh.flatMap(({ send }) => byId.get(send._id) ?? []);
  if (mails.length === 0) return;
  const written = await store.sends.markSending(
    mails.map(({ send, mail }) => ({
      id: send._id,
      messageId: mail.messageId,
      mailHash: mail.rawHash,
    })),
    token,
    deps.now(),
  );
  const settle = settler(pass, token);
  await Promise.all(
    mails
      .filter(({ send }) => written.has(send._id))
      .map(async (item) => settle(await deliver(pass, item))),
  );
}

async function deliver(pass: Pass, { send, mail }: Outgoing): Promise<Delivered> {
  const { messageId } = mail;
  try {
    const delivery = await pass.mail.send(mail, pass.drained);
    if (isRouteFault(delivery)) pass.routeDown = delivery;
    return { send, messageId, delivery };
  } catch (error) {
    // A bug of ours: whether the mail left is not known, so it is held and not repeated.
    pass.deps.log.error({ err: error, send: send._id }, 'sending a mail failed unexpectedly');
    const reply = 'Sending failed unexpectedly; see the log.';
    return { send, messageId, delivery: { kind: 'unknown', reply } };
  }
}

/**
 * Writes results as they come in: what arrives while one write is under way goes with the next, so
 * that a slow server delays no other mail's record.
 */
function settler(pass: Pass, token: string): (delivered: Delivered) => Promise<void> {
  let waiting: Delivered[] = [];
  let writing: Promise<void> = Promise.resolve();
  const write = async () => {
    const delivered = waiting;
    waiting = [];
    if (delivered.length === 0) return;
    const counts = await settleSends(pass.deps, pass.workspace, { delivered, token });
    for (const kind of SETTLED_KINDS) pass.counts[kind] += counts[kind];
  };
  return (delivered) => {
    waiting.push(delivered);
    writing = writing.then(write);
    return writing;
  };
}

/** Those that may leave; the others are cancelled or put back. */
async function check(pass: Pass, sends: readonly SendDocument[], token: string) {
  const { deps, store, workspace } = pass;
  const { may, ...aside } = await checkSends(store, sends, deps.now());
  pass.counts.cancelled += await putAside(deps.database, workspace, { ...aside, token });
  return may;
}

async function release({ store }: Pass, checked: readonly CheckedSend[], token: string) {
  const results = checked.map(({ send }) => ({
    id: send._id,
    result: { state: 'queued' as const },
  }));
  await store.sends.settleMany(results, token);
}

function leaseEnd({ now, limits }: Pick<Deps, 'now' | 'limits'>): Date {
  return new Date(now().getTime() + limits.leaseMs);
}

/** Waits, or stops waiting when the signal comes. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
