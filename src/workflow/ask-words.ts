/**
 * Ask words: how we tell recipients, in their language, where we have their address from and what
 * their silence means. The same phrases stand in the mail and on the page behind it.
 *
 * Only what an interview holds is said. Answers are a teammate's words: they are put in as plain
 * text, and what was written for colleagues (the explanation of "other") is not shown at all.
 */
import type { SilenceMeaning } from '../consent/ask.ts';
import type { Interview, PermittedSource } from '../consent/interview.ts';

/** Phrases of one locale; `{name}` is replaced. See templates/pages/. */
export interface AskWords {
  readonly howObtained: {
    /** With answers: `{when}` and what the source tells, such as `{event}`. */
    readonly told: Readonly<Record<PermittedSource, string>>;
    /** Without answers on file. */
    readonly brief: Readonly<Record<PermittedSource | 'unnamed', string>>;
    /** Follows a brief phrase: `{date}`. */
    readonly since: string;
    /** `{from}` */
    readonly onDay: string;
    /** `{from}`, `{until}` */
    readonly between: string;
  };
  /** `{date}`: the last whole day on which yes can be said. */
  readonly ifSilent: Readonly<Record<SilenceMeaning, string>>;
}

/** What is on file about how an address was obtained. */
export interface ProvenanceOnFile {
  readonly source: PermittedSource | undefined;
  readonly answers: Interview['answers'] | undefined;
  /** Since when the permission is on record. */
  readonly since: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** One or two sentences on how we got the address. */
export function sayHowObtained(
  { howObtained: words }: AskWords,
  locale: string,
  { source, answers, since }: ProvenanceOnFile,
): string {
  const told = source === undefined ? undefined : tell(words, locale, source, answers);
  if (told !== undefined) return told;
  const brief = words.brief[source ?? 'unnamed'];
  return `${brief} ${fill(words.since, { date: sayDay(locale, since) })}`;
}

/** What happens if the recipient does nothing. @param expiresAt when the link stops confirming */
export function sayIfSilent(
  { ifSilent }: AskWords,
  locale: string,
  { silence, expiresAt }: { silence: SilenceMeaning; expiresAt: Date },
): string {
  return fill(ifSilent[silence], { date: sayLastDay(locale, expiresAt) });
}

/** The last day that is over, in UTC, before the link stops confirming: a promise that we keep. */
export function sayLastDay(locale: string, expiresAt: Date): string {
  return sayDay(locale, new Date(expiresAt.getTime() - DAY_MS));
}

/** A calendar day in UTC, as people of the locale write it. */
export function sayDay(locale: string, day: Date): string {
  const number = Math.floor(day.getTime() / DAY_MS);
  const key = `${locale} ${number}`;
  const known = DAYS_SAID.get(key);
  if (known !== undefined) return known;
  const plain = dayFormat(locale).format(day);
  // The first of a month is an ordinal in French, which Intl does not know.
  const said = locale.startsWith('fr') ? plain.replace(/^1(?= )/u, '1er') : plain;
  if (DAYS_SAID.size >= DAYS_SAID_MAX) DAYS_SAID.clear();
  DAYS_SAID.set(key, said);
  return said;
}

/** Mails that leave together name the same few days. */
const DAYS_SAID = new Map<string, string>();
const DAYS_SAID_MAX = 1_000;

function dayFormat(locale: string): Intl.DateTimeFormat {
  const known = DAY_FORMATS.get(locale);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  DAY_FORMATS.set(locale, format);
  return format;
}

/** Made once a locale: making one costs as much as the rest of a mail's words together. */
const DAY_FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Puts values in place of `{name}`; a name without a value stays out. */
export function fill(phrase: string, values: Readonly<Record<string, string>>): string {
  return phrase.replace(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? '');
}

/** True for a source that may stand behind a permission. */
export function isPermittedSource(source: string | undefined): source is PermittedSource {
  return source !== undefined && Object.hasOwn(ANSWERS_TOLD, source);
}

/** The answers that a phrase with answers tells, besides the days. */
const ANSWERS_TOLD: Readonly<Record<PermittedSource, readonly string[]>> = {
  'web-form': ['url'],
  event: ['event'],
  customers: ['product'],
  paper: ['place'],
  'other-system': ['system'],
  spoken: [],
  other: [],
};

/** Undefined if an answer that the phrase needs is not on file. */
function tell(
  words: AskWords['howObtained'],
  locale: string,
  source: PermittedSource,
  answers: Interview['answers'] = {},
): string | undefined {
  const when = sayWhen(words, locale, answers);
  const values: Record<string, string> = { when: when ?? '' };
  for (const name of ANSWERS_TOLD[source]) {
    const value = answers[name];
    if (typeof value !== 'string') return undefined;
    values[name] = name === 'url' ? siteOf(value) : value;
  }
  if (when === undefined || Object.values(values).includes('')) return undefined;
  return fill(words.told[source], values);
}

/** Where a form stood: people know a site, not a path. */
function siteOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

function sayWhen(
  { onDay, between }: AskWords['howObtained'],
  locale: string,
  { collectedFrom, collectedUntil }: Interview['answers'],
): string | undefined {
  const [from, until] = [collectedFrom, collectedUntil].map((day) => readDay(day));
  if (from === undefined || until === undefined) return undefined;
  const days = { from: sayDay(locale, from), until: sayDay(locale, until) };
  return fill(days.from === days.until ? onDay : between, days);
}

function readDay(day: string | boolean | undefined): Date | undefined {
  const read = new Date(`${String(day)}T00:00:00Z`);
  return Number.isNaN(read.getTime()) ? undefined : read;
}
