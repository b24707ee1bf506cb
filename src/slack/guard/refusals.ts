/**
 * Refusals: what the one who acted is told when something did not happen.
 *
 * A Refusal has its own sentence. Anything else is our fault or the world's: people get one apology
 * with a reference, and the log gets the rest without anything about a person.
 */
import { randomBytes } from 'node:crypto';
import type { ModalView } from '@slack/types';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import type { Logger } from 'pino';
import { Refusal } from '../../consent/refusal.ts';
import { modal, section } from '../blocks/blocks.ts';
import { escapeMrkdwn, type Mrkdwn, md } from '../blocks/escape.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { refusalSentence } from '../words/refusals.ts';
import { SlackSilent } from './actor.ts';
import { InputErrors } from './door.ts';
import { OldView } from './metadata.ts';

/** Four letters and digits are enough to find a line in a log. */
const REFERENCE_BYTES = 4;
const CAUSES_MAX = 5;
/** Slack's words for a trouble of its own, or for windows that came or went meanwhile. */
const PASSING: ReadonlySet<string> = new Set([
  'ratelimited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'push_limit_reached',
  'not_found',
]);
/** Errors whose messages quote what they were given. */
const QUOTING = /^(?:Mongo.*|SyntaxError|(?:\$)?ZodError)$/u;
const ADDRESS = /\S*@\S+/gu;

/** A detail that reads the same in every language: numbers and signs. */
const NUMBERS_ONLY = /^[\d\s\p{P}\p{S}]+$/u;

export interface Telling {
  readonly log: Logger;
  /** The listener's id, for the log. */
  readonly what: string;
  readonly locale: SlackLocale;
}

/** What is said about an error. */
export function sentenceFor(error: unknown, { log, what, locale }: Telling): string {
  const words = NOTICE_WORDS[locale];
  if (error instanceof Refusal) return refusalWords(error, locale);
  if (error instanceof SlackSilent) return words.slackSilent;
  if (error instanceof OldView) return words.old;
  if (error instanceof InputErrors) return Object.values(error.errors).join(' ');
  if (isSlackAway(error)) {
    log.warn({ listener: what, fault: withoutPeople(error) }, 'Slack did not take an answer');
    return words.slackAway;
  }
  const reference = randomBytes(REFERENCE_BYTES).toString('hex').toUpperCase();
  log.error({ reference, listener: what, fault: withoutPeople(error) }, 'a Slack listener failed');
  return words.broke(reference);
}

/** Slack's trouble, which passes: too many calls, no answer, or none that makes sense. */
function isSlackAway(error: unknown): boolean {
  if (error instanceof WebAPIPlatformError) return PASSING.has(error.data.error);
  return (
    error instanceof WebAPIRateLimitedError ||
    error instanceof WebAPIHTTPError ||
    error instanceof WebAPIRequestError
  );
}

/** A refusal in the reader's language. Its detail is English, so others see it only as a number. */
export function refusalWords({ code, detail }: Refusal, locale: SlackLocale): string {
  const sentence = refusalSentence(code, locale);
  const told = detail !== undefined && (locale === 'en' || NUMBERS_ONLY.test(detail));
  return told ? `${sentence} ${detail}` : sentence;
}

/** The sentence as a modal of its own: to push over a form, or to open where there is none. */
export function noticeView(
  sentence: string | Mrkdwn,
  locale: SlackLocale,
  title: string = NOTICE_WORDS[locale].notDone,
): ModalView {
  const text = typeof sentence === 'string' ? md`${sentence}` : sentence;
  const { close } = NOTICE_WORDS[locale];
  return modal({ callbackId: 'read-notice', title, close, blocks: [section(text)] });
}

/** The sentence as the text of a message. */
export function asMessageText(sentence: string | Mrkdwn): string {
  return typeof sentence === 'string' ? escapeMrkdwn(sentence) : sentence.mrkdwn;
}

interface Fault {
  readonly name: string;
  readonly says: string | undefined;
  readonly code: unknown;
  readonly at: readonly string[];
}

/**
 * An error for the log: the message of a database, a parser or a check may quote what it was given,
 * so it is left out, and addresses in any other; so is the first line of the stack, which repeats it.
 */
export function withoutPeople(error: unknown): Fault[] {
  const faults: Fault[] = [];
  let next = error;
  while (next instanceof Error && faults.length < CAUSES_MAX) {
    const { name, message, stack = '', cause } = next;
    faults.push({
      name,
      says: QUOTING.test(name) ? undefined : message.replaceAll(ADDRESS, '…'),
      code: 'code' in next ? next.code : undefined,
      at: stack.split('\n').filter((line) => /^\s+at /u.test(line)),
    });
    next = cause;
  }
  return faults.length > 0 ? faults : [{ name: typeof error, says: undefined, code: 0, at: [] }];
}
