/** DKIM canonical form: "relaxed" headers and body of RFC 6376, sections 3.4.2 and 3.4.4, on bytes. */
import { createHash } from 'node:crypto';

export interface Field {
  /** Lower case. */
  readonly name: string;
  /** As it stands, folds and all, without the line end. Bytes as latin1. */
  readonly line: string;
}
export interface SplitMail {
  readonly fields: readonly Field[];
  /** All after the empty line. */
  readonly body: Buffer;
}

const FOLD = /\r\n(?=[ \t])/;
const LINE_END = /\r\n(?![ \t])/;
/** What a field that is relaxed already does not hold; almost all of ours are. */
const NOT_RELAXED = /[\t\r\n]| {2}| $/;

/** Takes a mail apart. @throws Error if it has no end of its headers or a line end that is not CRLF. */
export function splitMail(raw: Buffer): SplitMail {
  const end = raw.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('a mail without an empty line after its headers cannot be signed');
  const text = raw.toString('latin1');
  if (hasBareLineEnd(text)) throw new Error('a mail with bare line ends is not signed');
  const fields = text
    .slice(0, end)
    .split(LINE_END)
    .map((line) => ({
      name: line
        .slice(0, Math.max(0, line.indexOf(':')))
        .trim()
        .toLowerCase(),
      line,
    }));
  return { fields, body: raw.subarray(end + 4) };
}

/** Counts instead of matching: this looks at every byte of every mail. */
function hasBareLineEnd(text: string): boolean {
  let pairs = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (text[at - 1] !== '\r') return true;
    pairs += 1;
  }
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) pairs -= 1;
  return pairs !== 0;
}

/** `Subject : a\r\n  b ` → `subject:a b`, without a line end. */
export function relaxedField({ name, line }: Field): string {
  const given = line.slice(line.indexOf(':') + 1);
  if (!NOT_RELAXED.test(given)) return `${name}:${given.startsWith(' ') ? given.slice(1) : given}`;
  const value = given
    .split(FOLD)
    .join('')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
  return `${name}:${value}`;
}

/** sha256 of the relaxed body, base64, as the tag `bh=` wants it. */
export function bodyHash(body: Buffer): string {
  return createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64');
}

/** No space at line ends, one space within, no empty lines at the end, and an end to the last line. */
function relaxedBody(body: Buffer): string {
  const text = body
    .toString('latin1')
    .replace(/[ \t]{2,}|\t/g, ' ')
    .replaceAll(' \r\n', '\r\n')
    .replace(/ $/, '');
  let end = text.length;
  while (text.endsWith('\r\n', end)) end -= 2;
  return end === 0 ? '' : `${text.slice(0, end)}\r\n`;
}

/**
 * The fields a signature covers, in the order of its `h=` (section 5.4.2): a name that stands there
 * twice takes the field next to last too, and one with no field left covers its absence.
 */
export function coveredFields(fields: readonly Field[], names: readonly string[]): Field[] {
  const left = new Map<string, Field[]>();
  for (const field of fields) {
    const others = left.get(field.name);
    if (others === undefined) left.set(field.name, [field]);
    else others.push(field);
  }
  return names.map((name) => left.get(name)?.pop()).filter((field) => field !== undefined);
}
