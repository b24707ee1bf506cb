/**
 * Read provenance: what is on file about how addresses were obtained.
 *
 * The ledger entry that gave an address its permission is followed to the interview behind it, so
 * that a recipient is told their own story, not that of the request that happens to ask them.
 */
import type { Interview } from '../consent/interview.ts';
import type { LedgerEntry } from '../consent/ledger.ts';
import { provenanceHash } from '../consent/provenance.ts';
import type { AddressDocument } from '../store/address-document.ts';
import type { Store } from '../store/database.ts';
import { isPermittedSource, type ProvenanceOnFile } from './ask-words.ts';
import { findRequest } from './find-request.ts';

/** Entries of one address that are looked at, latest first. */
const ENTRIES_MAX = 20;

type Proven = Pick<AddressDocument, '_id' | 'entries' | 'permissionSince'>;

/** The provenance of each address, by its id. */
export async function readProvenance(
  store: Store,
  addresses: readonly Proven[],
): Promise<Map<string, ProvenanceOnFile>> {
  const latest = (address: Proven) => address.entries.slice(-ENTRIES_MAX);
  const ids = new Set(addresses.flatMap(latest));
  const entries = await store.ledger.findMany([...ids]);
  const byId = new Map(entries.map((entry) => [entry._id, entry]));
  const interviews = await readInterviews(store, entries);
  return new Map(
    addresses.map((address) => {
      const basis = latest(address)
        .map((id) => byId.get(id))
        .findLast((entry) => entry?.provenance !== undefined && entry.to === 'single-opt-in');
      return [address._id, onFile(address, basis, interviews)];
    }),
  );
}

function onFile(
  { permissionSince }: Proven,
  basis: LedgerEntry | undefined,
  interviews: ReadonlyMap<string, Interview>,
): ProvenanceOnFile {
  const named = basis?.provenance?.source;
  return {
    source: isPermittedSource(named) ? named : undefined,
    answers: interviews.get(basis?.provenance?.hash ?? '')?.answers,
    since: basis?.at ?? permissionSince,
  };
}

/** The interviews of the requests and imports behind these entries, by the hash that entries carry. */
async function readInterviews(
  store: Store,
  entries: readonly LedgerEntry[],
): Promise<Map<string, Interview>> {
  const causes = new Map(
    entries
      .filter(({ provenance }) => provenance !== undefined)
      .map(({ cause }) => [`${cause.kind}:${cause.id}`, cause]),
  );
  const found = await Promise.all([...causes.values()].map((cause) => interviewOf(store, cause)));
  return new Map(
    found
      .filter((interview) => interview !== undefined)
      .map((interview) => [provenanceHash(interview), interview]),
  );
}

/** Undefined if what caused an entry is gone: the ledger outlives it, and says less. */
async function interviewOf(
  store: Store,
  { kind, id }: LedgerEntry['cause'],
): Promise<Interview | undefined> {
  if (kind === 'request') return (await findRequest(store, id))?.plan.terms.interview;
  const interview = kind === 'import' ? (await store.imports.find(id))?.interview : undefined;
  if (interview === undefined || !isPermittedSource(interview.source)) return undefined;
  return { ...interview, source: interview.source };
}
