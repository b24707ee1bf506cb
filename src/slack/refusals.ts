/**
 * Refusals: what the one who acted is told when something did not happen.
 *
 * A Refusal has its own sentence. Anything else is our fault or the world's: people get one apology
 * with a reference, and the log gets the rest without anything about a person.
 */
import { randomBytes } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { Logger } from 'pino';
import { Refusal } from '../consent/refusal.ts';
import { SlackSilent } from './actor.ts';
import { modal, section } from './blocks.ts';
import { InputErrors } from './door.ts';
import { escapeMrkdwn, type Mrkdwn, md } from './escape.ts';

/** Four letters and digits are enough to find a line in a log. */
const REFERENCE_BYTES = 4;
const CAUSES_MAX = 5;

const SLACK_SILENT =
  'Slack did not confirm in time who you are, so nothing was done. Please try again in a moment.';

/** What is said about an error. @param what the listener's id, for the log */
export function sentenceFor(error: unknown, log: Logger, what: string): string {
  if (error instanceof Refusal) return error.message;
  if (error instanceof SlackSilent) return SLACK_SILENT;
  if (error instanceof InputErrors) return Object.values(error.errors).join(' ');
  const reference = randomBytes(REFERENCE_BYTES).toString('hex').toUpperCase();
  log.error({ reference, listener: what, fault: withoutPeople(error) }, 'a Slack listener failed');
  return `Something broke on our side, and we could not finish this. Please try again; if it happens again, tell an admin the reference ${reference}.`;
}

/** The sentence as a modal of its own: to push over a form, or to open where there is none. */
export function noticeView(sentence: string | Mrkdwn, title = 'Not done'): ModalView {
  const text = typeof sentence === 'string' ? md`${sentence}` : sentence;
  return modal({ callbackId: 'read-notice', title, close: 'Close', blocks: [section(text)] });
}

/** The sentence as the text of a message. */
export function asMessageText(sentence: string): string {
  return escapeMrkdwn(sentence);
}

interface Fault {
  readonly name: string;
  readonly says: string | undefined;
  readonly code: unknown;
  readonly at: readonly string[];
}

/**
 * An error for the log: a database's message may quote a document, so it is left out; so is the
 * first line of the stack, which repeats it.
 */
export function withoutPeople(error: unknown): Fault[] {
  const faults: Fault[] = [];
  let next = error;
  while (next instanceof Error && faults.length < CAUSES_MAX) {
    const { name, message, stack = '', cause } = next;
    const quotesDocuments = name.startsWith('Mongo');
    faults.push({
      name,
      says: quotesDocuments ? undefined : message,
      code: 'code' in next ? next.code : undefined,
      at: stack.split('\n').filter((line) => /^\s+at /u.test(line)),
    });
    next = cause;
  }
  return faults.length > 0 ? faults : [{ name: typeof error, says: undefined, code: 0, at: [] }];
}
