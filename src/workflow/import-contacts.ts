/**
 * Import: a CSV export of another system becomes a batch of contacts.
 *
 * answers ─▶ terms (import-terms) ─▶ is it a new file, or one to continue? (import-batch)
 *   ─▶ rows (import-rows), a thousand at a time ─▶ plan (import-plan) ─▶ one transaction
 *   ─▶ the end on record (import-finish)
 *
 * An import adds and tightens; it never loosens a permission that is on file. It may stop at any
 * moment: each chunk is written whole with its proofs and the checkpoint, or not at all.
 */
import type { RejectFile } from '../store/reject-file.ts';
import type { Deps } from './deps.ts';
import { newToken, takeUp } from './import/batch.ts';
import { finishImport, type ImportOutcome, type OpenOptIn } from './import/finish.ts';
import { type ImportProgress, type ImportRun, rehearseRows, writeRows } from './import/run.ts';
import { checkTerms, type ImportAnswers } from './import/terms.ts';

export interface ImportInput extends ImportAnswers {
  readonly fileName: string;
  /** Imports a file once more that was imported before. */
  readonly again: boolean;
  /** Takes the rows that were not taken. It is closed here, also where the import is refused. */
  readonly rejects: RejectFile;
  readonly openOptIn?: OpenOptIn | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** Stops after the chunk at hand; import the file again to continue. */
  readonly signal?: AbortSignal | undefined;
}

/** The shape of `--json`. */
export interface ImportResult {
  /** Null after a dry run. */
  readonly batch: string | null;
  /** Rows of the file below its header, good and bad. */
  readonly rows: number;
  /** Contacts, and addresses, that the file names: each once. */
  readonly contacts: number;
  readonly addresses: { readonly new: number; readonly known: number };
  /** Rows that were not taken. */
  readonly rejected: number;
  /** Null if every row was taken whole, or the file has no name on the disk. */
  readonly rejectFile: string | null;
  /** Addresses that the file named before. */
  readonly duplicatesInFile: number;
  /** What is on file for the addresses of the batch's contacts now, by permission. */
  readonly permission: Readonly<Record<string, number>>;
  /** The opt-in request that waits for an approver. */
  readonly request?: string;
  /** Why there is none, though the source calls for it. */
  readonly requestRefused?: string;
}

/**
 * Imports a file, or counts what importing it would do. The caller closes the file.
 * @throws Refusal for what a person can mend, CsvRefused if the columns are not clear, the signal's
 *   reason if it was stopped
 */
export async function importContacts(deps: Deps, input: ImportInput): Promise<ImportResult> {
  const terms = await checkTerms(deps, input);
  const work = { answers: input, terms, token: newToken() };
  const start = await takeUp(deps, work);
  const { rejects } = input;
  const run: ImportRun = { ...input, deps, work, start };
  let outcome: ImportOutcome;
  let rejected: Awaited<ReturnType<typeof rejects.close>>;
  try {
    outcome = input.dryRun ? await rehearseRows(run) : await written(run, input.openOptIn);
  } finally {
    rejected = await rejects.close();
  }
  const { batch, counts, permissions, request, requestRefused } = outcome;
  return {
    batch,
    rows: counts.rows,
    contacts: counts.contacts,
    addresses: { new: counts.addressesNew, known: counts.addressesKnown },
    rejected: counts.rejected,
    rejectFile: rejected.count === 0 ? null : (rejected.path ?? null),
    duplicatesInFile: counts.duplicatesInFile,
    permission: permissions,
    ...(request === undefined ? {} : { request }),
    ...(requestRefused === undefined ? {} : { requestRefused: requestRefused.message }),
  };
}

async function written(run: ImportRun, open: OpenOptIn | undefined): Promise<ImportOutcome> {
  const { deps, work } = run;
  const { workspace, csv } = work.answers;
  try {
    return await finishImport(deps, { ...(await writeRows(run)), work, open });
  } catch (error) {
    // Whatever stopped it, somebody may continue at once; a kill leaves that to the lease's end.
    await deps.database.of(workspace).imports.release(csv.sha256, work.token);
    throw error;
  }
}
