/** Digest week: when a workspace's weekly digest is due, and of which week it tells. */
import { DateTime } from 'luxon';

/** Monday, 09:00 by the workspace's clock. */
const WEEKDAY = 1;
const HOUR = 9;
/** A digest that could not be posted for so long is left out: the next one comes soon enough (ms). */
const LATE_MS = 48 * 60 * 60 * 1_000;
const WEEK_ID = /^(\d{4})-W(\d{2})$/u;

export interface DigestWeek {
  /** `2026-W48`: the ISO week on whose Monday it is posted. */
  readonly id: string;
  /** What it tells of: seven days, to the moment when it is due. */
  readonly from: Date;
  readonly until: Date;
}

/** The digest that is due at this instant, if one is. @param zone IANA time zone */
export function dueDigest(now: Date, zone: string): DigestWeek | undefined {
  const local = DateTime.fromJSDate(now, { zone });
  const monday = local.set({ weekday: WEEKDAY }).startOf('day').set({ hour: HOUR });
  const due = monday <= local ? monday : monday.minus({ weeks: 1 });
  return now.getTime() - due.toMillis() < LATE_MS ? weekEnding(due) : undefined;
}

/** The week that an id names; undefined if it names none. */
export function readDigestWeek(id: string, zone: string): DigestWeek | undefined {
  const match = WEEK_ID.exec(id);
  if (match === null) return undefined;
  const [weekYear, weekNumber] = match.slice(1).map(Number);
  const due = DateTime.fromObject({ weekYear, weekNumber, weekday: WEEKDAY, hour: HOUR }, { zone });
  return due.isValid ? weekEnding(due) : undefined;
}

const weekEnding = (due: DateTime): DigestWeek => ({
  id: due.toFormat("kkkk-'W'WW"),
  from: due.minus({ weeks: 1 }).toJSDate(),
  until: due.toJSDate(),
});
