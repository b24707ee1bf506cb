/** Campaign words: a campaign's terms, its next run and its history, for cards, modals and lists. */
import type { Campaign, CampaignRun, CampaignStep } from '../../consent/campaign.ts';
import type { Schedule } from '../../consent/campaign-schedule.ts';
import { STOP_NOTES } from '../../consent/note.ts';
import { joinMrkdwn, type Mrkdwn, md, moment, shorten, userMention } from '../blocks/escape.ts';
import { withoutAddresses } from '../request/words.ts';
import { CAMPAIGN_WORDS } from '../words/campaigns.ts';
import type { SlackLocale } from '../words/language.ts';
import { addresses } from '../words/numbers.ts';

/** Names in lists and headings are cut to this (code points). */
const NAME_CHARS_MAX = 60;
/** Digits of the terms' hash that people compare. */
const HASH_SHOWN = 8;
/** The latest runs and steps that are told. */
const TOLD_MAX = 8;
/** A run that begins this long after its time was late (ms). */
const LATE_MS = 60 * 60 * 1_000;

/** The name, for many eyes. */
export function campaignName({ terms }: Pick<Campaign, 'terms'>, locale: SlackLocale): string {
  return shorten(withoutAddresses(terms.name, locale), NAME_CHARS_MAX);
}

/** `on the 1st of each quarter at 09:00 (Europe/Berlin)`. */
export function scheduleWords(
  { rhythm, weekday = 1, days = 1, time, zone }: Schedule,
  locale: SlackLocale,
): string {
  const words = CAMPAIGN_WORDS[locale];
  switch (rhythm) {
    case 'quarter':
      return words.quarterly(time, zone);
    case 'month':
      return words.monthly(time, zone);
    case 'week':
      return words.weekly(words.weekdays[weekday - 1] ?? '', time, zone);
    case 'days':
      return words.everyDays(days, time, zone);
    default:
      return rhythm satisfies never;
  }
}

/** `Today it would ask 120 addresses of 400 addresses.` */
export function todayWords({ counts }: Pick<Campaign, 'counts'>, locale: SlackLocale): string {
  const { todayWould } = CAMPAIGN_WORDS[locale];
  return todayWould(addresses(counts.asks, locale), addresses(counts.addresses, locale));
}

/** `*Every quarter*: Active, next run …`, in one line. */
export function campaignLine(campaign: Campaign, locale: SlackLocale): Mrkdwn {
  const words = CAMPAIGN_WORDS[locale];
  const { state, nextRunAt, terms } = campaign;
  const next =
    nextRunAt === undefined ? md`` : md` · ${words.nextRun} ${moment(nextRunAt, locale)}`;
  const schedule = scheduleWords(terms.schedule, locale);
  return md`*${campaignName(campaign, locale)}* · ${words.states[state]}${next}\n${schedule}`;
}

/** The latest runs, the newest first. */
export function runWords({ runs }: Pick<Campaign, 'runs'>, locale: SlackLocale): Mrkdwn {
  const words = CAMPAIGN_WORDS[locale];
  const lines = runs
    .slice(-TOLD_MAX)
    .toReversed()
    .map((run) => runLine(run, locale));
  return joinMrkdwn([md`*${words.runs}*`, ...(lines.length === 0 ? [words.noRuns] : lines)]);
}

function runLine({ dueAt, at, asks, request }: CampaignRun, locale: SlackLocale): Mrkdwn {
  const words = CAMPAIGN_WORDS[locale];
  const told =
    request === undefined ? words.ranForNobody : words.ranAsking(addresses(asks, locale), request);
  const late = at.getTime() - dueAt.getTime() > LATE_MS ? ` (${words.late})` : '';
  return md`• ${moment(at, locale)}: ${told}${late}`;
}

/** What happened so far, one step a line. */
export function campaignHistory({ history }: Pick<Campaign, 'history'>, locale: SlackLocale) {
  const steps = history.slice(-TOLD_MAX).map((step) => campaignStep(step, locale));
  return joinMrkdwn([md`*${CAMPAIGN_WORDS[locale].soFar}*`, ...steps]);
}

/** `Paused by @Bo, Mar 31 at 10:12`. What nobody did is told without a name. */
export function campaignStep({ event, by, at, note }: CampaignStep, locale: SlackLocale): Mrkdwn {
  const words = CAMPAIGN_WORDS[locale];
  const who = by === 'assent' ? md`` : md` · ${userMention(by)}`;
  return md`${words.steps[event]}${who}, ${moment(at, locale)}${noteWords(note, locale)}`;
}

/** What stopped it by itself has a sentence; what a person wrote stands as written. */
function noteWords(note: string | undefined, locale: SlackLocale): Mrkdwn {
  if (note === undefined) return md``;
  const known = STOP_NOTES.find((one) => one === note);
  if (known !== undefined) return md`: ${CAMPAIGN_WORDS[locale].stopped[known]}`;
  return md`: ${withoutAddresses(note, locale)}`;
}

/** `Campaign c_1a2b · terms 1a2b3c4d`. */
export function campaignMark({ id, hash }: Pick<Campaign, 'id' | 'hash'>, locale: SlackLocale) {
  const words = CAMPAIGN_WORDS[locale];
  return md`${words.campaign} ${id} · ${words.terms} ${hash.slice(0, HASH_SHOWN)}`;
}
