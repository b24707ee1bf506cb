/**
 * Find ask: from the token in a link to the send and the address that it stands for, and until
 * when it confirms.
 */
import { type LinkTarget, readToken } from '../consent/link.ts';
import type { AddressDocument } from '../store/address-document.ts';
import type { Tx } from '../store/scoped.ts';
import type { SendDocument } from '../store/send-document.ts';
import type { Deps } from './deps.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface FoundAsk {
  readonly send: SendDocument;
  readonly address: AddressDocument;
  /** The link confirms before this instant; it stops for ever. */
  readonly expiresAt: Date;
}

/** The target of a genuine token. Costs no look into the database. */
export function linkTarget(
  { tokenKeys }: Pick<Deps, 'tokenKeys'>,
  token: string,
): LinkTarget | undefined {
  return readToken(token, tokenKeys);
}

/** Undefined if what the token stands for is not on file (any more). */
export async function findAsk(
  { database }: Pick<Deps, 'database'>,
  { workspace, send: id }: LinkTarget,
  tx?: Tx,
): Promise<FoundAsk | undefined> {
  const store = database.of(workspace);
  const send = await store.sends.find(id, tx);
  if (send === null) return undefined;
  const address = await store.addresses.find(send.address, tx);
  if (address === null) return undefined;
  return { send, address, expiresAt: expiryOf(send) };
}

/** Counted from when it left; if nobody knows whether it did, from when it was tried or written. */
function expiryOf({ sentAt, triedAt, createdAt, linkDays }: SendDocument): Date {
  return new Date((sentAt ?? triedAt ?? createdAt).getTime() + linkDays * DAY_MS);
}
