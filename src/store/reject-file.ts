/**
 * Reject file: gives back the rows of an import that were not taken, or not whole, and says why.
 *
 * It is CSV itself, so that somebody can mend the rows in a spreadsheet and import that file. A
 * spreadsheet would run a cell like `=HYPERLINK(…)` as a formula; such cells get a `'` in front,
 * which consent/row.ts takes off again. It holds personal data: only its owner may read it.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Reject {
  /** The physical line of the imported file on which the row starts. */
  readonly line: number;
  /** The column at fault; empty if it is the row. */
  readonly column: string;
  readonly reason: string;
  /** The row as it came; one cell with its text if it could not be split. */
  readonly cells: readonly string[];
}

export interface RejectFile {
  add(reject: Reject): Promise<void>;
  /** `count` 0: nothing was written and there is no file. No path: nobody finds it on the disk. */
  close(): Promise<{ readonly path?: string; readonly count: number }>;
}

/** Rejects for one reader, who gets them by another way than the disk. */
export interface PassingRejects extends RejectFile {
  /** The whole file; empty before it is closed, and if there was nothing to write. */
  content(): Buffer;
}

/** So much is gathered before it is written. */
const BUFFER_LENGTH = 64 * 1024;
const MODE = 0o600;
/** Without it Excel takes UTF-8 for the local code page. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * A file at `path` is overwritten with the first reject, and not touched without one. `headers` are
 * those of the imported file; add one reject after the other.
 */
export function openRejectFile(path: string, headers: readonly string[] = ['row']): RejectFile {
  const lines = gather({ headers, says: asItIs, opened: () => openPrivate(path) });
  return {
    add: lines.add,
    close: async () => ({ path, count: await lines.close(leaveIt) }),
  };
}

/**
 * The same without a name on the disk: whatever ends the process ends the file too, so that no
 * personal data is left behind. @param says a reason, as its reader shall read it
 */
export function openPassingRejects(
  headers: readonly string[],
  says: (reason: string) => string,
): PassingRejects {
  let content: Buffer = Buffer.alloc(0);
  const lines = gather({ headers, says, opened: openNameless });
  return {
    add: lines.add,
    async close() {
      const count = await lines.close(async (handle) => {
        content = await readWhole(handle);
      });
      return { count };
    },
    content: () => content,
  };
}

interface Gathering {
  readonly headers: readonly string[];
  readonly says: (reason: string) => string;
  readonly opened: () => Promise<FileHandle>;
}

const asItIs = (reason: string): string => reason;
const leaveIt = async (): Promise<void> => {};

function gather({ headers, says, opened }: Gathering) {
  let handle: FileHandle | undefined;
  let waiting = `${BYTE_ORDER_MARK}${lineOf(['line', 'column', 'reason', ...headers])}`;
  let count = 0;

  async function flush(): Promise<void> {
    handle ??= await opened();
    const text = waiting;
    waiting = '';
    await handle.writeFile(text);
  }

  return {
    async add({ line, column, reason, cells }: Reject): Promise<void> {
      count++;
      waiting += lineOf([String(line), column, says(reason), ...cells]);
      if (waiting.length >= BUFFER_LENGTH) await flush();
    },
    async close(finish: (handle: FileHandle) => Promise<void>): Promise<number> {
      try {
        if (count > 0) await flush();
        if (handle !== undefined) await finish(handle);
      } finally {
        await handle?.close();
      }
      return count;
    },
  };
}

/** The mode is set again, since an older file at this place keeps its own. */
async function openPrivate(path: string): Promise<FileHandle> {
  const handle = await open(path, 'w', MODE);
  await handle.chmod(MODE);
  return handle;
}

async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `assent-rejects-${randomUUID()}.csv`);
  const handle = await open(path, 'wx+', MODE);
  await unlink(path);
  return handle;
}

async function readWhole(handle: FileHandle): Promise<Buffer> {
  const { size } = await handle.stat();
  const content = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await handle.read(content, at, size - at, at);
    assert(bytesRead > 0, 'the file is ours alone, so nobody makes it shorter');
    at += bytesRead;
  }
  return content;
}

const lineOf = (cells: readonly string[]): string => `${cells.map(cellOf).join(',')}\r\n`;

const cellOf = (text: string): string => `"${defused(text).replaceAll('"', '""')}"`;

/** What spreadsheets take for a formula, full-width forms too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
/** The same behind a delimiter, where a spreadsheet that expects another one starts a new cell. */
const INNER_FORMULA = /([;\t|\r\n]["' ]*)([=+\-@＝＋－＠])/g;

function defused(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return safe.replaceAll(INNER_FORMULA, "$1'$2");
}
