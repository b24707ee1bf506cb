/** SMTP reply: a server's answer, taken apart and freed of addresses, so that it can be kept and shown. */

export interface Reply {
  /** Three digits: 550. */
  readonly code: number;
  /** RFC 3463: `5.1.1`. */
  readonly enhanced: string | undefined;
  /** One line, without any address or name of the recipient: fit to be kept and shown. */
  readonly text: string;
  /** The same with everything in it: to be judged, never to be kept. */
  readonly said: string;
}

/** Some servers answer with an essay; this much of it is kept. */
export const REPLY_CHARACTERS_MAX = 300;
/** This much of it is read. */
const SAID_CHARACTERS_MAX = 2000;
/** Shorter local parts ("jo") are not masked on their own: they would hide half of the words. */
const LOCAL_PART_CHARACTERS_MIN = 3;
const MASK = '<address>';
/** A hint below this only makes a greylist start again; one above it is not ours to obey. */
const RETRY_MS_MIN = 60_000;
const RETRY_MS_MAX = 24 * 60 * 60_000;
/** What greylists want, when they do not say. */
const GREYLIST_MS = 5 * 60_000;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 60 * 60_000 };
const WAIT =
  /(?:in|after|for|wait)\s+(\d{1,5})\s*(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:ours?)?)\b/i;
const GREYLIST = /gr[ea]y-?\s?list/i;
const ENHANCED = /^\d{3} \D{0,2}([245]\.\d{1,3}\.\d{1,3})\b/;
/** ASCII words with one space between, without `@`, `=`, `%`. */
const PLAIN_LINE = /^(?:[!-$&-<>?A-~]+ )*[!-$&-<>?A-~]+$/;
const REPEATED_CODES = /^\d{3}(?:[ -]|$)(?:\d\.\d{1,3}\.\d{1,3}\s)?/;
/** Also as `local=40host` and `local%40host`, as in links and VERP addresses that servers quote. */
const ADDRESS = /[^\s<>()[\]",;:]+(?:@|=40|%40)[^\s<>()[\]",;:]+/gi;

/** Reads a reply as it came, all its lines; undefined if there was none. */
export function readReply(response: string | undefined, recipient: string): Reply | undefined {
  const lines = (response ?? '').split(/\r?\n/).map((line) => line.trim());
  const first = /^(\d{3})(?:[ -]|$)/.exec(lines[0] ?? '');
  if (first === null) return undefined;
  const said = lines.map(withoutCode).join(' ').slice(0, SAID_CHARACTERS_MAX);
  const enhanced = ENHANCED.exec(said)?.[1];
  return { code: Number(first[1]), enhanced, text: maskReply(said, recipient), said };
}

/** Each line of a long reply repeats the codes: the first keeps them. */
function withoutCode(line: string, index: number): string {
  return index === 0 ? line.replace(/^(\d{3})-/, '$1 ') : line.replace(REPEATED_CODES, '');
}

/** One printable line in which every address, and the recipient's name, is `<address>`. */
export function maskReply(text: string, recipient: string): string {
  if (isHarmless(text, recipient)) return text;
  const local = localPartOf(recipient);
  const line = text.slice(0, SAID_CHARACTERS_MAX).replace(/[\s\p{Cc}]+/gu, ' ');
  const masked = line.replace(ADDRESS, MASK);
  const isWord = local.length >= LOCAL_PART_CHARACTERS_MIN;
  const nameless = isWord ? masked.replace(wordOf(local), MASK) : masked;
  return nameless.replaceAll(`<${MASK}>`, MASK).trim().slice(0, REPLY_CHARACTERS_MAX);
}

const localPartOf = (recipient: string) =>
  recipient.slice(0, Math.max(0, recipient.lastIndexOf('@')));

/**
 * True for what almost every server says almost always: one short printable line in which nothing
 * could be an address, and the recipient's name does not occur. Looking closer costs more than
 * sending the mail.
 */
function isHarmless(text: string, recipient: string): boolean {
  if (text.length > REPLY_CHARACTERS_MAX || !PLAIN_LINE.test(text)) return false;
  return !text.toLowerCase().includes(localPartOf(recipient).toLowerCase());
}

/** How long the server asks us to wait, in ms; undefined if it does not say. */
export function retryHintMs({ said }: Reply): number | undefined {
  const [, count, unit] = WAIT.exec(said) ?? [];
  if (count !== undefined && unit !== undefined) {
    const asked = Number(count) * (UNIT_MS[unit.charAt(0).toLowerCase()] ?? 0);
    return Math.min(Math.max(asked, RETRY_MS_MIN), RETRY_MS_MAX);
  }
  return GREYLIST.test(said) ? GREYLIST_MS : undefined;
}

/** The word on its own: `jane` is taken out of `jane: unknown` and stays in `janet`. */
function wordOf(local: string): RegExp {
  const literal = local.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}])${literal}(?![\p{L}\p{N}])`, 'giu');
}
