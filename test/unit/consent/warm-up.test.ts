/** Warm-up: a cap for each of the first days, then none. */
import { expect, it } from '@jest/globals';
import { dailyCap, dayOf, nextDay, WARM_UP_MAILS } from '../../../src/consent/warm-up.ts';

const FROM = new Date('2026-11-20T00:00:00Z');

it('is off where no first day is named', () => {
  expect(dailyCap(undefined, FROM)).toBeUndefined();
});

it.each([
  ['2026-11-19T23:59:59Z', 0],
  ['2026-11-20T00:00:00Z', 50],
  ['2026-11-20T23:59:59Z', 50],
  ['2026-11-21T00:00:00Z', 100],
  ['2026-12-03T12:00:00Z', 150_000],
  ['2026-12-04T00:00:00Z', undefined],
  ['2027-12-04T00:00:00Z', undefined],
])('at %s the cap is %s', (now, cap) => {
  expect(dailyCap(FROM, new Date(now))).toBe(cap);
});

it('grows every day, never by more than two and a half times', () => {
  for (const [index, mails] of WARM_UP_MAILS.slice(1).entries()) {
    const before = WARM_UP_MAILS[index] ?? 0;
    expect(mails).toBeGreaterThan(before);
    expect(mails / before).toBeLessThanOrEqual(2.5);
  }
});

it('names its days by UTC and knows when the next begins', () => {
  const now = new Date('2026-12-31T23:30:00Z');
  expect([dayOf(now), nextDay(now).toISOString()]).toEqual([
    '2026-12-31',
    '2027-01-01T00:00:00.000Z',
  ]);
});
