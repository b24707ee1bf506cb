/**
 * Fold quoted: soft line breaks in one long line of printable ASCII (RFC 2045, 6.7), where
 * nodemailer's `wrap` makes them, which looks for them with half a dozen patterns a line. Links are
 * long lines, and each mail has its own.
 */

/** RFC 2045, 6.7 (5). */
const LINE_CHARACTERS_MAX = 76;
/** A line breaks after a space or a mark if there is one so near its end. */
const MARGIN_CHARACTERS = 25;
const MARKS: ReadonlySet<number> = new Set(Array.from(' \t.,!?', (mark) => mark.charCodeAt(0)));
const EQUALS = '='.charCodeAt(0);

/** @param line printable ASCII in which `=` stands only as `=3D`; ends with its CRLF, and only there */
export function foldQuoted(line: string): string {
  let folded = '';
  let from = 0;
  while (line.length - from > LINE_CHARACTERS_MAX) {
    const to = from + lengthOf(line, from);
    folded += `${line.slice(from, to)}=\r\n`;
    from = to;
  }
  return folded + line.slice(from);
}

/** Characters up to the break, which itself takes one. */
function lengthOf(line: string, from: number): number {
  const end = from + LINE_CHARACTERS_MAX;
  for (let at = end - 1; at >= end - MARGIN_CHARACTERS; at -= 1) {
    if (MARKS.has(line.charCodeAt(at))) return Math.min(at - from + 1, LINE_CHARACTERS_MAX - 1);
  }
  // What stands for one character is not torn.
  for (const back of [1, 2, 3]) {
    if (line.charCodeAt(end - back) === EQUALS) return LINE_CHARACTERS_MAX - back;
  }
  return LINE_CHARACTERS_MAX - 1;
}
