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
import type { FunctionListener } from '../guard/door.ts';

/** Callback id and the names of its inputs and outputs, as the manifests name them. */
export const ASK_RECONFIRMATION = 'ask-reconfirmation';
export const STEP_INPUTS = ['audience', 'template', 'requester'] as const;
export const STEP_OUTPUTS = ['request'] as const;

/** `tag:vip`, `batch:Spring fair`, or a name alone: a tag if there is one, else a batch. */
const NAMED = /^(tag|batch):(.+)$/u;

export const askReconfirmation: FunctionListener = async (call, { deps }) => {
  const { workspace, user, execution, inputs } = call;
  const { id } = await submitRequest(deps, {
    workspace,
    by: user,
    // The same execution, delivered again, finds the request that it made.
    submission: `function:${execution}`,
    form: {
      kind: 'reconfirm',
      choice: {
        sources: [await findSource(deps, workspace, inputs['audience'] ?? '')],
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
};

/** @throws Refusal `audience_not_found` */
async function findSource(deps: Deps, workspace: string, typed: string) {
  const { audiences } = deps.database.of(workspace);
  const name = typed.normalize('NFKC').trim();
  const [, said, rest = ''] = NAMED.exec(name) ?? [];
  const kinds = said === undefined ? (['tag', 'batch'] as const) : ([said] as const);
  let found: Suggestion | undefined;
  for (const kind of kinds) {
    if (kind !== 'tag' && kind !== 'batch') continue;
    found ??= await audiences.findByName(kind, said === undefined ? name : rest.trim());
  }
  if (found === undefined) throw new Refusal('audience_not_found');
  return { kind: found.kind, id: found.id };
}

/** The first template, if the workflow names none. @throws Refusal `template_not_found` */
function templateOf({ templates }: Deps, named: string | undefined): string {
  const template = named?.trim() ?? '';
  const found = template === '' ? templates.names()[0] : template;
  if (found === undefined) throw new Refusal('template_not_found');
  return found;
}
