/**
 * Result: what came of a request, set against its plan; in the channel, and directly to the one who
 * asked.
 */
import type { AnyBlock, Block } from '@slack/types';
import { isEnded, type Request } from '../../consent/request.ts';
import type { RequestStatus } from '../../workflow/read-status.ts';
import { context, fields, header, section } from '../blocks/blocks.ts';
import { joinMrkdwn, type Mrkdwn, md, shorten, userMention } from '../blocks/escape.ts';
import { CHART_LABEL_CHARS_MAX, CHART_SEGMENTS_MAX } from '../blocks/limits.ts';
import { type Message, message } from '../blocks/message.ts';
import { CARD_WORDS } from '../words/cards.ts';
import type { SlackLocale } from '../words/language.ts';
import { addresses, formatNumber } from '../words/numbers.ts';
import { RESULT_WORDS } from '../words/progress.ts';
import { REQUEST_WORDS } from '../words/requests.ts';
import { audienceWords, decision, referenceWords, skipWords, stepWords } from './words.ts';

export interface ResultOptions {
  /** With a chart; a Slack that does not know charts (yet) refuses the message. */
  readonly chart: boolean;
  /** True: to the one who asked, who need not be told who that is. */
  readonly direct: boolean;
}

export function resultMessage(
  status: RequestStatus,
  { chart, direct }: ResultOptions,
  locale: SlackLocale,
): Message {
  const { request, audience } = status;
  const title = resultTitle(status, locale);
  const step = decision(request);
  const askedBy = md`${CARD_WORDS[locale].approval.askedBy} ${userMention(request.requestedBy)}`;
  const blocks: AnyBlock[] = [
    header(title),
    section(audienceWords(request.plan.terms.audience, audience, locale)),
    ...fields(comparison(status, locale)),
    ...shortfall(status, locale),
    section(skipLines(status, locale)),
    ...mailLine(status, locale),
    ...(chart ? picture(status, locale) : []),
    context(
      referenceWords(request, locale),
      ...(direct ? [] : [askedBy]),
      ...(step === undefined ? [] : [stepWords(step, locale)]),
    ),
  ];
  const reference = REQUEST_WORDS[locale].inParentheses(request.id);
  return message(md`${title} ${reference}`, blocks);
}

/** Asks that left; what was reserved and never sent is none. */
const asked = ({ asks }: Pick<RequestStatus, 'asks'>): number => asks.sent ?? 0;

function resultTitle(status: RequestStatus, locale: SlackLocale): string {
  const { request, counts } = status;
  const words = RESULT_WORDS[locale];
  const changed = addresses(counts.changed, locale);
  const ended = isEnded(request.state) ? words.done : words.soFar;
  const started = request.state === 'cancelled' ? words.cancelled : ended;
  const sent = asked(status);
  const told: Readonly<Record<Request['kind'], string>> = {
    'opt-in': `${changed} ${words.optedIn}`,
    'opt-out': `${changed} ${words.optedOut}`,
    reconfirm: words.asked(addresses(sent, locale), sent === 1),
    undo: `${changed} ${words.putBack}`,
  };
  return `${started} ${told[request.kind]}`;
}

function comparison(status: RequestStatus, locale: SlackLocale): Mrkdwn[] {
  const { request, counts } = status;
  const { plan, kind } = request;
  const words = RESULT_WORDS[locale];
  const row = (title: string, count: number, planned: number) => {
    const told = words.ofPlanned(formatNumber(count, locale), formatNumber(planned, locale));
    return md`*${title}*\n${told}`;
  };
  const rows = [row(words.looked, counts.addresses, plan.counts.addresses)];
  if (kind !== 'reconfirm') rows.push(row(words.changed, counts.changed, plan.counts.change));
  if (plan.terms.ask !== undefined) {
    rows.push(row(words.askedField, asked(status), plan.counts.asks));
  }
  return rows;
}

