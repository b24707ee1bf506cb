/**
 * Wizard count: how many addresses the audience is, shown while it is still being chosen.
 *
 * Counting never holds anybody up: "Counting…" stands in its place, and a count that was overtaken
 * by a newer choice is dropped.
 */
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { makePlan } from '../../consent/plan.ts';
import { Refusal } from '../../consent/refusal.ts';
import type { Deps } from '../../workflow/deps.ts';
import { previewRequest } from '../../workflow/preview-request.ts';
import { type Mrkdwn, md } from '../blocks/escape.ts';
import type { Call } from '../guard/door.ts';
import { refusalWords, withoutPeople } from '../guard/refusals.ts';
import { updateView } from '../guard/update-view.ts';
import { withinMs } from '../guard/within.ts';
import { countWords } from '../request/words.ts';
import { WIZARD_WORDS } from '../words/wizard.ts';
import type { Draft } from './drafts.ts';
import { type AskOffer, countingTerms } from './terms.ts';
import { type WhoModel, whoView } from './who.ts';

/** A count that is there by then is shown at once, without "Counting…" before it. */
const AT_ONCE_MS = 300;

/** Counting for this step: who is asked is decided later, so nobody is. */
const NO_ASK: AskOffer = { mustAsk: false, templates: [], linkDays: 1, silence: 'revert' };
/** A re-confirmation is nothing but asking. */
const ASK_ALL: AskOffer = { ...NO_ASK, templates: ['any'] };

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
  { workspace, locale }: Pick<Call, 'workspace' | 'locale'>,
  { answers }: Draft,
): Promise<Mrkdwn> {
  const words = WIZARD_WORDS[locale].who;
  if (answers.sources.length === 0 || answers.fields.length === 0) return md`${words.countNothing}`;
  const now = deps.now();
  const terms = countingTerms(answers, answers.kind === 'reconfirm' ? ASK_ALL : NO_ASK, now);
  try {
    return countWords(makePlan(terms, await previewRequest(deps, workspace, terms), now), locale);
  } catch (error) {
    if (error instanceof Refusal) return md`${refusalWords(error, locale)}`;
    deps.log.warn({ fault: withoutPeople(error) }, 'an audience could not be counted');
    return md`${words.countLater}`;
  }
}

/** Shows the count of a draft's audience in an open view as soon as it is known. */
export async function showCount(
  deps: Pick<Deps, 'database' | 'now' | 'log'>,
  { workspace, client, locale }: Pick<Call, 'workspace' | 'client' | 'locale'>,
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
    return redraw(client, { id: view.id, hashes }, whoView({ ...model, count }, locale));
  };
  const counting = countAudience(deps, { workspace, locale }, model.draft);
  const atOnce = await withinMs(AT_ONCE_MS, counting, () => undefined);
  if (atOnce !== undefined) await draw(atOnce);
  else if (await draw(md`${WIZARD_WORDS[locale].who.countRunning}`)) await draw(await counting);
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
  view: ModalView,
): Promise<boolean> {
  for (const hash of new Set(hashes)) {
    const drawn = await updateView(client, { id, hash }, view);
    const state = counted.get(id);
    if (drawn === undefined) continue;
    if (state !== undefined) state.hash = drawn;
    return true;
  }
  return false;
}
