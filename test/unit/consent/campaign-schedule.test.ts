/** Campaign schedule: the next run, for any schedule, in any zone, over every change of its clocks. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  isTimeOfDay,
  isTimeZone,
  localDay,
  nextRun,
  RHYTHMS,
  type Schedule,
  ScheduleSchema,
} from '../../../src/consent/campaign-schedule.ts';

const SPRING = '2026-01-01';
const schedule = (over: Partial<Schedule>): Schedule => ({
  rhythm: 'month',
  time: '09:00',
  zone: 'Europe/Berlin',
  from: SPRING,
  ...over,
});
const next = (over: Partial<Schedule>, after: string, quiet?: [string, string, string]) =>
  nextRun(
    schedule(over),
    new Date(after),
    quiet && { from: quiet[0], to: quiet[1], zone: quiet[2] },
  ).toISOString();

describe('the next run', () => {
  it.each<[string, Partial<Schedule>, string, string]>([
    ['a month', {}, '2026-03-15T12:00:00Z', '2026-04-01T07:00:00.000Z'],
    ['a month, on its day before its hour', {}, '2026-04-01T06:59:59Z', '2026-04-01T07:00:00.000Z'],
    ['a month, at its instant: the next', {}, '2026-04-01T07:00:00Z', '2026-05-01T07:00:00.000Z'],
    ['a month, over new year', {}, '2026-12-02T00:00:00Z', '2027-01-01T08:00:00.000Z'],
    ['a quarter', { rhythm: 'quarter' }, '2026-01-01T08:00:00Z', '2026-04-01T07:00:00.000Z'],
    ['a quarter', { rhythm: 'quarter' }, '2026-08-31T00:00:00Z', '2026-10-01T07:00:00.000Z'],
    ['a week', { rhythm: 'week', weekday: 1 }, '2026-03-10T00:00:00Z', '2026-03-16T08:00:00.000Z'],
    ['a week', { rhythm: 'week', weekday: 7 }, '2026-03-28T23:00:00Z', '2026-03-29T07:00:00.000Z'],
    ['ten days', { rhythm: 'days', days: 10 }, '2026-01-02T00:00:00Z', '2026-01-11T08:00:00.000Z'],
    ['a day', { rhythm: 'days', days: 1 }, '2026-01-02T09:00:00Z', '2026-01-03T08:00:00.000Z'],
    ['a year', { rhythm: 'days', days: 365 }, '2026-01-01T09:00:00Z', '2027-01-01T08:00:00.000Z'],
  ])('comes once in %s', (_what, over, after, expected) => {
    expect(next(over, after)).toBe(expected);
  });

  it('keeps the wall clock’s time over summer time', () => {
    const weekly = { rhythm: 'week', weekday: 1 } as const;
    expect(next(weekly, '2026-03-23T09:00:00Z')).toBe('2026-03-30T07:00:00.000Z');
    expect(next(weekly, '2026-10-19T09:00:00Z')).toBe('2026-10-26T08:00:00.000Z');
  });

  it('comes an hour later where the clock leaves its time out, and once where it has it twice', () => {
    const daily = { rhythm: 'days', days: 1, time: '02:30' } as const;
    expect(next(daily, '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(next(daily, '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(next(daily, '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
  });

  it('is put off to the end of quiet hours, over midnight too', () => {
    const night = { time: '23:30' };
    const quiet: [string, string, string] = ['22:00', '08:00', 'Europe/Berlin'];
    expect(next(night, '2026-04-20T00:00:00Z', quiet)).toBe('2026-05-02T06:00:00.000Z');
    expect(next({ time: '03:00' }, '2026-04-20T00:00:00Z', quiet)).toBe('2026-05-01T06:00:00.000Z');
    expect(next({ time: '08:00' }, '2026-04-20T00:00:00Z', quiet)).toBe('2026-05-01T06:00:00.000Z');
    // Quiet hours are those of the workspace, whatever clock the schedule goes by.
    const there: [string, string, string] = ['22:00', '08:00', 'America/New_York'];
    expect(next({}, '2026-04-20T00:00:00Z', there)).toBe('2026-05-01T12:00:00.000Z');
  });

  it('is not lost if it was put off to the next day and that instant has not come', () => {
    const quiet: [string, string, string] = ['22:00', '08:00', 'Europe/Berlin'];
    // Due on the 1st at 23:30, put off to the 2nd at 08:00; now it is the 2nd at 07:00.
    expect(next({ time: '23:30' }, '2026-05-02T05:00:00Z', quiet)).toBe('2026-05-02T06:00:00.000Z');
  });
});

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Cairo',
];
const arbitrary = fc.record({
  rhythm: fc.constantFrom(...RHYTHMS),
  weekday: fc.integer({ min: 1, max: 7 }),
  days: fc.integer({ min: 1, max: 365 }),
  minute: fc.integer({ min: 0, max: 1_439 }),
  zone: fc.constantFrom(...ZONES),
  after: fc.date({
    min: new Date('2024-01-01T00:00:00Z'),
    max: new Date('2031-01-01T00:00:00Z'),
    noInvalidDate: true,
  }),
});
const two = (part: number) => String(part).padStart(2, '0');

describe('for any schedule', () => {
  it('the next run comes later, on one of its days, at its time, and none lies between', () => {
    fc.assert(
      fc.property(arbitrary, ({ rhythm, weekday, days, minute, zone, after }) => {
        const time = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
        const given: Schedule = { rhythm, weekday, days, time, zone, from: '2023-12-31' };
        const run = nextRun(given, after);
        expect(run.getTime()).toBeGreaterThan(after.getTime());
        expect(nextRun(given, new Date(run.getTime() - 1))).toEqual(run);
        const local = DateTime.fromJSDate(run, { zone });
        // A clock that is put on leaves out an hour at the most (half an hour on Lord Howe).
        const shown = local.hour * 60 + local.minute;
        expect([minute, minute + 30, minute + 60].map((m) => m % 1_440)).toContain(shown);
        expect(nextRun(given, new Date((after.getTime() + run.getTime()) / 2))).toEqual(run);
        const again = nextRun(given, run);
        const most = { quarter: 93, month: 32, week: 8, days: days + 1 }[rhythm];
        const least = { quarter: 89, month: 27, week: 6, days: days - 1 }[rhythm];
        const passed = (again.getTime() - run.getTime()) / 86_400_000;
        expect(passed).toBeLessThanOrEqual(most);
        expect(passed).toBeGreaterThan(least);
      }),
      { numRuns: 150 },
    );
  });

  it('no run begins in quiet hours', () => {
    fc.assert(
      fc.property(
        arbitrary,
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 23 }),
        ({ rhythm, weekday, days, minute, zone, after }, from, to) => {
          const time = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
          const given: Schedule = { rhythm, weekday, days, time, zone, from: '2023-12-31' };
          const quiet = { from: `${two(from)}:00`, to: `${two(to)}:00`, zone: 'Europe/Berlin' };
          const run = nextRun(given, after, quiet);
          const { hour } = DateTime.fromJSDate(run, { zone: quiet.zone });
          const isQuiet = from < to ? hour >= from && hour < to : hour >= from || hour < to;
          expect(run > after).toBe(true);
          expect(from !== to && isQuiet).toBe(false);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('what a schedule may say', () => {
  it.each([
    [schedule({}), true],
    [schedule({ rhythm: 'week', weekday: 7 }), true],
    [schedule({ weekday: 8 }), false],
    [schedule({ days: 0 }), false],
    [schedule({ days: 366 }), false],
    [schedule({ time: '24:00' }), false],
    [schedule({ time: '9:00' }), false],
    [schedule({ zone: 'Mars/Olympus' }), false],
    [schedule({ from: '2026-02-30' }), false],
    [{ ...schedule({}), surprise: 1 }, false],
  ])('%j: %j', (given, taken) => {
    expect(ScheduleSchema.safeParse(given).success).toBe(taken);
  });

  it('names times and zones that exist', () => {
    expect(['00:00', '23:59', '24:00', '9:00', ''].map(isTimeOfDay)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(['Europe/Berlin', 'UTC', 'Berlin', ''].map(isTimeZone)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(localDay(new Date('2026-03-31T22:30:00Z'), 'Europe/Berlin')).toBe('2026-04-01');
  });
});
