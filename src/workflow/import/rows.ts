/**
 * Import rows: reads a CSV file into chunks of rows with the ids that they mean, and puts what
 * cannot be taken into the reject file.
 *
 * A continued import reads the rows that are done once more, so that the reject file is whole and
 * repeated addresses are known, but gives none of them out.
 */
import { setImmediate } from 'node:timers/promises';
import type { ColumnMapping } from '../../consent/columns.ts';
import { readRow } from '../../consent/row.ts';
import { addressId } from '../../store/address-document.ts';
import { tagId } from '../../store/audiences.ts';
import { contactId } from '../../store/contacts.ts';
import type { CsvFile } from '../../store/csv/file.ts';
import type { CsvRow } from '../../store/csv/splitter.ts';
import type { RejectFile } from '../../store/reject-file.ts';
import { IdTable } from './ids.ts';
import type { ImportRow } from './merge.ts';
import type { Chunk } from './plan.ts';

/** After so many rows others get a turn: the answers of the database to the chunk before. */
const SLICE_ROWS = 100;
type Reject = Parameters<RejectFile['add']>[0];

const NO_REJECTS: readonly Reject[] = [];

export interface RowSource {
  readonly csv: CsvFile;
  readonly columns: ColumnMapping;
  readonly rejects: RejectFile;
  readonly addressKey: Buffer;
  readonly workspace: string;
  /** Names of tags that every row gets. */
  readonly tags: readonly string[];
  readonly dayFirst: boolean | undefined;
  /** A date of consent after this is impossible. */
  readonly now: Date;
  /** Rows that are done already. */
  readonly skip: number;
  readonly signal: AbortSignal | undefined;
}

type Draft = { -readonly [Key in keyof Chunk]: Chunk[Key] } & {
  readonly rows: ImportRow[];
  readonly first: Set<string>;
  readonly newTags: string[];
};

export class RowReader {
  readonly #source: RowSource;
  readonly #addresses = new IdTable();
  /** Every tag so far: as it is written → its id. */
  readonly #tagIds = new Map<string, string>();
  readonly #tags = new Set<string>();
  #draft = emptyDraft();

  constructor(source: RowSource) {
    this.#source = source;
  }

  /** The ids of all tags that were read, of rows that were done before too. */
  get tags(): ReadonlySet<string> {
    return this.#tags;
  }

  /** @throws what reading the file throws; the signal's reason */
  async *chunks(): AsyncGenerator<Chunk, void, undefined> {
    const { csv, skip, signal, rejects } = this.#source;
    let index = 0;
    for await (const rows of csv.rows()) {
      for (const row of rows) {
        if (index % SLICE_ROWS === 0) await setImmediate();
        for (const reject of this.#read(row, index < skip)) await rejects.add(reject);
        index += 1;
      }
      signal?.throwIfAborted();
      const chunk = this.#draft;
      this.#draft = emptyDraft();
      if (chunk.read > 0) yield chunk;
    }
  }

  /** Takes a row; returns what is to be told of it in the reject file. */
  #read(row: CsvRow, isDone: boolean): readonly Reject[] {
    const { columns, now, dayFirst } = this.#source;
    if (!isDone) this.#draft.read += 1;
    if ('fault' in row) {
      if (!isDone) this.#draft.rejected += 1;
      return [{ line: row.line, column: '', reason: row.fault, cells: [row.raw] }];
    }
    const result = readRow(row.cells, columns, { now, dayFirst });
    if (result.ok) this.#take(result.contact, isDone);
    else if (!isDone) this.#draft.rejected += 1;
    const faults = result.ok ? result.notes : [result];
    if (faults.length === 0) return NO_REJECTS;
    const { line, cells } = row;
    return faults.map(({ column, reason }) => ({ line, column, reason, cells }));
  }

  #take(given: ImportRow['given'], isDone: boolean): void {
    const { addressKey, workspace, tags: tagsForAll } = this.#source;
    const addresses = given.addresses.map(({ key }) => addressId(addressKey, workspace, key));
    const tags = this.#idsOfTags([...given.tags, ...tagsForAll], isDone);
    const repeats = addresses.filter((id) => !this.#isFirst(id, isDone)).length;
    if (isDone) return;
    const owner = { key: addressKey, workspace };
    const contact = contactId(owner, given.externalId, addresses[0] ?? '');
    this.#draft.repeats += repeats;
    this.#draft.rows.push({ contact, given, addresses, tags });
  }

  #isFirst(id: string, isDone: boolean): boolean {
    const known = this.#addresses.size;
    this.#addresses.add(id);
    const isFirst = this.#addresses.size > known;
    if (isFirst && !isDone) this.#draft.first.add(id);
    return isFirst;
  }

  #idsOfTags(names: readonly string[], isDone: boolean): string[] {
    const ids = names.map((name) => {
      const id = this.#tagIds.get(name) ?? tagId(this.#source.workspace, name);
      this.#tagIds.set(name, id);
      if (!this.#tags.has(id)) {
        this.#tags.add(id);
        if (!isDone) this.#draft.newTags.push(name);
      }
      return id;
    });
    return ids.length > 1 ? [...new Set(ids)] : ids;
  }
}

function emptyDraft(): Draft {
  return { rows: [], read: 0, rejected: 0, first: new Set(), repeats: 0, newTags: [] };
}
