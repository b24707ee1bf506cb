/** Locale: picks the language of a mail or page from those we have. Tags are BCP 47 (`de-AT`). */

/** Every text exists in this language, so a choice always ends somewhere. */
export const LAST_RESORT = 'en';

const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

export interface LocaleWish {
  /** What is known of the recipient, as imported: `de-AT`, `de_AT`, `DE`; may be nonsense. */
  readonly language?: string | undefined;
  /** The workspace's default. */
  readonly otherwise?: string | undefined;
}

/** `de-AT` → `de` → the workspace's default → `en`: the first of these that `available` has. */
export function pickLocale(available: readonly string[], wish: LocaleWish): string {
  const wanted = [...ancestry(wish.language), ...ancestry(wish.otherwise)];
  for (const tag of wanted) {
    const found = available.find((locale) => locale.toLowerCase() === tag);
    if (found !== undefined) return found;
  }
  return LAST_RESORT;
}

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(locale.toLowerCase().split('-')[0] ?? '') ? 'rtl' : 'ltr';
}

/** `zh_Hant_TW` → `zh-hant-tw`, `zh-hant`, `zh`. */
function ancestry(tag: string | undefined): string[] {
  if (tag === undefined) return [];
  const parts = tag.trim().toLowerCase().split(/[-_]/);
  return parts.map((_, dropped) => parts.slice(0, parts.length - dropped).join('-'));
}
