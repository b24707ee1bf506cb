/** Counts: a sentence with a number in it agrees with it: none, one, two or thousands, in each language. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ASK_SKIPS } from '../../../src/consent/ask.ts';
import { SKIPS } from '../../../src/consent/eligibility.ts';
import { countWords } from '../../../src/slack/request/words.ts';
import { SLACK_LOCALES, type SlackLocale } from '../../../src/slack/words/language.ts';
import { addresses, formatNumber } from '../../../src/slack/words/numbers.ts';
import { aRequest } from './models.ts';

const COUNTS = [0, 1, 2, 5_000] as const;
const WORDS = join(import.meta.dirname, '../../../src/slack/words');
const TEMPLATES = join(import.meta.dirname, '../../../templates');

/** Names, places, days and links: whoever adds a number has to think of one, two and many. */
const COUNTLESS: ReadonlySet<string> = new Set(
  [
    'senderName postalAddress address about howObtained ifSilent reviewUrl stopUrl privacyUrl',
    'url when event product place system date from until sender',
  ].flatMap((names) => names.split(' ')),
);

/** Words that stand with the number one alone, and with all others alone. */
const ONE: Readonly<Record<SlackLocale, readonly string[]>> = {
  en: 'address contact row mail day hour request is was has waits stays'.split(' '),
  de: 'Adresse Kontakt Zeile E-Mail Tag Stunde Anfrage ist hat wird wurde wartet bleibt'.split(' '),
};
const MANY: Readonly<Record<SlackLocale, readonly string[]>> = {
  en: 'addresses contacts rows mails days hours requests are were have wait stay themselves'.split(
    ' ',
  ),
  de: [
    'Adressen Kontakte Kontakten Zeilen E-Mails Tage Tagen Stunden Anfragen sind haben werden wurden',
    'warten bleiben neuen bekannten geplanten Gefragten weitere',
  ]
    .join(' ')
    .split(' '),
};

const TIME = /^(?:days?|hours?|Tage?n?|Stunden?)\b/u;

/** What does not agree with the number before it: the word, or the verb behind its noun. */
function disagreements(text: string, count: number, locale: SlackLocale): string[] {
  const wrong = count === 1 ? MANY[locale] : ONE[locale];
  const number = formatNumber(count, locale).replaceAll('.', '\\.');
  const after = new RegExp(`(?<![\\d.,])${number}\\*? (\\S+)(?: (\\S+))?`, 'gu');
  return (
    [...text.matchAll(after)]
      // In `after 2 days stays` the verb is somebody else's.
      .flatMap(([, noun = '', verb = '']) => (TIME.test(noun) ? [noun] : [noun, verb]))
      .map((word) => word.replaceAll(/[^\p{L}-]/gu, ''))
      .filter((word) => wrong.includes(word))
  );
}

/** By the name of a parameter: what is put in, for a count. */
function argument(name: string, count: number, locale: SlackLocale): unknown {
  if (name === 'one') return count === 1;
  if (/^(?:all|addresses|asks)$/u.test(name)) return addresses(count, locale);
  if (NUMBERS.test(name)) return NUMERIC.test(name) ? count : formatNumber(count, locale);
  return 'something';
}
const NUMERIC = /^(?:count|days|hours|minutes|percent|step|steps)$/u;
const NUMBERS =
  /^(?:count|days|hours|minutes|percent|changed|planned|stopped|confirmed|asked|sent|skipped|done|added|known|errors|warnings|times|most|version|line|step|steps)$/u;

interface Sentence {
  readonly at: string;
  readonly names: readonly string[];
  say(count: number, locale: SlackLocale): string;
}

