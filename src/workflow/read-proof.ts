/**
 * Proof: everything on file about one address, read across: its permission, the ledger entries that
 * it names, and the requests, imports and mails that those name.
 *
 * Both sides are checked against each other on the way: an entry that the address names must exist
 * and name the address, each change must begin where the last one ended, and the answers on file
 * must be those whose hash the entry holds. Whatever does not fit is said, never smoothed over.
 */

import { canonicalAddress } from '../consent/address.ts';
import { askWindowStart } from '../consent/ask.ts';
import { readSourceKey } from '../consent/audience.ts';
import { type Interview, InterviewSchema } from '../consent/interview.ts';
import type { LedgerEntry } from '../consent/ledger.ts';
import type { Permission } from '../consent/permission.ts';
import { provenanceHash } from '../consent/provenance.ts';
import { Refusal } from '../consent/refusal.ts';
import type { Request } from '../consent/request.ts';
import type { Suppression } from '../consent/suppression.ts';
import { type AddressDocument, addressId } from '../store/address-document.ts';
import type { Store } from '../store/database.ts';
import type { ImportDocument } from '../store/imports.ts';
import type { SendDocument } from '../store/send-document.ts';
import type { Deps } from './deps.ts';
import { findRequest } from './find-request.ts';

/** One act on the address, with what caused it, as far as that is on file. */
export interface ProofAct {
  readonly entry: LedgerEntry;
  readonly request?: Request | undefined;
  /** The mail that the recipient answered. */
  readonly send?: SendDocument | undefined;
  readonly batch?: { readonly id: string; readonly name: string } | undefined;
  /** How the address was obtained, if the act rests on it. */
  readonly interview?: Interview | undefined;
}

export interface Proof {
  readonly workspace: string;
  readonly readAt: Date;
  /** The keyed hash by which ledger and mails name the address. */
  readonly id: string;
  readonly address: string;
  readonly permission: Permission;
  readonly permissionSince: Date;
  readonly suppressions: readonly Suppression[];
  /** When this very person gave consent, if an import said so. */
  readonly consentAt?: Date | undefined;
  readonly confirmedAt?: Date | undefined;
  /** Asks and reminders of the last 180 days. */
  readonly asksInWindow: number;
  /** Batches and tags that it stands in. */
  readonly audiences: readonly string[];
  /** Oldest first. */
  readonly acts: readonly ProofAct[];
  readonly sends: readonly SendDocument[];
  /** What does not fit together, in words; empty on a healthy record. */
  readonly faults: readonly string[];
}

/** @throws Refusal `not_an_address`, `address_not_known` */
export async function readProof(
  deps: Pick<Deps, 'database' | 'addressKey' | 'now'>,
  workspace: string,
  addressText: string,
): Promise<Proof> {
  const canonical = canonicalAddress(addressText);
  if (!canonical.ok) throw new Refusal('not_an_address');
  const store = deps.database.of(workspace);
  const found = await store.addresses.find(addressId(deps.addressKey, workspace, canonical.key));
  if (found === null) throw new Refusal('address_not_known');
  const [entries, sends] = await Promise.all([
    store.ledger.findMany(found.entries),
    store.sends.ofAddress(found._id),
  ]);
  const acts = await readActs(store, entries, sends);
  const readAt = deps.now();
  const windowStart = askWindowStart(readAt);
  return {
    workspace,
    readAt,
    id: found._id,
    address: found.address,
    permission: found.permission,
    permissionSince: found.permissionSince,
    suppressions: found.suppressions,
    consentAt: found.consentAt,
    confirmedAt: found.confirmedAt,
    asksInWindow: found.asks.filter(({ at }) => at >= windowStart).length,
    audiences: await audiencesOf(store, found),
    acts,
    sends,
    faults: [...entryFaults(found, entries), ...chainFaults(found, entries), ...actFaults(acts)],
  };
}

/** Each entry with the request, mail or import that caused it. */
async function readActs(
  store: Store,
  entries: readonly LedgerEntry[],
  sends: readonly SendDocument[],
): Promise<ProofAct[]> {
  const sendsById = new Map(sends.map((send) => [send._id, send]));
  const requestOf = (entry: LedgerEntry): string | undefined => {
    if (entry.cause.kind === 'request') return entry.cause.id;
    return entry.cause.kind === 'send' ? sendsById.get(entry.cause.id)?.cause.id : undefined;
  };
  const requests = await readRequests(store, entries.map(requestOf));
  const batches = await readBatches(store, entries);
  return entries.map((entry) => {
    const request = requests.get(requestOf(entry) ?? '');
    const batch = entry.cause.kind === 'import' ? batches.get(entry.cause.id) : undefined;
    const answers =
      entry.cause.kind === 'import' ? interviewOf(batch) : request?.plan.terms.interview;
    return {
      entry,
      request,
      send: entry.cause.kind === 'send' ? sendsById.get(entry.cause.id) : undefined,
      batch: batch === undefined ? undefined : { id: batch._id, name: batch.name },
      interview: entry.provenance === undefined ? undefined : answers,
    };
  });
}

