/**
 * Consent date: reads the dates of other systems' exports, without guessing.
 *
 * `2025-03-04`, `2025-03-04 10:30`, ISO 8601 with offset, `04.03.2025` mean one thing. `04/03/2025`
 * means two, until another row of the file (`25/03/2025`) or somebody tells which. A time without
 * offset is taken as UTC; what depends on consent dates is counted in months.
 */

export type ConsentDate =
  | {
      readonly ok: true;
      readonly at: Date;
      /** True if the text says its offset; else the moment may be off by up to 14 hours. */
      readonly hasOffset: boolean;
    }
  | { readonly ok: false; readonly reason: 'unreadable' | 'impossible' | 'ambiguous' };

/** What a date with slashes says about the order of day and month. */
export type DateOrder = 'day-first' | 'month-first' | 'either';

/** Nobody consented to e-mail before; earlier dates are zeros of some system (1900, 1970). */
const YEAR_MIN = 1990;

const DATE = /^(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})/;
const TIME =
  /^(?:T|,?\s+)(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<seconds>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?(?:\s*(?<half>[ap])\.?m\.?)?\s*(?<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;

/** `dayFirst`: how `04/03/2025` is meant, if it is known. */
export function readConsentDate(text: string, dayFirst?: boolean): ConsentDate {
  const date = DATE.exec(text);
  if (date === null) return { ok: false, reason: 'unreadable' };
  const day = readDay(date, dayFirst);
  if (typeof day === 'string') return { ok: false, reason: day };
  const time = text.length === date[0].length ? MIDNIGHT : readTime(text.slice(date[0].length));
  if (typeof time === 'string') return { ok: false, reason: time };
  const { year, month, dayOfMonth } = day;
  if (year < YEAR_MIN || !isInMonth(dayOfMonth, month, year)) {
    return { ok: false, reason: 'impossible' };
  }
  const at = new Date(Date.UTC(year, month - 1, dayOfMonth) + time.ms);
  return { ok: true, at, hasOffset: time.hasOffset };
}

/** `0000-00-00 00:00:00` and the like, which databases write for "never". */
export function isZeroDate(text: string): boolean {
  return /^0[0\s:./TZ-]*$/i.test(text);
}

/** Undefined for text that is no date with slashes or hyphens and the year at its end. */
export function dateOrder(text: string): DateOrder | undefined {
  const [, first = '', mark, second = '', third = ''] = DATE.exec(text) ?? [];
  if (third.length !== 4 || first.length > 2 || mark === '.') return undefined;
  const isDayFirst = tellsDayFirst(Number(first), Number(second));
  if (isDayFirst === undefined) return 'either';
  return isDayFirst ? 'day-first' : 'month-first';
}

const MONTHS = 12;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isInMonth(dayOfMonth: number, month: number, year: number): boolean {
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && isLeapYear ? 29 : (DAYS[month - 1] ?? 0);
  return dayOfMonth >= 1 && dayOfMonth <= days;
}

interface Day {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

function readDay(
  date: RegExpExecArray,
  dayFirst: boolean | undefined,
): Day | 'unreadable' | 'ambiguous' {
  // By index: taking an array apart costs more than all the rest, a million times.
  const first = date[1] ?? '';
  const third = date[4] ?? '';
  const a = Number(first);
  const b = Number(date[3]);
  const c = Number(third);
  if (first.length === 4 && third.length <= 2) return { year: a, month: b, dayOfMonth: c };
  if (first.length > 2 || third.length !== 4) return 'unreadable';
  const isDayFirst = date[2] === '.' || a === b || (dayFirst ?? tellsDayFirst(a, b));
  if (isDayFirst === undefined) return 'ambiguous';
  return isDayFirst ? { year: c, month: b, dayOfMonth: a } : { year: c, month: a, dayOfMonth: b };
}

/** There are twelve months, so a larger number is a day. */
function tellsDayFirst(first: number, second: number): boolean | undefined {
  if (first > MONTHS) return true;
  return second > MONTHS ? false : undefined;
}

interface Time {
  readonly ms: number;
  readonly hasOffset: boolean;
}

const MIDNIGHT: Time = { ms: 0, hasOffset: false };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function readTime(text: string): Time | 'unreadable' | 'impossible' {
  if (text.trim() === '') return MIDNIGHT;
  const parts = TIME.exec(text)?.groups;
  if (parts === undefined) return 'unreadable';
  const hour = hourOf(Number(parts['hour']), parts['half']);
  const minute = Number(parts['minute']);
  const seconds = Number(parts['seconds'] ?? 0);
  if (hour === undefined || hour > 23 || minute > 59 || seconds > 59) return 'impossible';
  const fractionMs = Math.floor(Number(`0.${parts['fraction'] ?? 0}`) * 1_000);
  const ms = hour * HOUR_MS + minute * MINUTE_MS + seconds * 1_000 + fractionMs;
  const offset = parts['offset'];
  return { ms: ms - offsetMs(offset), hasOffset: offset !== undefined };
}

/** 12 am is 0, 12 pm is 12; there is no 13 pm. */
function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function offsetMs(offset: string | undefined): number {
  const parts = /^(?<sign>[+-])(?<hours>\d{2}):?(?<minutes>\d{2})$/.exec(offset ?? '')?.groups;
  if (parts === undefined) return 0;
  const ms = Number(parts['hours']) * HOUR_MS + Number(parts['minutes']) * MINUTE_MS;
  return parts['sign'] === '-' ? -ms : ms;
}
