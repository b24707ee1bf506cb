/** Row locale: reads the language and the time zone of a contact as other systems write them. */
import { plainWord } from './column-words.ts';
import { remembering } from './remembering.ts';

/** Languages that are also known by their names, in the seven we speak and in their own. */
const NAMED_LANGUAGES = `
  ar bg ca cs da de el en es et eu fi fr ga gl he hi hr hu is it ja ko lt lv mt nb nl no pl pt ro
  ru sk sl sr sv tr uk zh
`
  .trim()
  .split(/\s+/);
const NAMES_IN = ['en', 'de', 'fr', 'es', 'pt', 'nl', 'it'];

const LANGUAGE_TAG = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i;
/** `Europe/Berlin`, `UTC`, `America/Argentina/Buenos_Aires`, `Etc/GMT+1`; no bare offsets. */
const TIME_ZONE = /^[a-z]+(?:[/_+-][a-z0-9]+)*$/i;

/** `de`, `de_AT`, `deu`, `German`, `Deutsch` → BCP 47; undefined if it is none of that. */
export const readLanguage = remembering((text) => {
  const tag = text.replaceAll('_', '-');
  return LANGUAGE_TAG.test(tag) ? canonicalTag(tag) : nameToTag().get(plainWord(text));
});

/** The IANA name of a time zone that `Intl` knows; undefined for anything else. */
export const readTimeZone = remembering((text) => {
  if (!TIME_ZONE.test(text)) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions();
    // ICU answers some names with older ones (Asia/Kolkata → Asia/Calcutta): keep what was said.
    return timeZone.toLowerCase() === text.toLowerCase() ? timeZone : text;
  } catch {
    return undefined;
  }
});

function canonicalTag(tag: string): string | undefined {
  try {
    const canonical = new Intl.Locale(tag);
    return englishName(canonical.language) === undefined ? undefined : canonical.toString();
  } catch {
    return undefined;
  }
}

function englishName(language: string): string | undefined {
  const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  return names.of(language);
}

let names: ReadonlyMap<string, string> | undefined;

function nameToTag(): ReadonlyMap<string, string> {
  names ??= new Map(
    NAMED_LANGUAGES.flatMap((tag) =>
      [...NAMES_IN, tag].map((locale): [string, string] => {
        const name = new Intl.DisplayNames(locale, { type: 'language' }).of(tag);
        return [plainWord(name ?? tag), tag];
      }),
    ),
  );
  return names;
}
