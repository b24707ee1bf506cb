/**
 * Quiet hours: when nobody is mailed, by the recipient's own clock where it is known.
 *
 * `from` and `to` are wall-clock times; a span over midnight is the usual one. The end is found
 * on the calendar of that zone, so that a night with a changed clock ends when its people get up.
 */
import { DateTime } from 'luxon';

export interface QuietHours {
  /** `22:00` */
  readonly from: string;
  /** `07:00`; mail leaves again at this minute. */
  readonly to: string;
}

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;
const MINUTES_PER_HOUR = 60;

/** True if a text is a time of day such as `07:30`. */
export const isClockTime = (text: string): boolean => CLOCK.test(text);

/**
 * When mail may leave that is due at `now`: undefined if it may leave now, else the end of the
 * quiet hours. A zone that is not known counts as UTC; equal times mean no quiet hours.
 */
export function quietUntil(
  quiet: QuietHours | undefined,
  zone: string | undefined,
  now: Date,
): Date | undefined {
  if (quiet === undefined) return undefined;
  const from = minutesOf(quiet.from);
  const until = minutesOf(quiet.to);
  if (from === undefined || until === undefined || from === until) return undefined;
  const zoned = DateTime.fromJSDate(now, { zone: zone ?? 'utc' });
  const local = zoned.isValid ? zoned : DateTime.fromJSDate(now, { zone: 'utc' });
  const minute = local.hour * MINUTES_PER_HOUR + local.minute;
  const spansMidnight = from > until;
  const isQuiet = spansMidnight
    ? minute >= from || minute < until
    : minute >= from && minute < until;
  if (!isQuiet) return undefined;
  const day = spansMidnight && minute >= from ? local.plus({ days: 1 }) : local;
  const end = day.set({
    hour: Math.floor(until / MINUTES_PER_HOUR),
    minute: until % MINUTES_PER_HOUR,
    second: 0,
    millisecond: 0,
  });
  // A clock put back repeats an hour: its quiet part is over at the first of the two ends at worst.
  return end.toJSDate() > now ? end.toJSDate() : undefined;
}

function minutesOf(text: string): number | undefined {
  const [, hour, minute] = CLOCK.exec(text) ?? [];
  return hour === undefined ? undefined : Number(hour) * MINUTES_PER_HOUR + Number(minute);
}
