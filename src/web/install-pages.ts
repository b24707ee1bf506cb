/** Install pages: what whoever adds the app to Slack sees, in the look of the recipients' pages. */
import { type Html, html } from './html.ts';
import { INSTALL_WORDS, type InstallWords } from './install-words.ts';
import { localeFor } from './languages.ts';
import { layout } from './page-layout.ts';
import type { PageLocales } from './page-words.ts';

export type InstallPages = ReturnType<typeof installPages>;
export type InstallNotice = 'done' | 'declined' | 'stale';

/** @param host what the pages are headed with */
export function installPages({ words: shared, style }: PageLocales, host: string) {
  const page = (acceptLanguage: string | undefined, draw: (own: InstallWords) => Drawn): string => {
    const wanted = localeFor(Object.keys(INSTALL_WORDS), undefined, acceptLanguage);
    const locale = wanted === 'de' ? 'de' : 'en';
    const words = shared.get(locale);
    if (words === undefined) throw new Error(`there are no page words in ${locale}`);
    const { title, body } = draw(INSTALL_WORDS[locale]);
    const whole = html`<h1>${title}</h1>
${body}`;
    return layout({ locale, words, style, sender: undefined, host, title, body: whole });
  };
  return {
    /** What is asked for, and the button that begins. */
    show: (acceptLanguage: string | undefined, scopes: readonly string[]): string =>
      page(acceptLanguage, ({ show, scopes: told }) => ({
        title: show.title,
        body: html`<p class="lead">${show.lead}</p>
<form method="post" action="install">
<button class="primary" type="submit">${show.button}</button>
</form>
<section>
<h2>${show.asksFor}</h2>
<ul>${scopes.map((scope) => html`<li>${told[scope] ?? scope}</li>`)}</ul>
<p class="quiet">${show.never}</p>
</section>`,
      })),

    notice: (acceptLanguage: string | undefined, name: InstallNotice): string =>
      page(acceptLanguage, (words) => {
        const { title, text } = words[name];
        const then = name === 'done' ? html`<p>${words.done.next}</p>` : again(words);
        return { title, body: html`<p class="lead">${text}</p>${then}` };
      }),

    /** @param because Slack's name of the reason, or one of ours */
    refused: (acceptLanguage: string | undefined, because: string): string =>
      page(acceptLanguage, (words) => {
        const { title, reason } = words.refused;
        return {
          title,
          body: html`<p class="lead">${whyRefused(words, because)}</p>
<p class="quiet">${reason}: ${because}</p>
${again(words)}`,
        };
      }),
  };
}

interface Drawn {
  readonly title: string;
  readonly body: Html;
}

function whyRefused({ refused }: InstallWords, because: string): string {
  if (because === 'missing_scope') return refused.scopes;
  return because === 'token_rotation' ? refused.rotation : refused.text;
}

/** Relative, so that it also works under a path of somebody's own host. */
const again = (words: InstallWords): Html => html`<p><a href="install">${words.again}</a></p>`;
