/**
 * Approve: another person says yes to the plan that they saw, and the change is put on the clock.
 *
 * At the click the plan is counted again. Other terms or more addresses void the click: the new
 * plan takes the old one's place and the card shows it. Fewer is fine and is reported.
 */
import { comparePlans, makePlan, type Plan, planSize } from '../consent/plan.ts';
import { Refusal } from '../consent/refusal.ts';
import { assertMayDecide, type Request } from '../consent/request.ts';
import { about } from './announce-request.ts';
import { checkTemplate, templateHash } from './custom-templates.ts';
import type { Deps } from './deps.ts';
import { previewRequest } from './preview-request.ts';
import { slotsOf } from './process-request.ts';
import { requireRole } from './require-role.ts';

export interface ApproveInput {
  readonly workspace: string;
  readonly request: string;
  readonly by: string;
  /** Hash of the plan that the approver looked at. */
  readonly planHash: string;
  /** The number that was typed; needed over the workspace's threshold. */
  readonly typed?: number | undefined;
}

/**
 * @throws Refusal `not_an_approver`, `approver_is_requester`, `request_not_open`,
 *   `request_expired`, `plan_changed`, `number_mismatch`, `template_fails_lint`
 */
export async function approveRequest(deps: Deps, input: ApproveInput): Promise<Request> {
  const { workspace, by } = input;
  await requireRole(deps, workspace, by, 'approver');
  const store = deps.database.of(workspace);
  const request = await store.requests.find(input.request);
  assertMayDecide(request, by, deps.now());
  if (request.plan.hash !== input.planHash) throw new Refusal('plan_changed');
  await checkTypedNumber(deps, request, input.typed);
  const recounted = await recount(deps, request);
  const comparison = comparePlans(request.plan, recounted);
  if (comparison === 'more' || comparison === 'other-terms') {
    await showNewPlan(deps, request, recounted);
    throw new Refusal('plan_changed');
  }
  const { ask } = request.plan.terms;
  if (ask !== undefined) await checkTemplate(deps, { workspace, ...ask });
  const now = deps.now();
  const later = request.runAt !== undefined && request.runAt > now;
  const approved = await deps.database.inTransaction(async (tx) => {
    const event = later ? ('approve-later' as const) : ('approve' as const);
    const moved = await store.requests.approve(request, { by, at: now, event }, tx);
    await store.ledger.append([approvalEntry(moved, recounted, now)], tx);
    await about(deps, moved, ['approval-card', 'direct-decision'], now, tx);
    return moved;
  });
  await deps.queue.processRequestAt(
    workspace,
    approved.id,
    later ? request.runAt : now,
    slotsOf(deps, approved),
  );
  await deps.queue.wakeAnnouncer();
  return approved;
}

/** True if the approver of this plan has to type its number. */
export async function mustTypeNumber(
  deps: Pick<Deps, 'settings'>,
  request: Request,
): Promise<boolean> {
  return planSize(request.plan) > (await deps.settings(request.workspace)).typedOver;
}

async function checkTypedNumber(
  deps: Deps,
  request: Request,
  typed: number | undefined,
): Promise<void> {
  if ((await mustTypeNumber(deps, request)) && typed !== planSize(request.plan)) {
    throw new Refusal('number_mismatch');
  }
}

/** The plan as it would be frozen now: same audience and cut-off, today's template and counts. */
async function recount(deps: Deps, { workspace, plan }: Request): Promise<Plan> {
  const { ask } = plan.terms;
  const terms =
    ask === undefined
      ? plan.terms
      : {
          ...plan.terms,
          ask: { ...ask, templateHash: await templateHash(deps, workspace, ask.template) },
        };
  return makePlan(terms, await previewRequest(deps, workspace, terms), deps.now());
}

async function showNewPlan(deps: Deps, request: Request, plan: Plan): Promise<void> {
  const now = deps.now();
  const store = deps.database.of(request.workspace);
  await deps.database.inTransaction(async (tx) => {
    const replaced = await store.requests.replacePlan(request, plan, now, tx);
    await about(deps, replaced, ['approval-card'], now, tx);
  });
  await deps.queue.wakeAnnouncer();
}

function approvalEntry({ id, requestedBy, plan, approval }: Request, recounted: Plan, at: Date) {
  return {
    _id: `${id}.approve`,
    act: 'approve-request' as const,
    cause: { kind: 'request' as const, id },
    who: requestedBy,
    ...(approval === undefined ? {} : { approver: approval.by }),
    planHash: plan.hash,
    facts: { change: recounted.counts.change, asks: recounted.counts.asks },
    at,
    addresses: [],
  };
}
