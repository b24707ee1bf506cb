/**
 * Language: the languages that Assent speaks in Slack.
 *
 * What one area says stands in a file of its own beside this one, `{ en, de }`, where German is typed
 * by English: a sentence that is missing in one of them does not compile. Whoever draws a view takes
 * the reader's language last: `homeView(model, locale)`, and says `HOME_WORDS[locale].title`.
 */

export const SLACK_LOCALES = ['en', 'de'] as const;
export type SlackLocale = (typeof SLACK_LOCALES)[number];

/** What is spoken where nobody said which. */
export const DEFAULT_LOCALE: SlackLocale = 'en';

/** The same words in every language: plain sentences, or functions of what is put in. */
export type Words<T> = Readonly<Record<SlackLocale, T>>;

/** The language of a tag such as Slack's `de-DE` or `en_GB`; English for those we do not speak. */
export function slackLocale(tag: string | undefined): SlackLocale {
  const language = tag?.split(/[-_]/u)[0]?.toLowerCase();
  return SLACK_LOCALES.find((locale) => locale === language) ?? DEFAULT_LOCALE;
}
