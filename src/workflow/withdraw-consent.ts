/**
 * Withdraw consent: a recipient says stop. It works from every state, for ever, and whatever else
 * goes on at the same time.
 *
 * Mail to the address that has not left is cancelled in the same transaction, also where a sender
 * holds it under lease: that sender finds its lease gone before the first byte.
 */
import assert from 'node:assert';
import type { NewEntry } from '../store/ledger.ts';
import type { Tx } from '../store/scoped.ts';
import type { Deps } from './deps.ts';
import { type Evidence, evidenceFacts } from './evidence.ts';
import { type FoundAsk, findAsk, linkTarget } from './find-ask.ts';

export type WithdrawOutcome = 'stopped' | 'already-stopped' | 'unknown-link';
/** By the button on our page, or by the mail client's own (RFC 8058). */
export type WithdrawMethod = 'page' | 'one-click';

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
    await write(deps, found, { how, evidence, tx });
    return 'stopped';
  });
}

async function write(
  deps: WithdrawDeps,
  { send, address }: FoundAsk,
  { how, evidence, tx }: { how: WithdrawMethod; evidence: Evidence; tx: Tx },
): Promise<void> {
  const store = deps.database.of(send.workspace);
  const { at } = evidence;
  const from = address.permission;
  const change = { from, to: 'opted-out-by-recipient' as const };
  const entry = entryId(send._id, address.entries);
  const changed = await store.addresses.changeOne(address._id, { ...change, entry, at }, tx);
  assert(changed, 'a transaction sees one state of an address');
  await store.ledger.append(
    [
      {
        _id: entry,
        act: 'stop',
        ...change,
        cause: { kind: 'send', id: send._id },
        who: 'recipient',
        facts: factsOf(deps, send.cause.id, how, evidence),
        at,
        addresses: [address._id],
      },
    ],
    tx,
  );
  await store.sends.setOutcome(send._id, 'stopped', at, tx);
  for (const { cause, kind } of await store.sends.cancelForAddress(
    address._id,
    'opted_out_by_recipient',
    tx,
  )) {
    await store.addresses.returnAsks([address._id], cause.id, kind, tx);
  }
}

function factsOf(
  { addressKey, evidenceIp = 'truncated' }: WithdrawDeps,
  request: string,
  method: WithdrawMethod,
  evidence: Evidence,
): NonNullable<NewEntry['facts']> {
  // A one-click comes from the mail provider's servers: they are no evidence of the recipient.
  const seen = evidenceFacts(evidence, { mode: evidenceIp, key: addressKey });
  return { request, method, ...(method === 'page' ? seen : {}) };
}

/** A person who came back by their own act may stop again by the same link: with its own entry. */
function entryId(send: string, entries: readonly string[]): string {
  const first = `s.${send}.stop`;
  const earlier = entries.filter((id) => id === first || id.startsWith(`${first}.`)).length;
  return earlier === 0 ? first : `${first}.${earlier + 1}`;
}
