/** Import message: what came of an import, told directly to the one who made it. */
import type { AnyBlock } from '@slack/types';
import { PERMISSIONS } from '../../consent/permission.ts';
import type { ImportDocument } from '../../store/imports.ts';
import { actions, button, context, fields, section } from '../blocks/blocks.ts';
import { joinMrkdwn, type Mrkdwn, md } from '../blocks/escape.ts';
import { type Message, message } from '../blocks/message.ts';
import { shownName } from '../request/words.ts';
import type { UploadFault } from '../wire/slack-uploads.ts';
import { IMPORT_WORDS } from '../words/imports.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { formatNumber } from '../words/numbers.ts';

/** Reasons that are told one by one; the rest is counted together. */
const REASONS_MAX = 10;

export function importMessage(batch: ImportDocument, locale: SlackLocale): Message {
  const { _id, name, counts, permission, permissions = {}, request } = batch;
  const words = IMPORT_WORDS[locale];
  const title = md`${words.imported} ${shownName(name, locale)}`;
  const numbers = [counts.contacts, counts.addressesNew, counts.addressesKnown, counts.rejected];
  const contacts = words.contacts(formatNumber(counts.contacts, locale), counts.contacts === 1);
  const blocks: AnyBlock[] = [
    section(md`*${title}*`),
    ...fields(
      words.fields.map((field, at) => md`*${field}*\n${formatNumber(numbers[at] ?? 0, locale)}`),
    ),
    section(onFile(permissions, locale)),
    ...(request === undefined ? [] : [section(md`${words.approverDecides(request)}`)]),
    section(words.chooseThem(_id)),
    context(md`${words.batch(_id, NOTICE_WORDS[locale][permission])}`),
  ];
  return message(md`${title}, ${contacts}`, blocks);
}

/** What is on file for the addresses of the batch now, whatever the file said. */
function onFile(permissions: Readonly<Record<string, number>>, locale: SlackLocale): Mrkdwn {
  const words = IMPORT_WORDS[locale];
  const lines = PERMISSIONS.flatMap((permission) => {
    const count = permissions[permission] ?? 0;
    return count === 0
      ? []
      : [md`• ${formatNumber(count, locale)} ${words.permissions[permission]}`];
  });
  return joinMrkdwn([md`*${words.onFile}*`, ...lines]);
}

/** How often each reason was given, in the reader's language. */
type Reasons = ReadonlyMap<string, number>;

/** What stands over the file of the rows that were not taken, as marked-up text. */
export function rejectsComment(name: string, reasons: Reasons, locale: SlackLocale): string {
  const { title, lines } = rejectLines(name, reasons, locale);
  const { inThisFile } = IMPORT_WORDS[locale];
  return joinMrkdwn([md`*${title}*`, ...lines, inThisFile]).mrkdwn;
}

/** The same where Slack took no file: the rows hold people, so they stand in no message. */
export function rejectsMessage(
  name: string,
  { reasons, fault }: { readonly reasons: Reasons; readonly fault: UploadFault },
  locale: SlackLocale,
): Message {
  const words = IMPORT_WORDS[locale];
  const { title, lines } = rejectLines(name, reasons, locale);
  return message(title, [
    section(joinMrkdwn([md`*${title}*`, ...lines])),
    section(md`${words.noFile[fault]} ${words.byCommandLine}`),
  ]);
}

function rejectLines(name: string, reasons: Reasons, locale: SlackLocale) {
  const words = IMPORT_WORDS[locale];
  const rowsOf = (count: number) => words.rows(formatNumber(count, locale), count === 1);
  const all = [...reasons.values()].reduce((sum, count) => sum + count, 0);
  const ranked = [...reasons].toSorted(([, a], [, b]) => b - a);
  const lines = ranked
    .slice(0, REASONS_MAX)
    .map(([reason, count]) => md`• ${rowsOf(count)}: ${reason}`);
  const rest = ranked.slice(REASONS_MAX).reduce((sum, [, count]) => sum + count, 0);
  if (rest > 0) lines.push(md`• ${rowsOf(rest)}: ${words.otherReasons}`);
  const title = md`${words.notTaken(rowsOf(all), shownName(name, locale), all === 1)}`;
  return { title, lines };
}

export const REOPEN_IMPORT = 'reopen-import';

/** The import stopped before its end. @param draft of its form, which a button brings back */
export function importFailedMessage(
  name: string,
  { sentence, draft }: { readonly sentence: string; readonly draft: string | undefined },
  locale: SlackLocale,
): Message {
  const words = IMPORT_WORDS[locale];
  const title = md`${words.stopped(shownName(name, locale))}`;
  const again = button({ id: REOPEN_IMPORT, text: NOTICE_WORDS[locale].openAgain, value: draft });
  return message(title, [
    section(joinMrkdwn([md`*${title}*`, md`${sentence} ${words.goOn}`])),
    ...(draft === undefined ? [] : [actions('reopen', again)]),
  ]);
}
