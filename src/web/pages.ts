/**
 * Pages: what a recipient sees, as pure functions of what is so.
 *
 * No script at all: buttons are forms. The yes is a named button, so that a request which only
 * repeats the address of the page says nothing.
 */
import { fill, sayDay, sayHowObtained, sayIfSilent, sayLastDay } from '../workflow/ask-words.ts';
import type { AskView } from '../workflow/read-ask.ts';
import { type Html, html } from './html.ts';
import { layout, type PageSender } from './page-layout.ts';
import { type PageLocales, type PageWords, withoutBreaks } from './page-words.ts';

/** The name and value of the button that says yes. */
export const ANSWER = { name: 'answer', yes: 'yes' } as const;
/** The field that carries the language of the page to the page that follows. */
export const LOCALE_FIELD = 'locale';

export type ResultName = keyof PageWords['results'];
export type NoticeName = keyof PageWords['notices'];

/** In which language, and in whose name. */
export interface PageFrame {
  readonly locale: string;
  readonly sender: PageSender;
  readonly token: string;
}

export type Pages = ReturnType<typeof pagesOf>;

/** @param host what pages that belong to no sender are headed with */
export function pagesOf({ words: plain, style }: PageLocales, host: string) {
  const locales = new Map([...plain].map(([locale, own]) => [locale, withoutBreaks(own)]));
  const wordsOf = (locale: string): PageWords => {
    const words = locales.get(locale);
    if (words === undefined) throw new Error(`there are no page words in ${locale}`);
    return words;
  };
  const framed = ({ locale, sender }: PageFrame, title: string, body: Html): string =>
    layout({ locale, words: wordsOf(locale), style, sender, host, title, body });

  return {
    locales: [...locales.keys()] as readonly string[],
    styleHash: style.hash,

    /** The question: one big button for yes, one for stop, and what one has to know. */
    review(frame: PageFrame, view: AskView): string {
      const { ask, review } = wordsOf(frame.locale);
      const said = {
        obtained: sayHowObtained(ask, frame.locale, view.provenance),
        silent: sayIfSilent(ask, frame.locale, view),
      };
      return framed(
        frame,
        review.title,
        html`<h1>${review.title}</h1>
<p class="lead">${fill(review.lead, { sender: frame.sender.name })}</p>
${yesForm(frame, review.yes)}
${stopForm(frame, review.stop)}
<dl>
<dt>${review.howObtained}</dt>
<dd>${said.obtained}</dd>
<dt>${review.askedOn}</dt>
<dd>${sayDay(frame.locale, view.askedAt)}</dd>
<dt>${review.ifSilent}</dt>
<dd>${said.silent}</dd>
</dl>
<p class="quiet">${review.forwarded}</p>`,
      );
    },

    /** One big button: stop. */
    stop(frame: PageFrame): string {
      const { stop, review } = wordsOf(frame.locale);
      return framed(
        frame,
        stop.title,
        html`<h1>${stop.title}</h1>
<p class="lead">${fill(stop.text, { sender: frame.sender.name })}</p>
${stopForm(frame, stop.button, 'primary')}
<p class="quiet">${review.forwarded}</p>`,
      );
    },

    /** What came of a click, or what stands already; `stop` where stopping still makes sense. */
    result(
      frame: PageFrame,
      name: ResultName,
      { offerStop, expiresAt }: { offerStop: boolean; expiresAt?: Date | undefined },
    ): string {
      const { results, changedMind, review } = wordsOf(frame.locale);
      const { title, text } = results[name];
      const date = expiresAt === undefined ? '' : sayLastDay(frame.locale, expiresAt);
      const offer = html`<section>
<h2>${changedMind}</h2>
${stopForm(frame, review.stop)}
</section>`;
      return framed(
        frame,
        title,
        html`${DONE.has(name) ? MARK : undefined}<h1>${title}</h1>
<p class="lead">${fill(text, { sender: frame.sender.name, date })}</p>
${offerStop ? offer : undefined}`,
      );
    },

    /** A page that belongs to no sender. */
    notice(locale: string, name: NoticeName): string {
      const words = wordsOf(locale);
      const { title, text } = words.notices[name];
      const body = html`<h1>${title}</h1>
<p>${text}</p>`;
      return layout({ locale, words, style, sender: undefined, host, title, body });
    },
  };
}

const DONE: ReadonlySet<ResultName> = new Set(['confirmed', 'stopped']);
const MARK = html`<svg class="mark" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M4.5 12.75 10 18.25 19.5 6.5"/></svg>
`;

/** Relative, so that the pages also work under a path of somebody's own host. */
const pathOf = (door: 'c' | 's', token: string) => `../${door}/${encodeURIComponent(token)}`;

function yesForm({ locale, token }: PageFrame, label: string): Html {
  return html`<form method="post" action="${pathOf('c', token)}">
<input type="hidden" name="${LOCALE_FIELD}" value="${locale}">
<button class="primary" type="submit" name="${ANSWER.name}" value="${ANSWER.yes}">${label}</button>
</form>`;
}

function stopForm({ locale, token }: PageFrame, label: string, look?: 'primary'): Html {
  return html`<form method="post" action="${pathOf('s', token)}">
<input type="hidden" name="${LOCALE_FIELD}" value="${locale}">
<button${look === undefined ? undefined : html` class="${look}"`} type="submit">${label}</button>
</form>`;
}
