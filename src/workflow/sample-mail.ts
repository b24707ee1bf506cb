/**
 * Sample mail: the words of a template with values that nobody has, for people who look at it.
 */
import { pickLocale } from '../mail/locale.ts';
import { type Template, type Wording, wordAsk, wordGoodbye } from '../mail/templates.ts';
import { type AskWords, sayHowObtained, sayIfSilent } from './ask-words.ts';

const SAMPLE = {
  senderName: 'Example GmbH',
  postalAddress: 'Beispielweg 1\n10115 Berlin\nGermany',
  address: 'recipient@example.com',
  reviewUrl: 'https://confirm.example.com/c/T1.0f3b9a7c.k1.8Zr4Wd1xQe',
  stopUrl: 'https://confirm.example.com/s/T1.0f3b9a7c.k1.8Zr4Wd1xQe',
};
const PRIVACY_URL = 'https://www.example.com/privacy';
const DAY_MS = 24 * 60 * 60 * 1000;
const LINK_DAYS = 14;
const COLLECTED_DAYS_AGO = 90;

/** @param rest whether the optional values are there */
export function sampleMail(
  template: Template,
  words: ReadonlyMap<string, AskWords>,
  { locale, at, rest }: { locale: string; at: Date; rest: 'given' | 'missing' },
): Wording {
  const privacyUrl = rest === 'given' ? PRIVACY_URL : undefined;
  const wish = { language: locale };
  if (template.purpose === 'goodbye') return wordGoodbye(template, wish, { ...SAMPLE, privacyUrl });
  const phrases = pickLocale([...words.keys()], wish);
  const own = words.get(phrases);
  if (own === undefined) throw new Error(`there are no phrases in ${phrases} for a mail`);
  const since = new Date(at.getTime() - COLLECTED_DAYS_AGO * DAY_MS);
  const expiresAt = new Date(at.getTime() + LINK_DAYS * DAY_MS);
  const day = since.toISOString().slice(0, 'yyyy-mm-dd'.length);
  return wordAsk(template, wish, {
    ...SAMPLE,
    privacyUrl,
    howObtained: sayHowObtained(own, phrases, {
      source: 'web-form',
      answers: { url: 'https://www.example.com/news', collectedFrom: day, collectedUntil: day },
      since,
    }),
    ifSilent: sayIfSilent(own, phrases, { silence: 'revert', expiresAt }),
  });
}
