/**
 * Calls: reads what Slack sent into what our listeners get, without trusting its shape.
 *
 * A signed body is Slack's word that it comes from Slack, not that nothing in it is missing: each
 * part is looked at, and what is not as it should be reads as absent.
 */
import type { AllMiddlewareArgs, RespondFn } from '@slack/bolt';
import { z } from 'zod';
import type { SeenView, Values } from './door.ts';
import { deliveryOf } from './replay.ts';

/** Ids of people, as Slack makes them; anything else is nobody. */
const SlackUser = z.string().regex(/^[UW][A-Z0-9]{2,20}$/u);
const SlackTeam = z.string().regex(/^[TE][A-Z0-9]{2,20}$/u);
/** Longer than any command that means something. */
const COMMAND_CHARACTERS_MAX = 2_000;

/** What all of Bolt's listener arguments have in common, as far as we trust them. */
export interface BoltArgs extends AllMiddlewareArgs {
  readonly body: unknown;
  readonly payload: unknown;
  readonly respond?: RespondFn;
  /** A method: Bolt's own types allow less, and differ from kind to kind. */
  ack?(answer?: object): Promise<void>;
}

/** Who acts, where, and with what leave; what every kind of call has. */
export interface Facts {
  readonly workspace: string;
  readonly user: string;
  readonly triggerId: string;
  readonly delivery: string;
  readonly view: SeenView | undefined;
}

const word = z.string().catch('');
const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const values = z.record(z.string(), z.record(z.string(), z.unknown()));

const View = z.object({
  id: z.string(),
  team_id: maybe(SlackTeam),
  root_view_id: maybe(z.string()),
  hash: word,
  callback_id: word,
  private_metadata: word,
  type: word,
  state: maybe(z.object({ values: values.catch({}) })),
});

const Body = z.object({
  user: maybe(z.object({ id: SlackUser, team_id: maybe(SlackTeam) })),
  team: maybe(z.object({ id: SlackTeam })),
  user_id: maybe(SlackUser),
  event: maybe(z.object({ user: maybe(SlackUser) })),
  trigger_id: word,
  view: maybe(View),
});

/** Undefined if the body does not say who acts and where: then nobody may. */
export function readFacts(team: unknown, body: unknown): Facts | undefined {
  const workspace = SlackTeam.safeParse(team);
  const found = Body.safeParse(body);
  if (!workspace.success || !found.success) return undefined;
  const { user, user_id: id, event, trigger_id: triggerId, view } = found.data;
  const place = workspaceOf(workspace.data, found.data);
  const actor = user?.id ?? id ?? event?.user;
  if (actor === undefined || place === undefined) return undefined;
  return {
    workspace: place,
    user: actor,
    triggerId,
    delivery: deliveryOf(body),
    view: view === undefined ? undefined : seen(view),
  };
}

/**
 * Where the act happens. Of an app that an organisation installed for all of it, Slack may name the
 * organisation instead, or no team at all; then the view says where it was opened.
 */
function workspaceOf(said: string, { team, view, user }: z.infer<typeof Body>): string | undefined {
  return [said, team?.id, view?.team_id, user?.team_id].find((id) => id?.startsWith('T') === true);
}

function seen(view: z.infer<typeof View>): SeenView {
  const entered: Values = view.state?.values ?? {};
  return {
    id: view.id,
    rootId: view.root_view_id ?? view.id,
    hash: view.hash,
    callbackId: view.callback_id,
    metadata: view.private_metadata,
    values: entered,
    type: view.type,
  };
}

const Command = z.object({ command: word, text: word });

export function readCommand(body: unknown): { command: string; text: string } {
  const { command, text } = Command.catch({ command: '', text: '' }).parse(body);
  return { command, text: text.slice(0, COMMAND_CHARACTERS_MAX) };
}

const chosen = z.object({ value: z.string() });
const Action = z.object({
  action_id: word,
  type: word,
  value: maybe(z.string()),
  selected_option: maybe(chosen),
});
const Place = z.object({
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string() }),
});

const Container = z.object({ container: z.object({ is_ephemeral: z.boolean() }) });

export interface ClickedAction {
  readonly id: string;
  readonly element: string;
  readonly value: string;
  readonly message: { readonly channel: string; readonly ts: string } | undefined;
  readonly isPrivate: boolean;
}

export function readAction(action: unknown, body: unknown): ClickedAction {
  const found = Action.safeParse(action);
  const place = Place.safeParse(body);
  return {
    id: found.success ? found.data.action_id : '',
    element: found.success ? found.data.type : '',
    value: found.success ? (found.data.value ?? found.data.selected_option?.value ?? '') : '',
    message: place.success
      ? { channel: place.data.channel.id, ts: place.data.message.ts }
      : undefined,
    isPrivate: Container.safeParse(body).data?.container.is_ephemeral ?? false,
  };
}

const Question = z.object({ action_id: word, value: word });

export function readQuestion(body: unknown): { id: string; typed: string } {
  const { action_id: id, value } = Question.catch({ action_id: '', value: '' }).parse(body);
  return { id, typed: value };
}

const record = z.record(z.string(), z.unknown());
const Shortcut = z.object({ callback_id: word, message: maybe(record) });

export function readShortcut(body: unknown): {
  id: string;
  message: Readonly<Record<string, unknown>> | undefined;
} {
  const found = Shortcut.safeParse(body);
  return { id: found.data?.callback_id ?? '', message: found.data?.message };
}

export function readEvent(event: unknown): Readonly<Record<string, unknown>> {
  return record.catch({}).parse(event);
}
