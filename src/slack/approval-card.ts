/**
 * Approval card: the message in the channel by which approvers learn of a request. Its one button
 * opens the review; once the request is decided, the card says who decided, when and why.
 */
import type { AnyBlock } from '@slack/types';
import type { Request, RequestState } from '../consent/request.ts';
import type { RequestStatus } from '../workflow/read-status.ts';
import { actions, button, context, fields, header, section } from './blocks.ts';
import { joinMrkdwn, type Mrkdwn, md, moment, shorten, userMention } from './escape.ts';
import { type Message, message } from './message.ts';
import {
  askWords,
  audienceWords,
  countWords,
  decision,
  fieldWords,
  kindName,
  obtainedWords,
  planMark,
  requestDoes,
  stepWords,
  withoutAddresses,
} from './request-words.ts';

export const REVIEW_REQUEST = 'review-request';

/** An answer is cut to this in the card (code points); the review shows all of it. */
const ANSWER_CHARS_MAX = 150;
const REASON_CHARS_MAX = 500;

const HEADINGS: Readonly<Record<RequestState, string>> = {
  'awaiting-approval': 'Approval needed',
  approved: 'Approved',
  scheduled: 'Approved for later',
  processing: 'Approved, running',
  paused: 'Approved, paused',
  asking: 'Approved, mail goes out',
  done: 'Done',
  rejected: 'Rejected',
  expired: 'Expired',
  cancelled: 'Cancelled',
  failed: 'Failed',
  undone: 'Undone',
};

export function approvalCard({
  request,
  audience,
}: Pick<RequestStatus, 'request' | 'audience'>): Message {
  const heading = `${HEADINGS[request.state]}: ${requestDoes(request)}`;
  const open = request.state === 'awaiting-approval';
  const { plan, warning, requestedBy } = request;
  const blocks: (AnyBlock | undefined)[] = [
    header(heading),
    ...(open ? [] : [section(outcome(request))]),
    ...fields([
      md`*Asked by*\n${userMention(requestedBy)}`,
      md`*Kind*\n${kindName(request)}`,
      md`*Audience*\n${audienceWords(plan.terms.audience, audience)}`,
      md`*Address fields*\n${fieldWords(plan.terms.audience)}`,
      md`*Starts*\n${starts(request)}`,
    ]),
    basis(request),
    section(countWords(plan)),
    ...[askWords(plan.terms)].flatMap((words) => (words === undefined ? [] : [section(words)])),
    warning === undefined
      ? undefined
      : section(md`:warning: *Warning:* ${withoutAddresses(warning)}`),
    context(...footer(request)),
    open ? actions(`review.${planMark(plan)}`, reviewButton(request)) : undefined,
  ];
  return message(
    md`${heading}. Asked by ${userMention(requestedBy)}.`,
    blocks.filter((block) => block !== undefined),
  );
}

function reviewButton({ id }: Pick<Request, 'id'>) {
  return button({
    id: REVIEW_REQUEST,
    text: 'Review',
    value: id,
    style: 'primary',
    label: `Review request ${id}`,
  });
}

/** Who decided, when and why; and that nothing was changed where nothing was. */
function outcome(request: Request): Mrkdwn {
  const step = decision(request);
  const told = step === undefined ? md`` : md`*${stepWords(step)}*`;
  const nothing = request.state === 'rejected' || request.state === 'expired';
  return nothing ? md`${told}\nNothing was changed.` : told;
}

function starts({ runAt }: Pick<Request, 'runAt'>): Mrkdwn {
  return runAt === undefined ? md`As soon as it is approved` : moment(runAt);
}

/** How the addresses were obtained, or why they are opted out. */
function basis({ plan: { terms } }: Request): AnyBlock | undefined {
  if (terms.interview !== undefined)
    return section(obtainedWords(terms.interview, ANSWER_CHARS_MAX));
  if (terms.reason === undefined) return undefined;
  return section(md`*Reason:* ${shorten(withoutAddresses(terms.reason), REASON_CHARS_MAX)}`);
}

function footer({ id, state, plan, expiresAt, history }: Request): Mrkdwn[] {
  const recounted = history.some(({ event }) => event === 'recount');
  return [
    joinMrkdwn([md`Request ${id}`, md`plan ${planMark(plan)}`], ' · '),
    ...(recounted ? [md`The plan was counted anew, ${moment(plan.countedAt)}`] : []),
    ...(state === 'awaiting-approval' ? [md`Expires ${moment(expiresAt)}`] : []),
  ];
}
