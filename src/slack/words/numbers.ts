/** Numbers: counts, plurals and lists as a reader's language writes them. */
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
