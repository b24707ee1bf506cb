/**
 * Import command: `assent import FILE` makes contacts of a CSV export. What it asks, does and prints
 * is told in docs/import.md.
 */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { CsvRefused } from '../consent/csv-refused.ts';
import { interviewJsonSchema } from '../consent/interview.ts';
import { Refusal } from '../consent/refusal.ts';
import { openCsv } from '../store/csv/file.ts';
import { openRejectFile } from '../store/reject-file.ts';
import type { Deps } from '../workflow/deps.ts';
import {
  type ImportInput,
  type ImportResult,
  importContacts,
} from '../workflow/import-contacts.ts';
import { openImportRequest } from '../workflow/open-import-request.ts';
import { InterviewFault, readInterview } from './import-interview.ts';
import { IMPORT_HELP, type ImportOptions, readUsage } from './import-options.ts';
import { reportLines } from './import-report.ts';

const DONE = 0;
const REFUSED = 1;
const USAGE = 2;

const GIBIBYTE = 1024 ** 3;
/** Some ten million contacts; larger files are split. */
const FILE_BYTES_MAX = 2 * GIBIBYTE;
/** So often the progress is told (ms). */
const PROGRESS_MS = 3_000;

export interface ImportDeps extends Deps {
  /** The configured workspace, for those who do not name one. */
  readonly workspace?: string | undefined;
  /** A folder of ours, for reject files that cannot stand beside the input. */
  readonly home?: string | undefined;
}

export interface ImportIo {
  /** One line to standard output. */
  readonly out: (line: string) => void;
  /** One line to standard error. */
  readonly err: (line: string) => void;
  /** Stops the import after the rows at hand; without it, Ctrl-C and SIGTERM do. */
  readonly signal?: AbortSignal | undefined;
}

/** @returns the exit status; what it refuses it tells on standard error */
export async function importCommand(
  deps: ImportDeps,
  argv: readonly string[],
  io: ImportIo,
): Promise<number> {
  const usage = importUsage(argv, deps.workspace, io);
  if (typeof usage === 'number') return usage;
  return stoppable(io, (signal) => importFile(deps, usage, { ...io, signal }));
}

/**
 * Answers what needs no database: help, the schema, a wrong option.
 * @param workspace the configured one, for those who do not name one
 * @returns the exit status, or what is to be imported
 */
export function importUsage(
  argv: readonly string[],
  workspace: string | undefined,
  io: ImportIo,
): number | ImportOptions {
  const usage = readUsage(argv, workspace);
  if (usage.kind === 'import') return usage.options;
  if (usage.kind === 'help') io.out(IMPORT_HELP);
  if (usage.kind === 'schema') io.out(JSON.stringify(interviewJsonSchema(), undefined, 2));
  if (usage.kind !== 'wrong') return DONE;
  io.err(`${usage.why} Nothing was imported; assent import --help tells the options.`);
  return USAGE;
}

interface StoppableIo extends ImportIo {
  readonly signal: AbortSignal;
}

async function importFile(
  deps: ImportDeps,
  options: ImportOptions,
  io: StoppableIo,
): Promise<number> {
  try {
    const result = await run(deps, options, io);
    if (options.json) io.out(JSON.stringify(result));
    else for (const line of reportLines(basename(options.path), result)) io.out(line);
    return DONE;
  } catch (error) {
    if (io.signal.aborted) {
      io.err('Stopped. Rows that are in stay in; run the same command again to continue.');
      return REFUSED;
    }
    if (!isForPeople(error)) throw error;
    io.err(error.message);
    return REFUSED;
  }
}

const isForPeople = (error: unknown): error is Error =>
  error instanceof Refusal || error instanceof CsvRefused || error instanceof InterviewFault;

async function run(
  deps: ImportDeps,
  options: ImportOptions,
  io: StoppableIo,
): Promise<ImportResult> {
  const { path, columns, interview, by = loginName(), ...answers } = options;
  const answered = interview === undefined ? undefined : await readInterview(interview);
  const csv = await openCsv(path, { bytesMax: FILE_BYTES_MAX, mapping: columns });
  try {
    return await importContacts(deps, {
      ...answers,
      csv,
      by,
      interview: answered,
      fileName: basename(path),
      rejects: openRejectFile(await rejectPathOf(path, deps.home), csv.headers),
      openOptIn: await optInOpener(deps, options.workspace, by),
      onProgress: teller(deps, io),
      signal: io.signal,
    });
  } finally {
    await csv.close();
  }
}

/** A request needs somebody who can approve it, so without Slack none is opened. */
async function optInOpener(
  deps: Deps,
  workspace: string,
  by: string,
): Promise<ImportInput['openOptIn']> {
  if ((await deps.settings(workspace)).channel === '') return undefined;
  const operator = { workspace, by, isOperator: true };
  return (batch, interview) => openImportRequest(deps, operator, batch, interview);
}

/** `contacts.rejects.csv` beside `contacts.csv`, or in a folder of ours if nothing can be put there. */
async function rejectPathOf(path: string, home: string | undefined): Promise<string> {
  const name = `${basename(path, extname(path))}.rejects.csv`;
  const folder = dirname(path);
  const isWritable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  return join(isWritable ? folder : (home ?? tmpdir()), name);
}

function teller({ now }: Deps, io: ImportIo): NonNullable<ImportInput['onProgress']> {
  let toldAt = now().getTime();
  return ({ rows, rejected }) => {
    const at = now().getTime();
    if (at - toldAt < PROGRESS_MS) return;
    toldAt = at;
    const left = rejected === 0 ? '' : `, ${rejected.toLocaleString('en')} not taken`;
    io.err(`${rows.toLocaleString('en')} rows${left} …`);
  };
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
}

/** The first Ctrl-C ends the import in good order; a second one ends the process. */
async function stoppable(
  io: ImportIo,
  act: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  if (io.signal !== undefined) return act(io.signal);
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await act(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
