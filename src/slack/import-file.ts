/**
 * Import file: from the submitted modal to contacts. The file is fetched while the person waits; the
 * import itself goes on after the window closed, and its end is told directly.
 */
import { randomUUID } from 'node:crypto';
import { readFile as readFromDisk, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMAIL_FIELDS } from '../consent/audience.ts';
import type { ColumnMapping, GivenColumns } from '../consent/columns.ts';
import { CsvRefused } from '../consent/csv-refused.ts';
import type { Interview } from '../consent/interview.ts';
import { type CsvFile, openCsvBuffer } from '../store/csv-file.ts';
import type { Deps } from '../workflow/deps.ts';
import { type ImportResult, importContacts } from '../workflow/import-contacts.ts';
import { submitRequest } from '../workflow/submit-request.ts';
import type { Call } from './door.ts';
import type { CompleteForm } from './import-form.ts';
import { importFailedMessage, rejectsMessage } from './import-message.ts';
import { FILE_INPUT_BYTES_MAX } from './limits.ts';
import type { Message } from './message.ts';
import { sentenceFor, withoutPeople } from './refusals.ts';
import { fetchFile } from './slack-files.ts';
import { withinMs } from './within.ts';

/** What is refused this soon is told in the window; a small file is even done by then. */
const EARLY_MS = 1_500;
/** Of a reject file: `"line","column","reason",…`, each cell in quotes. */
const REJECT = /^"\d+","(?:[^"]|"")*","((?:[^"]|"")*)"/gmu;

export interface OpenedFile {
  readonly csv: CsvFile;
  readonly name: string;
}

/** The columns of a file are not clear; somebody has to say what they hold. */
export class ColumnsUnclear extends Error {
  override readonly name = 'ColumnsUnclear';
  readonly columns: ColumnMapping;

  constructor(columns: ColumnMapping, cause: CsvRefused) {
    super(cause.message, { cause });
    this.columns = columns;
  }
}

/**
 * Fetches and opens the file.
 * @param columns what each column holds, once somebody was asked
 * @throws ColumnsUnclear; CsvRefused if it cannot be imported at all
 */
export async function openBrought(
  { client }: Pick<Call, 'client'>,
  hosts: readonly string[],
  file: string,
  columns?: (found: ColumnMapping) => GivenColumns,
): Promise<OpenedFile> {
  try {
    const { name, bytes } = await fetchFile({ client, hosts }, { id: file });
    return { name, csv: await openBytes(bytes, columns) };
  } catch (error) {
    if (!(error instanceof CsvRefused) || error.columns === undefined) throw error;
    throw new ColumnsUnclear(error.columns, error);
  }
}

async function openBytes(
  bytes: Buffer,
  columns: ((found: ColumnMapping) => GivenColumns) | undefined,
): Promise<CsvFile> {
  const bytesMax = FILE_INPUT_BYTES_MAX;
  if (columns === undefined) return openCsvBuffer(bytes, { bytesMax });
  const found = await columnsOf(bytes);
  return openCsvBuffer(bytes, { bytesMax, mapping: columns(found) });
}

/** What is understood of the header by itself. */
async function columnsOf(bytes: Buffer): Promise<ColumnMapping> {
  try {
    const csv = await openCsvBuffer(bytes, { bytesMax: FILE_INPUT_BYTES_MAX });
    await csv.close();
    return csv.columns;
  } catch (error) {
    if (error instanceof CsvRefused && error.columns !== undefined) return error.columns;
    throw error;
  }
}

/**
 * Starts the import and waits a moment.
 * @returns its result, if it is done by then
 * @throws Refusal if it is refused by then
 */
export async function startImport(
  deps: Deps,
  call: Pick<Call, 'workspace' | 'user' | 'client'>,
  form: CompleteForm,
  { csv, name }: OpenedFile,
): Promise<ImportResult | undefined> {
  const run = {
    deps,
    call,
    form,
    csv,
    fileName: form.name === undefined ? name : `${form.name}.csv`,
  };
  const outcome = runImport(run).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  const early = await withinMs(EARLY_MS, outcome, () => undefined);
  if (early === undefined) {
    void outcome.then((late) => ('error' in late ? tellFailure(run, late.error) : undefined));
    return undefined;
  }
  if ('error' in early) throw early.error;
  return early.result;
}

interface Run {
  readonly deps: Deps;
  readonly call: Pick<Call, 'workspace' | 'user' | 'client'>;
  readonly form: CompleteForm;
  readonly csv: CsvFile;
  readonly fileName: string;
}

async function runImport(run: Run): Promise<ImportResult> {
  const { deps, call, form, csv, fileName } = run;
  const { workspace, user: by } = call;
  const { permission, interview, tags, again } = form;
  const rejectPath = join(tmpdir(), `assent-rejects-${randomUUID()}.csv`);
  try {
    const result = await importContacts(deps, {
      workspace,
      by,
      csv,
      fileName,
      permission,
      interview,
      tags,
      again,
      rejectPath,
      dryRun: false,
      openOptIn: (batch, told) => openOptIn(deps, { workspace, by }, batch, told),
    });
    if (result.rejectFile !== null) {
      const reasons = reasonsIn(await readFromDisk(result.rejectFile, 'utf8'));
      await tell(run, rejectsMessage(fileName, reasons));
    }
    return result;
  } finally {
    await csv.close();
    await rm(rejectPath, { force: true });
  }
}

/** A source that only an approver can judge: the batch waits for one. */
async function openOptIn(
  deps: Deps,
  who: { readonly workspace: string; readonly by: string },
  batch: string,
  interview: Interview,
): Promise<string> {
  const choice = {
    sources: [{ kind: 'batch' as const, id: batch }],
    match: 'any' as const,
    fields: EMAIL_FIELDS,
  };
  const form = { kind: 'opt-in' as const, choice, interview };
  const { id } = await submitRequest(deps, { ...who, submission: `import:${batch}`, form });
  return id;
}

/** How many rows were not taken for which reason. */
export function reasonsIn(rejects: string): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const [, quoted = ''] of rejects.matchAll(REJECT)) {
    const reason = quoted.replaceAll('""', '"');
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return reasons;
}

async function tellFailure(run: Run, error: unknown): Promise<void> {
  const { deps, fileName } = run;
  const refused = error instanceof CsvRefused;
  const sentence = refused ? error.message : sentenceFor(error, deps.log, 'import-file');
  await tell(run, importFailedMessage(fileName, sentence));
}

/** What is not on record anywhere is told at once; if Slack does not take it, the log has it. */
async function tell({ deps, call }: Run, { text, blocks }: Message): Promise<void> {
  const post = { channel: call.user, text, blocks, unfurl_links: false, unfurl_media: false };
  try {
    await call.client.chat.postMessage(post);
  } catch (error) {
    deps.log.warn({ fault: withoutPeople(error) }, 'a message about an import was not posted');
  }
}
