/**
 * Date order: whether a file writes `04/03/2025` with the day or the month first.
 *
 * One date cannot tell, but all of its column can: `25/03/2025` anywhere settles it. That takes a
 * pass over the whole file, spared if the first rows show dates of another kind.
 */
import type { ColumnMapping } from '../../consent/columns.ts';
import { dateOrder } from '../../consent/consent-date.ts';
import type { CsvFile } from './file.ts';

/**
 * True or false if the file tells; undefined if it has no such dates, or they contradict. `columns`:
 * if somebody said since then what they hold.
 */
export async function findDayFirst(
  file: CsvFile,
  columns: Pick<ColumnMapping, 'roles'> = file.columns,
): Promise<boolean | undefined> {
  const column = columns.roles.indexOf('consentDate');
  if (column === -1) return undefined;
  const dates = file.sample.map((cells) => (cells[column] ?? '').trim()).filter(Boolean);
  if (dates.length > 0 && !dates.some(dateOrder)) return undefined;
  const seen = new Set<string | undefined>();
  for await (const rows of file.rows()) {
    for (const row of rows) {
      if ('cells' in row) seen.add(dateOrder((row.cells[column] ?? '').trim()));
    }
  }
  const isDayFirst = seen.has('day-first');
  return isDayFirst === seen.has('month-first') ? undefined : isDayFirst;
}
