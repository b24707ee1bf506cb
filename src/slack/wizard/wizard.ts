/**
 * Wizard: what happens in its steps. Next and Back keep what was answered and go on from there.
 *
 * A view says which draft and step it is, and the draft's revision: a window that was left behind
 * shows how the draft stands now and changes nothing.
 */
import type { ModalView } from '@slack/types';
import { provenanceHash } from '../../consent/provenance.ts';
import { Refusal } from '../../consent/refusal.ts';
import type { Deps } from '../../workflow/deps.ts';
import { describeAudience } from '../../workflow/preview-request.ts';
import { requireRole } from '../../workflow/require-role.ts';
import { recordRefusal } from '../../workflow/submit-request.ts';
import {
  type ActionCall,
  type ActionListener,
  type Call,
  type Door,
  InputErrors,
  type SeenView,
  type SubmissionAnswer,
  type SubmissionCall,
  type SubmissionListener,
  type Values,
} from '../guard/door.ts';
import { refusalWords } from '../guard/refusals.ts';
import { updateView } from '../guard/update-view.ts';
import { readSource } from '../request/interview-blocks.ts';
import {
  type Answers,
  type Draft,
  findDraft,
  neighbour,
  newDraft,
  type Place,
  readPlace,
  type Step,
  saveDraft,
} from './drafts.ts';
import { hardStopView } from './ends.ts';
import { bringsEvidence, takeEvidence } from './evidence.ts';
import { kindOfCallback, withSentences } from './frame.ts';
import { checkHow, readHow } from './how.ts';
import { readReview } from './review.ts';
import { showStep } from './show.ts';
import { sentBefore, submitDraft } from './submit.ts';
import { choiceOf } from './terms.ts';
import { checkWhat, readWhat } from './what.ts';
import { CHOOSE_AUDIENCE, checkWho, readWho } from './who.ts';

const READERS: Readonly<Record<Step, (values: Values, answers: Answers) => Answers>> = {
  who: readWho,
  what: readWhat,
  how: readHow,
  review: readReview,
};

/** Next, or Send for approval. */
export const submitStep: SubmissionListener = async (call, door) => {
  const { deps } = door;
  await requireRole(deps, call.workspace, call.user, 'requester');
  const place = readPlace(call.view.metadata);
  const draft = await draftOf(deps, call, place);
  if (draft === undefined) {
    const sent = await sentBefore(deps, call, place.draft);
    if (sent !== undefined) return sent;
    throw new Refusal('draft_not_found');
  }
  if (draft.answers.rev !== place.rev) return update(await showStep(deps, call, draft));
  const answers = READERS[place.step](call.view.values, draft.answers);
  const now: Draft = { ...draft, step: place.step, answers };
  try {
    return await LEAVERS[place.step](door, call, now);
  } catch (error) {
    if (!(error instanceof InputErrors)) throw error;
    const again = async () => {
      await saveDraft(deps, call, now);
      return withSentences(await showStep(deps, call, now), error.errors);
    };
    if (isFasterThanTheQuestions(call, error)) return update(await again());
    throw new InputErrors(error.errors, again);
  }
};

/** A source was chosen, and its questions are not drawn yet: there is no input to say it at. */
function isFasterThanTheQuestions({ view }: SubmissionCall, { errors }: InputErrors): boolean {
  const isChosen = readSource(view.values) !== undefined;
  return isChosen && Object.keys(errors).some((id) => !Object.hasOwn(view.values, id));
}

type Leaver = (door: Door, call: SubmissionCall, draft: Draft) => Promise<SubmissionAnswer>;

/** What is looked at before a step may be left. */
const LEAVERS: Readonly<Record<Step, Leaver>> = {
  async who({ deps }, call, draft) {
    checkWho(draft.answers, call.locale);
    await describeAudience(deps, call.workspace, draft.answers).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      throw new InputErrors({ [CHOOSE_AUDIENCE]: refusalWords(error, call.locale) });
    });
    return next(deps, call, draft);
  },
  async what({ deps }, call, draft) {
    checkWhat(draft.answers, call.locale);
    return next(deps, call, draft);
  },
  async how(door, call, draft) {
    const { deps } = door;
    const outcome = checkHow(draft.answers, { now: deps.now(), locale: call.locale });
    if (outcome.kind === 'go-on') {
      const { values } = call.view;
      // Fetching takes its time, and the form may be closed meanwhile.
      if (bringsEvidence(values)) await saveDraft(deps, call, draft);
      return next(deps, call, await takeEvidence(door, call, { draft, values }));
    }
    await saveDraft(deps, call, draft);
    // Another answer that is refused is another refusal; the same one, sent again, is the same.
    const submission = `${draft.id}:${provenanceHash(outcome.interview)}`;
    const form = { kind: draft.answers.kind, choice: choiceOf(draft.answers) };
    const refused = { workspace: call.workspace, by: call.user, submission, form };
    await recordRefusal(deps, refused, outcome.interview);
    const { why, mend } = outcome;
    return update(hardStopView({ draft, why, mend }, call.locale));
  },
  async review({ deps }, call, draft) {
    await saveDraft(deps, call, draft);
    return submitDraft(deps, call, draft);
  },
};

