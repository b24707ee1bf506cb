/** Wizard drafts: resuming, dropping and beginning anew, from the view that offers a draft. */
import { Refusal } from '../../consent/refusal.ts';
import type { Deps } from '../../workflow/deps.ts';
import { requireRole } from '../../workflow/require-role.ts';
import { md } from '../blocks/escape.ts';
import type { ActionCall, ActionListener, SeenView } from '../guard/door.ts';
import { updateView } from '../guard/update-view.ts';
import { WIZARD_WORDS } from '../words/wizard.ts';
import { showCount } from './count.ts';
import { discardDraft, findDraft, newDraft } from './drafts.ts';
import { readBeginning } from './ends.ts';
import { audienceOf, showStep } from './show.ts';
import { whoView } from './who.ts';

export const resumeDraft: ActionListener = async (call, { deps }) => {
  const view = await viewOf(deps, call);
  const draft = await findDraft(deps, call, call.value);
  if (draft === undefined) throw new Refusal('draft_not_found');
  await updateView(call.client, view, await showStep(deps, call, draft));
};

/** The draft stays where it is, and is offered again. */
export const startAnew: ActionListener = async (call, { deps }) => {
  await begin(deps, call, await viewOf(deps, call), call.value);
};

export const dropDraft: ActionListener = async (call, { deps }) => {
  const view = await viewOf(deps, call);
  const [draft = '', ...beginning] = call.value.split(' ');
  await discardDraft(deps, call, draft);
  await begin(deps, call, view, beginning.join(' '));
};

async function begin(deps: Deps, call: ActionCall, view: SeenView, value: string): Promise<void> {
  const { kind, sources } = readBeginning(value);
  const draft = newDraft(kind, { sources: sources.map((source) => ({ ...source })) });
  const audience = await audienceOf(deps, call, draft);
  const { countNothing, countRunning } = WIZARD_WORDS[call.locale].who;
  const count = md`${audience.length === 0 ? countNothing : countRunning}`;
  const first = whoView({ draft, audience, count }, call.locale);
  const hash = await updateView(call.client, view, first);
  if (hash === undefined || audience.length === 0) return;
  await showCount(deps, call, { id: view.id, hash }, { draft, audience });
}

/** @throws Refusal `not_a_requester`; `draft_not_found` if the click came from no view */
async function viewOf(deps: Deps, { workspace, user, view }: ActionCall): Promise<SeenView> {
  await requireRole(deps, workspace, user, 'requester');
  if (view === undefined) throw new Refusal('draft_not_found');
  return view;
}
