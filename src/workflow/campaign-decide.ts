/**
 * Decide on a campaign: approve, reject, pause, resume, end; and the clock's expiry.
 *
 * Whoever approves has seen the terms whose hash they name. Pausing takes one click of anybody who
 * may approve, of its requester or of an admin; it stops the next run, not one that goes on (that is
 * a request, with buttons of its own).
 */
import { assertMayDecideCampaign, type Campaign, type CampaignEvent } from '../consent/campaign.ts';
import { nextRun, type QuietTime } from '../consent/campaign-schedule.ts';
import type { Act } from '../consent/ledger.ts';
import type { StopNote } from '../consent/note.ts';
import { Refusal } from '../consent/refusal.ts';
import type { Tx } from '../store/scoped.ts';
import { aboutCampaign } from './announce-campaign.ts';
import { keepsTemplate } from './campaign-submit.ts';
import type { Deps } from './deps.ts';
import { hasRole, requireRole } from './require-role.ts';

/** A reason longer than this is cut (characters). */
const NOTE_MAX = 500;

export interface CampaignDecision {
  readonly workspace: string;
  readonly campaign: string;
  readonly by: string;
}

/**
 * Says yes to the terms that were seen.
 * @throws Refusal `not_an_approver`, `approver_is_requester`, `campaign_not_open`,
 *   `request_expired`, `campaign_changed`, `template_not_found` (it was changed meanwhile)
 */
export async function approveCampaign(
  deps: Deps,
  { workspace, campaign: id, by, hash }: CampaignDecision & { readonly hash: string },
): Promise<Campaign> {
  await requireRole(deps, workspace, by, 'approver');
  const store = deps.database.of(workspace);
  const campaign = await store.campaigns.find(id);
  const at = deps.now();
  assertMayDecideCampaign(campaign, by, at);
  if (campaign.hash !== hash) throw new Refusal('campaign_changed');
  if (!(await keepsTemplate(deps, workspace, campaign.terms))) {
    throw new Refusal('template_not_found');
  }
  const nextRunAt = nextRun(campaign.terms.schedule, at, await quietTime(deps, workspace));
  return announced(deps, { direct: true }, async (tx) => {
    const moved = await store.campaigns.approve(campaign, { by, at, nextRunAt }, tx);
    await store.ledger.append([entry(moved, 'approve-campaign', { by, at })], tx);
    return moved;
  });
}

/**
 * Says no, with a reason for the requester.
 * @throws Refusal `not_an_approver`, `approver_is_requester`, `campaign_not_open`,
 *   `request_expired`, `reject_needs_reason`
 */
export async function rejectCampaign(
  deps: Deps,
  { workspace, campaign: id, by, reason }: CampaignDecision & { readonly reason: string },
): Promise<Campaign> {
  await requireRole(deps, workspace, by, 'approver');
  const note = reason.trim().slice(0, NOTE_MAX);
  if (note === '') throw new Refusal('reject_needs_reason');
  const store = deps.database.of(workspace);
  const campaign = await store.campaigns.find(id);
  const at = deps.now();
  assertMayDecideCampaign(campaign, by, at);
  return announced(deps, { direct: true }, async (tx) => {
    const moved = await store.campaigns.stop(campaign, { event: 'reject', by, at, note }, tx);
    await store.ledger.append([entry(moved, 'reject-campaign', { by, at })], tx);
    return moved;
  });
}

/** No run begins until it is resumed. @throws Refusal `campaign_not_open`, `not_an_admin` */
export async function pauseCampaign(deps: Deps, decision: CampaignDecision): Promise<Campaign> {
  return stopBy(deps, decision, 'pause');
}

/** For ever. @throws Refusal `campaign_not_open`, `not_an_admin` */
export async function endCampaign(deps: Deps, decision: CampaignDecision): Promise<Campaign> {
  return stopBy(deps, decision, 'end');
}

/**
 * Goes on with the next time of its schedule; what the pause left out is not made up for.
 * @throws Refusal `campaign_not_open`, `not_an_admin`
 */
