/** Date order: one date of the column settles how all of them are meant. */
import { describe, expect, it } from '@jest/globals';
import { mapColumns } from '../../../src/consent/columns.ts';
import { findDayFirst } from '../../../src/store/csv/date-order.ts';
import { withCsv } from '../../support/csv/open-csv.ts';
import { csvBytes } from '../../support/csv/samples.ts';

describe('the order of day and month', () => {
  const order = (dates: string[], column = 'Opt-in date') =>
    withCsv(csvBytes([['email', column], ...dates.map((date) => ['a@x.org', date])]), (csv) =>
      findDayFirst(csv),
    );

  it.each<[string, string[], boolean | undefined]>([
    ['a day over twelve comes first', ['04/03/2025', '25/03/2025'], true],
    ['a day over twelve comes second', ['04/03/2025', '03/25/2025', '04-05-2025'], false],
    ['both', ['25/03/2025', '03/25/2025'], undefined],
    ['nothing tells', ['04/03/2025', '05/06/2025'], undefined],
    ['other dates', ['2025-03-25', '25.03.2025'], undefined],
    ['far behind', [...Array.from({ length: 5_000 }, () => '04/03/2025'), '25/03/2025'], true],
    ['far behind empty cells', [...Array.from({ length: 5_000 }, () => ''), '03/25/2025'], false],
  ])('%s', async (_, dates, expected) => {
    expect(await order(dates)).toBe(expected);
  });

  it('is of no interest without a date of consent', async () => {
    expect(await order(['25/03/2025'], 'Birthday')).toBeUndefined();
  });

  it('is looked for where somebody says that the date is', async () => {
    const bytes = csvBytes([
      ['email', 'When'],
      ['a@x.org', '25/03/2025'],
    ]);
    await withCsv(bytes, async (csv) => {
      const columns = mapColumns(csv.headers, { When: 'consentDate' });
      expect(await findDayFirst(csv)).toBeUndefined();
      expect(await findDayFirst(csv, columns)).toBe(true);
    });
  });
});
