/**
 * Import batch: who may work on the import of a file, from where, and its first proof.
 *
 * A file is known by its hash: one that was half imported is continued where it stopped, one that
 * is being imported or was imported is refused.
 */
import { randomBytes } from 'node:crypto';
import { Refusal } from '../../consent/refusal.ts';
import { isDuplicate } from '../../store/duplicate.ts';
import type { ImportDocument, Lease } from '../../store/imports.ts';
import type { NewEntry } from '../../store/ledger.ts';
import type { Deps } from '../deps.ts';
import type { ImportAnswers, ImportTerms } from './terms.ts';

const ID_BYTES = 6;
const TOKEN_BYTES = 12;
/** A file's name is shown as the batch's, up to this many characters. */
const NAME_LENGTH_MAX = 100;

export interface ImportWork {
  readonly answers: ImportAnswers & { readonly fileName: string; readonly again: boolean };
  readonly terms: ImportTerms;
  /** Our lease on the batch. */
  readonly token: string;
}

/** What there is to continue, or which import of this file it will be. */
export type Start =
  | { readonly kind: 'continue'; readonly batch: ImportDocument }
  | { readonly kind: 'begin'; readonly round: number };

export function newBatchId(): string {
  return `b_${randomBytes(ID_BYTES).toString('hex')}`;
}

export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('hex');
}

/**
 * Looks at earlier imports of the file and leases one that was interrupted.
 * @throws Refusal `import_running`, `import_already_done`, `import_differs`, `import_unfinished`
 */
export async function takeUp(deps: Deps, { answers, terms, token }: ImportWork): Promise<Start> {
  const { imports } = deps.database.of(answers.workspace);
  const latest = await imports.latestOf(answers.csv.sha256);
  if (latest === null) return { kind: 'begin', round: 1 };
  const { _id, terms: earlier } = latest;
  const next: Start = { kind: 'begin', round: latest.round + 1 };
  if (latest.state === 'failed') return next;
  if (latest.state === 'done') {
    if (!answers.again) throw new Refusal('import_already_done');
    return next;
  }
  const now = deps.now();
  if (latest.lease !== undefined && latest.lease.until > now) throw new Refusal('import_running');
  if (answers.dryRun) throw new Refusal('import_unfinished');
  if (earlier !== terms.hash && !answers.again) throw new Refusal('import_differs');
  const batch = await imports.claim(_id, now, leaseOf(deps, token));
  if (batch === null) throw new Refusal('import_running');
  if (batch.terms === terms.hash) return { kind: 'continue', batch };
  await giveUp(deps, batch, token);
  return next;
}

/** Closes an import that was begun with other answers; what it imported stays. */
async function giveUp(
  deps: Deps,
  { _id, workspace }: ImportDocument,
  token: string,
): Promise<void> {
  const store = deps.database.of(workspace);
  const at = deps.now();
  await deps.database.inTransaction(async (tx) => {
    const ended = await store.imports.end(_id, token, { state: 'failed', finishedAt: at }, tx);
    if (ended === null) throw new Refusal('import_running');
    await store.ledger.append([endEntry(ended, at)], tx);
  });
}

/**
 * Makes the batch and leases it.
 * @throws Refusal `import_running` if somebody else began this round of the file meanwhile
 */
export async function beginBatch(
  deps: Deps,
  { answers, terms, token }: ImportWork,
  { round, startedAt }: { readonly round: number; readonly startedAt: Date },
): Promise<ImportDocument> {
  const { workspace, csv, fileName, by } = answers;
  const store = deps.database.of(workspace);
  const id = newBatchId();
  try {
    await deps.database.inTransaction(async (tx) => {
      const batch = {
        _id: id,
        name: nameOf(fileName, round),
        fileHash: csv.sha256,
        fileName,
        round,
        by,
        permission: terms.permission,
        ...(terms.interview === undefined ? {} : { interview: stored(terms.interview) }),
        terms: terms.hash,
        lease: leaseOf(deps, token),
        startedAt,
      };
      await store.imports.insert(batch, tx);
      await store.ledger.append([beginEntry(id, { by, csv, terms, round }, startedAt)], tx);
    });
  } catch (error) {
    if (isDuplicate(error)) throw new Refusal('import_running');
    throw error;
  }
  const batch = await store.imports.find(id);
  if (batch === null) throw new Refusal('import_running');
  return batch;
}

export function leaseOf({ now, limits }: Pick<Deps, 'now' | 'limits'>, token: string): Lease {
  return { token, until: new Date(now().getTime() + limits.leaseMs) };
}

const stored = ({ source, answers, attested }: NonNullable<ImportTerms['interview']>) => ({
  source,
  answers: { ...answers },
  attested,
});

/** `Spring fair.csv` → `Spring fair`, and `Spring fair (2)` when it comes again. */
function nameOf(fileName: string, round: number): string {
  const bare = fileName.replace(/\.(?:csv|tsv|txt)$/iu, '').slice(0, NAME_LENGTH_MAX) || fileName;
  return round === 1 ? bare : `${bare} (${round})`;
}

function beginEntry(
  id: string,
  {
    by,
    csv,
    terms,
    round,
  }: Pick<ImportAnswers, 'by' | 'csv'> & { readonly terms: ImportTerms; readonly round: number },
  at: Date,
): NewEntry {
  const { permission, provenance } = terms;
  return {
    _id: `${id}.begin`,
    act: 'import',
    cause: { kind: 'import', id },
    who: by,
    ...(provenance === undefined ? {} : { provenance }),
    facts: { state: 'begun', fileHash: csv.sha256, permission, round },
    at,
    addresses: [],
  };
}

export function endEntry({ _id, by, state, fileHash, counts }: ImportDocument, at: Date): NewEntry {
  return {
    _id: `${_id}.end`,
    act: 'import',
    cause: { kind: 'import', id: _id },
    who: by,
    facts: { state, fileHash, ...counts },
    at,
    addresses: [],
  };
}
