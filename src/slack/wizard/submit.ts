/** Wizard submit: the last step of the wizard sends the request for approval. */
import { Refusal, type RefusalCode } from '../../consent/refusal.ts';
import type { Request } from '../../consent/request.ts';
import type { Deps } from '../../workflow/deps.ts';
import { submitRequest } from '../../workflow/submit-request.ts';
import { InputErrors, type SubmissionAnswer, type SubmissionCall } from '../guard/door.ts';
import { refusalWords } from '../guard/refusals.ts';
import { wasShown } from '../guard/values.ts';
import { CHOOSE_REMINDER } from '../request/follow-up-inputs.ts';
import type { SlackLocale } from '../words/language.ts';
import { type Answers, discardDraft } from './drafts.ts';
import { sentView } from './ends.ts';
import { CHOOSE_RUN_AT, CHOOSE_SILENCE, CHOOSE_TEMPLATE, checkReview } from './review.ts';
import { askOffer, formOf } from './terms.ts';

/** Refusals that belong to one input; the others are shown over the form. */
const PLACES: Partial<Record<RefusalCode, string>> = {
  run_at_past: CHOOSE_RUN_AT,
  template_not_found: CHOOSE_TEMPLATE,
  must_ask: CHOOSE_SILENCE,
  reminder_days_wrong: CHOOSE_REMINDER,
};

/**
 * Files the request of a draft, once, however often and from however many windows it is sent.
 * @throws InputErrors, Refusal
 */
export async function submitDraft(
  deps: Deps,
  call: SubmissionCall,
  { id, answers }: { readonly id: string; readonly answers: Answers },
): Promise<SubmissionAnswer> {
  const { workspace, user } = call;
  checkReview(answers, { now: deps.now(), locale: call.locale });
  const offer = await askOffer(deps, workspace, answers);
  if (offer === undefined) throw new Refusal('provenance_incomplete');
  try {
    const form = formOf(answers, offer);
    const request = await submitRequest(deps, { workspace, by: user, submission: id, form });
    await discardDraft(deps, call, id);
    return sentAnswer(deps, request, call.locale);
  } catch (error) {
    throw atItsInput(error, call);
  }
}

/** The request that this draft became, for a delivery that comes again after it. */
export async function sentBefore(
  deps: Deps,
  { workspace, user, locale }: SubmissionCall,
  draft: string,
): Promise<SubmissionAnswer> {
  const request = await deps.database.of(workspace).requests.findBySubmission(draft);
  return request?.requestedBy === user ? sentAnswer(deps, request, locale) : undefined;
}

async function sentAnswer(
  deps: Deps,
  request: Request,
  locale: SlackLocale,
): Promise<SubmissionAnswer> {
  const { channel } = await deps.settings(request.workspace);
  return { response_action: 'update', view: sentView(request, channel, locale) };
}

function atItsInput(error: unknown, { view, locale }: SubmissionCall): unknown {
  if (!(error instanceof Refusal)) return error;
  const place = PLACES[error.code];
  if (place === undefined || !wasShown(view.values, place)) return error;
  return new InputErrors({ [place]: refusalWords(error, locale) });
}
