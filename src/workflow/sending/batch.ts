/**
 * Send batch: a few mails on their way, from lease to fate.
 *
 *   lease ▶ check ▶ pace ▶ compose ▶ check again ▶ write-ahead ▶ send ▶ settle
 *   └──── a claim ────┘   └────────────── group by group ──────────────────┘
 *
 * What a crash leaves uncertain is what was written ahead and not yet settled: a gate bounds it for
 * all lanes together. A claim is larger: what is only claimed is not uncertain.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopped } from '../../mail/delivery.ts';
import type { MayLeave } from '../../mail/smtp/turn.ts';
import type { SendClaim } from '../../store/send-claims.ts';
import type { SendDocument } from '../../store/send-document.ts';
import type { Deps, MailRoute } from '../deps.ts';
import { type CheckedSend, type CheckRules, checkSends, putAside } from './check-sends.ts';
import type { Admission } from './governor.ts';
import { goesOn, type Pass, type Routed } from './pass.ts';
import { prepareMails } from './prepare-mails.ts';
import { type Delivered, isRouteFault } from './settle-send.ts';
import { settler } from './settler.ts';

/** How long to wait for the pace to allow another mail. */
const PACE_WAIT_MS = 100;
/** Facts are believed for so long: a slow server gives people time to stop before their mail's turn. */
const BELIEVED_MS = 1_000;
/** A claim, and the lease of what is on its way, is renewed this often within its time. */
const RENEWALS_PER_LEASE = 3;

/** Rows of one claim. */
const CLAIM_MAX = 300;
/** Mails of one group, which is written ahead at once: per connection, and at most. */
const AHEAD_PER_CONNECTION = 10;
const AHEAD_MAX = 100;
/**
 * Mails of a group that are handed to the route at a time: while one is answered, the envelope of the
 * next is on its way. More would be on their way to a route that is shut meanwhile.
 */
const AT_A_TIME_PER_CONNECTION = 2;
/** Signatures of a group that are made at a time: others in this process need the threads too. */
const PREPARED_AT_A_TIME = 8;

/** The most mails of one group. @param connections of all routes together */
export function mailsAheadMax(connections: number): number {
  return Math.min(AHEAD_MAX, AHEAD_PER_CONNECTION * connections);
}

/** Claims and sends some mails. @returns false if nothing is due */
export async function sendBatch(pass: Pass): Promise<boolean> {
  const { deps, store } = pass;
  const claim = { token: randomUUID(), now: deps.now(), until: leaseEnd(deps) };
  const { token } = claim;
  const claimed = await pass.governor.claim(claim, CLAIM_MAX);
  if (claimed.length === 0) return false;
  const keep = setInterval(() => {
    store.sends.renew(token, leaseEnd(deps)).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'the lease of a batch of mail could not be renewed');
    });
  }, deps.limits.leaseMs / RENEWALS_PER_LEASE);
  try {
    await sendPaced(pass, await check(pass, claimed, claim), claim);
    // After a fault it stays: what the database has of it is not known before its time is over.
    await store.sends.release(token);
  } finally {
    clearInterval(keep);
  }
  return true;
}

/** Sends as many at a time as the pace that all processes share allows. */
async function sendPaced(pass: Pass, checked: readonly CheckedSend[], claim: SendClaim) {
  let waiting = checked;
  while (waiting.length > 0 && goesOn(pass)) {
    const { go, wait: next, back } = await pass.governor.admit(waiting);
    if (back.length > 0) await putBack(pass, back, claim);
    if (go.length > 0) await sendGroups(pass, go, claim);
    else if (next.length > 0) await wait(PACE_WAIT_MS, pass.signal);
    waiting = next;
  }
}

/** What may leave now, a group at a time; the rest stays queued if the pass ends meanwhile. */
async function sendGroups(pass: Pass, admitted: Admission['go'], claim: SendClaim) {
  const size = mailsAheadMax(pass.mail.connections);
  for (let from = 0; from < admitted.length && goesOn(pass); from += size) {
    await sendSome(pass, admitted.slice(from, from + size), claim);
  }
}

/** Composes and signs, looks at everybody once more, writes ahead, sends and settles. */
async function sendSome(pass: Pass, admitted: Admission['go'], claim: SendClaim) {
  const { deps, store } = pass;
  const routes = new Map(admitted.map(({ item, route }) => [item.send._id, route]));
  const outgoing = await prepareMails(
    pass,
    admitted.map(({ item }) => item),
    claim,
  );
  const byId = new Map(
    outgoing.flatMap((item): [string, Routed][] => {
      const route = routes.get(item.send._id);
      return route === undefined ? [] : [[item.send._id, { ...item, route }]];
    }),
  );
  if (outgoing.length === 0) return;
  await prepareAll([...byId.values()]);
  await pass.ahead.enter(outgoing.length);
  if (!goesOn(pass)) return pass.ahead.leave(outgoing.length);
  const fresh = await check(
    pass,
    outgoing.map(({ send }) => send),
    claim,
  );
  const mails = fresh.flatMap(({ send }) => byId.get(send._id) ?? []);
  const written = await store.sends.markSending(
    mails.map(({ send, mail }) => ({
      id: send._id,
      messageId: mail.messageId,
      mailHash: mail.rawHash,
    })),
    { ...claim, until: leaseEnd(deps) },
    deps.now(),
  );
  pass.ahead.leave(outgoing.length - written.size);
  await sendWritten(
    pass,
    mails.filter(({ send }) => written.has(send._id)),
    claim.token,
  );
}

