/** Wizard show: draws the step at which a draft stands, with what has to be read for it. */
import type { ModalView } from '@slack/types';
import type { Deps } from '../../workflow/deps.ts';
import { previewRequest } from '../../workflow/preview-request.ts';
import { md } from '../blocks/escape.ts';
import type { Call } from '../guard/door.ts';
import { withinMs } from '../guard/within.ts';
import { samplesOf } from '../request/masked-samples.ts';
import { WIZARD_WORDS } from '../words/wizard.ts';
import { countAudience } from './count.ts';
import type { Draft, Step } from './drafts.ts';
import { howView } from './how.ts';
import { reviewView } from './review.ts';
import { askOffer, countingTerms } from './terms.ts';
import { whatView } from './what.ts';
import { whoView } from './who.ts';

/** The first step does not wait longer for its count; choosing anything counts again. */
const COUNT_MS = 800;

/**
 * The view of a draft's step. A review whose interview does not hold (any more) goes back to the
 * questions.
 */
export async function showStep(deps: Deps, call: Call, draft: Draft): Promise<ModalView> {
  return SHOWN[draft.step](deps, call, draft);
}

type Show = (deps: Deps, call: Call, draft: Draft) => Promise<ModalView>;

const SHOWN: Readonly<Record<Step, Show>> = {
  who: showWho,
  what: async (_deps, { locale }, draft) => whatView({ draft }, locale),
  how: async (_deps, { locale }, draft) => howView({ draft }, locale),
  review: showReview,
};

async function showWho(deps: Deps, call: Call, draft: Draft): Promise<ModalView> {
  const { countLater } = WIZARD_WORDS[call.locale].who;
  const [audience, count] = await Promise.all([
    audienceOf(deps, call, draft),
    withinMs(COUNT_MS, countAudience(deps, call, draft), () => md`${countLater}`),
  ]);
  return whoView({ draft, audience, count }, call.locale);
}

/** The chosen batches and tags with their names; those that were deleted are missing. */
export async function audienceOf(
  { database }: Pick<Deps, 'database'>,
  { workspace }: Pick<Call, 'workspace'>,
  { answers }: Draft,
) {
  return database.of(workspace).audiences.describe(answers.sources);
}

async function showReview(deps: Deps, call: Call, draft: Draft): Promise<ModalView> {
  const offer = await askOffer(deps, call.workspace, draft.answers);
  if (offer === undefined) return howView({ draft: { ...draft, step: 'how' } }, call.locale);
  const now = deps.now();
  const terms = countingTerms(draft.answers, offer, now);
  const [audience, counts, samples] = await Promise.all([
    audienceOf(deps, call, draft),
    previewRequest(deps, call.workspace, terms),
    samplesOf(deps, call.workspace, terms.audience),
  ]);
  const { approvalHours } = await deps.settings(call.workspace);
  return reviewView({ draft, audience, offer, counts, samples, now, approvalHours }, call.locale);
}
