/** SMTP body: a mail as it goes over the line: its dots doubled, its end marked (RFC 5321, 4.5.2). */

const DOT = '.'.charCodeAt(0);
const DOT_AT_START = Buffer.from('\n.');
const END = '.\r\n';

/**
 * A dot at the start of a line is doubled; a dot of its own ends the mail.
 *
 * @param raw ends with a line end
 * @param behind commands that go out with it, ASCII
 */
export function stuffed(raw: Buffer, behind = ''): Buffer {
  const dots = dotsOf(raw);
  const whole = Buffer.allocUnsafe(raw.length + dots.length + END.length + behind.length);
  let from = 0;
  let at = 0;
  for (const dot of dots) {
    at += raw.copy(whole, at, from, dot);
    whole[at] = DOT;
    at += 1;
    from = dot;
  }
  at += raw.copy(whole, at, from);
  whole.write(END + behind, at, 'latin1');
  return whole;
}

/** Where the dots stand that begin a line. */
function dotsOf(raw: Buffer): number[] {
  const dots = raw[0] === DOT ? [0] : [];
  let at = raw.indexOf(DOT_AT_START);
  while (at >= 0) {
    dots.push(at + 1);
    at = raw.indexOf(DOT_AT_START, at + 2);
  }
  return dots;
}
