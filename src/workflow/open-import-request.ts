/**
 * Open import request: the opt-in that an import could not give by itself waits for an approver.
 *
 * So it is where the source is "other", which nobody can judge by its name; and where the addresses
 * were collected more than 6 months ago: then the request must ask, and silence reverts.
 */
import { EMAIL_FIELDS } from '../consent/audience.ts';
import type { Interview } from '../consent/interview.ts';
import { permittedInterview } from '../consent/provenance.ts';
import type { Deps } from './deps.ts';
import { type RequestForm, submitRequest } from './submit-request.ts';

export interface Importer {
  readonly workspace: string;
  /** Slack user id, or the name of an operator. */
  readonly by: string;
  /** An operator at the command line needs no role in Slack. */
  readonly isOperator: boolean;
}

/**
 * Files the request over a batch; the same batch files no second one.
 * @returns its id
 * @throws Refusal as `submitRequest` does, `mail_not_configured` too where it must ask
 */
export async function openImportRequest(
  deps: Deps,
  { workspace, by, isOperator }: Importer,
  batch: string,
  interview: Interview,
): Promise<string> {
  const sources = [{ kind: 'batch' as const, id: batch }];
  const ask = askOf(deps, interview);
  const { id } = await submitRequest(deps, {
    workspace,
    by,
    submission: `import:${batch}`,
    form: {
      kind: 'opt-in',
      choice: { sources, match: 'any', fields: EMAIL_FIELDS },
      interview,
      ...(ask === undefined ? {} : { ask }),
    },
    onBehalfOfImport: isOperator,
  });
  return id;
}

/** The provided mail, since nobody was asked for another one. */
function askOf(deps: Deps, interview: Interview): RequestForm['ask'] {
  const { mustAsk } = permittedInterview(interview, deps.now());
  const [template] = deps.templates.names();
  if (!mustAsk || template === undefined) return undefined;
  return { who: 'changed', template, silence: 'revert' };
}
