/**
 * Confirm address: a recipient says yes, by their own click on a page of ours.
 *
 * Judged on fresh facts inside the transaction that writes it. A stop that comes at the same time
 * touches the same address: one of the two is run again, sees the other, and the stop stands.
 */
import assert from 'node:assert';
import { type Confirmation, judgeConfirmation } from '../consent/ask.ts';
import { isOptedOut } from '../consent/permission.ts';
import type { NewEntry } from '../store/ledger.ts';
import type { Tx } from '../store/scoped.ts';
import type { Deps } from './deps.ts';
import { type Evidence, evidenceFacts } from './evidence.ts';
import { type FoundAsk, findAsk, linkTarget } from './find-ask.ts';

export type ConfirmOutcome =
  | 'confirmed'
  | 'already-confirmed'
  | 'expired'
  | 'stale'
  | 'opted-out'
  | 'unknown-link';

type ConfirmDeps = Pick<Deps, 'database' | 'tokenKeys' | 'addressKey' | 'evidenceIp'>;
export type ConfirmEvidence = Evidence & {
  /** The language of the page on which they said yes. */
  readonly locale?: string | undefined;
};

/** Writes a recipient's yes, if the link still confirms. Saying it again changes nothing. */
export async function confirmAddress(
  deps: ConfirmDeps,
  token: string,
  evidence: ConfirmEvidence,
): Promise<ConfirmOutcome> {
  const target = linkTarget(deps, token);
  if (target === undefined) return 'unknown-link';
  return deps.database.inTransaction(async (tx) => {
    const found = await findAsk(deps, target, tx);
    if (found === undefined) return 'unknown-link';
    const outcome = judge(found, evidence.at);
    if (typeof outcome === 'string') return outcome;
    await write(deps, found, { confirmation: outcome, evidence, tx });
    return outcome.kind === 'change' ? 'confirmed' : 'already-confirmed';
  });
}

type Yes = Exclude<Confirmation, { kind: 'stale-link' }>;

/** What a yes does now; a name if it does nothing, the most telling first. */
export function judge({ send, address, expiresAt }: FoundAsk, at: Date): ConfirmOutcome | Yes {
  if (isOptedOut(address.permission)) return 'opted-out';
  const confirmation = judgeConfirmation(address);
  if (confirmation.kind === 'stale-link' || send.state === 'cancelled') return 'stale';
  if (at < expiresAt) return confirmation;
  return confirmation.kind === 'already-confirmed' ? 'already-confirmed' : 'expired';
}

/** The change, its proof and the send's outcome: all or nothing. */
async function write(
  deps: ConfirmDeps,
  { send, address }: FoundAsk,
  { confirmation, evidence, tx }: { confirmation: Yes; evidence: ConfirmEvidence; tx: Tx },
): Promise<void> {
  const store = deps.database.of(send.workspace);
  const { at } = evidence;
  await store.sends.setOutcome(send._id, 'confirmed', at, tx);
  await store.sends.resolveAsSent(send._id, tx);
  const entry = `s.${send._id}.confirm`;
  const clears = [...confirmation.clears];
  const isChange = confirmation.kind === 'change';
  // The same link proves that somebody reads there once, not each time.
  if (!isChange && (clears.length === 0 || address.entries.includes(entry))) return;
  const from = address.permission;
  const change = { from, to: isChange ? confirmation.to : from, entry, at, clears };
  const changed = await store.addresses.changeOne(
    address._id,
    { ...change, ...(isChange ? { confirmedAt: at } : {}) },
    tx,
  );
  assert(changed, 'a transaction sees one state of an address');
  await store.ledger.append([entryOf(deps, { send, address }, { ...change, evidence })], tx);
}

function entryOf(
  { addressKey, evidenceIp = 'truncated' }: ConfirmDeps,
  { send, address }: Pick<FoundAsk, 'send' | 'address'>,
  {
    entry,
    from,
    to,
    clears,
    evidence,
  }: Pick<NewEntry, 'from' | 'to' | 'clears'> & { entry: string; evidence: ConfirmEvidence },
): NewEntry {
  const { templateHash, mailHash, messageId, sentAt } = send;
  return {
    _id: entry,
    act: 'confirm',
    from,
    to,
    ...(clears === undefined || clears.length === 0 ? {} : { clears }),
    cause: { kind: 'send', id: send._id },
    who: 'recipient',
    facts: {
      request: send.cause.id,
      templateHash,
      ...(mailHash === undefined ? {} : { mailHash }),
      ...(messageId === undefined ? {} : { messageId }),
      ...(sentAt === undefined ? {} : { sentAt: sentAt.toISOString() }),
      ...(evidence.locale === undefined ? {} : { locale: evidence.locale }),
      ...evidenceFacts(evidence, { mode: evidenceIp, key: addressKey }),
    },
    at: evidence.at,
    addresses: [address._id],
  };
}
