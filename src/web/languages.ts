/** Languages: which locale a page is in: that of the address, else what the browser asks for. */
import { LAST_RESORT, pickLocale } from '../mail/locale.ts';

/** A browser names a handful; more is no wish (RFC 9110, 12.5.4). */
const LANGUAGES_MAX = 10;
const HEADER_CHARACTERS_MAX = 500;

/** The first of the languages that there are pages in; English if there is none. */
export function localeFor(
  available: readonly string[],
  language: string | undefined,
  acceptLanguage: string | undefined,
): string {
  for (const wanted of [language, ...acceptedLanguages(acceptLanguage)]) {
    const locale = pickLocale(available, { language: wanted });
    if (locale !== LAST_RESORT || isLastResort(wanted)) return locale;
  }
  return LAST_RESORT;
}

/** Language tags of the header, most wanted first; those with weight 0 are left out. */
export function acceptedLanguages(header = ''): string[] {
  return header
    .slice(0, HEADER_CHARACTERS_MAX)
    .split(',', LANGUAGES_MAX)
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      return { tag, weight: weightOf(parameters) };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}

function weightOf(parameters: readonly string[]): number {
  const written = parameters.find((parameter) => /^q\s*=/iu.test(parameter));
  if (written === undefined) return 1;
  const weight = Number(written.slice(written.indexOf('=') + 1));
  return Number.isFinite(weight) ? weight : 0;
}

function isLastResort(tag: string | undefined): boolean {
  return tag?.toLowerCase().split(/[-_]/u)[0] === LAST_RESORT;
}
