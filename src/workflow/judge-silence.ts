/**
 * Judge silence: what it means that a recipient did not answer, as the request said beforehand.
 *
 * Kept as it is, or back to non-marketable; never an opt-out, since nobody said no. What was not
 * confirmed reverts also if the mail never arrived. An address that was asked again later is left
 * to that ask.
 */
import { ENTRY_ADDRESSES_MAX } from '../consent/ledger.ts';
import type { Store } from '../store/database.ts';
import type { Tx } from '../store/scoped.ts';
import type { SendDocument } from '../store/send-document.ts';
import type { Deps } from './deps.ts';

/** A page of one request fits one ledger entry. */
const PAGE_SENDS = ENTRY_ADDRESSES_MAX;

/** Judges all silence that is due in a workspace; safe to run again and at the same time. */
export async function judgeSilence(
  deps: Pick<Deps, 'database' | 'now'>,
  workspace: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ kept: number; reverted: number }> {
  const store = deps.database.of(workspace);
  const counts = { kept: 0, reverted: 0 };
  for (;;) {
    if (signal?.aborted === true) break;
    const page = await store.sends.unanswered(deps.now(), PAGE_SENDS);
    if (page.length === 0) break;
    for (const sends of groups(page)) {
      const { judged, reverted } = await judgeGroup(deps, store, sends);
      counts.kept += judged - reverted;
      counts.reverted += reverted;
    }
  }
  return counts;
}

/** Sends of one request, which all say the same about silence; the oldest question first. */
function groups(page: readonly SendDocument[]): readonly (readonly SendDocument[])[] {
  const byRequest = new Map<string, SendDocument[]>();
  for (const send of oldestFirst(page)) {
    const key = `${send.cause.id} ${send.silence}`;
    byRequest.set(key, [...(byRequest.get(key) ?? []), send]);
  }
  return [...byRequest.values()];
}

/** One transaction: the change, its proof, and that these sends were judged. */
async function judgeGroup(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  store: Store,
  sends: readonly SendDocument[],
): Promise<{ judged: number; reverted: number }> {
  const at = now();
  const ids = sends.map(({ _id }) => _id);
  return database.inTransaction(async (tx) => {
    // Somebody may have answered, or another process may have judged, since the page was read.
    const silent = await store.sends.stillUnanswered(ids, at, tx);
    if (silent.length === 0) return { judged: 0, reverted: 0 };
    const reverted = await revert(store, { silent, at, tx });
    await store.sends.setSilent(
      silent.map(({ _id }) => _id),
      at,
      tx,
    );
    return { judged: silent.length, reverted };
  });
}

/** Takes back a permission that nobody confirmed. @returns how many addresses it was taken from */
async function revert(
  store: Store,
  { silent, at, tx }: { silent: readonly SendDocument[]; at: Date; tx: Tx },
): Promise<number> {
  const [first] = silent.toSorted((a, b) => (a._id < b._id ? -1 : 1));
  if (first === undefined || first.silence === 'keep') return 0;
  const askedAgain = await askedLater(store, silent, tx);
  const ids = [...new Set(silent.map(({ address }) => address))].filter(
    (id) => !askedAgain.has(id),
  );
  // Each send is judged once, so the first of a page names the page for ever.
  const entry = `s.${first._id}.silence`;
  const change = { from: 'single-opt-in', to: 'non-marketable' } as const;
  const took = await store.addresses.change({ ids, ...change, entry, at }, tx);
  if (took.length === 0) return 0;
  await store.ledger.append(
    [
      {
        _id: entry,
        act: 'silence',
        ...change,
        cause: first.cause,
        who: 'assent',
        facts: { linkDays: first.linkDays, templateHash: first.templateHash },
        at,
        addresses: [...took],
      },
    ],
    tx,
  );
  return took.length;
}

/** Addresses that hold another, newer question which can still be answered. */
async function askedLater(
  store: Store,
  silent: readonly SendDocument[],
  tx: Tx,
): Promise<Set<string>> {
  // A reminder may be judged together with its ask: the latest of an address counts.
  const judged = new Map(oldestFirst(silent).map((send) => [send.address, send]));
  const open = await store.sends.openForAddresses([...judged.keys()], tx);
  const newer = open.filter(({ _id, address, createdAt }) => {
    const send = judged.get(address);
    return send !== undefined && _id !== send._id && createdAt > send.createdAt;
  });
  return new Set(newer.map(({ address }) => address));
}

function oldestFirst(sends: readonly SendDocument[]): SendDocument[] {
  return sends.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}