/** Every function among the words of a file, whatever is put in. */
function sentencesIn(at: string, words: unknown): Sentence[] {
  if (typeof words === 'function') {
    const names = (/^\(?([^)=]*)\)?\s*=>/u.exec(String(words))?.[1] ?? '')
      .split(',')
      .map((name) => name.trim());
    const say = (count: number, locale: SlackLocale) => {
      const args = names.map((name) => argument(name, count, locale));
      const said: unknown = Reflect.apply(words as (...all: unknown[]) => unknown, undefined, args);
      return typeof said === 'string' ? said : JSON.stringify(said);
    };
    return [{ at, names, say }];
  }
  if (typeof words !== 'object' || words === null) return [];
  return Object.entries(words).flatMap(([name, one]) => sentencesIn(`${at}.${name}`, one));
}

async function allSentences(locale: SlackLocale): Promise<Sentence[]> {
  const files = readdirSync(WORDS).filter((name) => name.endsWith('.ts'));
  const found: Sentence[] = [];
  for (const file of files) {
    const exported = (await import(join(WORDS, file))) as Record<string, unknown>;
    for (const [name, words] of Object.entries(exported)) {
      const spoken = (words as Partial<Record<SlackLocale, unknown>>)[locale];
      if (name.endsWith('_WORDS')) found.push(...sentencesIn(`${name}.${locale}`, spoken));
    }
  }
  return found.filter(({ names }) => names.some((name) => name === 'one' || NUMBERS.test(name)));
}

describe.each(SLACK_LOCALES)('in Slack (%s)', (locale) => {
  it('every sentence with a number agrees with it', async () => {
    const sentences = await allSentences(locale);
    expect(sentences.length).toBeGreaterThan(40);
    const wrong = sentences.flatMap(({ at, say }) =>
      COUNTS.filter((count) => disagreements(say(count, locale), count, locale).length > 0).map(
        (count) => `${at}: ${say(count, locale)}`,
      ),
    );
    expect(wrong).toEqual([]);
  });

  it.each(COUNTS)('every line of a plan agrees with its count: %i', (count) => {
    const skips = Object.fromEntries(SKIPS.map((skip) => [skip, count]));
    const askSkips = Object.fromEntries(ASK_SKIPS.map((skip) => [skip, count]));
    const counts = { addresses: count, change: count, asks: count, skips, askSkips };
    const ask = { who: 'changed', template: 't', silence: 'keep', linkDays: 14 } as const;
    for (const kind of ['opt-in', 'opt-out', 'reconfirm', 'undo'] as const) {
      const { plan } = aRequest({ kind });
      const terms = { ...plan.terms, ask: { ...plan.terms.ask, ...ask } };
      const told = countWords({ ...plan, terms, counts } as typeof plan, locale).mrkdwn;
      expect(told.split('\n').length).toBeGreaterThan(SKIPS.length);
      expect(disagreements(told.replaceAll('*', ''), count, locale)).toEqual([]);
      expect(told).not.toMatch(count === 1 ? /, so they/u : /, so it /u);
    }
  });
});

it.each([
  ['1 addresses', 1, 'en'],
  ['0 contact', 0, 'en'],
  ['2 rows was', 2, 'en'],
  ['1 are opted in', 1, 'en'],
  ['mit 1 neuen', 1, 'de'],
  ['5.000 Adresse', 5_000, 'de'],
  ['1 Anfragen warten', 1, 'de'],
] as const)('the check finds %j', (text, count, locale) => {
  expect(disagreements(text, count, locale)).not.toEqual([]);
});

it('no mail and no page puts a count into a sentence, in any language', () => {
  const texts = readdirSync(TEMPLATES, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:txt|html|json)$/u.test(name))
    .map((name) => readFileSync(join(TEMPLATES, name), 'utf8'));
  expect(texts.length).toBeGreaterThan(7 * 4);
  const names = texts.flatMap((text) =>
    [...text.matchAll(/\{{1,2}[#/^]?(\w+)\}/gu)].map(([, name = '']) => name),
  );
  expect([...new Set(names)].filter((name) => !COUNTLESS.has(name))).toEqual([]);
});
