/**
 * Campaign card: the message in the channel that shows a campaign as it stands, and the one by which
 * its requester learns what others, or the clock, did with it.
 */
import type { AnyBlock, Button } from '@slack/types';
import { type Campaign, mayHappenToCampaign } from '../../consent/campaign.ts';
import type { Suggestion } from '../../store/audiences.ts';
import {
  actions,
  button,
  confirmation,
  context,
  fields,
  header,
  section,
} from '../blocks/blocks.ts';
import { type Mrkdwn, md, moment, userMention } from '../blocks/escape.ts';
import { type Message, message } from '../blocks/message.ts';
import { askWords, audienceWords, fieldWords } from '../request/words.ts';
import { CAMPAIGN_WORDS } from '../words/campaigns.ts';
import type { SlackLocale } from '../words/language.ts';
import {
  campaignLine,
  campaignMark,
  campaignName,
  campaignStep,
  scheduleWords,
  todayWords,
} from './words.ts';

export const REVIEW_CAMPAIGN = 'review-campaign';
export const PAUSE_CAMPAIGN = 'pause-campaign';
export const RESUME_CAMPAIGN = 'resume-campaign';
export const END_CAMPAIGN = 'end-campaign';

export interface CampaignShown {
  readonly campaign: Campaign;
  /** Batches and tags of its audience; those that no longer exist are missing. */
  readonly audience: readonly Suggestion[];
  /** True if its card cannot be posted in the channel. */
  readonly cardLost?: boolean;
}

export function campaignCard(shown: CampaignShown, locale: SlackLocale): Message {
  const { campaign } = shown;
  const words = CAMPAIGN_WORDS[locale];
  const { state, requestedBy, expiresAt } = campaign;
  const open = state === 'awaiting-approval';
  const heading = `${words.headings[state]}: ${campaignName(campaign, locale)}`;
  const step = campaign.history.at(-1);
  return message(md`${heading}. ${words.askedBy} ${userMention(requestedBy)}.`, [
    header(heading),
    ...(open || step === undefined ? [] : [section(md`*${campaignStep(step, locale)}*`)]),
    ...termBlocks(shown, locale),
    ...(open ? [section(md`${todayWords(campaign, locale)} ${words.standing}`)] : []),
    context(
      campaignMark(campaign, locale),
      ...(open ? [md`${words.expires} ${moment(expiresAt, locale)}`] : []),
    ),
    ...steerBlocks(campaign, locale),
  ]);
}

/** What is approved, whole. */
export function termBlocks({ campaign, audience }: CampaignShown, locale: SlackLocale): AnyBlock[] {
  const words = CAMPAIGN_WORDS[locale];
  const { terms, requestedBy, nextRunAt } = campaign;
  const { template, templateHash, silence, linkDays, reminderDays, unknown } = terms;
  // Only what is asked is told of it; the cut-off is that of each run.
  const follows = { reminderDays, unknown };
  const ask = {
    who: 'single-opt-in' as const,
    template,
    templateHash,
    silence,
    linkDays,
    ...follows,
  };
  const chosen = { ...terms.audience, cutoff: campaign.requestedAt };
  const mail = askWords({ kind: 'reconfirm', audience: chosen, ask }, locale);
  return [
    ...fields([
      md`*${words.askedBy}*\n${userMention(requestedBy)}`,
      md`*${words.schedule}*\n${scheduleWords(terms.schedule, locale)}`,
      md`*${words.audience}*\n${audienceWords(chosen, audience, locale)}`,
      md`*${words.fields}*\n${fieldWords(chosen, locale)}`,
      ...(nextRunAt === undefined ? [] : [md`*${words.nextRun}*\n${moment(nextRunAt, locale)}`]),
    ]),
    section(md`*${words.whom}:* ${words.notAsked(terms.notAskedDays)}`),
    ...(mail === undefined ? [] : [section(mail)]),
  ];
}

/** Review, and what may be done with it now. */
export function steerBlocks(campaign: Campaign, locale: SlackLocale): AnyBlock[] {
  const { id, state } = campaign;
  const words = CAMPAIGN_WORDS[locale];
  const open = state === 'awaiting-approval';
  const name = campaignName(campaign, locale);
  const elements: Button[] = [
    button({
      id: REVIEW_CAMPAIGN,
      text: open ? words.review : words.details,
      value: id,
      style: open ? 'primary' : undefined,
      label: open ? words.reviewOf(name) : words.detailsOf(name),
    }),
  ];
  if (mayHappenToCampaign(state, 'pause')) {
    elements.push(button({ id: PAUSE_CAMPAIGN, text: words.pause, value: id }));
  }
  if (mayHappenToCampaign(state, 'resume')) {
    elements.push(button({ id: RESUME_CAMPAIGN, text: words.resume, value: id, style: 'primary' }));
  }
  if (mayHappenToCampaign(state, 'end') && !open) elements.push(endButton(id, locale));
  return [actions(`campaign.${id}.${state}`, ...elements)];
}

function endButton(id: string, locale: SlackLocale): Button {
  const words = CAMPAIGN_WORDS[locale];
  return button({
    id: END_CAMPAIGN,
    text: words.end,
    value: id,
    style: 'danger',
    confirm: confirmation({
      title: words.endTitle,
      text: md`${words.endText}`,
      yes: words.endYes,
      no: words.endNo,
      style: 'danger',
    }),
  });
}

/** What somebody else, or the clock, did with a person's campaign. */
export function campaignMessage(
  { campaign, cardLost = false }: CampaignShown,
  locale: SlackLocale,
): Message {
  const words = CAMPAIGN_WORDS[locale];
  const step = campaign.history.at(-1);
  const told: Mrkdwn = step === undefined ? md`` : campaignStep(step, locale);
  const title = md`${words.yours(campaignName(campaign, locale))}: ${words.states[campaign.state]}`;
  return message(title, [
    section(md`*${title}*\n${told}`),
    section(campaignLine(campaign, locale)),
    ...(cardLost ? [section(md`:warning: ${words.cardLost}`)] : []),
    context(campaignMark(campaign, locale)),
  ]);
}
