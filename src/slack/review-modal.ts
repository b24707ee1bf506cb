/**
 * Review modal: everything that an approver must know of a request, and the form in which it is
 * approved or rejected. The metadata names the plan that was shown, so that no other is approved.
 */
import type { AlertBlock, AnyBlock, ModalView, SectionBlock } from '@slack/types';
import { z } from 'zod';
import { SOURCE_NAMES } from '../consent/interview.ts';
import { planSize } from '../consent/plan.ts';
import type { Request } from '../consent/request.ts';
import type { MailPreview } from '../workflow/preview-mail.ts';
import type { RequestStatus } from '../workflow/read-status.ts';
import { alert, context, divider, fields, header, modal, plain, section } from './blocks.ts';
import { joinMrkdwn, type Mrkdwn, md, moment, userMention } from './escape.ts';
import { input, numberInput, option, radios, textInput } from './inputs.ts';
import { SECTION_TEXT_CHARS_MAX } from './limits.ts';
import {
  answersOf,
  askWords,
  audienceWords,
  countWords,
  fieldWords,
  kindName,
  planMark,
  requestTitle,
  stepWords,
} from './request-words.ts';
import { addresses } from './texts.ts';

export const DECIDE_REQUEST = 'decide-request';

export const DECISIONS = ['approve', 'reject'] as const;
const REASON_CHARS_MAX = 500;
/** A mail is shown in pieces that fit one block each; more than this of it is cut (pieces). */
const PREVIEW_PIECES_MAX = 4;
/** The latest steps of a request's history. */
const STEPS_MAX = 15;

export interface Review extends Pick<RequestStatus, 'request' | 'audience'> {
  readonly mail: MailPreview | undefined;
  readonly mustTypeNumber: boolean;
  /** Why this person cannot decide; then there is nothing to fill in. */
  readonly cannotDecide?: string | undefined;
  /** What happened to the click that brought this view, such as a plan that changed. */
  readonly notice?: string | undefined;
}

const Metadata = z.strictObject({ request: z.string(), planHash: z.string() });

/** The request and the plan that the person looked at. */
export function readReviewMetadata(metadata: string): z.infer<typeof Metadata> {
  return Metadata.parse(JSON.parse(metadata));
}

/** The ids of the inputs: other ones for another plan, so that nothing entered outlives its plan. */
export function reviewInputs(planHash: string) {
  const mark = planMark({ hash: planHash });
  return { decision: `decision.${mark}`, number: `number.${mark}`, reason: `reason.${mark}` };
}

export function reviewModal(review: Review): ModalView {
  const { request, cannotDecide, notice } = review;
  const { plan } = request;
  return modal({
    callbackId: DECIDE_REQUEST,
    title: 'Review request',
    close: 'Close',
    submit: cannotDecide === undefined ? 'Decide' : undefined,
    metadata: JSON.stringify({ request: request.id, planHash: plan.hash }),
    blocks: [
      ...notices('warning', notice),
      ...notices('info', cannotDecide),
      header(requestTitle(request)),
      ...what(review),
      ...basis(request),
      divider(),
      section(countWords(plan)),
      ...mailBlocks(review),
      divider(),
      section(joinMrkdwn([md`*So far*`, ...request.history.slice(-STEPS_MAX).map(stepWords)])),
      context(
        md`Request ${request.id} · plan ${planMark(plan)} · counted ${moment(plan.countedAt)}`,
      ),
      ...(cannotDecide === undefined ? form(review) : []),
    ],
  });
}

/** What a decided request looks like to the one who decided it. */
export function decidedModal(request: Request, sentence: Mrkdwn): ModalView {
  return modal({
    callbackId: 'decided-request',
    title: 'Review request',
    close: 'Close',
    blocks: [header(requestTitle(request)), section(sentence)],
  });
}

function notices(level: NonNullable<AlertBlock['level']>, text: string | undefined): AnyBlock[] {
  return text === undefined ? [] : [alert(level, md`${text}`)];
}

function what({ request, audience }: Review): AnyBlock[] {
  const { plan, requestedBy, requestedAt, expiresAt, runAt, warning } = request;
  return [
    ...fields([
      md`*Asked by*\n${userMention(requestedBy)}, ${moment(requestedAt)}`,
      md`*Kind*\n${kindName(request)}`,
      md`*Audience*\n${audienceWords(plan.terms.audience, audience)}`,
      md`*Address fields*\n${fieldWords(plan.terms.audience)}`,
      md`*As it stood*\n${moment(plan.terms.audience.cutoff)}`,
      md`*Starts*\n${runAt === undefined ? 'As soon as it is approved' : moment(runAt)}`,
      md`*Expires*\n${moment(expiresAt)}`,
    ]),
    ...notices('warning', warning),
  ];
}

/** All answers whole: typed text stands as plain text, which needs no room for escaping. */
function basis({ plan: { terms } }: Request): AnyBlock[] {
  if (terms.reason !== undefined) return [section(md`*Reason*`), verbatim(terms.reason)];
  if (terms.interview === undefined) return [];
  return [
    section(md`*How obtained:* ${SOURCE_NAMES[terms.interview.source]}`),
    ...answersOf(terms.interview).flatMap(({ label, answer }) => [
      context(md`${label}`),
      verbatim(answer),
    ]),
  ];
}

const verbatim = (text: string): SectionBlock => ({
  type: 'section',
  text: plain(text, SECTION_TEXT_CHARS_MAX),
});

function mailBlocks({ request, mail }: Review): AnyBlock[] {
  const words = askWords(request.plan.terms);
  if (words === undefined) return [];
  if (mail === undefined) {
    return [section(words), context(md`The mail itself cannot be shown here.`)];
  }
  return [
    section(words),
    ...notices(
      'warning',
      mail.changed ? 'The template was changed after the plan was made.' : undefined,
    ),
    context(md`Subject: ${mail.subject}`),
    ...pieces(mail.text).map(verbatim),
  ];
}

/** The text in pieces of whole lines, none longer than one block takes. */
function pieces(text: string): string[] {
  const found = [''];
  for (const line of text.split('\n')) {
    const longer = `${found.at(-1)}${line}\n`;
    if (Array.from(longer).length <= SECTION_TEXT_CHARS_MAX) found[found.length - 1] = longer;
    else found.push(`${line}\n`);
  }
  return found.filter((piece) => piece.trim() !== '').slice(0, PREVIEW_PIECES_MAX);
}

function form({ request: { plan }, mustTypeNumber }: Review): AnyBlock[] {
  const ids = reviewInputs(plan.hash);
  const count = planSize(plan);
  const number = input({
    id: ids.number,
    label: 'To approve, type the number of addresses',
    hint: `This plan is about ${addresses(count)}. Type that number, digits only.`,
    element: numberInput(),
    optional: true,
  });
  return [
    divider(),
    input({
      id: ids.decision,
      label: 'Your decision',
      element: radios([
        option('approve', 'Approve: this plan may be carried out'),
        option('reject', 'Reject: nothing is changed'),
      ]),
    }),
    ...(mustTypeNumber ? [number] : []),
    input({
      id: ids.reason,
      label: 'To reject, say why',
      hint: 'The requester and the channel read it.',
      element: textInput({ multiline: true, charactersMax: REASON_CHARS_MAX }),
      optional: true,
    }),
  ];
}
