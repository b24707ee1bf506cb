/** Return counts: what the log says of them. */
import { expect, test } from '@jest/globals';
import { newReturnCounts, watchReturns } from '../../../src/workflow/return-counts.ts';

test('tells what was counted since the last look, and nothing twice', () => {
  const counts = newReturnCounts();
  counts.repeat = 2;
  const watch = watchReturns(counts);
  expect(watch.news()).toBeUndefined();
  counts.repeat += 1;
  counts['hook-refused'] += 4;
  expect(watch.news()).toEqual({ repeat: 1, 'hook-refused': 4 });
  expect(watch.news()).toBeUndefined();
  counts['hook-refused'] += 1;
  expect(watch.news()).toEqual({ 'hook-refused': 1 });
});
