/**
 * Date order: whether a file writes `04/03/2025` with the day or the month first.
 *
 * One date cannot tell, but all of its column can: `25/03/2025` anywhere settles it. That takes a
 * pass over the whole file, made only if the first rows show such dates.
 */
import { dateOrder } from '../consent/consent-date.ts';
import type { CsvFile } from './csv-file.ts';

/** True or false if the file tells; undefined if it has no such dates, or they contradict. */
export async function findDayFirst(file: CsvFile): Promise<boolean | undefined> {
  const column = file.columns.roles.indexOf('consentDate');
  if (column === -1) return undefined;
  const isInSample = file.sample.some((cells) => dateOrder((cells[column] ?? '').trim()));
  if (!isInSample) return undefined;
  const seen = new Set<string | undefined>();
  for await (const rows of file.rows()) {
    for (const row of rows) {
      if ('cells' in row) seen.add(dateOrder((row.cells[column] ?? '').trim()));
    }
  }
  const isDayFirst = seen.has('day-first');
  return isDayFirst === seen.has('month-first') ? undefined : isDayFirst;
}
