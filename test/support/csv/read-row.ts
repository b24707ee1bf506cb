/** Read row: reads one row whose columns are called as what they hold. */
import { type ColumnRole, isColumnRole } from '../../../src/consent/columns.ts';
import {
  type ImportedContact,
  type RowNote,
  type RowResult,
  readRow,
} from '../../../src/consent/row.ts';

export const NOW = new Date('2026-03-10T12:00:00Z');

export type Row = Partial<Record<ColumnRole, string>>;

/** The columns stand in the order of the keys. */
export function read(row: Row, dayFirst?: boolean): RowResult {
  const roles = Object.keys(row).filter(isColumnRole);
  const mapping = { headers: roles, roles, unknown: [], faults: [] };
  const cells = roles.map((role) => row[role] ?? '');
  return readRow(cells, mapping, { now: NOW, dayFirst });
}

const readGood = (row: Row, dayFirst?: boolean): RowResult =>
  read({ email: 'ann@example.org', ...row }, dayFirst);

/** The contact of a row that has an address, which is left out. */
export function contact(row: Row, dayFirst?: boolean): Omit<ImportedContact, 'addresses'> {
  const result = readGood(row, dayFirst);
  if (!result.ok) throw new Error(`rejected: ${result.column}: ${result.reason}`);
  const { addresses: _, ...others } = result.contact;
  return others;
}

export function notes(row: Row): readonly RowNote[] | 'rejected' {
  const result = readGood(row);
  return result.ok ? result.notes : 'rejected';
}

/** `column: reason`, or `taken`. */
export function rejected(row: Row, dayFirst?: boolean): string {
  const result = readGood(row, dayFirst);
  return result.ok ? 'taken' : `${result.column}: ${result.reason}`;
}
