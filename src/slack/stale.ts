/**
 * Stale: polite answers to what we no longer know: a button, a window or a command of an older
 * version of the app. Nothing is done.
 */
import type {
  ActionListener,
  CommandListener,
  ShortcutListener,
  SubmissionListener,
} from './door.ts';
import { md } from './escape.ts';
import { asMessageText, noticeView } from './refusals.ts';

const OLD =
  'This comes from an older version of Assent, so nothing was done. Type /assent for what there is now.';

export const staleCommand: CommandListener = async (call) =>
  call.reply({ text: asMessageText(OLD) });

export const staleShortcut: ShortcutListener = async (call) =>
  call.reply({ text: asMessageText(OLD) });

/** Inputs that only report what is entered are no buttons; they are left alone. */
export const staleAction: ActionListener = async (call) => {
  if (call.element !== 'button') return;
  await call.reply({ text: asMessageText(OLD) });
};

export const staleSubmission: SubmissionListener = async () => ({
  response_action: 'update',
  view: noticeView(md`${OLD}`),
});
