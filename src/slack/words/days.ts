/** Days: calendar days, as a reader's language writes them out. */
import type { SlackLocale } from './language.ts';

/** A day has no time zone: it is read and written as one of UTC, and stays the same day. */
const LONG = { dateStyle: 'long', timeZone: 'UTC' } as const;
const DAYS: Readonly<Record<SlackLocale, Intl.DateTimeFormat>> = {
  en: new Intl.DateTimeFormat('en', LONG),
  de: new Intl.DateTimeFormat('de', LONG),
};

/** `2026-03-31` → `March 31, 2026`, `31. März 2026`; what is no day stays as it is. */
export function dayWords(day: string, locale: SlackLocale): string {
  const at = /^\d{4}-\d{2}-\d{2}$/u.test(day) ? new Date(`${day}T00:00:00Z`) : undefined;
  return at === undefined || Number.isNaN(at.getTime()) ? day : DAYS[locale].format(at);
}
