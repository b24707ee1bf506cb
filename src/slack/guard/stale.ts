/**
 * Stale: polite answers to what we no longer know: a button, a window or a command of an older
 * version of the app. Nothing is done.
 */

import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import type {
  ActionListener,
  CommandListener,
  ShortcutListener,
  SubmissionListener,
} from './door.ts';
import { asMessageText, noticeView } from './refusals.ts';

const old = (locale: SlackLocale): string => asMessageText(NOTICE_WORDS[locale].old);

export const staleCommand: CommandListener = async (call) => call.reply({ text: old(call.locale) });

export const staleShortcut: ShortcutListener = async (call) =>
  call.reply({ text: old(call.locale) });

/** Inputs that only report what is entered are no buttons; they are left alone. */
export const staleAction: ActionListener = async (call) => {
  if (call.element !== 'button') return;
  await call.reply({ text: old(call.locale) });
};

export const staleSubmission: SubmissionListener = async ({ locale }) => ({
  response_action: 'update',
  view: noticeView(NOTICE_WORDS[locale].old, locale),
});
