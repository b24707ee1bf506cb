/**
 * Reject file: gives back the rows of an import that were not taken, or not whole, and says why.
 *
 * It is CSV itself, so that somebody can mend the rows in a spreadsheet and import that file. A
 * spreadsheet would run a cell like `=HYPERLINK(…)` as a formula; such cells get a `'` in front,
 * which consent/row.ts takes off again. It holds personal data: only its owner may read it.
 */
import { type FileHandle, open } from 'node:fs/promises';

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
  /** `count` 0: nothing was written and there is no file. */
  close(): Promise<{ readonly path: string; readonly count: number }>;
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
  let handle: FileHandle | undefined;
  let waiting = `${BYTE_ORDER_MARK}${lineOf(['line', 'column', 'reason', ...headers])}`;
  let count = 0;

  async function flush(): Promise<void> {
    handle ??= await openPrivate(path);
    const text = waiting;
    waiting = '';
    await handle.writeFile(text);
  }

  return {
    async add({ line, column, reason, cells }) {
      count++;
      waiting += lineOf([String(line), column, reason, ...cells]);
      if (waiting.length >= BUFFER_LENGTH) await flush();
    },
    async close() {
      try {
        if (count > 0) await flush();
      } finally {
        await handle?.close();
      }
      return { path, count };
    },
  };
}

/** The mode is set again, since an older file at this place keeps its own. */
async function openPrivate(path: string): Promise<FileHandle> {
  const handle = await open(path, 'w', MODE);
  await handle.chmod(MODE);
  return handle;
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
