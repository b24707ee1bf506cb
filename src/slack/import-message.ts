/** Import message: what came of an import, told directly to the one who made it. */
import type { AnyBlock } from '@slack/types';
import type { ImportDocument } from '../store/imports.ts';
import { context, fields, section } from './blocks.ts';
import { joinMrkdwn, type Mrkdwn, md } from './escape.ts';
import { type Message, message } from './message.ts';
import { shownName } from './request-words.ts';
import { counted, formatNumber } from './texts.ts';

/** Reasons that are told one by one; the rest is counted together. */
const REASONS_MAX = 10;
const BY_COMMAND_LINE = md`For a file of them with line numbers and reasons, import it on the command line: \`assent import FILE --again\`.`;

export function importMessage(batch: ImportDocument): Message {
  const { _id, name, counts, permission, permissions = {}, request } = batch;
  const title = md`Imported: ${shownName(name)}`;
  const blocks: AnyBlock[] = [
    section(md`*${title}*`),
    ...fields([
      md`*Contacts*\n${formatNumber(counts.contacts)}`,
      md`*New addresses*\n${formatNumber(counts.addressesNew)}`,
      md`*Known addresses*\n${formatNumber(counts.addressesKnown)}`,
      md`*Rows not taken*\n${formatNumber(counts.rejected)}`,
    ]),
    section(onFile(permissions)),
    ...(request === undefined
      ? []
      : [
          section(
            md`Nobody can judge the source by its name, so an approver decides: request ${request} waits.`,
          ),
        ]),
    section(md`Choose them with \`/optin batch:${_id}\`.`),
    context(md`Batch ${_id} · permission: ${permission}`),
  ];
  return message(md`${title}, ${counted(counts.contacts, 'contact', 'contacts')}`, blocks);
}

/** What is on file for the addresses of the batch now, whatever the file said. */
function onFile(permissions: Readonly<Record<string, number>>): Mrkdwn {
  const lines = Object.entries(permissions).map(
    ([permission, count]) => md`• ${formatNumber(count)} ${permission.replaceAll('-', ' ')}`,
  );
  return joinMrkdwn([md`*On file for these addresses now*`, ...lines]);
}

/** The rows that were not taken, by reason; the rows themselves hold people and stay with us. */
export function rejectsMessage(name: string, reasons: ReadonlyMap<string, number>): Message {
  const all = [...reasons.values()].reduce((sum, count) => sum + count, 0);
  const ranked = [...reasons].toSorted(([, a], [, b]) => b - a);
  const lines = ranked
    .slice(0, REASONS_MAX)
    .map(([reason, count]) => md`• ${formatNumber(count)}: ${reason}`);
  const rest = ranked.slice(REASONS_MAX).reduce((sum, [, count]) => sum + count, 0);
  if (rest > 0) lines.push(md`• ${formatNumber(rest)}: other reasons`);
  const title = md`${counted(all, 'row', 'rows')} of “${shownName(name)}” were not taken, or not whole`;
  return message(title, [
    section(joinMrkdwn([md`*${title}*`, ...lines])),
    section(BY_COMMAND_LINE),
  ]);
}

/** The import stopped before its end. */
export function importFailedMessage(name: string, sentence: string): Message {
  const title = md`The import of “${shownName(name)}” stopped.`;
  const next = md`${sentence} What was imported until then stays; import the same file again with the same answers to go on.`;
  return message(title, [section(joinMrkdwn([md`*${title}*`, next]))]);
}
