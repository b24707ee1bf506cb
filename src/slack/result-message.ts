/**
 * Result: what came of a request, set against its plan; in the channel, and directly to the one who
 * asked.
 */
import type { AnyBlock, Block } from '@slack/types';
import { isEnded, type Request } from '../consent/request.ts';
import type { RequestStatus } from '../workflow/read-status.ts';
import { context, fields, header, section } from './blocks.ts';
import { joinMrkdwn, type Mrkdwn, md, shorten, userMention } from './escape.ts';
import { CHART_LABEL_CHARS_MAX, CHART_SEGMENTS_MAX } from './limits.ts';
import { type Message, message } from './message.ts';
import { audienceWords, decision, planMark, skipWords, stepWords } from './request-words.ts';
import { addresses, counted, formatNumber } from './texts.ts';

export interface ResultOptions {
  /** With a chart; a Slack that does not know charts (yet) refuses the message. */
  readonly chart: boolean;
  /** True: to the one who asked, who need not be told who that is. */
  readonly direct: boolean;
}

export function resultMessage(status: RequestStatus, { chart, direct }: ResultOptions): Message {
  const { request, audience } = status;
  const title = resultTitle(status);
  const step = decision(request);
  const blocks: AnyBlock[] = [
    header(title),
    section(md`${audienceWords(request.plan.terms.audience, audience)}`),
    ...fields(comparison(status)),
    ...shortfall(status),
    section(skipLines(status)),
    ...asked(status),
    ...(chart ? picture(status) : []),
    context(
      joinMrkdwn([md`Request ${request.id}`, md`plan ${planMark(request.plan)}`], ' · '),
      ...(direct ? [] : [md`Asked by ${userMention(request.requestedBy)}`]),
      ...(step === undefined ? [] : [stepWords(step)]),
    ),
  ];
  return message(md`${title} (request ${request.id})`, blocks);
}

function resultTitle({ request, counts }: Pick<RequestStatus, 'request' | 'counts'>): string {
  const changed = addresses(counts.changed);
  const ended = isEnded(request.state) ? 'Done' : 'So far';
  const started = request.state === 'cancelled' ? 'Cancelled' : ended;
  const asking = counted(counts.asks, 'address is asked', 'addresses are asked');
  const words: Readonly<Record<Request['kind'], string>> = {
    'opt-in': `${changed} opted in`,
    'opt-out': `${changed} opted out`,
    reconfirm: `${asking} for confirmation`,
    undo: `${changed} put back`,
  };
  return `${started}: ${words[request.kind]}`;
}

function comparison({ request: { plan, kind }, counts }: RequestStatus): Mrkdwn[] {
  const rows: Mrkdwn[] = [
    md`*Looked at*\n${formatNumber(counts.addresses)} of ${formatNumber(plan.counts.addresses)} planned`,
  ];
  if (kind !== 'reconfirm') {
    rows.push(
      md`*Changed*\n${formatNumber(counts.changed)} of ${formatNumber(plan.counts.change)} planned`,
    );
  }
  if (plan.terms.ask !== undefined) {
    rows.push(
      md`*Asked*\n${formatNumber(counts.asks)} of ${formatNumber(plan.counts.asks)} planned`,
    );
  }
  return rows;
}

/** Why fewer were changed than planned: the skips that grew since the plan was counted. */
function shortfall({ request: { plan, kind, state }, counts }: RequestStatus): AnyBlock[] {
  const planned = kind === 'reconfirm' ? plan.counts.asks : plan.counts.change;
  const fewer = planned - (kind === 'reconfirm' ? counts.asks : counts.changed);
  if (fewer <= 0) return [];
  const before: Readonly<Record<string, number>> =
    kind === 'reconfirm' ? plan.counts.askSkips : plan.counts.skips;
  const reasons = Object.entries(counts.skips).flatMap(([skip, count]) => {
    const grown = count - (before[skip] ?? 0);
    return grown > 0 ? [md`${formatNumber(grown)} ${skipWords(skip)}`] : [];
  });
  const missing = plan.counts.addresses - counts.addresses;
  if (missing > 0 && state === 'cancelled') {
    reasons.push(md`${formatNumber(missing)} were not reached before it was cancelled`);
  }
  const because = reasons.length === 0 ? md`` : md` because meanwhile ${joinMrkdwn(reasons, ', ')}`;
  return [section(md`*${formatNumber(fewer)} fewer than planned*${because}.`)];
}

function skipLines({ counts: { skips } }: RequestStatus): Mrkdwn {
  const lines = Object.entries(skips).map(
    ([skip, count]) => md`• ${formatNumber(count)} ${skipWords(skip)}`,
  );
  if (lines.length === 0) return md`No address was left out.`;
  return joinMrkdwn([md`*Left as they are*`, ...lines]);
}

/** What became of the mails so far; recipients may answer for as long as their link lives. */
function asked({ request, sends, outcomes }: RequestStatus): AnyBlock[] {
  if (request.plan.terms.ask === undefined) return [];
  const parts = [
    counted(sends.sent ?? 0, 'mail sent', 'mails sent'),
    `${formatNumber(outcomes['confirmed'] ?? 0)} confirmed`,
    `${formatNumber(outcomes['stopped'] ?? 0)} stopped`,
    `${formatNumber(outcomes['silent'] ?? 0)} did not answer in time`,
    ...(['bounced', 'blocked', 'unknown', 'cancelled'] as const).flatMap((state) => {
      const count = sends[state] ?? 0;
      return count === 0 ? [] : [`${formatNumber(count)} ${state}`];
    }),
  ];
  return [section(md`*Mail so far:* ${parts.join(', ')}.`)];
}

/** A pie of at most six slices; the lines above say the same in words. */
function picture({ request: { kind }, counts }: RequestStatus): Block[] {
  const change = kind === 'reconfirm' ? counts.asks : counts.changed;
  const label = kind === 'reconfirm' ? 'Asked' : 'Changed';
  const skips = Object.entries(counts.skips).toSorted(([, a], [, b]) => b - a);
  const shown = skips.slice(0, CHART_SEGMENTS_MAX - 2);
  const rest = skips.slice(CHART_SEGMENTS_MAX - 2).reduce((sum, [, count]) => sum + count, 0);
  const slices = [
    { label, value: change },
    ...shown.map(([skip, value]) => ({ label: sliceLabel(skip), value })),
    { label: 'Other reasons', value: rest },
  ].filter(({ value }) => value > 0);
  if (slices.length < 2) return [];
  // Charts came in 2026; the types of @slack/types do not know them yet.
  const chart = {
    type: 'data_visualization',
    title: 'What came of the addresses',
    chart: { type: 'pie', segments: slices },
  };
  return [chart];
}

/** `opted out by recipient`, cut to what a slice takes. */
const sliceLabel = (skip: string): string =>
  shorten(skip.replaceAll(/[_-]/gu, ' '), CHART_LABEL_CHARS_MAX);
