/**
 * Door: what our listeners are given, and what they give back.
 *
 * Bolt's own arguments trust that Slack sends what its types say. A listener of ours gets a call
 * that was checked (guard.ts) and answers by returning, so that every call is acknowledged exactly
 * once, in time, whatever the listener does.
 */
import type { AnyBlock, ModalView, OptionGroup, PlainTextOption } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Deps } from '../../workflow/deps.ts';
import type { SlackLocale } from '../words/language.ts';

/** What every listener may touch. */
export interface Door {
  readonly deps: Deps;
  /** Hosts that files are fetched from and sent to; the bot's token goes to no other. */
  readonly fileHosts: readonly string[];
  /** Nobody waits for it: uploads. @throws NotInstalled */
  background(workspace: string): Promise<WebClient>;
}

/** A person who acts, where, and the ways to answer. */
export interface Call {
  /** The team id of the payload, never of metadata or a button's value. */
  readonly workspace: string;
  /** Slack user id. */
  readonly user: string;
  /** Interactive: 2.5 s timeout, no retries. Not for progress or notifications. */
  readonly client: WebClient;
  /** What a delivery is known by; the same in every retry and replay of it (replay.ts). */
  readonly delivery: string;
  /** Opens or pushes one view, within 3 s of the click; empty where Slack gave none. */
  readonly triggerId: string;
  /** The person's language, as far as it is known: a listener that opens a view first may not yet. */
  readonly locale: SlackLocale;
  /** Says something to the one who acted and to nobody else: an ephemeral message, or a modal. */
  reply(reply: Reply): Promise<void>;
  /**
   * Checks that the person is no guest, bot or stranger. It was done before the listener runs,
   * unless the listener opens a view first (`opensView`): then the listener awaits it.
   * @returns the person's language, which Slack says on this occasion
   * @throws Refusal `not_allowed_here`; SlackSilent if Slack does not say in time
   */
  actor(): Promise<SlackLocale>;
}

export interface Reply {
  /** What notifications and screen readers read; plain words, already escaped. */
  readonly text: string;
  readonly blocks?: readonly AnyBlock[];
  /** True if it takes the place of the message whose button was clicked. */
  readonly replaces?: boolean;
}

export interface CommandCall extends Call {
  readonly command: string;
  /** What was typed after the command. */
  readonly text: string;
}

export interface ShortcutCall extends Call {
  readonly id: string;
  /** For message shortcuts: the message as Slack shows it. */
  readonly message: Readonly<Record<string, unknown>> | undefined;
}

/** A view as the person saw it. */
export interface SeenView {
  readonly id: string;
  readonly rootId: string;
  /** Changes with every update; a views.update that names an older one is refused by Slack. */
  readonly hash: string;
  readonly callbackId: string;
  readonly metadata: string;
  /** What was entered: block id → action id → Slack's value. Read it with values.ts. */
  readonly values: Values;
  readonly type: string;
}

export type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface ActionCall extends Call {
  /** Action id. */
  readonly id: string;
  /** Slack's type of what was clicked: `button`, `static_select`. */
  readonly element: string;
  /** The button's value, or the value of the option that was chosen; empty if it has none. */
  readonly value: string;
  readonly view: SeenView | undefined;
  /** Where the message with the button stands. */
  readonly message: { readonly channel: string; readonly ts: string } | undefined;
  /** True if the button stood in a message that only this person sees; Slack forgets its text. */
  readonly isPrivate: boolean;
}

export interface SubmissionCall extends Call {
  readonly view: SeenView;
}

export interface OptionsCall extends Call {
  readonly id: string;
  /** What was typed so far. */
  readonly typed: string;
}

export interface EventCall extends Omit<Call, 'triggerId' | 'reply'> {
  readonly event: Readonly<Record<string, unknown>>;
}

/** How a submitted modal goes on. Nothing: it closes, and the one below it shows. */
export type SubmissionAnswer =
  | { readonly response_action: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly response_action: 'update' | 'push'; readonly view: ModalView }
  | { readonly response_action: 'clear' }
  | undefined;

export type OptionsAnswer =
  | { readonly options: readonly PlainTextOption[] }
  | { readonly option_groups: readonly OptionGroup[] };

export type CommandListener = (call: CommandCall, door: Door) => Promise<void>;
export type ShortcutListener = (call: ShortcutCall, door: Door) => Promise<void>;
export type ActionListener = (call: ActionCall, door: Door) => Promise<void>;
/** Takes longer than 2 s: the person sees "Working…" meanwhile, and the answer replaces it. */
export type SubmissionListener = (call: SubmissionCall, door: Door) => Promise<SubmissionAnswer>;
export type ClosedListener = (call: SubmissionCall, door: Door) => Promise<void>;
export type OptionsListener = (call: OptionsCall, door: Door) => Promise<OptionsAnswer>;
/** What happened to the app itself: nobody acts, and there may be no token any more. */
export interface SystemCall {
  /** The workspace, or the organisation where the app was installed for all of it. */
  readonly place: string;
  /** By Slack's clock, to the second; undefined where Slack does not say. */
  readonly at: Date | undefined;
  readonly event: Readonly<Record<string, unknown>>;
}

export type SystemListener = (call: SystemCall, door: Door) => Promise<void>;
export type EventListener = (call: EventCall, door: Door) => Promise<void>;

/** One execution of a step, checked. */
export interface FunctionCall {
  readonly workspace: string;
  /** Slack user id of the person who ran the workflow. */
  readonly user: string;
  /** Slack's id of this execution, the same in every copy of its delivery. */
  readonly execution: string;
  /** What the workflow put in; texts only. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly locale: SlackLocale;
}

/** @returns the outputs that the manifest names; what it throws is told to the workflow */
export type FunctionListener = (
  call: FunctionCall,
  door: Door,
) => Promise<Readonly<Record<string, string>>>;

/** Every id that Slack may send us, and what answers it (listeners.ts). */
export interface Listeners {
  readonly commands: Readonly<Record<string, CommandListener>>;
  readonly shortcuts: Readonly<Record<string, ShortcutListener>>;
  readonly actions: Readonly<Record<string, ActionListener>>;
  readonly submissions: Readonly<Record<string, SubmissionListener>>;
  readonly closed: Readonly<Record<string, ClosedListener>>;
  readonly options: Readonly<Record<string, OptionsListener>>;
  readonly events: Readonly<Record<string, EventListener>>;
  /** Steps of Workflow Builder, by their callback ids. */
  readonly functions?: Readonly<Record<string, FunctionListener>>;
  readonly systemEvents?: Readonly<Record<string, SystemListener>>;
}

const OPENERS = new WeakSet<object>();

/** Marks a listener that opens a view at once: a look at the person first would cost the trigger. */
export function opensView<L extends object>(listener: L): L {
  OPENERS.add(listener);
  return listener;
}

export function opensFirst(listener: object): boolean {
  return OPENERS.has(listener);
}

/** Some of what was entered is wrong: the sentences stand at their inputs, nothing was done. */
export class InputErrors extends Error {
  override readonly name = 'InputErrors';
  /** Block id → sentence. */
  readonly errors: Readonly<Record<string, string>>;
  /** Draws the form with the sentences in it, for when "Working…" stands in its place by now. */
  readonly again: (() => Promise<ModalView>) | undefined;

  constructor(errors: Readonly<Record<string, string>>, again?: () => Promise<ModalView>) {
    super(`wrong inputs: ${Object.keys(errors).join(', ')}`);
    this.errors = errors;
    this.again = again;
  }
}
