/** Direct messages: what one person is told alone: the decision, a lost card, a card that waits. */
import type { AnyBlock } from '@slack/types';
import { isEnded, type RequestStep } from '../../consent/request.ts';
import type { RequestStatus } from '../../workflow/read-status.ts';
import { actions, button, context, section } from '../blocks/blocks.ts';
import { joinMrkdwn, type Mrkdwn, md, moment, userMention } from '../blocks/escape.ts';
import { type Message, message } from '../blocks/message.ts';
import { CARD_WORDS } from '../words/cards.ts';
import { DIRECT_WORDS } from '../words/direct.ts';
import type { SlackLocale } from '../words/language.ts';
import { REQUEST_WORDS } from '../words/requests.ts';
import { REVIEW_REQUEST } from './approval-card.ts';
import { audienceWords, decision, referenceWords, requestDoes, stepWords } from './words.ts';

/** @param channel Slack's id of the channel where cards are posted */
export function decisionMessage(
  status: RequestStatus,
  channel: string,
  locale: SlackLocale,
): Message {
  const { request, audience } = status;
  const step = decision(request);
  const told = step === undefined ? waits(status, locale) : decided(status, step, locale);
  const chosen = audienceWords(request.plan.terms.audience, audience, locale);
  const blocks: AnyBlock[] = [
    section(told),
    section(md`*${CARD_WORDS[locale].approval.audience}:* ${chosen}`),
    ...(step === undefined ? [] : [section(stepWords(step, locale))]),
    ...lost(status, channel, locale),
    context(md`${REQUEST_WORDS[locale].request} ${request.id}`),
  ];
  return message(told, blocks);
}

/** To an approver, after a day or where no card is seen: a request waits. Undefined once decided. */
export function reminderMessage(
  { request, audience, channelLost, messageRefused }: RequestStatus,
  locale: SlackLocale,
): Message | undefined {
  if (request.state !== 'awaiting-approval') return undefined;
  const { approval } = CARD_WORDS[locale];
  const words = DIRECT_WORDS[locale];
  const says = channelLost || messageRefused ? words.unseen : words.reminder;
  const told = md`${says(requestDoes(request, locale))}`;
  const expires = md`${words.reminderExpires} ${moment(request.expiresAt, locale)}.`;
  const chosen = audienceWords(request.plan.terms.audience, audience, locale);
  const review = button({
    id: REVIEW_REQUEST,
    text: approval.review,
    value: request.id,
    style: 'primary',
    label: approval.reviewOf(request.id),
  });
  return message(told, [
    section(md`*${told}* ${expires}`),
    section(
      joinMrkdwn([
        md`*${approval.askedBy}:* ${userMention(request.requestedBy)}`,
        md`*${approval.audience}:* ${chosen}`,
      ]),
    ),
    actions('remind', review),
    context(referenceWords(request, locale)),
  ]);
}

function waits({ request }: RequestStatus, locale: SlackLocale): Mrkdwn {
  const words = DIRECT_WORDS[locale];
  const until = moment(request.expiresAt, locale);
  return md`${words.yourRequest(requestDoes(request, locale))} ${words.waits} ${until}.`;
}

function decided({ request }: RequestStatus, { event }: RequestStep, locale: SlackLocale): Mrkdwn {
  const words = DIRECT_WORDS[locale];
  const asked = md`${words.yourRequest(requestDoes(request, locale))}`;
  if (event === 'approve') return md`${asked} ${words.approved}`;
  if (event === 'approve-later' && request.runAt !== undefined) {
    return md`${asked} ${words.approved} ${words.starts} ${moment(request.runAt, locale)}.`;
  }
  if (event === 'reject') return md`${asked} ${words.rejected}`;
  if (event === 'expire') return md`${asked} ${words.expired}`;
  return md`${asked} ${words.cancelled}`;
}

/** Messages about it do not appear in the channel: what that means, and what helps. */
function lost(
  { request, channelLost, messageRefused }: RequestStatus,
  channel: string,
  locale: SlackLocale,
): AnyBlock[] {
  if (isEnded(request.state) || !(channelLost || messageRefused)) return [];
  const words = DIRECT_WORDS[locale];
  const command = `/assent status ${request.id}`;
  if (!channelLost) return [section(md`:warning: ${words.refused(command)}`)];
  const means = request.state === 'awaiting-approval' ? words.cardLost : words.progressLost;
  const place = { mrkdwn: `<#${channel}>` };
  return [section(md`:warning: *${means} ${place}.* ${words.remedy(command)}`)];
}
