/**
 * Digest message: the week as figures and a table of its requests; where Slack does not take tables
 * (yet), the same as lines of text.
 */
import type { AnyBlock, Block } from '@slack/types';
import type { Request } from '../../consent/request.ts';
import type { Digest } from '../../workflow/digest.ts';
import { context, fields, header, section } from '../blocks/blocks.ts';
import { joinMrkdwn, type Mrkdwn, md, moment, userMention } from '../blocks/escape.ts';
import { type Message, message } from '../blocks/message.ts';
import { requestTitle } from '../request/words.ts';
import { DIGEST_WORDS } from '../words/digest.ts';
import type { SlackLocale } from '../words/language.ts';
import { formatNumber } from '../words/numbers.ts';
import { REQUEST_WORDS } from '../words/requests.ts';

export interface DigestOptions {
  /** With a table; a Slack that does not know tables refuses the message. */
  readonly table: boolean;
}

export function digestMessage(
  digest: Digest,
  { table }: DigestOptions,
  locale: SlackLocale,
): Message {
  const words = DIGEST_WORDS[locale];
  const { week, requests } = digest;
  const days = md`${words.from} ${moment(week.from, locale)} ${words.until} ${moment(week.until, locale)}`;
  const blocks: AnyBlock[] = [
    header(words.title),
    context(days),
    ...fields(figures(digest, locale)),
    section(waitingWords(digest, locale)),
    ...requestBlocks(digest, { table }, locale),
    context(md`${words.turnOff}`),
  ];
  const told = requests.length === 0 ? md`${words.quiet}` : joinMrkdwn(textLines(digest, locale));
  return message(
    md`${words.title}. ${joinMrkdwn(figures(digest, locale).map(onOneLine), ' · ')}\n${told}`,
    blocks,
  );
}

function figures({ counts, requestCount }: Digest, locale: SlackLocale): Mrkdwn[] {
  const words = DIGEST_WORDS[locale];
  const rows: readonly (readonly [string, number])[] = [
    [words.requests, requestCount],
    [words.optIns, counts.optIns],
    [words.optOuts, counts.optOuts],
    [words.confirmations, counts.confirmations],
    [words.complaints, counts.complaints],
  ];
  return rows.map(([name, count]) => md`*${name}*\n${formatNumber(count, locale)}`);
}

const onOneLine = ({ mrkdwn }: Mrkdwn): Mrkdwn => ({ mrkdwn: mrkdwn.replace('\n', ' ') });

function waitingWords({ waiting }: Digest, locale: SlackLocale): Mrkdwn {
  const words = DIGEST_WORDS[locale];
  if (waiting === 0) return md`${words.nothingWaits}`;
  return md`*${words.waiting(formatNumber(waiting, locale), waiting === 1)}*`;
}

function requestBlocks(digest: Digest, { table }: DigestOptions, locale: SlackLocale): AnyBlock[] {
  const words = DIGEST_WORDS[locale];
  const { requests, requestCount } = digest;
  if (requests.length === 0) return [section(md`${words.quiet}`)];
  const more = requestCount - requests.length;
  const rest = more > 0 ? [context(md`${words.more(formatNumber(more, locale))}`)] : [];
  if (!table) {
    return [section(joinMrkdwn([md`*${words.caption}*`, ...textLines(digest, locale)])), ...rest];
  }
  return [requestTable(requests, locale), ...rest];
}

function textLines({ requests }: Digest, locale: SlackLocale): Mrkdwn[] {
  const { states } = REQUEST_WORDS[locale];
  return requests.map((request) => {
    const who = userMention(request.requestedBy);
    return md`• ${requestTitle(request, locale)}: ${states[request.state]}, ${who} (${request.id})`;
  });
}

/** People are named by their mention only, which a table's text cannot hold: it has no markup. */
function requestTable(requests: readonly Request[], locale: SlackLocale): Block {
  const { caption, columns } = DIGEST_WORDS[locale];
  const { states } = REQUEST_WORDS[locale];
  const rows = requests.map((request) => [
    text(requestTitle(request, locale)),
    text(states[request.state]),
    person(request.requestedBy),
    text(request.id),
  ]);
  // Data tables came in 2026; the types of @slack/types may not know all of them.
  const table = {
    type: 'data_table',
    caption,
    rows: [columns.map(text), ...rows],
    page_size: rows.length + 1,
    row_header_column_index: 0,
  };
  return table;
}

const text = (shown: string) => ({ type: 'raw_text', text: shown });

/** A mention, or the name of whoever is no Slack user. */
function person(user: string) {
  if (!/^[UW][A-Z0-9]{2,}$/u.test(user)) return text(user);
  const elements = [{ type: 'user', user_id: user }];
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}
