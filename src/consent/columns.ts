/**
 * Columns: what each column of an imported file holds.
 *
 * Known by the words of its header (column-words.ts), or said by somebody, which wins. Nothing is
 * guessed: two columns that look like the same thing, or none that looks like an e-mail address,
 * are faults, and somebody is asked.
 */
import { canonicalAddress } from './address.ts';
import { EMAIL_FIELDS } from './audience.ts';
import { emailRank, NAME_PAIRS, plainWord, roleOfWord } from './column-words.ts';

export const COLUMN_ROLES = [
  ...EMAIL_FIELDS,
  'firstName',
  'lastName',
  'name',
  'tags',
  'language',
  'timeZone',
  'consentDate',
  'status',
  'unsubscribed',
  'bounced',
  'externalId',
  'ignore',
] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/** How a sentence says it. */
const MEANINGS: Readonly<Record<ColumnRole, string>> = {
  email: 'the e-mail address',
  email2: 'the second e-mail address',
  email3: 'the third e-mail address',
  firstName: 'the first name',
  lastName: 'the last name',
  name: 'the whole name',
  tags: 'tags',
  language: 'the language',
  timeZone: 'the time zone',
  consentDate: 'the date of consent',
  status: 'the status in the old system',
  // Yes, no, or the date on which it happened.
  unsubscribed: 'whether somebody unsubscribed',
  bounced: 'whether mail came back for good',
  externalId: 'the id in the old system',
  ignore: 'nothing of use',
};

/** Several columns may hold these. */
const SHARED: ReadonlySet<ColumnRole> = new Set<ColumnRole>(['tags', 'ignore']);

interface ColumnFault {
  readonly code: 'no-email-column' | 'unknown-column';
  readonly sentence: string;
  /** What to do, where more is known than the code tells. */
  readonly todo?: string;
}

export interface ColumnMapping {
  /** As in the file, by index, trimmed. */
  readonly headers: readonly string[];
  /** By index. */
  readonly roles: readonly ColumnRole[];
  /** Headers that told nothing and are ignored. */
  readonly unknown: readonly string[];
  /** With any of these the file cannot be imported. */
  readonly faults: readonly ColumnFault[];
}

/** What somebody said: header → what it holds. Case, accents and punctuation do not matter. */
export type GivenColumns = Readonly<Record<string, ColumnRole>>;

/** `sample`: some rows, to suggest a column if no header says "e-mail". */
export function mapColumns(
  headers: readonly string[],
  given: GivenColumns = {},
  sample: readonly (readonly string[])[] = [],
): ColumnMapping {
  const draft = new Draft(headers.map((header) => header.trim()));
  for (const [column, role] of Object.entries(given)) draft.give(column, role);
  draft.readEmailWords();
  draft.readOtherWords();
  draft.checkDuplicates();
  draft.checkEmail(sample);
  return draft.finished();
}

/** True for the names that `given` may use; what comes from a command line may be anything. */
export function isColumnRole(text: string): text is ColumnRole {
  return Object.hasOwn(MEANINGS, text);
}

/** A mapping in the making; each step only fills what the steps before left open. */
class Draft {
  readonly #headers: readonly string[];
  readonly #words: readonly string[];
  readonly #roles: (ColumnRole | undefined)[];
  readonly #given = new Set<number>();
  readonly #faults: ColumnFault[] = [];

  constructor(headers: readonly string[]) {
    this.#headers = headers;
    this.#words = headers.map(plainWord);
    this.#roles = headers.map(() => undefined);
  }

