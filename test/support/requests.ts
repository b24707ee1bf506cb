/** Requests: files and approves requests through the real steps, for tests that need one. */

import { planSize } from '../../src/consent/plan.ts';
import type { Request } from '../../src/consent/request.ts';
import { approveRequest } from '../../src/workflow/approve-request.ts';
import type { Deps } from '../../src/workflow/deps.ts';
import { processRequest } from '../../src/workflow/process-request.ts';
import { type RequestForm, submitRequest } from '../../src/workflow/submit-request.ts';
import { APPROVER, REQUESTER, WORKSPACE } from './deps.ts';
import { BATCH, interviewOf } from './people.ts';

let submissions = 0;

export function form(deps: Deps, over: Partial<RequestForm> = {}): RequestForm {
  return {
    kind: 'opt-in',
    choice: { sources: [BATCH], match: 'any', fields: ['email'] },
    interview: interviewOf(deps.now()),
    ...over,
  };
}

export async function submitted(deps: Deps, over: Partial<RequestForm> = {}): Promise<Request> {
  submissions += 1;
  return submitRequest(deps, {
    workspace: WORKSPACE,
    by: REQUESTER,
    submission: `V${submissions}-${Math.random()}`,
    form: form(deps, over),
  });
}

export async function approved(deps: Deps, over: Partial<RequestForm> = {}): Promise<Request> {
  const request = await submitted(deps, over);
  return approveRequest(deps, {
    workspace: WORKSPACE,
    request: request.id,
    by: APPROVER,
    planHash: request.plan.hash,
    typed: planSize(request.plan),
  });
}

/** Works on a request with several workers at once, as several slots would. */
export async function worked(deps: Deps, id: string, workers = 1): Promise<Request> {
  const { signal } = new AbortController();
  await Promise.all(
    Array.from({ length: workers }, () =>
      processRequest(deps, { workspace: WORKSPACE, request: id, signal }),
    ),
  );
  return deps.database.of(WORKSPACE).requests.find(id);
}
