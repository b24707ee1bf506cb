/**
 * Import file: from the submitted modal to contacts. The file is fetched while the person waits; the
 * import itself goes on after the window closed, and its end is told directly.
 */
import type { ColumnMapping, GivenColumns } from '../../consent/columns.ts';
import { CsvRefused } from '../../consent/csv-refused.ts';
import { type CsvFile, openCsvBuffer } from '../../store/csv/file.ts';
import { type ImportResult, importContacts } from '../../workflow/import-contacts.ts';
import { openImportRequest } from '../../workflow/open-import-request.ts';
import { FILE_INPUT_BYTES_MAX } from '../blocks/limits.ts';
import type { Call, Door } from '../guard/door.ts';
import { sentenceFor } from '../guard/refusals.ts';
import { withinMs } from '../guard/within.ts';
import { type FileRefused, fetchFile } from '../wire/slack-files.ts';
import { FILE_WORDS } from '../words/files.ts';
import type { SlackLocale } from '../words/language.ts';
import { type CompleteForm, type ImportForm, keepForm } from './form.ts';
import { importFailedMessage } from './message.ts';
import { gatherRejects, type Importer, sendRejects, tellImporter } from './rejects.ts';

/** What is refused this soon is told in the window; a small file is even done by then. */
const EARLY_MS = 1_500;

export interface OpenedFile {
  readonly csv: CsvFile;
  readonly name: string;
}

/** The columns of a file are not clear; somebody has to say what they hold. */
export class ColumnsUnclear extends Error {
  override readonly name = 'ColumnsUnclear';
  readonly columns: ColumnMapping;
  override readonly cause: CsvRefused;

  constructor(columns: ColumnMapping, cause: CsvRefused) {
    super(cause.message);
    this.columns = columns;
    this.cause = cause;
  }
}

/** Why a file is no list of contacts. What was found in it is told in English only. */
export function csvWords({ code, message }: CsvRefused, locale: SlackLocale): string {
  return FILE_WORDS[locale].csv?.[code] ?? message;
}

/** Why a file could not be fetched. */
export function fetchWords({ fault }: FileRefused, locale: SlackLocale): string {
  const { faults, nothingImported } = FILE_WORDS[locale];
  return `${faults[fault]} ${nothingImported}`;
}

/**
 * Fetches and opens the file.
 * @param columns what each column holds, once somebody was asked
 * @throws ColumnsUnclear; CsvRefused or FileRefused if it cannot be imported at all
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
  door: Door,
  call: Importer,
  { form, asked }: { readonly form: CompleteForm; readonly asked: ImportForm },
  { csv, name }: OpenedFile,
): Promise<ImportResult | undefined> {
  const run = {
    door,
    call,
    form,
    asked,
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
  readonly door: Door;
  readonly call: Importer;
  readonly form: CompleteForm;
  /** As it was filled in. */
  readonly asked: ImportForm;
  readonly csv: CsvFile;
  readonly fileName: string;
}

/** Whatever comes of it, the rows that were not taken go back to the one who brought them. */
async function runImport(run: Run): Promise<ImportResult> {
  const { door, call, form, csv, fileName } = run;
  const { deps } = door;
  const { workspace, user: by } = call;
  const { permission, interview, tags, again } = form;
  const rejects = gatherRejects(csv.headers, call.locale);
  try {
    return await importContacts(deps, {
      workspace,
      by,
      csv,
      fileName,
      permission,
      interview,
      tags,
      again,
      rejects,
      dryRun: false,
      openOptIn: (batch, told) =>
        openImportRequest(deps, { workspace, by, isOperator: false }, batch, told),
    });
  } finally {
    await csv.close();
    // A large file takes a while to upload, and the window shall not wait for it.
    void sendRejects(door, call, fileName, rejects);
  }
}

async function tellFailure(run: Run, error: unknown): Promise<void> {
  const { door, fileName, call } = run;
  const { deps } = door;
  const { locale } = call;
  const sentence =
    error instanceof CsvRefused
      ? csvWords(error, locale)
      : sentenceFor(error, { log: deps.log, what: 'import-file', locale });
  // Nothing that was filled in is lost; without the form the sentence stands alone.
  const draft = await keepForm(deps, call, run.asked).catch(() => undefined);
  await tellImporter(deps, call, importFailedMessage(fileName, { sentence, draft }, locale));
}
