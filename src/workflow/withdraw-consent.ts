/**
 * Withdraw consent: a recipient says stop. It works from every state, for ever, and whatever else
 * goes on at the same time.
 *
 * Mail to the address that has not left is cancelled in the same transaction, also where a sender
 * holds it under lease: that sender finds its lease gone before the first byte.
 */
import assert from 'node:assert';
import type { Suppression } from '../consent/suppression.ts';
import type { NewEntry } from '../store/ledger.ts';
import type { Tx } from '../store/scoped.ts';
import type { Deps } from './deps.ts';
import { type Evidence, evidenceFacts } from './evidence.ts';
import { type FoundAsk, findAsk, linkTarget } from './find-ask.ts';
import { cancelWaiting } from './suppress-address.ts';

export type WithdrawOutcome = 'stopped' | 'already-stopped' | 'unknown-link';
/** By the button on our page, or by the mail client's own (RFC 8058). */
export type WithdrawMethod = 'page' | 'one-click';
/** Also by a mail, by a provider's own list, or by calling a mail spam. */
export type StopMethod = WithdrawMethod | 'mail' | 'provider' | 'complaint';

type WithdrawDeps = Pick<Deps, 'database' | 'tokenKeys' | 'addressKey' | 'evidenceIp'>;

/** Writes a recipient's stop. Saying it again changes nothing and writes no second proof. */
export async function withdrawConsent(
  deps: WithdrawDeps,
  token: string,
  how: WithdrawMethod,
  evidence: Evidence,
): Promise<WithdrawOutcome> {
  const target = linkTarget(deps, token);
  if (target === undefined) return 'unknown-link';
  return deps.database.inTransaction(async (tx) => {
    const found = await findAsk(deps, target, tx);
    if (found === undefined) return 'unknown-link';
    if (found.address.permission === 'opted-out-by-recipient') return 'already-stopped';
    await writeStop(deps, found, { how, evidence, tx });
    return 'stopped';
  });
}

interface Stop {
  readonly how: StopMethod;
  readonly evidence: Evidence;
  /** A complaint is a stop that also suppresses. */
  readonly adds?: readonly Suppression[];
  /** What else is proven of it. */
  readonly facts?: NewEntry['facts'];
  readonly tx: Tx;
}

/** Writes the stop of somebody who has not said it yet, its proof, and the end of waiting mail. */
export async function writeStop(
  deps: Pick<WithdrawDeps, 'database' | 'addressKey' | 'evidenceIp'>,
  { send, address }: Pick<FoundAsk, 'send' | 'address'>,
  stop: Stop,
): Promise<void> {
  const store = deps.database.of(send.workspace);
  const { adds = [], tx } = stop;
  const { at } = stop.evidence;
  const from = address.permission;
  const change = { from, to: 'opted-out-by-recipient' as const };
  const entry = entryId(send._id, address.entries);
  const changed = await store.addresses.changeOne(address._id, { ...change, adds, entry, at }, tx);
  assert(changed, 'a transaction sees one state of an address');
  await store.ledger.append(
    [
      {
        _id: entry,
        act: 'stop',
        ...change,
        ...(adds.length === 0 ? {} : { adds: [...adds] }),
        cause: { kind: 'send', id: send._id },
        who: 'recipient',
        facts: factsOf(deps, send.cause.id, stop),
        at,
        addresses: [address._id],
      },
    ],
    tx,
  );
  await store.sends.setOutcome(send._id, 'stopped', at, tx);
  await cancelWaiting(store, address._id, { note: 'opted_out_by_recipient', tx });
}

function factsOf(
  { addressKey, evidenceIp = 'truncated' }: Pick<WithdrawDeps, 'addressKey' | 'evidenceIp'>,
  request: string,
  { how, evidence, facts }: Stop,
): NonNullable<NewEntry['facts']> {
  // A one-click comes from the mail provider's servers: they are no evidence of the recipient.
  const seen = evidenceFacts(evidence, { mode: evidenceIp, key: addressKey });
  return { request, method: how, ...facts, ...(how === 'page' ? seen : {}) };
}

/** A person who came back by their own act may stop again by the same link: with its own entry. */
function entryId(send: string, entries: readonly string[]): string {
  const first = `s.${send}.stop`;
  const earlier = entries.filter((id) => id === first || id.startsWith(`${first}.`)).length;
  return earlier === 0 ? first : `${first}.${earlier + 1}`;
}
