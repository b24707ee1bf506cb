/**
 * SMTP replies: cuts what a server says into replies (RFC 5321, 4.2), and takes nothing for a reply
 * that is none: a session whose replies can't be told apart could give one mail the fate of another.
 */

/** A reply longer than this is an attack or an accident. */
export const REPLY_BYTES_MAX = 64 * 1024;

export interface ServerReply {
  readonly code: number;
  /** All its lines as they came, `\n` between. */
  readonly text: string;
}

/** Three digits, then nothing, a space and words, or `-` if more lines follow. */
const LINE = /^([2-5]\d\d)(?:([ -])|$)/;

/**
 * Reads replies from pieces of any size.
 *
 * @returns a function that gives the replies a piece completes, or undefined if what came is no
 * reply: then the session can't be used any more
 */
export function replyReader(): (piece: Buffer) => readonly ServerReply[] | undefined {
  let rest = '';
  let begun: string[] = [];
  let bytes = 0;

  /** Undefined: more lines follow. False: no reply. */
  const readLine = (line: string): ServerReply | undefined | false => {
    const [, code, separator] = LINE.exec(line) ?? [];
    if (code === undefined || (begun[0] ?? code).slice(0, 3) !== code) return false;
    begun.push(line);
    if (separator === '-') return undefined;
    const text = decode(begun.join('\n'));
    begun = [];
    bytes = rest.length;
    return { code: Number(code), text };
  };

  return (piece) => {
    bytes += piece.length;
    if (bytes > REPLY_BYTES_MAX) return undefined;
    const lines = (rest + piece.toString('latin1')).split(/\r?\n/);
    rest = lines.pop() ?? '';
    const replies: ServerReply[] = [];
    for (const line of lines) {
      const reply = readLine(line);
      if (reply === false) return undefined;
      if (reply !== undefined) replies.push(reply);
    }
    return replies;
  };
}

/** Servers write UTF-8, or what they take for it. */
function decode(text: string): string {
  return /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}
