/**
 * Tell: what came of a scenario, read from the database and from what was written down, in the words
 * of `then.json`.
 */
import { isDeepStrictEqual } from 'node:util';
import { askWindowStart } from '../../src/consent/ask.ts';
import type { LedgerEntry } from '../../src/consent/ledger.ts';
import { ADDRESSES, type AddressDocument } from '../../src/store/address-document.ts';
import { LEDGER } from '../../src/store/ledger.ts';
import { SENDS, type SendDocument } from '../../src/store/send-document.ts';
import type { Deps } from '../../src/workflow/deps.ts';
import { WORKSPACE } from '../support/deps.ts';
import { PEOPLE } from './given.ts';
import type { Played } from './play.ts';
import { type Then, TOLD_FACTS } from './then.ts';

type Told = Pick<Deps, 'database' | 'now'>;
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
    asked: askedOf(addresses, askWindowStart(deps.now())),
    ledger: await ledgerOf(deps, played, addresses),
  };
}

function byAddress<Value>(
  addresses: readonly AddressDocument[],
  pick: (address: AddressDocument) => Value,
): Record<string, Value> {
  return Object.fromEntries(addresses.map((each) => [each.address, pick(each)]));
}

function askedOf(addresses: readonly AddressDocument[], since: Date): Then['asked'] {
  const counts = byAddress(addresses, ({ asks }) => asks.filter(({ at }) => at >= since).length);
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
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
    ...(isDeepStrictEqual(plan, request.plan.counts) ? {} : { newPlan: request.plan.counts }),
    state,
    ...(counts === undefined ? {} : { done: counts }),
  };
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
  const entries = await db.collection<LedgerEntry>(LEDGER).find().sort({ $natural: 1 }).toArray();
  const sends = await db.collection<SendDocument>(SENDS).find().toArray();
  const names = new Map(addresses.map(({ _id, address }) => [_id, address]));
  const nameOfId = (id: string) => names.get(id) ?? 'an unknown address';
  const causeOf = causes(played, sends);
  return entries
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map((entry) => ({
      on: entry.at.toISOString().slice(0, 10),
      act: entry.act,
      addresses: entry.addresses.length,
      ...(entry.addresses.length === 0 ? {} : { of: entry.addresses.map(nameOfId).toSorted() }),
      ...(entry.from === undefined ? {} : { from: entry.from }),
      ...(entry.to === undefined ? {} : { to: entry.to }),
      ...(entry.adds === undefined ? {} : { adds: entry.adds }),
      ...(entry.clears === undefined ? {} : { clears: entry.clears }),
      who: nameOf(entry.who),
      ...(entry.approver === undefined ? {} : { approver: nameOf(entry.approver) }),
      cause: causeOf(entry.cause),
      ...howObtainedOf(entry),
      ...factsOf(entry),
    }));
}

function howObtainedOf({ provenance }: LedgerEntry): Pick<LedgerRow, 'howObtained'> {
  return provenance === undefined ? {} : { howObtained: provenance.source };
}

function factsOf({ facts = {} }: LedgerEntry): Pick<LedgerRow, 'facts'> {
  const told = Object.entries(facts).filter(([name]) => TOLD_FACTS.some((fact) => fact === name));
  return told.length === 0 ? {} : { facts: Object.fromEntries(told) };
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