async function next(deps: Deps, call: SubmissionCall, draft: Draft): Promise<SubmissionAnswer> {
  return update(await showStep(deps, call, await moved(deps, call, draft, 1)));
}

/** Back: what was entered is kept as it is, right or wrong; but of files only the right ones. */
export const goBack: ActionListener = async (call, door) => {
  const { deps } = door;
  const found = await inWizard(deps, call);
  if (found === undefined) return;
  const { draft, view } = found;
  const taken = await takeEvidence(door, call, { draft, values: view.values }).catch(
    (error: unknown) => {
      if (error instanceof InputErrors) return draft;
      throw error;
    },
  );
  const before = await moved(deps, call, taken, -1);
  await updateView(call.client, found.view, await showStep(deps, call, before));
};

/** Back from the hard stop to the answers that led there. */
export const reopenStep: ActionListener = async (call, { deps }) => {
  const { view } = call;
  if (view === undefined) return;
  const draft = await findDraft(deps, call, readPlace(view.metadata).draft);
  if (draft === undefined) throw new Refusal('draft_not_found');
  await updateView(call.client, view, await showStep(deps, call, draft));
};

/** A choice that other questions depend on: they are drawn anew, what was entered stays. */
export const redrawStep: ActionListener = async (call, { deps }) => {
  const found = await inWizard(deps, call);
  if (found === undefined) return;
  await saveDraft(deps, call, found.draft);
  await updateView(call.client, found.view, await showStep(deps, call, found.draft));
};

/** Takes a file out of the draft. If no other request names it, it is gone after a while. */
export const dropEvidence: ActionListener = async (call, { deps }) => {
  const found = await inWizard(deps, call);
  if (found === undefined) return;
  const { answers } = found.draft;
  const evidence = answers.evidence.filter(({ id }) => id !== call.value);
  const after = { ...found.draft, answers: { ...answers, evidence } };
  await saveDraft(deps, call, after);
  await updateView(call.client, found.view, await showStep(deps, call, after));
};

export interface InWizard {
  readonly view: SeenView;
  /** The draft with what the view says now. */
  readonly draft: Draft;
}

/**
 * The draft behind a click in a step; undefined if the window was left behind: then it is drawn as
 * the draft stands.
 * @throws Refusal `not_a_requester`, `draft_not_found`
 */
export async function inWizard(deps: Deps, call: ActionCall): Promise<InWizard | undefined> {
  const { view } = call;
  if (view === undefined) return undefined;
  await requireRole(deps, call.workspace, call.user, 'requester');
  const place = readPlace(view.metadata);
  const draft = await draftOf(deps, { ...call, view }, place);
  if (draft === undefined) throw new Refusal('draft_not_found');
  if (draft.answers.rev !== place.rev) {
    await updateView(call.client, view, await showStep(deps, call, draft));
    return undefined;
  }
  const answers = READERS[place.step](view.values, draft.answers);
  return { view, draft: { ...draft, step: place.step, answers } };
}

/** The draft of a view. A first step that was just opened has none yet: it begins with what it shows. */
async function draftOf(
  deps: Deps,
  call: Call & { readonly view: SeenView },
  place: Place,
): Promise<Draft | undefined> {
  const found = await findDraft(deps, call, place.draft);
  const kind = kindOfCallback(call.view.callbackId);
  const isFirst = place.step === 'who' && place.rev === 0;
  if (found !== undefined || !isFirst || kind === undefined) return found;
  return newDraft(kind, { id: place.draft });
}

/** Keeps the answers and goes one step on or back. */
async function moved(deps: Deps, call: Call, draft: Draft, distance: 1 | -1): Promise<Draft> {
  const { id, step, answers } = draft;
  const to = neighbour(answers.kind, step, distance) ?? step;
  const after = { id, step: to, answers: { ...answers, rev: answers.rev + 1 } };
  await saveDraft(deps, call, after);
  return after;
}

const update = (view: ModalView): SubmissionAnswer => ({ response_action: 'update', view });
