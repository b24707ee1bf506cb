/**
 * Approval card: the message in the channel by which approvers learn of a request. Its one button
 * opens the review; once the request is decided, the card says who decided, when and why.
 */
import type { AnyBlock, Button } from '@slack/types';
import type { Request } from '../../consent/request.ts';
import type { RequestStatus } from '../../workflow/read-status.ts';
import { actions, button, context, fields, header, section } from '../blocks/blocks.ts';
import { type Mrkdwn, md, moment, shorten, userMention } from '../blocks/escape.ts';
import { type Message, message } from '../blocks/message.ts';
import { CARD_WORDS } from '../words/cards.ts';
import type { SlackLocale } from '../words/language.ts';
import { REQUEST_WORDS } from '../words/requests.ts';
import { evidenceLines } from './evidence-blocks.ts';
import { PREVIEW_MAIL } from './mail-preview.ts';
import {
  askWords,
  audienceWords,
  countWords,
  decision,
  fieldWords,
  kindName,
  obtainedWords,
  planMark,
  referenceWords,
  requestDoes,
  startWords,
  stepWords,
  warningWords,
  withoutAddresses,
} from './words.ts';

export const REVIEW_REQUEST = 'review-request';

/** An answer is cut to this in the card (code points); the review shows all of it. */
const ANSWER_CHARS_MAX = 150;
const REASON_CHARS_MAX = 500;

export function approvalCard(
  { request, audience }: Pick<RequestStatus, 'request' | 'audience'>,
  locale: SlackLocale,
): Message {
  const words = CARD_WORDS[locale].approval;
  const heading = `${REQUEST_WORDS[locale].headings[request.state]}: ${requestDoes(request, locale)}`;
  const open = request.state === 'awaiting-approval';
  const { plan, requestedBy } = request;
  const { terms } = plan;
  const asked = askWords(terms, locale);
  const blocks: (AnyBlock | undefined)[] = [
    header(heading),
    ...(open ? [] : [section(outcome(request, locale))]),
    ...fields([
      md`*${words.askedBy}*\n${userMention(requestedBy)}`,
      md`*${words.kind}*\n${kindName(request, locale)}`,
      md`*${words.audience}*\n${audienceWords(terms.audience, audience, locale)}`,
      md`*${words.fields}*\n${fieldWords(terms.audience, locale)}`,
      md`*${words.starts}*\n${startWords(request, locale)}`,
    ]),
    basis(request, locale),
    ...evidenceLines(terms.evidence, locale),
    section(countWords(plan, locale)),
    asked === undefined ? undefined : section(asked),
    warned(request, locale),
    context(...footer(request, locale)),
    open ? actions(`review.${planMark(plan)}`, ...buttons(request, locale)) : undefined,
  ];
  return message(
    md`${heading}. ${words.askedBy} ${userMention(requestedBy)}.`,
    blocks.filter((block) => block !== undefined),
  );
}

function warned(request: Request, locale: SlackLocale): AnyBlock | undefined {
  const warning = warningWords(request, locale);
  if (warning === undefined) return undefined;
  return section(md`:warning: *${CARD_WORDS[locale].approval.warning}* ${warning}`);
}

/** The review, and the mail that recipients would get. */
function buttons({ id, plan }: Request, locale: SlackLocale): Button[] {
  const words = CARD_WORDS[locale].approval;
  const review = button({
    id: REVIEW_REQUEST,
    text: words.review,
    value: id,
    style: 'primary',
    label: words.reviewOf(id),
  });
  if (plan.terms.ask === undefined) return [review];
  return [review, button({ id: PREVIEW_MAIL, text: words.seeMail, value: id })];
}

/** Who decided, when and why; and that nothing was changed where nothing was. */
function outcome(request: Request, locale: SlackLocale): Mrkdwn {
  const step = decision(request);
  const told = step === undefined ? md`` : md`*${stepWords(step, locale)}*`;
  const nothing = request.state === 'rejected' || request.state === 'expired';
  return nothing ? md`${told}\n${CARD_WORDS[locale].approval.nothingChanged}` : told;
}

/** How the addresses were obtained, or why they are opted out. */
function basis({ plan: { terms } }: Request, locale: SlackLocale): AnyBlock | undefined {
  if (terms.interview !== undefined) {
    return section(obtainedWords(terms.interview, ANSWER_CHARS_MAX, locale));
  }
  if (terms.reason === undefined) return undefined;
  const reason = shorten(withoutAddresses(terms.reason, locale), REASON_CHARS_MAX);
  return section(md`*${CARD_WORDS[locale].approval.reason}:* ${reason}`);
}

function footer(request: Request, locale: SlackLocale): Mrkdwn[] {
  const { state, plan, expiresAt, history } = request;
  const words = CARD_WORDS[locale].approval;
  const isRecounted = history.some(({ event }) => event === 'recount');
  const recounted = md`${words.recounted} ${moment(plan.countedAt, locale)}`;
  const expires = md`${words.expires} ${moment(expiresAt, locale)}`;
  return [
    referenceWords(request, locale),
    ...(isRecounted ? [recounted] : []),
    ...(state === 'awaiting-approval' ? [expires] : []),
  ];
}
