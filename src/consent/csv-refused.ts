/**
 * CsvRefused: a file that cannot be imported at all.
 *
 * Like a refusal its message is for people: what happened, that nothing was changed, what to do.
 * It holds no cell of the file, since a header that is missing would be somebody's address.
 */
import type { ColumnMapping } from './columns.ts';

const SENTENCES = {
  'not-text': {
    happened: 'This file is not CSV text.',
    todo: 'Export the contacts as CSV (comma-separated values) and import that file.',
  },
  empty: {
    happened: 'This file holds no contacts.',
    todo: 'Check the export: a header line and at least one row are needed.',
  },
  'too-large': {
    happened: 'This file is too large.',
    todo: 'Split it into smaller files, each with the header line, or raise the limit.',
  },
  'no-email-column': {
    happened: 'No column of this file is known to hold e-mail addresses.',
    todo: 'Say which column does.',
  },
  'unknown-column': {
    happened: 'The columns of this file are not clear.',
    todo: 'Say for each of them what it holds, or that it is to be ignored.',
  },
  unreadable: {
    happened: 'This file cannot be read.',
    todo: 'Check it and try again.',
  },
} as const;

export type CsvRefusedCode = keyof typeof SENTENCES;

export interface CsvRefusedOptions extends ErrorOptions {
  /** What to do, where more is known than the code tells. */
  readonly todo?: string | undefined;
  /** What was understood of the header, so that somebody can be asked about the rest. */
  readonly columns?: ColumnMapping;
}

export class CsvRefused extends Error {
  override readonly name = 'CsvRefused';
  readonly code: CsvRefusedCode;
  /** Private, since loggers write out all public fields and headers may be addresses. */
  readonly #columns: ColumnMapping | undefined;

  /** `detail`: whole sentences on what was found. */
  constructor(code: CsvRefusedCode, detail: string, options: CsvRefusedOptions = {}) {
    const { happened, todo } = SENTENCES[code];
    super(`${happened} ${detail} Nothing was imported. ${options.todo ?? todo}`, options);
    this.code = code;
    this.#columns = options.columns;
  }

  /** With `no-email-column` and `unknown-column`: what was understood of the header. */
  get columns(): ColumnMapping | undefined {
    return this.#columns;
  }
}
