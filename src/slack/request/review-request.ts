/**
 * Review: what happens when somebody opens a request from its card, and decides.
 *
 * The click says nothing but the request's id; who may decide is looked at when the view opens, to
 * say it early, and again by the step that decides, which is what counts.
 */
import { planSize } from '../../consent/plan.ts';
import { Refusal } from '../../consent/refusal.ts';
import { assertMayDecide, type Request } from '../../consent/request.ts';
import { approveRequest, mustTypeNumber } from '../../workflow/approve-request.ts';
import { rejectRequest } from '../../workflow/decide-request.ts';
import type { Deps } from '../../workflow/deps.ts';
import { previewMail } from '../../workflow/preview-mail.ts';
import { hasRole, requireRole } from '../../workflow/require-role.ts';
import { joinMrkdwn, type Mrkdwn, md, moment } from '../blocks/escape.ts';
import {
  type ActionListener,
  type Call,
  InputErrors,
  type SubmissionAnswer,
  type SubmissionCall,
  type SubmissionListener,
} from '../guard/door.ts';
import { openView } from '../guard/open-view.ts';
import { refusalWords } from '../guard/refusals.ts';
import { readNumber, readOneOf, readText } from '../guard/values.ts';
import { CARD_WORDS } from '../words/cards.ts';
import type { SlackLocale } from '../words/language.ts';
import { addresses } from '../words/numbers.ts';
import { refusalSentence } from '../words/refusals.ts';
import { tellingSteps, unlessChanged } from './how-it-stands.ts';
import { samplesOf } from './masked-samples.ts';
import {
  DECISIONS,
  decidedModal,
  type Review,
  readReviewMetadata,
  reviewInputs,
  reviewModal,
} from './review-modal.ts';
import { stepWords } from './words.ts';

/**
 * The card's button: shows the request as it stands now. The guard looks at the person first, since
 * a guest shall not even see it; that takes at most half of the time that Slack gives us.
 */
export const openReview: ActionListener = async (call, { deps }) => {
  const review = await readReview(deps, call, call.value);
  await openView(call, reviewModal(review, call.locale));
};

/** The submitted review: approves or rejects the plan that was shown. */
export const decideRequest: SubmissionListener = async (call, { deps }) => {
  const { request, planHash } = readReviewMetadata(call.view.metadata);
  const ids = reviewInputs(planHash);
  const decided = readOneOf(call.view.values, ids.decision, DECISIONS);
  if (decided === undefined) {
    throw new InputErrors({ [ids.decision]: CARD_WORDS[call.locale].review.decideFirst });
  }
  const decide = decided === 'approve' ? approve : reject;
  return unlessChanged(deps, call, request, () => decide(deps, call, { request, planHash }));
};

interface Seen {
  readonly request: string;
  readonly planHash: string;
}

async function approve(deps: Deps, call: SubmissionCall, seen: Seen): Promise<SubmissionAnswer> {
  const { workspace, user: by, view, locale } = call;
  const ids = reviewInputs(seen.planHash);
  const typed = readNumber(view.values, ids.number);
  const request = await deps.database.of(workspace).requests.find(seen.request);
  const mistyped = (await mustTypeNumber(deps, request)) && typed !== planSize(request.plan);
  // The number is looked at here first, since a sentence at its field helps most.
  if (mistyped && request.plan.hash === seen.planHash && (await mayDecide(deps, request, call))) {
    throw new InputErrors({ [ids.number]: refusalSentence('number_mismatch', locale) });
  }
  try {
    const approved = await approveRequest(deps, { workspace, by, ...seen, typed });
    const words = approvedWords(approved, locale);
    return { response_action: 'update', view: decidedModal(approved, words, locale) };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'plan_changed') throw error;
    const review = await readReview(deps, call, seen.request);
    const notice = CARD_WORDS[locale].review.planChanged;
    return { response_action: 'update', view: reviewModal({ ...review, notice }, locale) };
  }
}

async function reject(
  deps: Deps,
  { workspace, user: by, view, locale }: SubmissionCall,
  { request, planHash }: Seen,
): Promise<SubmissionAnswer> {
  const ids = reviewInputs(planHash);
  const reason = readText(view.values, ids.reason);
  if (reason === undefined) {
    throw new InputErrors({ [ids.reason]: refusalSentence('reject_needs_reason', locale) });
  }
  const rejected = await rejectRequest(deps, { workspace, request, by, reason });
  const words = md`${CARD_WORDS[locale].review.rejected}`;
  return { response_action: 'update', view: decidedModal(rejected, words, locale) };
}

function approvedWords({ plan, state, runAt }: Request, locale: SlackLocale): Mrkdwn {
  const words = CARD_WORDS[locale].review;
  const count = addresses(planSize(plan), locale);
  return state === 'scheduled' && runAt !== undefined
    ? md`${words.approvedLater(count)} ${moment(runAt, locale)}.`
    : md`${words.approvedNow(count)}`;
}

/**
 * A request that this person may see: approvers, admins and the one who asked.
 * @throws Refusal `request_not_found`, `not_an_approver`
 */
export async function readableRequest(deps: Deps, call: Call, id: string): Promise<Request> {
  const { workspace, user } = call;
  const request = await deps.database.of(workspace).requests.find(id);
  const mayLook = request.requestedBy === user || (await hasRole(deps, workspace, user, 'admin'));
  if (!mayLook) await requireRole(deps, workspace, user, 'approver');
  return request;
}

/** @throws Refusal `request_not_found`, `not_an_approver` */
async function readReview(deps: Deps, call: Call, id: string): Promise<Review> {
  const { workspace } = call;
  const request = await readableRequest(deps, call, id);
  const { audiences } = deps.database.of(workspace);
  const audience = await audiences.describe(request.plan.terms.audience.sources);
  const cannotDecide = await whyNot(deps, request, call);
  return {
    request,
    audience,
    mail: await previewMail(deps, request),
    samples: await samplesOf(deps, workspace, request.plan.terms.audience),
    mustTypeNumber: await mustTypeNumber(deps, request),
    ...(cannotDecide === undefined ? {} : { cannotDecide }),
  };
}

/** The sentence that tells this person why they cannot decide; undefined if they can. */
async function whyNot(
  deps: Deps,
  request: Request,
  { user, locale }: Pick<Call, 'user' | 'locale'>,
): Promise<string | Mrkdwn | undefined> {
  try {
    assertMayDecide(request, user, deps.now());
    await requireRole(deps, request.workspace, user, 'approver');
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code === 'request_not_open'
      ? decidedWords(request, locale)
      : refusalWords(error, locale);
  }
}

/** Short, for a box over the request: what else happened stands below. */
function decidedWords(request: Request, locale: SlackLocale): Mrkdwn {
  const [step] = tellingSteps(request);
  const by = step === undefined ? [] : [stepWords({ ...step, note: undefined }, locale)];
  return joinMrkdwn([CARD_WORDS[locale].review.decidedBefore, ...by], ' ');
}

const mayDecide = async (deps: Deps, request: Request, call: Call): Promise<boolean> =>
  (await whyNot(deps, request, call)) === undefined;