async function readRequests(
  store: Store,
  ids: readonly (string | undefined)[],
): Promise<Map<string, Request>> {
  const found = new Map<string, Request>();
  for (const id of new Set(ids)) {
    const request = id === undefined ? undefined : await findRequest(store, id);
    if (request !== undefined) found.set(request.id, request);
  }
  return found;
}

/** The imports that these entries name, with what was answered about them. */
async function readBatches(
  { imports }: Store,
  entries: readonly LedgerEntry[],
): Promise<Map<string, ImportDocument>> {
  const ids = entries.flatMap(({ cause }) => (cause.kind === 'import' ? [cause.id] : []));
  const found = new Map<string, ImportDocument>();
  for (const id of new Set(ids)) {
    const batch = await imports.find(id);
    if (batch !== null) found.set(id, batch);
  }
  return found;
}

/** Stored answers were checked by the same schema when they were given. */
const interviewOf = (batch: ImportDocument | undefined): Interview | undefined =>
  InterviewSchema.safeParse(batch?.interview).data;

async function audiencesOf(
  { audiences }: Store,
  { memberships }: AddressDocument,
): Promise<string[]> {
  const sources = memberships.flatMap(
    ({ key }) => readSourceKey(key.slice(0, key.lastIndexOf('#'))) ?? [],
  );
  const names = await audiences.describe(sources);
  return [...new Set(names.map(({ kind, name }) => `${kind} “${name}”`))];
}

/** The entries that the address names must exist, once each, and name the address. */
function entryFaults({ _id, entries: named }: AddressDocument, entries: readonly LedgerEntry[]) {
  const byId = new Map(entries.map((entry) => [entry._id, entry]));
  const faults: string[] = [];
  for (const [index, id] of named.entries()) {
    const entry = byId.get(id);
    if (entry === undefined) {
      faults.push(`The address names the ledger entry ${id}, which does not exist.`);
    } else if (!entry.addresses.includes(_id)) {
      faults.push(`The ledger entry ${id} does not name this address.`);
    }
    if (named.indexOf(id) < index) faults.push(`The address names the ledger entry ${id} twice.`);
  }
  return faults;
}

/** Each change begins where the last one ended, and the last one ends at the permission on file. */
function chainFaults({ permission }: AddressDocument, entries: readonly LedgerEntry[]): string[] {
  const faults: string[] = [];
  let reached: Permission | undefined;
  for (const { _id, from, to } of entries) {
    if (from !== undefined && reached !== undefined && from !== reached) {
      faults.push(
        `The ledger entry ${_id} begins at ${from}, the one before it ended at ${reached}.`,
      );
    }
    reached = to ?? reached;
  }
  if (reached === undefined && permission !== 'non-marketable') {
    faults.push(`No ledger entry says how the address came to ${permission}.`);
  }
  if (reached !== undefined && reached !== permission) {
    faults.push(`On file is ${permission}, the latest ledger entry says ${reached}.`);
  }
  return faults;
}

/** Acts on these change no address, so an address that names one names what is not there. */
const NO_CAUSE = {
  campaign: undefined,
  settings: undefined,
  installation: undefined,
  template: undefined,
};
const CAUSE_WORDS = {
  request: 'a request',
  send: 'a mail',
  import: 'an import',
  campaign: 'a campaign',
  settings: 'settings',
  installation: 'an installation',
  template: 'a template',
} as const;

/** What an act names must be on file, and be what it was when the act was done. */
function actFaults(acts: readonly ProofAct[]): string[] {
  return acts.flatMap((act) => [...missingCause(act), ...otherApproval(act), ...otherAnswers(act)]);
}

function missingCause({ entry: { _id, cause }, request, send, batch }: ProofAct): string[] {
  const found = { ...NO_CAUSE, request, send, import: batch }[cause.kind];
  const words = CAUSE_WORDS[cause.kind];
  return found === undefined ? [`The ledger entry ${_id} names ${words} that is not on file.`] : [];
}

function otherApproval({ entry, request }: ProofAct): string[] {
  if (entry.cause.kind !== 'request' || request === undefined) return [];
  const { approval } = request;
  const same = entry.planHash === approval?.planHash && entry.approver === approval?.by;
  return same ? [] : [`The ledger entry ${entry._id} names another approval than its request.`];
}

function otherAnswers({ entry: { _id, provenance }, interview }: ProofAct): string[] {
  if (provenance === undefined) return [];
  if (interview === undefined)
    return [`The answers that the ledger entry ${_id} rests on are lost.`];
  return provenance.hash === provenanceHash(interview)
    ? []
    : [`The answers on file are not those that the ledger entry ${_id} was made with.`];
}
