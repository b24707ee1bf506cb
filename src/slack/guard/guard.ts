/**
 * Guard: stands around every listener, so that each call is acknowledged exactly once and in time,
 * and everything that goes wrong is told to the one who acted, and to nobody else.
 *
 * Commands, shortcuts and actions are acknowledged before their listener runs. A submission and a
 * question for options are acknowledged with what the listener returns; if that takes longer than
 * 2 seconds the person sees "Working…", and the answer replaces it.
 */
import type { ModalView } from '@slack/types';
import { Refusal } from '../../consent/refusal.ts';
import type { Mrkdwn } from '../blocks/escape.ts';
import { DEFAULT_LOCALE, type SlackLocale } from '../words/language.ts';
import type { ActorCheck } from './actor.ts';
import {
  type BoltArgs,
  type Facts,
  readAction,
  readCommand,
  readEvent,
  readFacts,
  readQuestion,
  readShortcut,
} from './calls.ts';
import {
  type ActionListener,
  type Call,
  type ClosedListener,
  type CommandListener,
  type Door,
  type EventListener,
  InputErrors,
  type OptionsAnswer,
  type OptionsListener,
  opensFirst,
  type SeenView,
  type ShortcutListener,
  type SubmissionAnswer,
  type SubmissionListener,
} from './door.ts';
import { Explained } from './explained.ts';
import { keepView } from './kept-form.ts';
import { languageOf } from './languages.ts';
import { refilledView } from './refill-view.ts';
import { asMessageText, noticeView, sentenceFor, withoutPeople } from './refusals.ts';
import { refusedWords, sendReply, showLateAnswer, workingView } from './replies.ts';
import { withinMs } from './within.ts';

/** Slack waits 3 s; the rest is for the way there and back. */
const ANSWER_MS = 2_000;
const LATE = Symbol('late');

export type BoltListener = (args: BoltArgs) => Promise<void>;

export interface Guarding {
  readonly door: Door;
  readonly checkActor: ActorCheck;
  /** False for teams that this installation does not serve. */
  readonly serves: (workspace: string) => Promise<boolean>;
}

interface Admitted {
  readonly call: Call;
  readonly facts: Facts;
}

/** What stands around one listener. */
interface Ward<L> {
  readonly guarding: Guarding;
  /** The listener's id, for the log. */
  readonly what: string;
  readonly listener: L;
}

export function guardCommand(ward: Ward<CommandListener>): BoltListener {
  return acknowledged(ward, async ({ call }, { body }) =>
    ward.listener({ ...call, ...readCommand(body) }, ward.guarding.door),
  );
}

export function guardShortcut(ward: Ward<ShortcutListener>): BoltListener {
  return acknowledged(ward, async ({ call }, { body }) =>
    ward.listener({ ...call, ...readShortcut(body) }, ward.guarding.door),
  );
}

export function guardAction(ward: Ward<ActionListener>): BoltListener {
  return acknowledged(ward, async ({ call, facts }, { payload, body }) =>
    ward.listener({ ...call, ...readAction(payload, body), view: facts.view }, ward.guarding.door),
  );
}

export function guardSubmission(ward: Ward<SubmissionListener>): BoltListener {
  return async (args) => {
    const outcome = submissionOutcome(ward, args);
    const first = await withinMs(ANSWER_MS, outcome, () => LATE);
    if (typeof first !== 'symbol') {
      await args.ack?.(first.answer);
      return;
    }
    const locale = await spokenWith(ward, args);
    await args.ack?.({ response_action: 'update', view: workingView(locale) });
    const { answer, refused } = await lateAnswer(ward, args, await outcome);
    const facts = readFacts(args.context.teamId, args.body);
    if (facts?.view === undefined) return;
    const { deps } = ward.guarding.door;
    const keep = async (form: ModalView) => keepView(deps, facts, form);
    const late = { view: facts.view.id, user: facts.user, answer, refused, locale, keep };
    await showLateAnswer(args, late).catch((error: unknown) =>
      complain(ward, error, 'a late answer was lost: its window is closed, or Slack is away'),
    );
  };
}

/** A closed window says nothing back; what goes wrong is only logged. */
export function guardClosed(ward: Ward<ClosedListener>): BoltListener {
  return async (args) => {
    await args.ack?.();
    await quietly(ward, args, async ({ call, facts }) =>
      ward.listener({ ...call, view: viewOf(facts) }, ward.guarding.door),
    );
  };
}

export function guardOptions(ward: Ward<OptionsListener>): BoltListener {
  return async (args) => {
    const nothing: OptionsAnswer = { options: [] };
    const outcome = optionsOutcome(ward, args);
    await args.ack?.(await withinMs(ANSWER_MS, outcome, () => nothing));
  };
}

/** Events are acknowledged by Bolt before we see them, and nobody waits for an answer. */
export function guardEvent(ward: Ward<EventListener>): BoltListener {
  return async (args) =>
    quietly(ward, args, async ({ call }) =>
      ward.listener({ ...call, event: readEvent(args.payload) }, ward.guarding.door),
    );
}

