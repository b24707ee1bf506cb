/**
 * Wizard terms: what the answers of a draft ask for, put the way the steps in workflow/ take it.
 *
 * Answers are kept as they were given; here they are made to agree: who must ask asks, and a choice
 * that is no longer offered falls back to the first that is.
 */
import { SILENCE_MEANINGS, type SilenceMeaning } from '../../consent/ask.ts';
import type { AudienceChoice } from '../../consent/audience.ts';
import { type Interview, isHardStop } from '../../consent/interview.ts';
import type { AskTerms, Terms } from '../../consent/plan.ts';
import { examine } from '../../consent/provenance.ts';
import { templateNames } from '../../workflow/custom-templates.ts';
import type { Deps } from '../../workflow/deps.ts';
import { freezeAudience } from '../../workflow/preview-request.ts';
import type { RequestForm } from '../../workflow/submit-request.ts';
import { reminderChoices } from '../request/follow-up-inputs.ts';
import { interviewOf } from '../request/interview-blocks.ts';
import { type Answers, ASK_CHOICES, type AskChoice } from './drafts.ts';

/** What the workspace can do for a request that asks. */
export interface AskOffer {
  /** Older than 6 months: must ask, and silence must revert. */
  readonly mustAsk: boolean;
  /** Templates that may be chosen; none where mail is not configured. */
  readonly templates: readonly string[];
  /** Days for which a link confirms; a reminder goes out before. */
  readonly linkDays: number;
  /** What the workspace lets silence mean where nobody chooses. */
  readonly silence: SilenceMeaning;
}

export function choiceOf({ sources, match, fields }: Answers): AudienceChoice {
  return { sources, match, fields };
}

/** The interview of an opt-in, undefined as long as no source that can have one was chosen. */
function interviewFrom({ kind, source, answers, attested }: Answers): Interview | undefined {
  if (kind !== 'opt-in' || source === undefined || isHardStop(source)) return undefined;
  return interviewOf(source, answers, attested);
}

/** What the interview allows now; `undefined` if it has to be answered (again) first. */
export async function askOffer(
  deps: Pick<Deps, 'canAsk' | 'templates' | 'database' | 'now' | 'settings'>,
  workspace: string,
  answers: Answers,
): Promise<AskOffer | undefined> {
  const names = deps.canAsk ? await templateNames(deps, workspace) : [];
  const { linkDays, silence } = await deps.settings(workspace);
  const offer = { templates: names, linkDays, silence };
  if (answers.kind !== 'opt-in') return { mustAsk: false, ...offer };
  const interview = interviewFrom(answers);
  const found = interview === undefined ? undefined : examine(interview, deps.now());
  if (found?.kind !== 'permitted') return undefined;
  return { mustAsk: found.mustAsk, ...offer };
}

export function askChoices({ mustAsk }: AskOffer): readonly AskChoice[] {
  return mustAsk ? ASK_CHOICES.filter((choice) => choice !== 'nobody') : ASK_CHOICES;
}

export function silenceChoices({ mustAsk }: AskOffer): readonly SilenceMeaning[] {
  return mustAsk ? ['revert'] : SILENCE_MEANINGS;
}

/** Whom an opt-in asks: as chosen, if that is still offered. */
export function askChoice({ ask }: Answers, offer: AskOffer): AskChoice {
  const choices = askChoices(offer);
  return choices.find((choice) => choice === ask) ?? choices[0] ?? 'nobody';
}

/** What silence means: as chosen, else as the workspace says, if that is offered. */
function silenceChoice({ silence }: Answers, offer: AskOffer): SilenceMeaning {
  const meanings = silenceChoices(offer);
  const wanted = [silence, offer.silence].find((one) =>
    meanings.some((meaning) => meaning === one),
  );
  return wanted ?? meanings[0] ?? 'revert';
}

/** How is asked, or undefined if nobody is. */
export function askOf(answers: Answers, offer: AskOffer): RequestForm['ask'] {
  const [first] = offer.templates;
  if (answers.kind === 'opt-out' || first === undefined) return undefined;
  const who = answers.kind === 'reconfirm' ? 'single-opt-in' : askChoice(answers, offer);
  if (who === 'nobody') return undefined;
  return {
    who,
    template: offer.templates.find((name) => name === answers.template) ?? first,
    silence: silenceChoice(answers, offer),
    reminderDays: reminderChoices(offer.linkDays).find((days) => days === answers.reminderDays),
    unknown: answers.unknown ?? 'hold',
  };
}

/** Terms to count with. The template's hash is part of the plan that is filed, not of a count. */
export function countingTerms(answers: Answers, offer: AskOffer, now: Date): Terms {
  const ask = askOf(answers, offer);
  const terms: AskTerms | undefined =
    ask === undefined
      ? undefined
      : { ...ask, templateHash: '', linkDays: 1, required: offer.mustAsk };
  return {
    kind: answers.kind,
    audience: freezeAudience(choiceOf(answers), now),
    ...(terms === undefined ? {} : { ask: terms }),
  };
}

/** What is sent for approval. */
export function formOf(answers: Answers, offer: AskOffer): RequestForm {
  const { kind, reason, runAt, evidence } = answers;
  return {
    kind,
    choice: choiceOf(answers),
    interview: interviewFrom(answers),
    evidence: kind === 'opt-in' ? evidence.map(({ id }) => id) : undefined,
    reason: kind === 'opt-out' ? reason : undefined,
    ask: askOf(answers, offer),
    runAt,
  };
}
