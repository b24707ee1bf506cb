/**
 * Page words: what the pages say, one file a locale, read once at the start and checked whole.
 *
 * Each phrase names its placeholders here, so that a translation which forgets one (or invents one)
 * is refused at the start and not found by a recipient.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { LAST_RESORT } from '../mail/locale.ts';
import type { AskWords } from '../workflow/ask-words.ts';
import { loadPageStyle, type PageStyle } from './page-style.ts';

/** A sentence or two; a page is no letter (characters). */
const PHRASE_CHARACTERS_MAX = 400;
const FILE = /^([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.json$/u;

const byText = (a: string, b: string) => (a < b ? -1 : 1);

/** A phrase with exactly these `{placeholders}`. */
function phrase(...names: string[]) {
  const expected = names.toSorted(byText).join();
  return z
    .string()
    .trim()
    .min(1)
    .max(PHRASE_CHARACTERS_MAX)
    .refine((text) => placeholdersOf(text) === expected, {
      error: `must hold ${names.map((name) => `{${name}}`).join(', ') || 'no placeholder'}`,
    });
}

const notice = (...names: string[]) => z.strictObject({ title: phrase(), text: phrase(...names) });

const AskWordsSchema: z.ZodType<AskWords> = z.strictObject({
  howObtained: z.strictObject({
    told: z.strictObject({
      'web-form': phrase('when', 'url'),
      event: phrase('when', 'event'),
      customers: phrase('when', 'product'),
      paper: phrase('when', 'place'),
      'other-system': phrase('when', 'system'),
      spoken: phrase('when'),
      other: phrase('when'),
    }),
    brief: z.strictObject({
      'web-form': phrase(),
      event: phrase(),
      customers: phrase(),
      paper: phrase(),
      'other-system': phrase(),
      spoken: phrase(),
      other: phrase(),
      unnamed: phrase(),
    }),
    since: phrase('date'),
    onDay: phrase('from'),
    between: phrase('from', 'until'),
  }),
  ifSilent: z.strictObject({ keep: phrase('date'), revert: phrase('date') }),
});

const PageWordsSchema = z.strictObject({
  ask: AskWordsSchema,
  review: z.strictObject({
    title: phrase(),
    lead: phrase('sender'),
    howObtained: phrase(),
    askedOn: phrase(),
    ifSilent: phrase(),
    yes: phrase(),
    stop: phrase(),
    forwarded: phrase(),
  }),
  stop: z.strictObject({ title: phrase(), text: phrase('sender'), button: phrase() }),
  /** What came of a click, or what stands already. */
  results: z.strictObject({
    confirmed: notice('sender'),
    alreadyConfirmed: notice('sender'),
    stopped: notice('sender'),
    alreadyStopped: notice('sender'),
    optedOut: notice(),
    expired: notice('date'),
    stale: notice(),
  }),
  /** Heads a stop button where it is not the page's own question. */
  changedMind: phrase(),
  /** Pages that belong to no sender. */
  notices: z.strictObject({
    home: notice(),
    unknownLink: notice(),
    notFound: notice(),
    wrongMethod: notice(),
    wrongType: notice(),
    badRequest: notice(),
    tooLarge: notice(),
    tooMany: notice(),
    broken: notice(),
  }),
  footer: z.strictObject({ sender: phrase(), privacy: phrase() }),
});
export type PageWords = z.infer<typeof PageWordsSchema>;

/** What the pages say, by locale, and how they look. */
export interface PageLocales {
  readonly words: ReadonlyMap<string, PageWords>;
  readonly style: PageStyle;
}

/**
 * Reads the words of all locales in a folder, and the style sheet beside them.
 * @throws Error naming the file and what is wrong in it
 */
export async function loadPageWords(folder: string): Promise<PageLocales> {
  const files = (await readdir(folder)).filter((file) => FILE.test(file)).toSorted(byText);
  const words = new Map<string, PageWords>();
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    words.set(basename(file, '.json'), readPageWords(file, text));
  }
  if (!words.has(LAST_RESORT)) throw new Error(`${LAST_RESORT}.json is missing: no page words`);
  return { words, style: await loadPageStyle(folder) };
}

/** @throws Error naming the file, the phrase and what is wrong about it */
export function readPageWords(file: string, text: string): PageWords {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON, so no page can be shown`, { cause });
  }
  const read = PageWordsSchema.safeParse(json);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`${file}: ${faults.join('; ')}`);
}

/** The phrases that mails share with the pages. */
export function askWordsOf({ words }: PageLocales): Map<string, AskWords> {
  return new Map([...words].map(([locale, { ask }]) => [locale, ask]));
}

/** The same words with "e-mail" kept on one line: for pages, where text flows. */
export function withoutBreaks(words: PageWords): PageWords {
  const text = JSON.stringify(words).replace(/\b(e)-(?=mail)/giu, '$1\u2011');
  return PageWordsSchema.parse(JSON.parse(text));
}

function placeholdersOf(text: string): string {
  const names = [...text.matchAll(/\{([^}]*)\}/gu)].map(([, name = '']) => name);
  return [...new Set(names)].toSorted(byText).join();
}
