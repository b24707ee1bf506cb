/**
 * Run a campaign: the clock rings, and the campaign makes a request that is approved already, by the
 * approval of its terms. From there on it is a request like any other: processed, asked, reported,
 * paused and cancelled by the same steps.
 *
 * The request and the campaign's next time are written together, so that a run happens once, however
 * many clocks ring; what was missed while nothing ran is one run, not many. Two runs never go on at
 * once: a run that is due waits for the one before it.
 */
import { createHash } from 'node:crypto';
import type { Campaign } from '../consent/campaign.ts';
import { nextRun } from '../consent/campaign-schedule.ts';
import type { StopNote } from '../consent/note.ts';
import { makePlan, type Plan } from '../consent/plan.ts';
import { Refusal } from '../consent/refusal.ts';
import { isEnded, type Request } from '../consent/request.ts';
import { expireCampaign, pauseByClock, quietTime } from './campaign-decide.ts';
import { keepsTemplate, runTerms } from './campaign-submit.ts';
import type { Deps } from './deps.ts';
import { faultFacts } from './fault-facts.ts';
import { findRequest } from './find-request.ts';
import { describeAudience, previewRequest } from './preview-request.ts';
import { slotsOf } from './process-request.ts';

const ID_CHARS = 12;

/** Everything that is due now, one run each. Safe to run at any time, by several processes. */
export async function runCampaigns(deps: Deps, signal: AbortSignal): Promise<void> {
  const { clock } = deps.database;
  for (const { workspace, id } of await clock.campaignsToExpire(deps.now())) {
    if (signal.aborted) return;
    await alone(deps, id, () => expireCampaign(deps, workspace, id));
  }
  for (const { workspace, id } of await clock.campaignsToRun(deps.now())) {
    if (signal.aborted) return;
    await alone(deps, id, () => runCampaign(deps, workspace, id));
  }
}

/** @returns the request of the run, if one was made */
export async function runCampaign(
  deps: Deps,
  workspace: string,
  id: string,
): Promise<Request | undefined> {
  const store = deps.database.of(workspace);
  const campaign = await store.campaigns.find(id);
  const at = deps.now();
  const { nextRunAt: dueAt, approval, terms } = campaign;
  if (campaign.state !== 'active' || dueAt === undefined || dueAt > at) return undefined;
  if (approval === undefined || approval.by === campaign.requestedBy) return undefined;
  if (await goesOn(deps, campaign)) return undefined;
  const stop = await whatStops(deps, campaign);
  if (stop !== undefined) {
    await pauseByClock(deps, campaign, stop);
    return undefined;
  }
  const planned = runTerms(terms, at);
  const plan = makePlan(planned, await previewRequest(deps, workspace, planned), at);
  const request = plan.counts.asks === 0 ? undefined : requestOf(campaign, { plan, dueAt, at });
  const next = nextRun(terms.schedule, at, await quietTime(deps, workspace));
  const run = { dueAt, at, asks: plan.counts.asks, ...(request && { request: request.id }) };
  const taken = await deps.database.inTransaction(async (tx) => {
    if ((await store.campaigns.takeRun(campaign, { run, nextRunAt: next }, tx)) === undefined) {
      return false;
    }
    if (request !== undefined) await store.requests.insert(request, submissionOf(id, dueAt), tx);
    await store.ledger.append([runEntry(campaign, { plan, dueAt, at, request })], tx);
    return true;
  });
  if (!taken || request === undefined) return undefined;
  await deps.queue.processRequestAt(workspace, request.id, at, slotsOf(deps, request));
  return request;
}

/** True while the run before has not ended; it is looked at again at the next tick. */
async function goesOn(deps: Deps, { workspace, runs }: Campaign): Promise<boolean> {
  const latest = runs.findLast(({ request }) => request !== undefined)?.request;
  if (latest === undefined) return false;
  const request = await findRequest(deps.database.of(workspace), latest);
  return request !== undefined && !isEnded(request.state) && request.state !== 'failed';
}

/** What was approved must still be what is done. */
async function whatStops(
  deps: Deps,
  { workspace, terms }: Campaign,
): Promise<StopNote | undefined> {
  if (!deps.canAsk) return 'mail_not_configured';
  if (!(await keepsTemplate(deps, workspace, terms))) return 'template_changed';
  try {
    await describeAudience(deps, workspace, terms.audience);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return 'audience_not_found';
  }
}

interface Run {
  readonly plan: Plan;
  readonly dueAt: Date;
  readonly at: Date;
}

/** Approved as it is born; the plan is frozen, and its approval is the campaign's. */
function requestOf(
  { id, workspace, requestedBy, approval }: Campaign,
  { plan, dueAt, at }: Run,
): Request | undefined {
  if (approval === undefined) return undefined;
  return {
    id: `q_${runMark(id, dueAt)}`,
    workspace,
    kind: 'reconfirm',
    state: 'approved',
    requestedBy,
    requestedAt: at,
    plan,
    campaign: id,
    expiresAt: at,
    approval: { by: approval.by, at: approval.at, planHash: plan.hash },
    history: [
      { event: 'submit', by: 'assent', at },
      { event: 'approve', by: approval.by, at: approval.at },
    ],
  };
}

const submissionOf = (id: string, dueAt: Date): string => `campaign:${id}:${dueAt.toISOString()}`;

/** The same run is the same request, whoever makes it. */
const runMark = (id: string, dueAt: Date): string =>
  createHash('sha256').update(submissionOf(id, dueAt)).digest('hex').slice(0, ID_CHARS);

function runEntry(
  { id, hash, requestedBy, approval }: Campaign,
  { plan, dueAt, at, request }: Run & { readonly request: Request | undefined },
) {
  return {
    _id: `${id}.run.${dueAt.getTime()}`,
    act: 'run-campaign' as const,
    cause: { kind: 'campaign' as const, id },
    who: requestedBy,
    ...(approval === undefined ? {} : { approver: approval.by }),
    planHash: plan.hash,
    facts: {
      terms: hash,
      asks: plan.counts.asks,
      addresses: plan.counts.addresses,
      ...(request === undefined ? {} : { request: request.id }),
    },
    at,
    addresses: [],
  };
}

/**
 * What is wrong with one campaign holds up no other. A refusal means that somebody was faster: it is
 * no longer as the clock saw it, and that is fine.
 */
async function alone(deps: Deps, campaign: string, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (error instanceof Refusal) return;
    deps.log.error(
      { fault: faultFacts(error), campaign },
      'a campaign could not be run; it is tried again',
    );
  }
}
