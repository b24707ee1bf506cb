/** Milestone: what stands in the thread of the progress message, where it notifies people. */
import type { AnnouncementDocument } from '../../store/announcements.ts';
import type { RequestStatus } from '../../workflow/read-status.ts';
import { section } from '../blocks/blocks.ts';
import { type Mrkdwn, md } from '../blocks/escape.ts';
import { type Message, message } from '../blocks/message.ts';
import type { SlackLocale } from '../words/language.ts';
import { PROGRESS_WORDS } from '../words/progress.ts';
import { requestTitle, stepWords } from './words.ts';

type Kind = AnnouncementDocument['kind'];
export type Milestone = Extract<Kind, `milestone-${string}`>;

const PERCENTS: Readonly<Record<Milestone, number | undefined>> = {
  'milestone-25': 25,
  'milestone-50': 50,
  'milestone-75': 75,
  'milestone-paused': undefined,
  'milestone-resumed': undefined,
};

export function isMilestone(kind: Kind): kind is Milestone {
  return kind in PERCENTS;
}

/** Undefined if there was no such thing. */
export function milestoneMessage(
  { request }: Pick<RequestStatus, 'request'>,
  kind: Milestone,
  locale: SlackLocale,
): Message | undefined {
  const percent = PERCENTS[kind];
  const told =
    percent === undefined ? turn(request.history, kind, locale) : reached(percent, locale);
  if (told === undefined) return undefined;
  return message(md`${told} · ${requestTitle(request, locale)}`, [section(told)]);
}

const reached = (percent: number, locale: SlackLocale): Mrkdwn =>
  md`${PROGRESS_WORDS[locale].milestone(percent)}`;

/** The latest pause, or the latest time that it went on. */
function turn(
  history: RequestStatus['request']['history'],
  kind: Milestone,
  locale: SlackLocale,
): Mrkdwn | undefined {
  const wanted = kind === 'milestone-paused' ? 'pause' : 'resume-';
  const step = history.findLast(({ event }) => event.startsWith(wanted));
  return step === undefined ? undefined : stepWords(step, locale);
}
