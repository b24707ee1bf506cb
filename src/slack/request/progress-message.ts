/**
 * Progress: one message in the channel that shows how far a request has come, and its buttons.
 *
 * It is edited every few seconds at most, so that it says where things stand, not each step.
 */
import type { ActionsBlock, AnyBlock, Button } from '@slack/types';
import { mayHappen, type Request } from '../../consent/request.ts';
import { OPEN_SEND_STATES } from '../../store/send-document.ts';
import type { RequestStatus } from '../../workflow/read-status.ts';
import { actions, button, confirmation, context, section } from '../blocks/blocks.ts';
import { type Mrkdwn, md } from '../blocks/escape.ts';
import { type Message, message } from '../blocks/message.ts';
import type { SlackLocale } from '../words/language.ts';
import { addresses, formatNumber } from '../words/numbers.ts';
import { PROGRESS_WORDS } from '../words/progress.ts';
import { REQUEST_WORDS } from '../words/requests.ts';
import { audienceWords, requestTitle, stepWords } from './words.ts';

export const PAUSE_REQUEST = 'pause-request';
export const RESUME_REQUEST = 'resume-request';
export const CANCEL_REQUEST = 'cancel-request';

const BAR_CELLS = 20;
const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
/** Longer than this is told in hours (minutes). */
const MINUTES_MAX = 90;
/** An estimate from less work than this is a guess, so none is given (ms). */
const ESTIMATE_AFTER_MS = 5_000;

/** The message as it stands at `now`. */
export function progressMessage(status: RequestStatus, now: Date, locale: SlackLocale): Message {
  const { request, audience } = status;
  const title = requestTitle(request, locale);
  const stands = REQUEST_WORDS[locale].states[request.state];
  const work = workOf(status);
  const { audience: chosen } = request.plan.terms;
  const counts = `${countsLine(status, locale)}${estimate({ request, work, now }, locale)}`;
  const blocks: (AnyBlock | undefined)[] = [
    section(md`*${title}*\n${audienceWords(chosen, audience, locale)}`),
    section(md`${bar(work)}\n*${stands}.* ${counts}`),
    context(md`${REQUEST_WORDS[locale].request} ${request.id}`, ...lastStep(request, locale)),
    steerButtons(request, locale),
  ];
  return message(
    md`${title}: ${stands}, ${percent(work)} %`,
    blocks.filter((block) => block !== undefined),
  );
}

/** `3 min`, `about 2 h`; at least a minute. */
export function durationWords(ms: number, locale: SlackLocale): string {
  const words = PROGRESS_WORDS[locale];
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
  return minutes < MINUTES_MAX
    ? words.minutes(minutes)
    : words.hours(Math.round(minutes / HOUR_MINUTES));
}

/** `▓▓▓▓░░░░ 50 %`, full only when nothing is left. */
export function bar(work: Work): string {
  const full = Math.floor(share(work) * BAR_CELLS);
  return `${'▓'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${percent(work)} %`;
}

export interface Work {
  readonly done: number;
  readonly all: number;
}

const share = ({ done, all }: Work): number => (all === 0 ? 1 : Math.min(1, done / all));
const percent = (work: Work): number => Math.floor(share(work) * 100);

/** Whole percents of the present part of the work; 100 only when nothing is left. */
export const percentDone = (status: RequestStatus): number => percent(workOf(status));

/** What the bar measures: addresses while they are changed, mails while they go out. */
function workOf({ request, counts, asks }: RequestStatus): Work {
  if (isAsking(request)) {
    const all = Object.values(asks).reduce((sum, count) => sum + count, 0);
    const open = OPEN_SEND_STATES.reduce((sum, state) => sum + (asks[state] ?? 0), 0);
    return { done: all - open, all };
  }
  const ended = request.state === 'done';
  const all = ended ? counts.addresses : request.plan.counts.addresses;
  return { done: counts.addresses, all: Math.max(all, counts.addresses) };
}

const isAsking = ({ state, pausedFrom }: Request): boolean =>
  state === 'asking' || (state === 'paused' && pausedFrom === 'asking');

function countsLine({ request, counts, asks }: RequestStatus, locale: SlackLocale): string {
  const words = PROGRESS_WORDS[locale];
  const number = (count: number) => formatNumber(count, locale);
  const changed = number(counts.changed);
  if (isAsking(request)) {
    const sent = asks.sent ?? 0;
    return words.mailed(changed, number(sent), number(counts.asks), sent === 1);
  }
  const skipped = Object.values(counts.skips).reduce((sum, count) => sum + count, 0);
  const all = addresses(request.plan.counts.addresses, locale);
  return words.looked(number(counts.addresses), all, changed, number(skipped));
}

/** How long it will take at the pace so far, pauses left out. */
function estimate(
  { request, work, now }: { request: Request; work: Work; now: Date },
  locale: SlackLocale,
): string {
  const running = request.state === 'processing' || request.state === 'asking';
  if (!running || work.done === 0 || work.done >= work.all) return '';
  const spentMs = activeMs(request, now);
  if (spentMs < ESTIMATE_AFTER_MS) return '';
  const leftMs = (spentMs / work.done) * (work.all - work.done);
  return ` ${PROGRESS_WORDS[locale].left(durationWords(leftMs, locale))}`;
}

/** Time spent on the present part of the work (changing, or mailing), without the pauses (ms). */
export function activeMs({ history }: Pick<Request, 'history'>, now: Date): number {
  let spentMs = 0;
  let since: Date | undefined;
  for (const { event, at } of history) {
    if (event === 'start' || event === 'ask') {
      spentMs = 0;
      since = at;
    }
    if (event === 'pause' && since !== undefined) {
      spentMs += at.getTime() - since.getTime();
      since = undefined;
    }
    if (event.startsWith('resume-')) since = at;
  }
  return spentMs + (since === undefined ? 0 : Math.max(0, now.getTime() - since.getTime()));
}

/** Who paused, resumed or cancelled; the clock's own steps need no name. */
function lastStep({ history }: Request, locale: SlackLocale): Mrkdwn[] {
  const step = history.at(-1);
  return step === undefined || step.by === 'assent' ? [] : [stepWords(step, locale)];
}

/** The buttons that steer a request as it stands; undefined if nothing can be steered any more. */
export function steerButtons(
  { id, state }: Pick<Request, 'id' | 'state'>,
  locale: SlackLocale,
): ActionsBlock | undefined {
  const words = PROGRESS_WORDS[locale];
  const elements: Button[] = [];
  if (mayHappen(state, 'pause')) {
    elements.push(button({ id: PAUSE_REQUEST, text: words.pause, value: id }));
  }
  if (state === 'paused') {
    const resume = { id: RESUME_REQUEST, text: words.resume, value: id };
    elements.push(button({ ...resume, style: 'primary' }));
  }
  if (mayHappen(state, 'cancel')) elements.push(cancelButton(id, locale));
  return elements.length === 0 ? undefined : actions(`steer.${state}`, ...elements);
}

function cancelButton(id: string, locale: SlackLocale): Button {
  const words = PROGRESS_WORDS[locale];
  return button({
    id: CANCEL_REQUEST,
    text: words.cancel,
    value: id,
    style: 'danger',
    confirm: confirmation({
      title: words.cancelTitle,
      text: md`${words.cancelText}`,
      yes: words.cancelYes,
      no: words.cancelNo,
      style: 'danger',
    }),
  });
}
