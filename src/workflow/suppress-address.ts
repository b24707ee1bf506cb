/**
 * Suppress address: a mail of ours showed that an address must not be mailed: the change, its proof
 * and the end of all mail to it that has not left, in the caller's transaction.
 */
import assert from 'node:assert';
import type { SendNote } from '../consent/note.ts';
import type { Suppression } from '../consent/suppression.ts';
import type { AddressDocument } from '../store/address-document.ts';
import type { Store } from '../store/database.ts';
import type { NewEntry } from '../store/ledger.ts';
import type { Tx } from '../store/scoped.ts';
import type { SendDocument } from '../store/send-document.ts';

interface Suppress {
  readonly send: Pick<SendDocument, '_id' | 'cause'>;
  /** As this transaction sees it. */
  readonly address: AddressDocument;
  readonly adds: Extract<Suppression, 'hard-bounce' | 'complaint'>;
  readonly facts: NonNullable<NewEntry['facts']>;
  readonly at: Date;
  readonly tx: Tx;
}

const ENTRY_NAMES = { 'hard-bounce': 'bounce', complaint: 'complaint' } as const;

/** Does nothing to an address that carries the suppression, or whose entry this send has written. */
export async function suppressAddress(
  store: Store,
  { send, address, adds, facts, at, tx }: Suppress,
): Promise<void> {
  const entry = `s.${send._id}.${ENTRY_NAMES[adds]}`;
  if (address.suppressions.includes(adds) || address.entries.includes(entry)) return;
  const { permission } = address;
  const change = { from: permission, to: permission, entry, at, adds: [adds] };
  const changed = await store.addresses.changeOne(address._id, change, tx);
  assert(changed, 'a transaction sees one state of an address');
  await store.ledger.append(
    [
      {
        _id: entry,
        act: 'suppress',
        adds: [adds],
        cause: { kind: 'send', id: send._id },
        who: adds === 'complaint' ? 'recipient' : 'assent',
        facts: { request: send.cause.id, ...facts },
        at,
        addresses: [address._id],
      },
    ],
    tx,
  );
  await cancelWaiting(store, address._id, { note: adds, tx });
}

/** Ends the mail to an address that has not left, leased or not, and gives its asks back. */
export async function cancelWaiting(
  store: Store,
  address: string,
  { note, tx }: { note: SendNote; tx: Tx },
): Promise<void> {
  for (const { cause, kind } of await store.sends.cancelForAddress(address, note, tx)) {
    await store.addresses.returnAsks([address], cause.id, kind, tx);
  }
}
