/** Numbers: counts, sizes, plurals and lists as a reader's language writes them. */
import type { SlackLocale } from './language.ts';

const NUMBERS: Readonly<Record<SlackLocale, Intl.NumberFormat>> = {
  en: new Intl.NumberFormat('en'),
  de: new Intl.NumberFormat('de'),
};
const AND: Readonly<Record<SlackLocale, string>> = { en: 'and', de: 'und' };

/** `12,480` in English, `12.480` in German. */
export function formatNumber(count: number, locale: SlackLocale): string {
  return NUMBERS[locale].format(count);
}

/** From half a unit below it, a size is told in the next unit (bytes). */
const KILOBYTES_FROM = 1_000;
const MEGABYTES_FROM = 999_500;

const UNITS = { byte: 1, kilobyte: 1_000, megabyte: 1_000_000 } as const;

/** The size of a file: `47 bytes`, `4.2 kB`, `1.23 MB`; `4,2 kB` in German. @param bytes ≥ 0 */
export function formatSize(bytes: number, locale: SlackLocale): string {
  const unit = unitFor(bytes);
  const unitDisplay = unit === 'byte' ? 'long' : 'short';
  const style = { style: 'unit', unit, unitDisplay, maximumSignificantDigits: 3 } as const;
  return new Intl.NumberFormat(locale, style).format(bytes / UNITS[unit]);
}

function unitFor(bytes: number): keyof typeof UNITS {
  if (bytes < KILOBYTES_FROM) return 'byte';
  return bytes < MEGABYTES_FROM ? 'kilobyte' : 'megabyte';
}

/** `1 row`, `12,480 rows`: the count before the word that fits it. English and German have two. */
function counted(count: number, one: string, many: string, locale: SlackLocale): string {
  return `${formatNumber(count, locale)} ${count === 1 ? one : many}`;
}

/** `1 address`, `12,480 addresses`; `1 Adresse`, `12.480 Adressen`. */
export function addresses(count: number, locale: SlackLocale): string {
  return locale === 'de'
    ? counted(count, 'Adresse', 'Adressen', locale)
    : counted(count, 'address', 'addresses', locale);
}

/** `a, b and c`. */
export function listed(items: readonly string[], locale: SlackLocale): string {
  const last = items.at(-1);
  if (last === undefined) return '';
  if (items.length === 1) return last;
  return `${items.slice(0, -1).join(', ')} ${AND[locale]} ${last}`;
}
