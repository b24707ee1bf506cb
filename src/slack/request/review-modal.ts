/**
 * Review modal: everything that an approver must know of a request, and the form in which it is
 * approved or rejected. The metadata names the plan that was shown, so that no other is approved.
 */
import type { AlertBlock, AnyBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { planSize } from '../../consent/plan.ts';
import type { Request } from '../../consent/request.ts';
import type { MailPreview } from '../../workflow/preview-mail.ts';
import type { RequestStatus } from '../../workflow/read-status.ts';
import {
  actions,
  alert,
  button,
  context,
  divider,
  fields,
  header,
  modal,
  section,
} from '../blocks/blocks.ts';
import { joinMrkdwn, type Mrkdwn, md, moment, userMention } from '../blocks/escape.ts';
import { input, numberInput, option, radios, textInput } from '../blocks/inputs.ts';
import { readMetadata } from '../guard/metadata.ts';
import { CARD_WORDS } from '../words/cards.ts';
import { EVIDENCE_WORDS } from '../words/evidence.ts';
import { sourceName } from '../words/interview.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { addresses } from '../words/numbers.ts';
import { REQUEST_WORDS } from '../words/requests.ts';
import { evidenceLines } from './evidence-blocks.ts';
import { mailLines, verbatim } from './mail-preview.ts';
import { sampleLines } from './masked-samples.ts';
import {
  answersOf,
  askWords,
  audienceWords,
  countWords,
  fieldWords,
  kindName,
  planMark,
  referenceWords,
  requestTitle,
  startWords,
  stepWords,
  warningWords,
} from './words.ts';

export const DECIDE_REQUEST = 'decide-request';
export const SEND_EVIDENCE = 'send-evidence';

export const DECISIONS = ['approve', 'reject'] as const;
const REASON_CHARS_MAX = 500;
/** The latest steps of a request's history. */
const STEPS_MAX = 15;

export interface Review extends Pick<RequestStatus, 'request' | 'audience'> {
  readonly mail: MailPreview | undefined;
  /** A few of its addresses, masked. */
  readonly samples: readonly string[];
  readonly mustTypeNumber: boolean;
  /** Why this person cannot decide; then there is nothing to fill in. */
  readonly cannotDecide?: string | Mrkdwn | undefined;
  /** What happened to the click that brought this view, such as a plan that changed. */
  readonly notice?: string | undefined;
}

const Metadata = z.strictObject({ request: z.string(), planHash: z.string() });

/** The request and the plan that the person looked at. @throws OldView */
export function readReviewMetadata(metadata: string): z.infer<typeof Metadata> {
  return readMetadata(Metadata, metadata);
}

/** The ids of the inputs: other ones for another plan, so that nothing entered outlives its plan. */
export function reviewInputs(planHash: string) {
  const mark = planMark({ hash: planHash });
  return { decision: `decision.${mark}`, number: `number.${mark}`, reason: `reason.${mark}` };
}

export function reviewModal(review: Review, locale: SlackLocale): ModalView {
  const { request, cannotDecide, notice } = review;
  const { plan } = request;
  const words = CARD_WORDS[locale].review;
  const steps = request.history.slice(-STEPS_MAX).map((step) => stepWords(step, locale));
  return modal({
    callbackId: DECIDE_REQUEST,
    title: words.title,
    close: NOTICE_WORDS[locale].close,
    submit: cannotDecide === undefined ? words.decide : undefined,
    metadata: JSON.stringify({ request: request.id, planHash: plan.hash }),
    blocks: [
      ...notices('warning', notice),
      ...notices('info', cannotDecide),
      header(requestTitle(request, locale)),
      ...what(review, locale),
      ...basis(request, locale),
      ...evidence(request, locale),
      divider(),
      section(countWords(plan, locale)),
      ...sampleLines(review.samples, locale),
      ...mailBlocks(review, locale),
      divider(),
      section(joinMrkdwn([md`*${words.soFar}*`, ...steps])),
      context(
        md`${referenceWords(request, locale)} · ${words.counted} ${moment(plan.countedAt, locale)}`,
      ),
      ...(cannotDecide === undefined ? form(review, locale) : []),
    ],
  });
}

/** What a decided request looks like to the one who decided it. */
export function decidedModal(request: Request, sentence: Mrkdwn, locale: SlackLocale): ModalView {
  return modal({
    callbackId: 'decided-request',
    title: CARD_WORDS[locale].review.title,
    close: NOTICE_WORDS[locale].close,
    blocks: [header(requestTitle(request, locale)), section(sentence)],
  });
}

function notices(
  level: NonNullable<AlertBlock['level']>,
  text: string | Mrkdwn | undefined,
): AnyBlock[] {
  return text === undefined ? [] : [alert(level, md`${text}`)];
}

function what({ request, audience }: Review, locale: SlackLocale): AnyBlock[] {
  const { plan, requestedBy, requestedAt, expiresAt } = request;
  const { approval: words, review } = CARD_WORDS[locale];
  const { audience: chosen } = plan.terms;
  return [
    ...fields([
      md`*${words.askedBy}*\n${userMention(requestedBy)}, ${moment(requestedAt, locale)}`,
      md`*${words.kind}*\n${kindName(request, locale)}`,
      md`*${words.audience}*\n${audienceWords(chosen, audience, locale)}`,
      md`*${words.fields}*\n${fieldWords(chosen, locale)}`,
      md`*${review.asItStood}*\n${moment(chosen.cutoff, locale)}`,
      md`*${words.starts}*\n${startWords(request, locale)}`,
      md`*${words.expires}*\n${moment(expiresAt, locale)}`,
    ]),
    ...notices('warning', warningWords(request, locale)),
  ];
}

/** All answers whole: typed text stands as plain text, which needs no room for escaping. */
function basis({ plan: { terms } }: Request, locale: SlackLocale): AnyBlock[] {
  if (terms.reason !== undefined) {
    return [section(md`*${CARD_WORDS[locale].approval.reason}*`), verbatim(terms.reason)];
  }
  if (terms.interview === undefined) return [];
  const { howObtained } = REQUEST_WORDS[locale];
  return [
    section(md`*${howObtained}* ${sourceName(terms.interview.source, locale)}`),
    ...answersOf(terms.interview, locale).flatMap(({ label, answer }) => [
      context(md`${label}`),
      verbatim(answer),
    ]),
  ];
}

/** The files, and the button that sends them: their links open for few. */
function evidence({ id, plan }: Request, locale: SlackLocale): AnyBlock[] {
  const lines = evidenceLines(plan.terms.evidence, locale);
  if (lines.length === 0) return [];
  const { send, sendOf } = EVIDENCE_WORDS[locale];
  const label = sendOf(id);
  return [
    ...lines,
    actions('evidence-ways', button({ id: SEND_EVIDENCE, text: send, value: id, label })),
  ];
}

function mailBlocks({ request, mail }: Review, locale: SlackLocale): AnyBlock[] {
  const words = askWords(request.plan.terms, locale);
  return words === undefined ? [] : [section(words), ...mailLines(mail, locale)];
}

function form({ request: { plan }, mustTypeNumber }: Review, locale: SlackLocale): AnyBlock[] {
  const words = CARD_WORDS[locale].review;
  const ids = reviewInputs(plan.hash);
  const count = planSize(plan);
  const number = input({
    id: ids.number,
    label: words.number,
    hint: words.numberHint(addresses(count, locale)),
    element: numberInput(),
    optional: true,
  });
  return [
    divider(),
    input({
      id: ids.decision,
      label: words.decision,
      element: radios([option('approve', words.approve), option('reject', words.reject)]),
    }),
    ...(mustTypeNumber ? [number] : []),
    input({
      id: ids.reason,
      label: words.reason,
      hint: words.reasonHint,
      element: textInput({ multiline: true, charactersMax: REASON_CHARS_MAX }),
      optional: true,
    }),
  ];
}
