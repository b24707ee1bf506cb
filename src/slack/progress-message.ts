/**
 * Progress: one message in the channel that shows how far a request has come, and its buttons.
 *
 * It is edited every few seconds at most, so that it says where things stand, not each step.
 */
import type { AnyBlock, Button } from '@slack/types';
import { mayHappen, type Request, type RequestState } from '../consent/request.ts';
import { OPEN_SEND_STATES } from '../store/send-document.ts';
import { cancelRequest, pauseRequest, resumeRequest } from '../workflow/decide-request.ts';
import type { RequestStatus } from '../workflow/read-status.ts';
import { actions, button, confirmation, context, section } from './blocks.ts';
import type { ActionListener } from './door.ts';
import { type Mrkdwn, md } from './escape.ts';
import { type Message, message } from './message.ts';
import { once } from './replay.ts';
import { audienceWords, requestTitle, stepWords } from './request-words.ts';
import { addresses, counted, formatNumber } from './texts.ts';

export const PAUSE_REQUEST = 'pause-request';
export const RESUME_REQUEST = 'resume-request';
export const CANCEL_REQUEST = 'cancel-request';

const BAR_CELLS = 20;
const MINUTE_MS = 60_000;
/** An estimate from less work than this is a guess, so none is given (ms). */
const ESTIMATE_AFTER_MS = 5_000;

/** How a request stands, in a word or a few. */
export const STATE_WORDS: Readonly<Record<RequestState, string>> = {
  'awaiting-approval': 'Waits for approval',
  approved: 'Starts in a moment',
  scheduled: 'Starts later',
  processing: 'Running',
  paused: 'Paused',
  asking: 'All addresses are changed; mail goes out',
  done: 'Done',
  rejected: 'Rejected',
  expired: 'Expired',
  cancelled: 'Cancelled',
  failed: 'Failed: an operator has to look at it',
  undone: 'Undone',
};

/** The message as it stands at `now`. */
export function progressMessage(status: RequestStatus, now: Date): Message {
  const { request, audience } = status;
  const title = requestTitle(request);
  const words = STATE_WORDS[request.state];
  const work = workOf(status);
  const blocks: (AnyBlock | undefined)[] = [
    section(md`*${title}*\n${audienceWords(request.plan.terms.audience, audience)}`),
    section(md`${bar(work)}\n*${words}.* ${countsLine(status)}${estimate(request, work, now)}`),
    context(md`Request ${request.id}`, ...lastStep(request)),
    buttons(request),
  ];
  return message(
    md`${title}: ${words}, ${percent(work)} %`,
    blocks.filter((block) => block !== undefined),
  );
}

/** `3 min`, `about 2 h`; at least a minute. */
export function durationWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
  return minutes < 90 ? `${minutes} min` : `about ${Math.round(minutes / 60)} h`;
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
function workOf({ request, counts, sends }: RequestStatus): Work {
  if (isAsking(request)) {
    const all = Object.values(sends).reduce((sum, count) => sum + count, 0);
    const open = OPEN_SEND_STATES.reduce((sum, state) => sum + (sends[state] ?? 0), 0);
    return { done: all - open, all };
  }
  const ended = request.state === 'done';
  const all = ended ? counts.addresses : request.plan.counts.addresses;
  return { done: counts.addresses, all: Math.max(all, counts.addresses) };
}

const isAsking = ({ state, pausedFrom }: Request): boolean =>
  state === 'asking' || (state === 'paused' && pausedFrom === 'asking');

function countsLine({ request, counts, sends }: RequestStatus): Mrkdwn {
  const skipped = Object.values(counts.skips).reduce((sum, count) => sum + count, 0);
  const looked = md`${formatNumber(counts.addresses)} of ${addresses(request.plan.counts.addresses)} looked at, ${formatNumber(counts.changed)} changed, ${formatNumber(skipped)} left as they are.`;
  if (!isAsking(request)) return looked;
  const sent = sends.sent ?? 0;
  return md`${formatNumber(counts.changed)} changed. ${counted(sent, 'mail', 'mails')} sent of ${formatNumber(counts.asks)}.`;
}

/** How long it will take at the pace so far, pauses left out. */
function estimate(request: Request, work: Work, now: Date): Mrkdwn {
  const running = request.state === 'processing' || request.state === 'asking';
  if (!running || work.done === 0 || work.done >= work.all) return md``;
  const spentMs = activeMs(request, now);
  if (spentMs < ESTIMATE_AFTER_MS) return md``;
  const leftMs = (spentMs / work.done) * (work.all - work.done);
  return md` About ${durationWords(leftMs)} left.`;
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
function lastStep({ history }: Request): Mrkdwn[] {
  const step = history.at(-1);
  return step === undefined || step.by === 'assent' ? [] : [stepWords(step)];
}

function buttons({ id, state }: Request): AnyBlock | undefined {
  const elements: Button[] = [];
  if (mayHappen(state, 'pause')) {
    elements.push(button({ id: PAUSE_REQUEST, text: 'Pause', value: id }));
  }
  if (state === 'paused') {
    elements.push(button({ id: RESUME_REQUEST, text: 'Resume', value: id, style: 'primary' }));
  }
  if (mayHappen(state, 'cancel')) elements.push(cancelButton(id));
  return elements.length === 0 ? undefined : actions(`steer.${state}`, ...elements);
}

const cancelButton = (id: string): Button =>
  button({
    id: CANCEL_REQUEST,
    text: 'Cancel',
    value: id,
    style: 'danger',
    confirm: confirmation({
      title: 'Cancel this request?',
      text: md`What was changed stays changed. Mail that has not left is not sent. It cannot be started again.`,
      yes: 'Cancel the request',
      no: 'Go on',
      style: 'danger',
    }),
  });

/** The message shows what came of it: the announcer edits it. */
const steer =
  (step: typeof pauseRequest): ActionListener =>
  async (call, { deps }) => {
    const { workspace, user: by, value: request } = call;
    // A click that is delivered again must not pause what was resumed meanwhile.
    await once(deps, call, () => step(deps, { workspace, request, by }));
  };

export const pauseByButton = steer(pauseRequest);
export const resumeByButton = steer(resumeRequest);
export const cancelByButton = steer(cancelRequest);
