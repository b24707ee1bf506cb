/**
 * Tell: what came of a scenario, read from the database and from what was written down, in the words
 * of `then.json`.
 */
import type { LedgerEntry } from '../../src/consent/ledger.ts';
import type { PlanCounts } from '../../src/consent/plan.ts';
import { ADDRESSES, type AddressDocument } from '../../src/store/address-document.ts';
import { LEDGER } from '../../src/store/ledger.ts';
import { SENDS, type SendDocument } from '../../src/store/send-document.ts';
import type { Deps } from '../../src/workflow/deps.ts';
import { WORKSPACE } from '../support/deps.ts';
import { PEOPLE } from './given.ts';
import type { Played } from './play.ts';
import type { Then } from './then.ts';

type Told = Pick<Deps, 'database'>;
type LedgerRow = Then['ledger'][number];

/** All of it; what is not there is an empty list. */
export async function tell(deps: Told, played: Played): Promise<Then> {
  const { refusals, mails, answers } = played;
  const { db } = deps.database;
  const addresses = await db
    .collection<AddressDocument>(ADDRESSES)
    .find()
    .sort({ address: 1 })
    .toArray();
  return {
    imports: played.imports.map(importOf),
    requests: await Promise.all(played.requests.map((request) => requestOf(deps, request))),
    refusals,
    mails,
    answers,
    permissions: byAddress(addresses, ({ permission }) => permission),
    suppressions: byAddress(
      addresses.filter(({ suppressions }) => suppressions.length > 0),
      ({ suppressions }) => suppressions,
    ),
    asked: byAddress(
      addresses.filter(({ asks }) => asks.length > 0),
      ({ asks }) => asks.length,
    ),
    ledger: await ledgerOf(deps, played, addresses),
  };
}

function byAddress<Value>(
  addresses: readonly AddressDocument[],
  valueOf: (address: AddressDocument) => Value,
): Record<string, Value> {
  return Object.fromEntries(addresses.map((each) => [each.address, valueOf(each)]));
}

function importOf({ result, rejects }: Played['imports'][number]): Then['imports'][number] {
  const { rows, contacts, addresses, permission } = result;
  return {
    rows,
    contacts,
    newAddresses: addresses.new,
    knownAddresses: addresses.known,
    rejects,
    permissions: permission,
  };
}

async function requestOf(
  { database }: Told,
  { id, plan }: Played['requests'][number],
): Promise<Then['requests'][number]> {
  const request = await database.of(WORKSPACE).requests.find(id);
  const { kind, requestedBy, warning, state, counts } = request;
  if (kind === 'undo') throw new Error('scenarios do not undo');
  return {
    kind,
    by: nameOf(requestedBy),
    ...(warning === undefined ? {} : { warning }),
    plan,
    ...(isSame(plan, request.plan.counts) ? {} : { newPlan: request.plan.counts }),
    state,
    ...(counts === undefined ? {} : { done: counts }),
  };
}

/** A plan that was counted anew and says the same is the same plan. */
function isSame(first: PlanCounts, now: PlanCounts): boolean {
  const { addresses, change, asks } = first;
  return addresses === now.addresses && change === now.change && asks === now.asks;
}

/** `requester` for their id; `recipient` and `assent` (the clock) go by their own names. */
function nameOf(who: string): string {
  return Object.entries(PEOPLE).find(([, id]) => id === who)?.[0] ?? who;
}

async function ledgerOf(
  { database: { db } }: Told,
  played: Played,
  addresses: readonly AddressDocument[],
): Promise<LedgerRow[]> {
  // Entries of one act have one time and stand in the order of their writing.
  const entries = await db
    .collection<LedgerEntry>(LEDGER)
    .find()
    .sort({ $natural: 1 })
    .toArray();
  const sends = await db.collection<SendDocument>(SENDS).find().toArray();
  const names = new Map(addresses.map(({ _id, address }) => [_id, address]));
  const causeOf = causes(played, sends);
  return entries
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ act, cause, from, to, adds, clears, who, approver, provenance, ...entry }) => ({
      act,
      cause: causeOf(cause),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(adds === undefined ? {} : { adds }),
      ...(clears === undefined ? {} : { clears }),
      who: nameOf(who),
      ...(approver === undefined ? {} : { approver: nameOf(approver) }),
      ...(provenance === undefined ? {} : { howObtained: provenance.source }),
      addresses: entry.addresses.length,
      of: entry.addresses.map((id) => names.get(id) ?? 'an unknown address').toSorted(),
    }));
}

/** Names what caused an entry by its place in the scenario; what was refused has no place. */
function causes({ imports, requests }: Played, sends: readonly SendDocument[]) {
  const numbered = new Map([
    ...imports.map(({ batch }, index) => [batch, `import ${index + 1}`] as const),
    ...requests.map(({ id }, index) => [id, `request ${index + 1}`] as const),
  ]);
  const sent = new Map(sends.map(({ _id, cause }) => [_id, numbered.get(cause.id)]));
  return ({ kind, id }: LedgerEntry['cause']): string => {
    if (kind === 'send') return `mail of ${sent.get(id) ?? 'nobody'}`;
    return numbered.get(id) ?? `refused ${kind}`;
  };
}