  give(column: string, role: string): void {
    const found = this.#find(column);
    if (!isColumnRole(role)) {
      this.#fault(
        `"${shortened(role)}" is not known; it must be one of ${COLUMN_ROLES.join(', ')}.`,
      );
    } else if (found.length === 0) {
      this.#fault(`There is no column ${quoted(column)}.`);
    } else if (found.length > 1) {
      this.#fault(`There are ${found.length} columns ${quoted(column)}; rename them in the file.`);
    } else {
      for (const index of found) {
        this.#roles[index] = role;
        this.#given.add(index);
      }
    }
  }

  #find(column: string): number[] {
    const wanted = column.trim();
    const exact = indexes(this.#headers, (header) => header === wanted);
    if (exact.length > 0) return exact;
    const word = plainWord(wanted);
    return word === '' ? [] : indexes(this.#words, (each) => each === word);
  }

  /** `Email`, then `Email 2`, then those that are only called further ones; at most three. */
  readEmailWords(): void {
    const free = EMAIL_FIELDS.filter((field) => !this.#roles.includes(field));
    const ranked = this.#headers
      .map((header, index) => ({ index, rank: emailRank(header) }))
      .filter(({ index, rank }) => rank !== undefined && this.#roles[index] === undefined)
      .map(({ index, rank }) => ({ index, order: typeof rank === 'number' ? rank : Infinity }))
      .toSorted((a, b) => (a.order === b.order ? a.index - b.index : a.order - b.order));
    free.forEach((field, at) => {
      const column = ranked[at];
      if (column !== undefined) this.#roles[column.index] = field;
    });
  }

  readOtherWords(): void {
    const said = new Set(this.#roles.filter((role) => role !== undefined));
    this.#headers.forEach((header, index) => {
      if (this.#roles[index] !== undefined || emailRank(header) !== undefined) return;
      const role = this.#half(index) ?? roleOfWord(header);
      // Somebody said which column holds it, so this one is something else.
      if (role !== undefined && (SHARED.has(role) || !said.has(role))) this.#roles[index] = role;
    });
  }

  /** `Nom` is the last name where there is a `Prénom`. */
  #half(index: number): ColumnRole | undefined {
    const pair = NAME_PAIRS.find(({ name }) => name === this.#words[index]);
    return pair?.besides.some((word) => this.#words.includes(word)) ? pair.means : undefined;
  }

  checkDuplicates(): void {
    for (const role of COLUMN_ROLES) {
      const found = indexes(this.#roles, (each) => each === role);
      if (found.length < 2 || SHARED.has(role)) continue;
      const names = found.map((index) => this.#nameOf(index)).join(' and ');
      this.#fault(`The columns ${names} both seem to hold ${MEANINGS[role]}.`);
    }
  }

  checkEmail(sample: readonly (readonly string[])[]): void {
    if (EMAIL_FIELDS.some((field) => this.#roles.includes(field))) return;
    const isHeaderMissing = this.#headers.some(isAddress);
    this.#faults.push(
      isHeaderMissing
        ? HEADER_MISSING
        : { code: 'no-email-column', sentence: this.#whereEmailMayBe(sample) },
    );
  }

  #whereEmailMayBe(sample: readonly (readonly string[])[]): string {
    const likely = indexes(this.#headers, (_, index) => isMostlyAddresses(sample, index));
    if (likely.length > 0) {
      const names = likely.map((index) => this.#nameOf(index)).join(' and ');
      return `By its content it may be ${names}.`;
    }
    const names = this.#headers.map((_, index) => this.#nameOf(index));
    const shown = names.slice(0, NAMES_SHOWN_MAX).join(', ');
    return `Its columns are ${shown}${names.length > NAMES_SHOWN_MAX ? ', …' : ''}.`;
  }

  #fault(sentence: string): void {
    this.#faults.push({ code: 'unknown-column', sentence });
  }

  #nameOf(index: number): string {
    const header = this.#headers[index] ?? '';
    return header === '' || header.includes('@') ? `number ${index + 1}` : quoted(header);
  }

  finished(): ColumnMapping {
    const unknown = this.#headers.filter(
      (header, index) => header !== '' && this.#roles[index] === undefined,
    );
    const roles = this.#roles.map((role) => role ?? 'ignore');
    return { headers: this.#headers, roles, unknown, faults: this.#faults };
  }
}

const HEADER_MISSING: ColumnFault = {
  code: 'no-email-column',
  sentence: 'The first line holds an e-mail address, so the header line seems to be missing.',
  todo: 'Put a line with the names of the columns before it.',
};

/** Columns named in one sentence, and letters of each. */
const NAMES_SHOWN_MAX = 12;
const NAME_LETTERS_MAX = 40;

const shortened = (text: string): string =>
  text.length > NAME_LETTERS_MAX ? `${text.slice(0, NAME_LETTERS_MAX)}…` : text;

/** A header goes into a sentence that may be logged; one that is an address must not. */
const quoted = (header: string): string =>
  header.includes('@') ? '"…@…"' : `"${shortened(header)}"`;

function indexes<T>(list: readonly T[], isWanted: (item: T, index: number) => boolean): number[] {
  return list.flatMap((item, index) => (isWanted(item, index) ? [index] : []));
}

const isAddress = (text: string): boolean => canonicalAddress(text).ok;

/** True if more than half of the cells that hold anything hold an address. */
function isMostlyAddresses(sample: readonly (readonly string[])[], index: number): boolean {
  const filled = sample.map((row) => row[index] ?? '').filter((cell) => cell.trim() !== '');
  return filled.filter(isAddress).length * 2 > filled.length;
}
