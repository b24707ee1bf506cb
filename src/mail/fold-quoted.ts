/**
 * Fold quoted: soft line breaks in one long quoted line (RFC 2045, 6.7), where nodemailer's `wrap`
 * makes them, which looks for them with half a dozen patterns a line. Links are long lines, and each
 * mail has its own.
 */

/** RFC 2045, 6.7 (5). */
const LINE_CHARACTERS_MAX = 76;
/** A line breaks after a space or a mark if there is one so near its end. */
const MARGIN_CHARACTERS = 25;
const MARKS: ReadonlySet<number> = new Set(Array.from(' \t.,!?', (mark) => mark.charCodeAt(0)));
/** What stands for `=` itself. */
const QUOTED_EQUALS = '=3D';

/**
 * @param line quoted, with its CRLF, and only there
 * @returns undefined if a break comes to a character of several bytes, which `wrap` keeps together
 */
export function foldQuoted(line: string): string | undefined {
  let folded = '';
  let from = 0;
  while (line.length - from > LINE_CHARACTERS_MAX) {
    const length = lengthOf(line, from);
    if (length === undefined) return undefined;
    folded += `${line.slice(from, from + length)}=\r\n`;
    from += length;
  }
  return folded + line.slice(from);
}

/** Characters up to the break, which itself takes one. */
function lengthOf(line: string, from: number): number | undefined {
  const end = from + LINE_CHARACTERS_MAX;
  for (let at = end - 1; at >= end - MARGIN_CHARACTERS; at -= 1) {
    if (MARKS.has(line.charCodeAt(at))) return Math.min(at - from + 1, LINE_CHARACTERS_MAX - 1);
  }
  const sign = line.lastIndexOf('=', end - 1);
  if (sign < end - QUOTED_EQUALS.length) return LINE_CHARACTERS_MAX - 1;
  // What stands for one character is not torn.
  return line.startsWith(QUOTED_EQUALS, sign) ? sign - from : undefined;
}