/** Signs them before they are written ahead: what is uncertain is on its way and nothing else. */
async function prepareAll(mails: readonly Routed[]): Promise<void> {
  const waiting = mails.values();
  const prepare = async () => {
    for (const { mail, route } of waiting) await route.prepare?.(mail);
  };
  await Promise.all(Array.from({ length: PREPARED_AT_A_TIME }, prepare));
}

/**
 * Some at a time, so that what has not begun when the pass ends, when its route fails or when its
 * recipient stops, need not begin: it goes back, and its attempt is not counted.
 */
async function sendWritten(pass: Pass, mails: readonly Routed[], token: string) {
  const results = settler(pass, token);
  const waiting = mails.values();
  const down = new Set<MailRoute>();
  const mayLeave = lateLook(pass, mails);
  const begin = async () => {
    for (const item of waiting) {
      if (results.isBroken()) return;
      const mayBegin = pass.governor.mayBegin(item.route, item.send);
      const isOff = !goesOn(pass) || down.has(item.route) || !mayBegin || !(await mayLeave(item));
      const delivered = isOff ? notBegun(item) : await deliver(pass, item, () => mayLeave(item));
      if (isRouteFault(delivered.delivery)) down.add(item.route);
      results.add(delivered);
    }
  };
  const atATime = AT_A_TIME_PER_CONNECTION * pass.mail.connections;
  await Promise.all(Array.from({ length: Math.min(atATime, mails.length) }, begin));
  await results.finish();
}

/**
 * Looks at the facts of a group once more when they are old: before a mail is handed to its route, and
 * when it is its turn there. Without an answer nothing leaves.
 */
function lateLook(pass: Pass, mails: readonly Routed[]): (item: Routed) => ReturnType<MayLeave> {
  const { deps, store } = pass;
  let lookedAt = deps.now().getTime();
  let may: Promise<ReadonlySet<string>> | undefined;
  const look = async () => {
    const sends = mails.map(({ send }) => send);
    const { may: those } = await checkSends(store, sends, await rulesOf(pass));
    return new Set(those.map(({ send }) => send._id));
  };
  return ({ send }) => {
    const now = deps.now().getTime();
    if (now - lookedAt >= BELIEVED_MS) {
      lookedAt = now;
      may = look().catch((error: unknown) => {
        deps.log.warn({ err: error }, 'it could not be seen who may still be mailed');
        return new Set();
      });
    }
    return may === undefined || may.then((those) => those.has(send._id));
  };
}

const notBegun = ({ send, mail: { messageId } }: Routed): Delivered => ({
  send,
  messageId,
  delivery: stopped(),
});

async function deliver(
  pass: Pass,
  { send, mail, route }: Routed,
  mayLeave: MayLeave,
): Promise<Delivered> {
  const { messageId } = mail;
  try {
    const delivery = await route.send(mail, pass.drained, mayLeave);
    if (isRouteFault(delivery)) pass.routeDown = delivery;
    await pass.governor.note(route, send, delivery);
    return { send, messageId, delivery };
  } catch (error) {
    // A bug of ours: whether the mail left is not known, so it is held and not repeated.
    pass.deps.log.error({ err: error, send: send._id }, 'sending a mail failed unexpectedly');
    const reply = 'Sending failed unexpectedly; see the log.';
    return { send, messageId, delivery: { kind: 'unknown', reply } };
  }
}

/** Those that may leave; the others are cancelled or put back. */
async function check(pass: Pass, sends: readonly SendDocument[], claim: SendClaim) {
  const { deps, store, workspace } = pass;
  const { may, ...aside } = await checkSends(store, sends, await rulesOf(pass));
  pass.counts.cancelled += await putAside(deps.database, workspace, { ...aside, claim });
  return may;
}

async function rulesOf({ deps, workspace, mail: { mayMail } }: Pass): Promise<CheckRules> {
  const { quietHours, timeZone } = await deps.settings(workspace);
  return { now: deps.now(), quietHours, timeZone, mayMail };
}

async function putBack({ store }: Pass, back: Admission['back'], claim: SendClaim) {
  await store.sends.putBack(
    back.map(({ send, nextAt }) => ({ id: send._id, nextAt })),
    claim,
  );
}

function leaseEnd({ now, limits }: Pick<Deps, 'now' | 'limits'>): Date {
  return new Date(now().getTime() + limits.leaseMs);
}

/** Waits, or stops waiting when the signal comes. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
