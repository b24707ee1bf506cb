/**
 * Function step: "Ask for re-confirmation" in Slack's Workflow Builder.
 *
 * The step files a request as the person who ran the workflow, and ends with its id: nothing is
 * mailed before another person approves, which may take days, and a step's token does not live so
 * long. What is refused fails the step, with the reason.
 */
import { Refusal } from '../../consent/refusal.ts';
import type { Suggestion } from '../../store/audiences.ts';
import type { Deps } from '../../workflow/deps.ts';
import { submitRequest } from '../../workflow/submit-request.ts';
import { type FunctionCall, type FunctionListener, InputErrors } from '../guard/door.ts';
import { STEP_WORDS } from '../words/step.ts';
import { shownName } from './words.ts';

/** Callback id and the names of its inputs and outputs, as the manifests name them. */
export const ASK_RECONFIRMATION = 'ask-reconfirmation';
export const STEP_INPUTS = ['audience', 'template', 'requester'] as const;
export const STEP_OUTPUTS = ['request'] as const;

/** `tag:vip`, `batch:Spring fair`, or a name alone: a tag if there is one, else a batch. */
const NAMED = /^(?<kind>tag|batch)\s*:(?<rest>.*)$/iu;

type Kind = Suggestion['kind'];

/** In a workflow nobody chose from a list and nobody sees counts: these refusals have other words. */
export const askReconfirmation: FunctionListener = async (call, { deps }) => {
  try {
    return await fileRequest(call, deps);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'nothing_to_change') throw error;
    throw new InputErrors({ audience: STEP_WORDS[call.locale].nobodyToAsk });
  }
};

async function fileRequest(call: FunctionCall, deps: Deps): Promise<{ request: string }> {
  const { workspace, user, execution, inputs } = call;
  const { id } = await submitRequest(deps, {
    workspace,
    by: user,
    // The same execution, delivered again, finds the request that it made.
    submission: `function:${execution}`,
    form: {
      kind: 'reconfirm',
      choice: {
        sources: [await findSource(deps, call)],
        match: 'any',
        fields: ['email'],
      },
      ask: {
        who: 'single-opt-in',
        template: templateOf(deps, inputs['template']),
        silence: (await deps.settings(workspace)).silence,
      },
    },
  });
  return { request: id };
}

/** @throws InputErrors with a sentence if no batch or tag is called so */
async function findSource(deps: Deps, { workspace, inputs, locale }: FunctionCall) {
  const { audiences } = deps.database.of(workspace);
  const words = STEP_WORDS[locale];
  const { kinds, name } = readAudience(inputs['audience'] ?? '');
  if (name === '') throw new InputErrors({ audience: words.noAudience });
  let found: Suggestion | undefined;
  for (const kind of kinds) found ??= await audiences.findByName(kind, name);
  if (found === undefined) {
    const [kind, other] = kinds;
    const unknown = words.unknown[other === undefined ? kind : 'either'];
    throw new InputErrors({ audience: unknown(shownName(name, locale)) });
  }
  return { kind: found.kind, id: found.id };
}

interface Named {
  readonly kinds: readonly [Kind, ...Kind[]];
  readonly name: string;
}

function readAudience(typed: string): Named {
  const whole = typed.normalize('NFKC').trim();
  const { kind, rest } = NAMED.exec(whole)?.groups ?? {};
  if (kind === undefined) return { kinds: ['tag', 'batch'], name: whole };
  return { kinds: [kind.toLowerCase() === 'tag' ? 'tag' : 'batch'], name: (rest ?? '').trim() };
}

/** The first template, if the workflow names none. @throws Refusal `template_not_found` */
function templateOf({ templates }: Deps, named: string | undefined): string {
  const template = named?.trim() ?? '';
  const found = template === '' ? templates.names()[0] : template;
  if (found === undefined) throw new Refusal('template_not_found');
  return found;
}
