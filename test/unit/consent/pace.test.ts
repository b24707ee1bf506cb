/** Pace: halved when a provider asks for less, back by a tenth a minute, within its bounds. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  asksToSlow,
  CLEAN_MS,
  PER_SECOND_MIN,
  rateNow,
  SLOWED_ONCE_MS,
  slowDown,
} from '../../../src/consent/pace.ts';

const NOW = new Date('2026-11-23T09:00:00Z');
const after = (ms: number) => new Date(NOW.getTime() + ms);

it('holds nothing back before anybody asked', () => {
  expect(rateNow(undefined, 10, NOW)).toBeUndefined();
});

it('halves, counts what is said at once as said once, and halves again after that', () => {
  const once = slowDown(undefined, 40, NOW);
  expect(once).toEqual({ perSecond: 20, at: NOW });
  expect(slowDown(once, 40, after(SLOWED_ONCE_MS - 1))).toBe(once);
  expect(slowDown(once, 40, after(SLOWED_ONCE_MS)).perSecond).toBe(10);
});

it.each([
  [0, 20],
  [59_999, 20],
  [60_000, 22],
  [120_000, 24.2],
  [7 * CLEAN_MS, 38.97],
  [8 * CLEAN_MS, undefined],
])('after %d ms of quiet, 20 of 40 a second have become %s', (ms, rate) => {
  const now = rateNow({ perSecond: 20, at: NOW }, 40, after(ms));
  expect(now === undefined ? undefined : Math.round(now * 100) / 100).toBe(rate);
});

it('stays between the floor and the limit, whatever is said and whenever', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 500, noNaN: true }),
      fc.array(fc.integer({ min: 0, max: 900_000 }), { maxLength: 40 }),
      (limit, gaps) => {
        let at = NOW.getTime();
        let slowed = slowDown(undefined, limit, NOW);
        for (const gap of gaps) {
          at += gap;
          const before = rateNow(slowed, limit, new Date(at)) ?? limit;
          slowed = slowDown(slowed, limit, new Date(at));
          const rate = rateNow(slowed, limit, new Date(at)) ?? limit;
          expect(rate).toBeLessThanOrEqual(before);
          expect(rate).toBeGreaterThanOrEqual(Math.min(PER_SECOND_MIN, limit));
        }
      },
    ),
  );
});

describe('what asks for less', () => {
  it.each([
    ['421 4.7.28 Unusual rate', '4.7.28', true],
    ['421 Too many connections', undefined, true],
    ['451 4.7.650 throttled', '4.7.650', true],
    ['450 4.2.1 Mailbox busy', '4.2.1', false],
    ['451 4.7.1 Greylisted, come back', '4.7.1', false],
    ['452 4.2.2 Full', '4.2.2', false],
    ['554 5.7.1 No', '5.7.1', false],
    ['450 said 421 times', undefined, false],
  ])('%s', (reply, enhanced, expected) => {
    expect(asksToSlow({ reply, enhanced })).toBe(expected);
  });
});
