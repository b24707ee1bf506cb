/** Clean text: makes values from outside safe for one place in a mail, or says why that is impossible. */

/** Longest URL that may stand in a mail: one header line is at most 998 bytes (RFC 5322, 2.1.1). */
const URL_CHARACTERS_MAX = 900;

/** Embeddings, overrides and isolates: they can make text read other than it is written. */
const DIRECTION_TRICKS = /[\u202A-\u202E\u2066-\u2069]/gu;
/** Runs of space, line breaks and control characters, also those that only look like a line break. */
const GAPS = /[\s\p{Cc}\p{Zl}\p{Zp}]+/gu;
const LINE_BREAKS = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/u;
/** In normal form already, as all links of ours are; what is less plain is read in full. */
const NORMAL_URL =
  /^https:\/\/(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}(?:\/[\w-][\w.-]*)+$/;
const IDNA = 'xn--';

/** Hosts that are this machine: plain http is fine there, and only there. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** French sets one before "?" and ":"; alone it is kept, so that no line begins with the sign. */
const NO_BREAK_SPACES: ReadonlySet<string> = new Set(['\u00A0', '\u202F']);

/** One line without control characters; runs of space become one space. */
export function oneLine(value: string): string {
  return value
    .replace(DIRECTION_TRICKS, '')
    .replace(GAPS, (gap) => (NO_BREAK_SPACES.has(gap) ? gap : ' '))
    .trim();
}

/** The non-empty lines of a value, each clean, as of a postal address. */
export function cleanLines(value: string): string[] {
  return value
    .split(LINE_BREAKS)
    .map(oneLine)
    .filter((line) => line !== '');
}

/** Text as HTML content or as the content of a double-quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The normal form of an http or https URL.
 *
 * @throws Error if it is something else, is too long, or hides a name before the host
 * (`https://bank.example@elsewhere.example`). The URL is not repeated: it may carry a token.
 */
export function httpUrl(value: string, what: string): string {
  if (isNormal(value)) return value;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Error(`${what} is not an http or https URL, so the mail was not made`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error(`${what} carries a user name or a password, so the mail was not made`);
  }
  if (url.href.length > URL_CHARACTERS_MAX) {
    throw new Error(`${what} is longer than ${URL_CHARACTERS_MAX} characters; shorten it`);
  }
  return url.href;
}

/** The normal form of an https URL; plain http passes for this very machine only (demo, tests). */
export function httpsUrl(value: string, what: string): string {
  if (isNormal(value)) return value;
  const href = httpUrl(value, what);
  const { protocol, hostname } = new URL(href);
  if (protocol !== 'https:' && !LOOPBACK.test(hostname)) {
    throw new Error(
      `${what} is not an https URL, so the mail was not made (RFC 8058, section 3.1)`,
    );
  }
  return href;
}

const isNormal = (url: string): boolean =>
  url.length <= URL_CHARACTERS_MAX && NORMAL_URL.test(url) && !url.includes(IDNA);
