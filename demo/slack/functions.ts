/**
 * Functions: steps of Workflow Builder. Somebody runs a workflow, the app is told that its step is
 * executed, and says how it ended; an end that Slack would not take is refused as Slack refuses it.
 */
import { asString, isObject, type Json, parseJson } from './json.ts';
import type { Method } from './method.ts';
import type { Ack } from './sign.ts';
import { SlackError } from './slack-error.ts';
import type { Workspace } from './workspace.ts';

/** Characters of the reason that a workflow shows. */
const ERROR_CHARS_MAX = 3_000;

/** What the app's manifest says about one step. */
export interface StepDefinition {
  readonly callbackId: string;
  readonly title: string;
  /** Names of the outputs that must be given. */
  readonly outputs: readonly string[];
}

export interface Execution {
  readonly id: string;
  readonly step: StepDefinition;
  /** Who ran the workflow: a user's id. */
  readonly requester: string;
  readonly inputs: Json;
  readonly at: Date;
  state: 'running' | 'succeeded' | 'failed';
  outputs: Json | undefined;
  error: string | undefined;
}

/** Executions of each workspace, by their ids. */
const executions = new WeakMap<Workspace, Map<string, Execution>>();

function executionsOf(ws: Workspace): Map<string, Execution> {
  const known = executions.get(ws) ?? new Map<string, Execution>();
  executions.set(ws, known);
  return known;
}

/** What was run in a workspace, oldest first. */
export const executionsIn = (ws: Workspace): Execution[] => [...executionsOf(ws).values()];

export const FUNCTION_METHODS: Readonly<Record<string, Method>> = {
  'functions.completeSuccess': (ws, args) => {
    const execution = running(ws, args);
    const outputs = asOutputs(args['outputs']);
    const { outputs: named } = execution.step;
    const missing = named.filter((name) => asString(outputs[name]) === '');
    const unknown = Object.keys(outputs).filter((name) => !named.includes(name));
    if (missing.length + unknown.length > 0) {
      throw new SlackError('parameter_validation_failed', [...missing, ...unknown]);
    }
    execution.state = 'succeeded';
    execution.outputs = outputs;
    ws.changed();
    return {};
  },
  'functions.completeError': (ws, args) => {
    const execution = running(ws, args);
    const error = asString(args['error']);
    if (error === '' || Array.from(error).length > ERROR_CHARS_MAX) {
      throw new SlackError('invalid_arguments', ['error']);
    }
    execution.state = 'failed';
    execution.error = error;
    ws.changed();
    return {};
  },
};

/** Objects come as JSON inside the form. */
function asOutputs(given: unknown): Json {
  const outputs = typeof given === 'string' ? parseJson(given) : given;
  if (!isObject(outputs)) throw new SlackError('invalid_arguments', ['outputs']);
  return outputs;
}

/** @throws SlackError function_execution_not_found, execution_not_in_running_state */
function running(ws: Workspace, args: Json): Execution {
  const found = executionsOf(ws).get(asString(args['function_execution_id']));
  if (found === undefined) throw new SlackError('function_execution_not_found');
  if (found.state !== 'running') throw new SlackError('execution_not_in_running_state');
  return found;
}

/** What a step needs of the double. */
interface Stage {
  readonly workspace: Workspace;
  readonly botToken: string;
  event(event: Json, options?: { id?: string; retry?: number }): Promise<Ack>;
}

export interface StepRun {
  readonly execution: Execution;
  /** How the app acknowledged it. */
  readonly ack: Ack;
  /** Sends the very same execution once more, as Slack does where it heard nothing. */
  again(): Promise<Ack>;
}

/**
 * Runs a workflow with this step in it.
 * @param requester who runs it: it goes to the app as Slack's user context
 */
export async function runStep(
  slack: Stage,
  step: StepDefinition,
  { requester, ...inputs }: { readonly requester: string } & Json,
): Promise<StepRun> {
  const ws = slack.workspace;
  const id = ws.nextId('Fx');
  const execution: Execution = {
    id,
    step,
    requester,
    inputs,
    at: ws.now(),
    state: 'running',
    outputs: undefined,
    error: undefined,
  };
  executionsOf(ws).set(id, execution);
  const event = {
    type: 'function_executed',
    function: {
      id: ws.nextId('Fn'),
      callback_id: step.callbackId,
      title: step.title,
      type: 'app',
      input_parameters: [],
      output_parameters: [],
      app_id: ws.appId,
    },
    inputs: { ...inputs, requester: { id: requester, secret: 'of-the-double' } },
    function_execution_id: id,
    workflow_execution_id: ws.nextId('Wx'),
    event_ts: ws.nextTs(),
    bot_access_token: slack.botToken,
  };
  const eventId = ws.nextId('Ev');
  const ack = await slack.event(event, { id: eventId });
  let retries = 0;
  return {
    execution,
    ack,
    again: () => {
      retries += 1;
      return slack.event(event, { id: eventId, retry: retries });
    },
  };
}
