/** Direct messages: what the one who asked is told alone: the decision, or that nobody could see it. */
import type { AnyBlock } from '@slack/types';
import { isEnded, type RequestStep } from '../consent/request.ts';
import type { RequestStatus } from '../workflow/read-status.ts';
import { context, section } from './blocks.ts';
import { type Mrkdwn, md, moment } from './escape.ts';
import { type Message, message } from './message.ts';
import { audienceWords, decision, requestDoes, stepWords } from './request-words.ts';

/** @param channel Slack's id of the channel where cards are posted */
export function decisionMessage(status: RequestStatus, channel: string): Message {
  const { request, audience } = status;
  const step = decision(request);
  const told = step === undefined ? waits(status) : decided(status, step);
  const blocks: AnyBlock[] = [
    section(told),
    section(md`*Audience:* ${audienceWords(request.plan.terms.audience, audience)}`),
    ...(step === undefined ? [] : [section(stepWords(step))]),
    ...lost(status, channel),
    context(md`Request ${request.id}`),
  ];
  return message(told, blocks);
}

function waits({ request }: RequestStatus): Mrkdwn {
  return md`Your request to ${requestDoes(request)} waits for approval until ${moment(request.expiresAt)}.`;
}

function decided({ request }: RequestStatus, { event }: RequestStep): Mrkdwn {
  const asked = md`Your request to ${requestDoes(request)}`;
  if (event === 'approve') return md`${asked} was approved.`;
  if (event === 'approve-later' && request.runAt !== undefined) {
    return md`${asked} was approved. It starts ${moment(request.runAt)}.`;
  }
  if (event === 'reject') return md`${asked} was rejected. Nothing was changed.`;
  if (event === 'expire') {
    return md`${asked} expired before anybody decided. Nothing was changed; ask again if it still matters.`;
  }
  return md`${asked} was cancelled. What was changed until then stays changed.`;
}

/** The channel does not take our messages: what that means, and what helps. */
function lost({ request, channelLost }: RequestStatus, channel: string): AnyBlock[] {
  if (!channelLost || isEnded(request.state)) return [];
  const words =
    request.state === 'awaiting-approval'
      ? md`No approver can see its card: Assent cannot post in <#${channel}>.`
      : md`Its progress is not shown: Assent cannot post in <#${channel}>.`;
  const remedy = md`Invite the app to that channel (or ask an admin to choose another one), then run \`/assent status ${request.id}\`.`;
  return [section(md`:warning: *${words}* ${remedy}`)];
}