export async function resumeCampaign(
  deps: Deps,
  { workspace, campaign: id, by }: CampaignDecision,
): Promise<Campaign> {
  const store = deps.database.of(workspace);
  const campaign = await store.campaigns.find(id);
  await requireSteering(deps, campaign, by);
  const at = deps.now();
  const nextRunAt = nextRun(campaign.terms.schedule, at, await quietTime(deps, workspace));
  return announced(deps, {}, async (tx) => {
    const moved = await store.campaigns.resume(campaign, { by, at }, nextRunAt, tx);
    await store.ledger.append([steered(moved, 'resume-campaign', { by, at })], tx);
    return moved;
  });
}

/** The clock's: something that was approved is no longer there, so it waits for a person. */
export async function pauseByClock(deps: Deps, campaign: Campaign, note: StopNote): Promise<void> {
  const store = deps.database.of(campaign.workspace);
  const at = deps.now();
  await announced(deps, { direct: true }, async (tx) => {
    const move = { event: 'pause', by: 'assent', at, note } as const;
    const moved = await store.campaigns.stop(campaign, move, tx);
    await store.ledger.append([steered(moved, 'pause-campaign', { by: 'assent', at })], tx);
    return moved;
  });
}

/** The clock's: nobody decided in time. */
export async function expireCampaign(deps: Deps, workspace: string, id: string): Promise<void> {
  const store = deps.database.of(workspace);
  const campaign = await store.campaigns.find(id);
  const at = deps.now();
  if (campaign.state !== 'awaiting-approval' || campaign.expiresAt > at) return;
  await announced(deps, { direct: true }, async (tx) =>
    store.campaigns.stop(campaign, { event: 'expire', by: 'assent', at }, tx),
  );
}

/** The workspace's quiet hours, in its own time zone. */
export async function quietTime(
  { settings }: Pick<Deps, 'settings'>,
  workspace: string,
): Promise<QuietTime | undefined> {
  const { quietHours, timeZone } = await settings(workspace);
  return quietHours === undefined ? undefined : { ...quietHours, zone: timeZone };
}

async function stopBy(
  deps: Deps,
  { workspace, campaign: id, by }: CampaignDecision,
  event: Extract<CampaignEvent, 'pause' | 'end'>,
): Promise<Campaign> {
  const store = deps.database.of(workspace);
  const campaign = await store.campaigns.find(id);
  await requireSteering(deps, campaign, by);
  const at = deps.now();
  return announced(deps, {}, async (tx) => {
    const moved = await store.campaigns.stop(campaign, { event, by, at }, tx);
    await store.ledger.append([steered(moved, `${event}-campaign`, { by, at })], tx);
    return moved;
  });
}

/** Its requester, any approver, any admin. @throws Refusal `not_an_admin` */
async function requireSteering(deps: Deps, campaign: Campaign, by: string): Promise<void> {
  const { workspace, requestedBy } = campaign;
  const isRequester = requestedBy === by && (await hasRole(deps, workspace, by, 'requester'));
  if (isRequester || (await hasRole(deps, workspace, by, 'approver'))) return;
  await requireRole(deps, workspace, by, 'admin');
}

interface Acted {
  readonly by: string;
  readonly at: Date;
}

/** A decision: the requester asked, and another person decided. */
function entry(
  { id, requestedBy, hash, terms }: Campaign,
  act: Extract<Act, `${string}-campaign`>,
  { by, at }: Acted,
) {
  return {
    _id: `${id}.${act}`,
    act,
    cause: { kind: 'campaign' as const, id },
    who: requestedBy,
    approver: by,
    planHash: hash,
    facts: { rhythm: terms.schedule.rhythm },
    at,
    addresses: [],
  };
}

/** A campaign is paused and resumed many times; each time has an entry of its own. */
function steered(
  { id, hash, history }: Campaign,
  act: Extract<Act, `${string}-campaign`>,
  { by, at }: Acted,
) {
  return {
    _id: `${id}.${act}.${at.getTime()}.${history.length}`,
    act,
    cause: { kind: 'campaign' as const, id },
    who: by,
    planHash: hash,
    at,
    addresses: [],
  };
}

async function announced(
  deps: Deps,
  { direct = false }: { readonly direct?: boolean },
  act: (tx: Tx) => Promise<Campaign>,
): Promise<Campaign> {
  const moved = await deps.database.inTransaction(async (tx) => {
    const campaign = await act(tx);
    await aboutCampaign(deps, campaign, { at: deps.now(), direct }, tx);
    return campaign;
  });
  await deps.queue.wakeAnnouncer();
  return moved;
}
