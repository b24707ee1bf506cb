/**
 * Campaign schedule: when a campaign runs next, from nothing but its terms and an instant.
 *
 * Days are calendar days of the schedule's own time zone, times are what a clock on its wall shows:
 * 09:00 stays 09:00 over a change of summer time. A time that a spring night leaves out is an hour
 * later on that night; a time that an autumn night has twice is its first.
 */
import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';

export const RHYTHMS = ['quarter', 'month', 'week', 'days'] as const;
export type Rhythm = (typeof RHYTHMS)[number];

/** Days between two runs, at the most. */
export const INTERVAL_DAYS_MAX = 365;
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/u;
const QUARTER_MONTHS = 3;
const MINUTES_PER_HOUR = 60;
/** No rhythm is slower than a year; beyond it, and a leap day, a bug would search for ever. */
const SEARCH_DAYS_MAX = 2 * INTERVAL_DAYS_MAX;

export const ScheduleSchema = z.strictObject({
  /** The first day of each quarter or month, one day of each week, or every so many days. */
  rhythm: z.enum(RHYTHMS),
  /** ISO day of the week, 1 is Monday; for `week` only. */
  weekday: z.int().min(1).max(7).optional(),
  /** Days from one run to the next; for `days` only. */
  days: z.int().min(1).max(INTERVAL_DAYS_MAX).optional(),
  /** `09:00`, in `zone`. */
  time: z.string().regex(TIME_OF_DAY),
  /** IANA time zone, `Europe/Berlin`. */
  zone: z.string().refine((zone) => isTimeZone(zone)),
  /** The local day from which `days` is counted, `2026-03-31`. */
  from: z.iso.date(),
});
export type Schedule = z.infer<typeof ScheduleSchema>;

/** A part of the day in which nobody is mailed; over midnight if `from` is after `to`. */
export interface QuietTime {
  /** `20:00` */
  readonly from: string;
  /** `08:00`: the first minute that is not quiet any more. */
  readonly to: string;
  /** IANA time zone whose clock is meant. */
  readonly zone: string;
}

export function isTimeZone(zone: string): boolean {
  return IANAZone.isValidZone(zone);
}

/** True for `00:00` to `23:59`. */
export function isTimeOfDay(text: string): boolean {
  return TIME_OF_DAY.test(text);
}

/**
 * The first run strictly after an instant. What was missed is not made up for: from wherever `after`
 * is, there is one next run.
 * @param quiet a run that would begin in quiet hours begins at their end
 */
export function nextRun(schedule: Schedule, after: Date, quiet?: QuietTime): Date {
  const { zone } = schedule;
  // A run that quiet hours put off may belong to the day before.
  let day = DateTime.fromJSDate(after, { zone }).startOf('day').minus({ days: 1 });
  for (let looked = 0; looked <= SEARCH_DAYS_MAX; looked += 1) {
    if (runsOn(schedule, day)) {
      const run = outOfQuiet(atTime(day, schedule.time), quiet).toJSDate();
      if (run > after) return run;
    }
    day = day.plus({ days: 1 });
  }
  throw new Error('A schedule has a run in every two years.');
}

/** True if the schedule has a run on this local day. */
function runsOn({ rhythm, weekday, days, from, zone }: Schedule, day: DateTime): boolean {
  switch (rhythm) {
    case 'quarter':
      return day.day === 1 && (day.month - 1) % QUARTER_MONTHS === 0;
    case 'month':
      return day.day === 1;
    case 'week':
      return day.weekday === weekday;
    case 'days': {
      // Whole calendar days, counted where no night is longer than another.
      const first = DateTime.fromISO(from, { zone: 'utc' });
      const here = DateTime.utc(day.year, day.month, day.day);
      const passed = here.diff(first, 'days').days;
      return passed >= 0 && passed % (days ?? INTERVAL_DAYS_MAX) === 0;
    }
    default:
      throw new Error(`No rhythm is called ${String(rhythm satisfies never)} (zone ${zone}).`);
  }
}

/** The wall clock's time on a day; the earlier of two, the later of none. */
function atTime(day: DateTime, time: string): DateTime {
  const [hour, minute] = time.split(':').map(Number);
  const { year, month, day: date, zone } = day;
  const found = DateTime.fromObject({ year, month, day: date, hour, minute }, { zone });
  return found.getPossibleOffsets()[0] ?? found;
}

function outOfQuiet(at: DateTime, quiet: QuietTime | undefined): DateTime {
  if (quiet === undefined) return at;
  const there = at.setZone(quiet.zone);
  if (!isQuiet(minutesOf(there.toFormat('HH:mm')), quiet)) return at;
  const end = atTime(there, quiet.to);
  return end > at ? end : atTime(there.plus({ days: 1 }), quiet.to);
}

function isQuiet(minute: number, { from, to }: QuietTime): boolean {
  const [begins, ends] = [minutesOf(from), minutesOf(to)];
  if (begins === ends) return false;
  return begins < ends ? minute >= begins && minute < ends : minute >= begins || minute < ends;
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * MINUTES_PER_HOUR + minute;
}

/** The local day of an instant, `2026-03-31`. */
export function localDay(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd');
}
