/** HTML places: tells where in an HTML text a placeholder stands, so that its value can do no harm. */

/** `href`: the whole value of a double-quoted href. `forbidden`: elsewhere in a tag, style, script, comment. */
export type HtmlPlace = 'content' | 'href' | 'forbidden';

/** Comments, styles and scripts with all they hold, and tags with their quoted attributes. */
const MARKUP =
  /<!--[\s\S]*?(?:-->|$)|<(style|script)\b[\s\S]*?(?:<\/\1\s*>|$)|<[a-z/!?](?:"[^"]*"|'[^']*'|[^"'>])*(?:>|$)/gi;
const HREF_BEFORE = /\shref="$/i;

/** A function that tells the place of what stands from `start` to `end`. */
export function htmlPlaces(html: string): (start: number, end: number) => HtmlPlace {
  const markup = [...html.matchAll(MARKUP)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    isTag: match[1] === undefined && !match[0].startsWith('<!'),
  }));
  return (start, end) => {
    const around = markup.find((piece) => piece.start < start && start < piece.end);
    if (around === undefined) return 'content';
    const isHref =
      around.isTag && HREF_BEFORE.test(html.slice(around.start, start)) && html[end] === '"';
    return isHref ? 'href' : 'forbidden';
  };
}
