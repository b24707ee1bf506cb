/**
 * Wizard count: how many addresses the audience is, shown while it is still being chosen.
 *
 * Counting never holds anybody up: "Counting…" stands in its place, and a count that was overtaken
 * by a newer choice is dropped.
 */
import { makePlan } from '../consent/plan.ts';
import { Refusal } from '../consent/refusal.ts';
import type { Deps } from '../workflow/deps.ts';
import { previewRequest } from '../workflow/preview-request.ts';
import type { Call } from './door.ts';
import type { Draft } from './drafts.ts';
import type { Mrkdwn } from './escape.ts';
import { withoutPeople } from './refusals.ts';
import { countWords } from './request-words.ts';
import { updateView } from './update-view.ts';
import { withinMs } from './within.ts';
import { countingTerms } from './wizard-terms.ts';
import { COUNT_LATER, COUNT_NOTHING, COUNT_RUNNING, type WhoModel, whoView } from './wizard-who.ts';

/** A count that is there by then is shown at once, without "Counting…" before it. */
const AT_ONCE_MS = 300;

/** Counting for this step: who is asked is decided later, so nobody is. */
const NO_ASK = { mustAsk: false, templates: [] };
/** A re-confirmation is nothing but asking. */
const ASK_ALL = { mustAsk: false, templates: ['any'] };

/** The latest choice in each open view that is being counted. */
const latest = new Map<string, symbol>();

/** The counts of an audience in words; never rejects. */
export async function countAudience(
  deps: Pick<Deps, 'database' | 'now' | 'log'>,
  workspace: string,
  { answers }: Draft,
): Promise<Mrkdwn> {
  if (answers.sources.length === 0 || answers.fields.length === 0) return COUNT_NOTHING;
  const now = deps.now();
  const terms = countingTerms(answers, answers.kind === 'reconfirm' ? ASK_ALL : NO_ASK, now);
  try {
    return countWords(makePlan(terms, await previewRequest(deps, workspace, terms), now));
  } catch (error) {
    if (error instanceof Refusal) return { mrkdwn: error.message };
    deps.log.warn({ fault: withoutPeople(error) }, 'an audience could not be counted');
    return COUNT_LATER;
  }
}

/** Shows the count of a draft's audience in an open view as soon as it is known. */
export async function showCount(
  deps: Pick<Deps, 'database' | 'now' | 'log'>,
  { workspace, client }: Pick<Call, 'workspace' | 'client'>,
  view: { readonly id: string; readonly hash: string },
  model: Omit<WhoModel, 'count'>,
): Promise<void> {
  const mine = Symbol(view.id);
  latest.set(view.id, mine);
  try {
    const counting = countAudience(deps, workspace, model.draft);
    let { hash } = view;
    const atOnce = await withinMs(AT_ONCE_MS, counting, () => undefined);
    if (atOnce === undefined) {
      const running = whoView({ ...model, count: COUNT_RUNNING });
      hash = (await updateView(client, { id: view.id, hash }, running)) ?? '';
    }
    const count = atOnce ?? (await counting);
    // A newer choice has a count of its own; an empty hash: the window moved on meanwhile.
    if (latest.get(view.id) !== mine || hash === '') return;
    await updateView(client, { id: view.id, hash }, whoView({ ...model, count }));
  } finally {
    if (latest.get(view.id) === mine) latest.delete(view.id);
  }
}
