/** Mail fields: what may stand in a mail's headers and envelope; anything else is refused, not mended. */
import { oneLine } from './clean-text.ts';

/** RFC 5321, 4.5.3.1.3. */
const ADDRESS_CHARACTERS_MAX = 254;
const DISPLAY_NAME_CHARACTERS_MAX = 100;

const HOST =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i;
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const SEND_ID = /^[A-Za-z0-9_-]{1,64}$/;
const FEEDBACK_ID = /^(?:[A-Za-z0-9_.-]*:){3}[A-Za-z0-9_-]{5,15}$/;
const MESSAGE_ID = /^<[A-Za-z0-9_-]{1,64}@[A-Za-z0-9.-]{1,253}>$/;
const LANGUAGE = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;

export interface Mailbox {
  readonly address: string;
  readonly name?: string | undefined;
}

/**
 * The Message-ID of a send: nothing but its id decides, so a second attempt carries the same.
 *
 * @param domain of the From address, `example.com`
 * @throws Error if the id or the domain could not stand in a header
 */
export function messageIdOf(sendId: string, domain: string): string {
  if (!SEND_ID.test(sendId)) throw new Error('a send id has 1 to 64 letters, digits, _ or -');
  if (!HOST.test(domain)) throw new Error('the domain of a Message-ID must be a host name');
  return `<${sendId}@${domain.toLowerCase()}>`;
}

/** An object, never a string: a string is parsed, and a name could become an address. */
export function mailbox(
  { address, name }: Mailbox,
  what: string,
): { name: string; address: string } {
  const shown = cut(oneLine(name ?? ''), DISPLAY_NAME_CHARACTERS_MAX);
  return { name: shown, address: checkAddress(address, what) };
}

/**
 * Plain `local@host`, ASCII: no quotes, comments, groups or routes, which servers read differently.
 * @throws Error that names the part, never its value
 */
export function checkAddress(address: string, what: string): string {
  const at = address.lastIndexOf('@');
  const isPlain = LOCAL_PART.test(address.slice(0, at)) && HOST.test(address.slice(at + 1));
  if (at < 1 || !isPlain || address.length > ADDRESS_CHARACTERS_MAX) {
    throw new Error(`${what} is not a plain e-mail address, so the mail was not composed`);
  }
  return address;
}

export const checkMessageId = (value: string) => checkShape(value, MESSAGE_ID, 'the Message-ID');
export const checkListId = (value: string) => checkShape(value, HOST, 'the List-Id');
export const checkFeedbackId = (value: string) => checkShape(value, FEEDBACK_ID, 'the Feedback-ID');
export const checkLanguage = (value: string) => checkShape(value, LANGUAGE, 'the language');

function checkShape(value: string, shape: RegExp, what: string): string {
  if (!shape.test(value)) throw new Error(`${what} is malformed, so the mail was not composed`);
  return value;
}

export function checkDate(at: Date): Date {
  if (Number.isNaN(at.getTime())) throw new Error('the date is none, so the mail was not composed');
  return at;
}

/** By code points, so that no character is cut in two. */
export function cut(text: string, charactersMax: number): string {
  const characters = Array.from(text);
  if (characters.length <= charactersMax) return text;
  return `${characters.slice(0, charactersMax - 1).join('')}…`;
}