/** Why fewer were changed (or written to) than planned: the skips that grew since it was counted. */
function shortfall(status: RequestStatus, locale: SlackLocale): AnyBlock[] {
  const { request, counts } = status;
  const { plan, kind, state } = request;
  const words = RESULT_WORDS[locale];
  const number = (count: number) => formatNumber(count, locale);
  const isAskOnly = kind === 'reconfirm';
  const fewer = isAskOnly ? plan.counts.asks - counts.asks : plan.counts.change - counts.changed;
  if (fewer <= 0) return [];
  const before: Readonly<Record<string, number>> = isAskOnly
    ? plan.counts.askSkips
    : plan.counts.skips;
  const reasons = Object.entries(counts.skips).flatMap(([skip, count]) => {
    const grown = count - (before[skip] ?? 0);
    return grown > 0 ? [md`${number(grown)} ${skipWords(skip, grown, locale)}`] : [];
  });
  const missing = plan.counts.addresses - counts.addresses;
  if (missing > 0 && state === 'cancelled') reasons.push(md`${words.notReached(number(missing))}`);
  const because = reasons.length === 0 ? md`` : md`, ${words.because} ${joinMrkdwn(reasons, ', ')}`;
  return [section(md`*${words.fewer(number(fewer))}*${because}.`)];
}

function skipLines({ counts: { skips } }: RequestStatus, locale: SlackLocale): Mrkdwn {
  const words = RESULT_WORDS[locale];
  const lines = Object.entries(skips).map(
    ([skip, count]) => md`• ${formatNumber(count, locale)} ${skipWords(skip, count, locale)}`,
  );
  if (lines.length === 0) return md`${words.noneLeftOut}`;
  return joinMrkdwn([md`*${words.leftAsTheyAre}*`, ...lines]);
}

const FATES = ['bounced', 'blocked', 'unknown', 'cancelled'] as const;

/** What became of the mails so far; recipients may answer for as long as their link lives. */
function mailLine({ request, sends, outcomes }: RequestStatus, locale: SlackLocale): AnyBlock[] {
  if (request.plan.terms.ask === undefined) return [];
  const words = RESULT_WORDS[locale];
  const number = (count: number | undefined) => formatNumber(count ?? 0, locale);
  const sent = sends.sent ?? 0;
  const parts = [
    words.sent(number(sent), sent === 1),
    words.confirmed(number(outcomes['confirmed'])),
    words.stopped(number(outcomes['stopped'])),
    words.silent(number(outcomes['silent'])),
    ...FATES.flatMap((fate) => {
      const count = sends[fate] ?? 0;
      return count === 0 ? [] : [words.fates[fate](number(count))];
    }),
  ];
  return [section(md`*${words.mailSoFar}* ${parts.join(', ')}.`)];
}

/** A pie of at most six slices; the lines above say the same in words. */
function picture(status: RequestStatus, locale: SlackLocale): Block[] {
  const { request, counts } = status;
  const words = RESULT_WORDS[locale];
  const isAskOnly = request.kind === 'reconfirm';
  const first = isAskOnly
    ? { label: words.sliceAsked, value: asked(status) }
    : { label: words.sliceChanged, value: counts.changed };
  const skips = Object.entries(counts.skips).toSorted(([, a], [, b]) => b - a);
  const shown = skips.slice(0, CHART_SEGMENTS_MAX - 2);
  const rest = skips.slice(CHART_SEGMENTS_MAX - 2).reduce((sum, [, count]) => sum + count, 0);
  const slices = [
    first,
    ...shown.map(([skip, value]) => ({ label: sliceLabel(skip, locale), value })),
    { label: words.sliceOther, value: rest },
  ].filter(({ value }) => value > 0);
  if (slices.length < 2) return [];
  // Charts came in 2026; the types of @slack/types do not know them yet.
  const chart = {
    type: 'data_visualization',
    title: words.chart,
    chart: { type: 'pie', segments: slices },
  };
  return [chart];
}

/** The skip in a word or two; its name, cut, if it is of a newer version. */
function sliceLabel(skip: string, locale: SlackLocale): string {
  const label = RESULT_WORDS[locale].slices[skip] ?? skip.replaceAll(/[_-]/gu, ' ');
  return shorten(label, CHART_LABEL_CHARS_MAX);
}
