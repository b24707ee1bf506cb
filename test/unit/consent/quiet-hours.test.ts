/** Quiet hours: by the clock on the recipient's wall, also in the nights when it is changed. */
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isClockTime, quietUntil } from '../../../src/consent/quiet-hours.ts';

const NIGHT = { from: '22:00', to: '07:00' };
const NOON = { from: '12:00', to: '13:30' };
const end = (quiet: typeof NIGHT, zone: string | undefined, now: string) =>
  quietUntil(quiet, zone, new Date(now))?.toISOString();

it.each([
  ['Berlin, the minute before', NIGHT, 'Europe/Berlin', '2026-11-23T20:59:59Z', undefined],
  [
    'Berlin, the first minute',
    NIGHT,
    'Europe/Berlin',
    '2026-11-23T21:00:00Z',
    '2026-11-24T06:00:00.000Z',
  ],
  [
    'Berlin, after midnight',
    NIGHT,
    'Europe/Berlin',
    '2026-11-24T02:00:00Z',
    '2026-11-24T06:00:00.000Z',
  ],
  ['Berlin, the end', NIGHT, 'Europe/Berlin', '2026-11-24T06:00:00Z', undefined],
  [
    'Auckland is another day',
    NIGHT,
    'Pacific/Auckland',
    '2026-11-23T10:00:00Z',
    '2026-11-23T18:00:00.000Z',
  ],
  [
    'Kathmandu, a quarter past',
    NIGHT,
    'Asia/Kathmandu',
    '2026-11-23T17:00:00Z',
    '2026-11-24T01:15:00.000Z',
  ],
  ['no zone is UTC', NIGHT, undefined, '2026-11-23T23:00:00Z', '2026-11-24T07:00:00.000Z'],
  [
    'a zone that is none is UTC',
    NIGHT,
    'Mars/Olympus',
    '2026-11-23T23:00:00Z',
    '2026-11-24T07:00:00.000Z',
  ],
  // 29 March 2026: Berlin's night is an hour short; 25 October: an hour long.
  ['spring forward', NIGHT, 'Europe/Berlin', '2026-03-28T22:00:00Z', '2026-03-29T05:00:00.000Z'],
  ['fall back', NIGHT, 'Europe/Berlin', '2026-10-24T21:00:00Z', '2026-10-25T06:00:00.000Z'],
  [
    'an end that does not exist',
    { from: '22:00', to: '02:30' },
    'Europe/Berlin',
    '2026-03-29T00:30:00Z',
    '2026-03-29T01:30:00.000Z',
  ],
  ['by day, within', NOON, 'Europe/Berlin', '2026-11-23T11:30:00Z', '2026-11-23T12:30:00.000Z'],
  ['by day, before', NOON, 'Europe/Berlin', '2026-11-23T10:59:00Z', undefined],
  [
    'equal times are none',
    { from: '08:00', to: '08:00' },
    'UTC',
    '2026-11-23T08:00:00Z',
    undefined,
  ],
  ['nonsense is none', { from: '25:00', to: '07:00' }, 'UTC', '2026-11-23T03:00:00Z', undefined],
])('%s', (_what, quiet, zone, now, expected) => {
  expect(end(quiet, zone, now)).toBe(expected);
});

it('is none where none are set', () => {
  expect(quietUntil(undefined, 'UTC', new Date())).toBeUndefined();
});

it('always ends, within a day and an hour, and not in other quiet hours', () => {
  const clock = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'];
  fc.assert(
    fc.property(
      clock,
      clock,
      fc.constantFrom(...zones),
      fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
      (from, until, zone, now) => {
        const ends = quietUntil({ from, to: until }, zone, now);
        if (ends === undefined) return;
        expect(ends.getTime()).toBeGreaterThan(now.getTime());
        expect(ends.getTime() - now.getTime()).toBeLessThanOrEqual(25 * 60 * 60_000);
      },
    ),
  );
});

it.each([
  ['07:30', true],
  ['00:00', true],
  ['23:59', true],
  ['24:00', false],
  ['7:30', false],
  ['07:60', false],
])('%s is a time of day: %s', (text, expected) => {
  expect(isClockTime(text)).toBe(expected);
});
