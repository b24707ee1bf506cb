/**
 * Wizard count: how many addresses the audience is, shown while it is still being chosen.
 *
 * Counting never holds anybody up: "Counting…" stands in its place, and a count that was overtaken
 * by a newer choice is dropped.
 */
import type { WebClient } from '@slack/web-api';
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

/** Views whose state is remembered; the one that was touched first is forgotten first. */
const VIEWS_MAX = 1_000;

interface Counted {
  /** The latest choice; the counts of older ones are dropped. */
  choice: symbol;
  /** The hash that our latest update gave the view; a choice made just before it knows an older one. */
  hash: string;
}
const counted = new Map<string, Counted>();

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
  const choice = chosen(view);
  let seen = [view.hash];
  const draw = async (count: Mrkdwn): Promise<boolean> => {
    const state = counted.get(view.id);
    if (state?.choice !== choice) return false;
    const hashes = [...seen, state.hash];
    seen = [];
    return redraw(client, { id: view.id, hashes }, { ...model, count });
  };
  const counting = countAudience(deps, workspace, model.draft);
  const atOnce = await withinMs(AT_ONCE_MS, counting, () => undefined);
  if (atOnce !== undefined) await draw(atOnce);
  else if (await draw(COUNT_RUNNING)) await draw(await counting);
}

/** Notes that this view holds a newer choice. */
function chosen({ id, hash }: { readonly id: string; readonly hash: string }): symbol {
  const choice = Symbol(id);
  const before = counted.get(id)?.hash ?? hash;
  counted.delete(id);
  const [oldest] = counted.keys();
  if (counted.size >= VIEWS_MAX && oldest !== undefined) counted.delete(oldest);
  counted.set(id, { choice, hash: before });
  return choice;
}

/** @returns false if the window moved on: another step stands there, or it is closed */
async function redraw(
  client: WebClient,
  { id, hashes }: { readonly id: string; readonly hashes: readonly string[] },
  model: WhoModel,
): Promise<boolean> {
  for (const hash of new Set(hashes)) {
    const drawn = await updateView(client, { id, hash }, whoView(model));
    const state = counted.get(id);
    if (drawn === undefined) continue;
    if (state !== undefined) state.hash = drawn;
    return true;
  }
  return false;
}
