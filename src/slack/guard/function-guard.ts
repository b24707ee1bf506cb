/**
 * Function guard: stands around a step of Slack's Workflow Builder, so that every execution ends: with
 * what the step gives back, or with a sentence that says why not.
 *
 * It is acknowledged last: an execution that was lost on the way is sent again, and a step is known by
 * its execution's id, so that a second delivery does nothing twice. Who acts is Slack's user context,
 * which the builder of a workflow cannot set: a user id could be anybody's.
 */
import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError } from '@slack/web-api';
import { z } from 'zod';
import { Refusal } from '../../consent/refusal.ts';
import { DEFAULT_LOCALE } from '../words/language.ts';
import type { BoltArgs } from './calls.ts';
import type { FunctionListener } from './door.ts';
import type { Guarding } from './guard.ts';
import { languageOf } from './languages.ts';
import { sentenceFor, withoutPeople } from './refusals.ts';

const TEXT_CHARACTERS_MAX = 1_000;

const Execution = z.object({
  function_execution_id: z.string().min(1),
  inputs: z.record(z.string(), z.unknown()).catch({}),
});
const UserContext = z.object({ id: z.string().regex(/^[UW][A-Z0-9]{2,20}$/u) });
const Team = z.string().regex(/^[TE][A-Z0-9]{2,20}$/u);
/** The execution was ended before: by an earlier delivery, or by whoever stopped the workflow. */
const ENDED: ReadonlySet<string> = new Set([
  'execution_not_in_running_state',
  'function_execution_not_found',
]);

export interface FunctionWard {
  readonly guarding: Guarding;
  /** The function's callback id, for the log. */
  readonly what: string;
  readonly listener: FunctionListener;
}

export function guardFunction(ward: FunctionWard): (args: BoltArgs) => Promise<void> {
  return async (args) => {
    const found = Execution.safeParse(args.payload);
    // Without its id nobody can be told anything.
    if (found.success) await carryOut(ward, args, found.data);
    await args.ack?.();
  };
}

async function carryOut(
  ward: FunctionWard,
  args: BoltArgs,
  { function_execution_id: execution, inputs }: z.infer<typeof Execution>,
): Promise<void> {
  const { client } = args;
  const answer = await outcome(ward, args, { execution, inputs });
  try {
    const id = { function_execution_id: execution };
    if ('error' in answer) await client.functions.completeError({ ...id, error: answer.error });
    else await client.functions.completeSuccess({ ...id, outputs: { ...answer.outputs } });
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError) || !ENDED.has(error.data.error)) throw error;
    const { log } = ward.guarding.door.deps;
    log.info({ listener: ward.what, fault: withoutPeople(error) }, 'a step had ended before');
  }
}

type Outcome = { readonly outputs: Readonly<Record<string, string>> } | { readonly error: string };

/** Never rejects: what goes wrong is an answer too. */
async function outcome(
  ward: FunctionWard,
  { client, context }: BoltArgs,
  { execution, inputs }: { readonly execution: string; readonly inputs: Record<string, unknown> },
): Promise<Outcome> {
  const { guarding, what, listener } = ward;
  const workspace = Team.safeParse(context.teamId).data;
  const user = Object.values(inputs)
    .map((input) => UserContext.safeParse(input).data?.id)
    .find((id) => id !== undefined);
  let locale = DEFAULT_LOCALE;
  try {
    if (workspace === undefined || user === undefined) throw new Refusal('not_allowed_here');
    await admit(guarding, client, workspace, user);
    locale = await languageOf(guarding.door.deps, workspace, user);
    const call = { workspace, user, execution, inputs: textsIn(inputs), locale };
    return { outputs: await listener(call, guarding.door) };
  } catch (error) {
    return { error: sentenceFor(error, { log: guarding.door.deps.log, what, locale }) };
  }
}

/** @throws Refusal `not_allowed_here`; SlackSilent */
async function admit(
  { serves, checkActor }: Guarding,
  client: WebClient,
  workspace: string,
  user: string,
): Promise<void> {
  if (!(await serves(workspace))) throw new Refusal('not_allowed_here');
  await checkActor(client, workspace, user);
}

function textsIn(inputs: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, input]) =>
      typeof input === 'string' ? [[name, input.slice(0, TEXT_CHARACTERS_MAX)]] : [],
    ),
  );
}
