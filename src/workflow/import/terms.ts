/**
 * Import terms: what the importer answered, checked before anything is read. Sources that can never
 * be opted in are refused, and the refusal is put on record.
 */
import { randomBytes } from 'node:crypto';
import { canonicalHash } from '../../consent/canonical.ts';
import { type ColumnMapping, type ColumnRole, mapColumns } from '../../consent/columns.ts';
import { CsvRefused } from '../../consent/csv-refused.ts';
import type { Interview } from '../../consent/interview.ts';
import { permittedInterview, provenanceHash } from '../../consent/provenance.ts';
import { Refusal } from '../../consent/refusal.ts';
import { TAG_LETTERS_MAX, textFault } from '../../consent/row-cells.ts';
import { nameKey, tagId } from '../../store/audiences.ts';
import { findDayFirst } from '../../store/csv/date-order.ts';
import type { CsvFile } from '../../store/csv/file.ts';
import type { NewEntry } from '../../store/ledger.ts';
import type { Deps } from '../deps.ts';
import type { FirstPermission } from './rules.ts';

const ID_BYTES = 6;

export interface ImportAnswers {
  readonly workspace: string;
  readonly csv: CsvFile;
  /** Did these people give permission to be mailed? There is no default. */
  readonly permission: 'yes' | 'no';
  /** How the addresses were obtained; needed for "yes", and not looked at for "no". */
  readonly interview?: Interview | undefined;
  /** Names of tags that every contact gets. */
  readonly tags: readonly string[];
  /** What columns hold, header → role, where it is not as the file was opened with. */
  readonly columns?: Readonly<Record<string, ColumnRole>> | undefined;
  /** True if `04/03/2025` is the 4th of March; undefined: as the dates of the file tell. */
  readonly dayFirst?: boolean | undefined;
  /** Slack user id, or the name of an operator. */
  readonly by: string;
  readonly dryRun: boolean;
}

export interface ImportTerms {
  readonly permission: 'yes' | 'no';
  readonly interview: Interview | undefined;
  readonly provenance: NonNullable<NewEntry['provenance']> | undefined;
  readonly granted: FirstPermission['granted'];
  /** True if new addresses wait for an approver: the source is "other", or the request must ask. */
  readonly needsApprover: boolean;
  readonly tags: readonly string[];
  readonly columns: ColumnMapping;
  readonly dayFirst: boolean | undefined;
  /** SHA-256 (hex) of all of this: a continued import has the same. */
  readonly hash: string;
}

/**
 * @throws Refusal `permission_unanswered`, `interview_missing`, `provenance_incomplete`,
 *   `provenance_refused`, `tag_not_usable`; CsvRefused if the columns are not clear
 */
export async function checkTerms(deps: Deps, answers: ImportAnswers): Promise<ImportTerms> {
  const { workspace, csv, permission, dayFirst: givenDayFirst } = answers;
  if (!isAnswer(permission)) throw new Refusal('permission_unanswered');
  const tags = checkedTags(answers.tags);
  const columns = checkedColumns(answers);
  const attested = permission === 'yes' ? await attestation(deps, answers) : NOTHING_ATTESTED;
  const dayFirst = givenDayFirst ?? (await findDayFirst(csv, columns));
  const hash = canonicalHash({
    permission,
    provenance: attested.provenance?.hash,
    tags: tags.map((name) => tagId(workspace, name)).toSorted(),
    columns: columns.roles,
    dayFirst,
  });
  return { permission, ...attested, tags, columns, dayFirst, hash };
}

/** There is no default, and doors may bring us anything. */
const isAnswer = (permission: unknown): boolean => permission === 'yes' || permission === 'no';

type Attestation = Pick<ImportTerms, 'interview' | 'provenance' | 'granted' | 'needsApprover'>;

const NOTHING_ATTESTED: Attestation = {
  interview: undefined,
  provenance: undefined,
  granted: 'non-marketable',
  needsApprover: false,
};

async function attestation(deps: Deps, answers: ImportAnswers): Promise<Attestation> {
  if (answers.interview === undefined) throw new Refusal('interview_missing');
  try {
    const { interview, mustAsk, ...found } = permittedInterview(answers.interview, deps.now());
    const needsApprover = found.needsApprover || mustAsk;
    return {
      interview,
      provenance: provenanceOf(interview),
      granted: needsApprover ? 'non-marketable' : 'single-opt-in',
      needsApprover,
    };
  } catch (error) {
    const isRefused = error instanceof Refusal && error.code === 'provenance_refused';
    if (isRefused && !answers.dryRun) await recordRefusal(deps, answers, answers.interview);
    throw error;
  }
}

function provenanceOf(interview: Interview): NonNullable<NewEntry['provenance']> {
  return { source: interview.source, hash: provenanceHash(interview) };
}

/** A refusal is proof too: who tried it, with which file, and what source they named. */
async function recordRefusal(
  { database, now }: Deps,
  { workspace, by, csv }: ImportAnswers,
  interview: Interview,
): Promise<void> {
  const id = `b_${randomBytes(ID_BYTES).toString('hex')}`;
  const entry: NewEntry = {
    _id: `${id}.refuse`,
    act: 'refuse-request',
    cause: { kind: 'import', id },
    who: by,
    provenance: provenanceOf(interview),
    facts: { source: interview.source, fileHash: csv.sha256 },
    at: now(),
    addresses: [],
  };
  await database.inTransaction((tx) => database.of(workspace).ledger.append([entry], tx));
}

function checkedTags(names: readonly string[]): string[] {
  const tags = names.map((name) => name.trim());
  const isUsable = (tag: string) =>
    nameKey(tag) !== '' && textFault(tag, TAG_LETTERS_MAX) === undefined;
  if (!tags.every(isUsable)) throw new Refusal('tag_not_usable');
  return tags;
}

function checkedColumns({ csv, columns: given }: ImportAnswers): ColumnMapping {
  if (given === undefined) return csv.columns;
  const columns = mapColumns(csv.headers, given, csv.sample);
  const [first] = columns.faults;
  if (first === undefined) return columns;
  const detail = columns.faults.map(({ sentence }) => sentence).join(' ');
  throw new CsvRefused(first.code, detail, { columns });
}
