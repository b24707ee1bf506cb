/**
 * How it stands: what somebody is told who clicks at what was decided or changed meanwhile: that
 * nothing was done, how the request stands now, and who brought that about, when.
 */
import { Refusal } from '../../consent/refusal.ts';
import type { Request, RequestStep } from '../../consent/request.ts';
import type { Deps } from '../../workflow/deps.ts';
import { joinMrkdwn, type Mrkdwn } from '../blocks/escape.ts';
import type { Call } from '../guard/door.ts';
import { Explained } from '../guard/explained.ts';
import { COMMAND_WORDS } from '../words/commands.ts';
import type { SlackLocale } from '../words/language.ts';
import { REQUEST_WORDS } from '../words/requests.ts';
import { requestTitle, stepWords } from './words.ts';

/** Steps by which it was decided whether anything is done. */
const DECISIONS: ReadonlySet<RequestStep['event']> = new Set([
  'approve',
  'approve-later',
  'reject',
  'expire',
  'cancel',
  'undo',
]);

/**
 * Does something to a request.
 * @throws Explained if it stands so that this is not possible; whatever `act` throws besides
 */
export async function unlessChanged<T>(
  { database }: Pick<Deps, 'database'>,
  { workspace, locale }: Pick<Call, 'workspace' | 'locale'>,
  id: string,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'request_not_open') throw error;
    const request = await database.of(workspace).requests.find(id);
    throw new Explained(howItStands(request, locale), error);
  }
}

/** `Nothing was done: … Approved by @Bo, Mar 31 at 10:12. Finished, Mar 31 at 10:15.` */
export function howItStands(request: Request, locale: SlackLocale): Mrkdwn {
  const words = REQUEST_WORDS[locale];
  const which = `${requestTitle(request, locale)} ${words.inParentheses(request.id)}`;
  const stands = COMMAND_WORDS[locale].notSteered(which, words.states[request.state]);
  return joinMrkdwn([stands, ...tellingSteps(request).map((step) => stepWords(step, locale))]);
}

/** Who decided, and what happened last. */
export function tellingSteps({ history }: Pick<Request, 'history'>): RequestStep[] {
  const decided = history.findLast(({ event }) => DECISIONS.has(event));
  const last = history.at(-1);
  return [...new Set([decided, last])].filter((step) => step !== undefined);
}