/** Acknowledges, then acts; what goes wrong is told to the one who acted. */
function acknowledged<L extends object>(
  ward: Ward<L>,
  act: (admitted: Admitted, args: BoltArgs) => Promise<void>,
): BoltListener {
  return async (args) => {
    await args.ack?.();
    try {
      await act(await admit(ward, args), args);
    } catch (error) {
      const text = asMessageText(await told(ward, args, error));
      const facts = readFacts(args.context.teamId, args.body);
      await sendReply(args, facts, { text }, await spokenWith(ward, args)).catch(
        (failure: unknown) => complain(ward, failure, 'could not tell somebody what went wrong'),
      );
    }
  };
}

/** @throws Refusal `not_allowed_here`, SlackSilent */
async function admit<L extends object>(
  { guarding: { checkActor, serves, door }, listener }: Ward<L>,
  args: BoltArgs,
): Promise<Admitted> {
  const facts = readFacts(args.context.teamId, args.body);
  if (facts === undefined || !(await serves(facts.workspace))) {
    throw new Refusal('not_allowed_here');
  }
  const { workspace, user, triggerId, delivery } = facts;
  let checked: Promise<void> | undefined;
  const actor = async (): Promise<SlackLocale> => {
    checked ??= checkActor(args.client, workspace, user);
    await checked;
    return languageOf(door.deps, workspace, user);
  };
  const locale = opensFirst(listener)
    ? await languageOf(door.deps, workspace, user)
    : await actor();
  const call: Call = {
    workspace,
    user,
    triggerId,
    delivery,
    locale,
    client: args.client,
    reply: async (said) => sendReply(args, facts, said, locale),
    actor,
  };
  return { call, facts };
}

interface Outcome {
  readonly answer: SubmissionAnswer;
  /** Draws the form anew; once "Working…" stands in its place, sentences find no inputs there. */
  readonly again?: InputErrors['again'];
}

/** Never rejects: what goes wrong is an answer too. */
async function submissionOutcome(ward: Ward<SubmissionListener>, args: BoltArgs): Promise<Outcome> {
  try {
    const { call, facts } = await admit(ward, args);
    return { answer: await ward.listener({ ...call, view: viewOf(facts) }, ward.guarding.door) };
  } catch (error) {
    if (error instanceof InputErrors) {
      const { errors, again } = error;
      return { answer: { response_action: 'errors', errors }, again };
    }
    const sentence = await told(ward, args, error);
    const locale = await spokenWith(ward, args);
    // Pushed over the form, not in its place: what was entered stays.
    return { answer: { response_action: 'push', view: noticeView(sentence, locale) } };
  }
}

/** What takes the place of "Working…": a form that was refused, with all that was entered. Never rejects. */
async function lateAnswer(
  ward: Ward<object>,
  args: BoltArgs,
  { answer, again }: Outcome,
): Promise<{ readonly answer: SubmissionAnswer; readonly refused: string | undefined }> {
  const refused = refusedWords(answer);
  try {
    const locale = await spokenWith(ward, args);
    const view = await (again?.() ?? refilledView(args.body, answer, locale));
    const drawn: SubmissionAnswer =
      view === undefined ? answer : { response_action: 'update', view };
    return { answer: drawn, refused };
  } catch (error) {
    complain(ward, error, 'a form could not be drawn again; its sentences stand alone');
    return { answer, refused };
  }
}

/** Never rejects: who may not ask is offered nothing. */
async function optionsOutcome(ward: Ward<OptionsListener>, args: BoltArgs): Promise<OptionsAnswer> {
  try {
    const { call } = await admit(ward, args);
    return await ward.listener({ ...call, ...readQuestion(args.body) }, ward.guarding.door);
  } catch (error) {
    await told(ward, args, error);
    return { options: [] };
  }
}

async function quietly<L extends object>(
  ward: Ward<L>,
  args: BoltArgs,
  act: (admitted: Admitted) => Promise<void>,
): Promise<void> {
  try {
    await act(await admit(ward, args));
  } catch (error) {
    await told(ward, args, error);
  }
}

/** What went wrong, in the person's language; what is nobody's business goes to the log. */
async function told(ward: Ward<object>, args: BoltArgs, error: unknown): Promise<string | Mrkdwn> {
  if (error instanceof Explained) return error.said;
  const { log } = ward.guarding.door.deps;
  return sentenceFor(error, { log, what: ward.what, locale: await spokenWith(ward, args) });
}

/** The language to answer in, also where nobody was admitted. Never rejects. */
async function spokenWith({ guarding }: Ward<object>, args: BoltArgs): Promise<SlackLocale> {
  const facts = readFacts(args.context.teamId, args.body);
  if (facts === undefined) return DEFAULT_LOCALE;
  const spoken = languageOf(guarding.door.deps, facts.workspace, facts.user);
  return spoken.catch(() => DEFAULT_LOCALE);
}

function complain({ guarding, what }: Ward<object>, error: unknown, says: string): void {
  guarding.door.deps.log.warn({ listener: what, fault: withoutPeople(error) }, says);
}

function viewOf({ view }: Facts): SeenView {
  if (view === undefined) throw new Refusal('not_allowed_here');
  return view;
}
