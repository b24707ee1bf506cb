/**
 * Import finish: when all rows are in: what is on file now, the tags counted anew, a request for an
 * approver if the source calls for one, and the end on record. Safe to run again after a crash.
 */
import { EMAIL_FIELDS, membershipKey } from '../../consent/audience.ts';
import type { Interview } from '../../consent/interview.ts';
import { Refusal } from '../../consent/refusal.ts';
import type { Store } from '../../store/database.ts';
import type { ImportCounts, ImportDocument } from '../../store/imports.ts';
import type { Tx } from '../../store/scoped.ts';
import type { Deps } from '../deps.ts';
import { endEntry, type ImportWork } from './batch.ts';

/** Tags that are counted at the same time. */
const TAGS_AT_ONCE = 8;
/** Slack's ids of people; imports from the command line are made by other names. */
const SLACK_USER = /^[UW][A-Z0-9]{2,}$/;

/** Opens an opt-in request over a batch and returns its id; the same batch opens no second one. */
export type OpenOptIn = (batch: string, interview: Interview) => Promise<string>;

export interface Ending {
  readonly batch: ImportDocument;
  readonly work: ImportWork;
  readonly tags: ReadonlySet<string>;
  readonly open: OpenOptIn | undefined;
}

/** What came of an import, or would come of it. */
export interface ImportOutcome {
  readonly batch: string | null;
  readonly counts: ImportCounts;
  readonly permissions: Readonly<Record<string, number>>;
  readonly request?: string | undefined;
  /** Why no request was opened, though one was called for. */
  readonly requestRefused?: Refusal | undefined;
}

/** @throws Refusal `import_running` if the lease was lost meanwhile */
export async function finishImport(deps: Deps, ending: Ending): Promise<ImportOutcome> {
  const { batch, work, tags } = ending;
  const { _id: id, by, counts } = batch;
  const store = deps.database.of(batch.workspace);
  await countTags(store, tags);
  const { request, requestRefused } = await openRequest(ending);
  const keys = EMAIL_FIELDS.map((field) => membershipKey({ kind: 'batch', id }, field));
  const permissions = await store.importAddresses.countPermissions(keys);
  const at = deps.now();
  const result = { state: 'done' as const, finishedAt: at, permissions };
  const requested = request === undefined ? {} : { request };
  await deps.database.inTransaction(async (tx) => {
    const ended = await store.imports.end(id, work.token, { ...result, ...requested }, tx);
    if (ended === null) throw new Refusal('import_running');
    await store.ledger.append([endEntry(ended, at)], tx);
    await announce(store, ended, at, tx);
  });
  if (isSlackUser(by)) await deps.queue.wakeAnnouncer();
  return { batch: id, counts, permissions, request, requestRefused };
}

async function announce(store: Store, { _id, by }: ImportDocument, at: Date, tx: Tx) {
  if (!isSlackUser(by)) return;
  const about = { kind: 'import' as const, id: _id };
  await store.announcements.want({ kind: 'direct-import', about, to: by }, at, tx);
}

const isSlackUser = (by: string): boolean => SLACK_USER.test(by);

/** The rows are in whatever comes of the request, so a refusal of it does not stop the import. */
async function openRequest({
  batch: { _id: batch },
  work: { terms },
  open,
}: Ending): Promise<Pick<ImportOutcome, 'request' | 'requestRefused'>> {
  if (!terms.needsApprover || terms.interview === undefined || open === undefined) return {};
  try {
    return { request: await open(batch, terms.interview) };
  } catch (error) {
    if (error instanceof Refusal) return { requestRefused: error };
    throw error;
  }
}

async function countTags({ contacts, audiences }: Store, tags: ReadonlySet<string>): Promise<void> {
  const waiting = tags.values();
  const work = async () => {
    for (const tag of waiting) await audiences.setTagContacts(tag, await contacts.countTagged(tag));
  };
  await Promise.all(Array.from({ length: Math.min(TAGS_AT_ONCE, tags.size) }, work));
}
