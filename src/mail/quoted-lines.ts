/**
 * Quoted lines: a text as quoted-printable (RFC 2045, 6.7), line by line, so that the lines without
 * a recipient's values are encoded once for all mails.
 *
 * The encoding is nodemailer's. With CRLF at its end, a line is encoded and folded by itself: where
 * the next line breaks does not depend on it. That is what makes this possible, and exact.
 */
import { encode, wrap } from 'nodemailer/lib/qp';
import { withLineEnds } from './ask-mail.ts';
import { foldQuoted } from './fold-quoted.ts';
import { fixed, type MailPieces } from './mail-pieces.ts';
import { type BoundPart, type Medium, placeValue, type Values } from './placeholders.ts';

/** RFC 2045, 6.7 (5). */
const LINE_CHARACTERS_MAX = 76;
/** Of a line that needs no fold, without its CRLF. */
const SHORT_CHARACTERS_MAX = 74;
const SPACE_AT_END = /[ \t]$/;
/** Printable: `=` is all that is encoded in it. */
const ASCII = /^[\t\x20-\x7e]*$/;

/** Any line before the last: no mail of ours is so short that there is none. */
const LEAD = `${'x'.repeat(SHORT_CHARACTERS_MAX)}\r\n`;

/** A line with values in it, its own CRLF included; what it came to last time is remembered. */
interface OpenLine {
  readonly parts: readonly BoundPart[];
  /** The same with what is known quoted already, if only values of one line stand in it. */
  readonly quoted: readonly BoundPart[] | undefined;
  lastText: string;
  lastQuoted: string;
}

export interface QuotedLines {
  /**
   * Adds the whole text, quoted, piece by piece; what is the same in all mails as bytes.
   * @param clean values of `cleanValue`, one for each open part
   */
  fill(clean: Values, mail: MailPieces): void;
}

/** Takes a text apart into lines that are done and lines that wait for values. */
export function quoteLines(parts: readonly BoundPart[], medium: Medium): QuotedLines {
  const pieces: (string | OpenLine)[] = [];
  for (const line of linesOf(parts)) {
    const known = line.filter((part) => typeof part === 'string');
    const last = pieces.at(-1);
    if (known.length < line.length) pieces.push(openLine(line));
    else if (typeof last === 'string') pieces[pieces.length - 1] = last + quote(known.join(''));
    else pieces.push(quote(known.join('')));
  }
  const made = pieces.map((piece) => (typeof piece === 'string' ? fixed(piece) : piece));
  return {
    fill(clean, mail) {
      for (const piece of made) {
        mail.add('parts' in piece ? quoteOpen(piece, medium, clean) : piece);
      }
    },
  };
}

function openLine(parts: readonly BoundPart[]): OpenLine {
  const isOne = parts.every((part) => typeof part === 'string' || part.kind !== 'lines');
  const last = parts.at(-1);
  const isWhole = isOne && typeof last === 'string' && last.endsWith('\r\n');
  const quoted = parts.map((part) => (typeof part === 'string' ? quotePart(part) : part));
  return { parts, quoted: isWhole ? quoted : undefined, lastText: '', lastQuoted: '' };
}

/** Text that a value follows, or a line's end: only space before a line's end is encoded. */
function quotePart(text: string): string {
  return text.endsWith('\n') ? encode(text) : encode(`${text}.`).slice(0, -1);
}

/** The parts of each line; a line without values is one string. Every line but the last ends in CRLF. */
function linesOf(parts: readonly BoundPart[]): BoundPart[][] {
  const lines: BoundPart[][] = [];
  let line: BoundPart[] = [];
  for (const part of parts) {
    if (typeof part !== 'string') {
      line.push(part);
      continue;
    }
    const [first = '', ...rest] = withLineEnds(part).split(/(?<=\r\n)/);
    if (first !== '') line.push(first);
    if (first.endsWith('\r\n')) {
      lines.push(line);
      line = [];
    }
    for (const text of rest) {
      line.push(text);
      if (!text.endsWith('\r\n')) continue;
      lines.push(line);
      line = [];
    }
  }
  if (line.length > 0) lines.push(line);
  return lines;
}

/** Values that many recipients share (a date, a source) need no second fold. */
function quoteOpen(line: OpenLine, medium: Medium, clean: Values): string {
  const quoted = line.quoted && textOf(line.quoted, medium, clean, quoteValue);
  if (quoted === undefined) return quoteSeveral(textOf(line.parts, medium, clean) ?? '');
  if (quoted !== line.lastText) {
    line.lastQuoted = foldQuoted(quoted) ?? wrap(quoted, LINE_CHARACTERS_MAX);
    line.lastText = quoted;
  }
  return line.lastQuoted;
}

/** A line with its values. @param quoted of a value; undefined: then there is no text either */
function textOf(
  parts: readonly BoundPart[],
  medium: Medium,
  clean: Values,
  quoted = (value: string): string | undefined => value,
): string | undefined {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = quoted(placeValue(clean[part.value] ?? '', part.kind, medium));
    if (value === undefined) return undefined;
    text += value;
  }
  return text;
}

/** A value as it stands in a quoted line; undefined if the line must be looked at as a whole. */
function quoteValue(value: string): string | undefined {
  if (SPACE_AT_END.test(value)) return undefined;
  if (!ASCII.test(value)) return quotePart(value);
  return value.includes('=') ? value.replaceAll('=', '=3D') : value;
}

function quoteSeveral(text: string): string {
  const lines = withLineEnds(text).split(/(?<=\r\n)/);
  return lines.map(quote).join('');
}

/** One line, its CRLF included if it has one. */
function quote(line: string): string {
  if (!line.endsWith('\r\n')) return quoteLast(line);
  const content = line.slice(0, -2);
  if (!ASCII.test(content) || SPACE_AT_END.test(content)) {
    return wrap(encode(line), LINE_CHARACTERS_MAX);
  }
  const quoted = `${content.replaceAll('=', '=3D')}\r\n`;
  return foldQuoted(quoted) ?? wrap(quoted, LINE_CHARACTERS_MAX);
}

/**
 * The last line, if nothing ends it. Nodemailer folds it at a space even where it would fit, unless
 * it is all there is; it holds back space at its end, and folds once more when that has come.
 */
function quoteLast(line: string): string {
  const space = /[ \t]*$/.exec(line)?.[0] ?? '';
  const before = wrap(
    LEAD + encode(line.slice(0, line.length - space.length)),
    LINE_CHARACTERS_MAX,
  );
  const quoted = before.slice(LEAD.length);
  if (space === '') return quoted;
  const fold = quoted.lastIndexOf('\n') + 1;
  return quoted.slice(0, fold) + wrap(quoted.slice(fold) + encode(space), LINE_CHARACTERS_MAX);
}
