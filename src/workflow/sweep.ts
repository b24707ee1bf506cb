/**
 * Sweep: the tick that makes crashes harmless. It finds what should be going on and is not, and
 * sets the alarm again; it does no work of its own that another step could do.
 */
import { Refusal } from '../consent/refusal.ts';
import { cancelWaitingSends, expireRequest } from './decide-request.ts';
import type { Deps } from './deps.ts';
import { wantDigests } from './digest.ts';
import { judgeSilence } from './judge-silence.ts';
import { dropUnusedEvidence } from './keep-evidence.ts';
import { finishProcessing, slotsOf } from './process-request.ts';
import { remindApprovers } from './remind-approvers.ts';
import { checkInstallations } from './remove-app.ts';
import { resolveUnknown } from './resolve-unknown.ts';
import { runCampaigns } from './run-campaign.ts';
import { finishAsking } from './send-confirmations.ts';
import { sendReminders } from './send-reminders.ts';

/** Safe to run at any time, by several processes at once. */
export async function sweep(deps: Deps, signal: AbortSignal): Promise<void> {
  const { clock } = deps.database;
  const now = deps.now();
  await lookAfterRequests(deps, signal);
  await remindApprovers(deps, signal);
  await dropUnusedEvidence(deps, signal);
  await runCampaigns(deps, signal);
  await wantDigests(deps, signal);
  if (deps.installs !== undefined) await checkInstallations(deps, deps.installs, signal);
  for (const workspace of await clock.workspacesFollowingUp()) {
    await sendReminders(deps, workspace, { signal });
    await resolveUnknown(deps, workspace, { signal });
  }
  if ((await clock.workspacesToSend(now)).length > 0) await deps.queue.wakeSender();
  if ((await clock.dueWorkspaces(now)).length > 0) await deps.queue.wakeAnnouncer();
}

/** Requests that are due, stand still, or were left in the middle. */
async function lookAfterRequests(deps: Deps, signal: AbortSignal): Promise<void> {
  const { clock } = deps.database;
  const now = deps.now();
  for (const { workspace, id } of await clock.toExpire(now)) {
    if (signal.aborted) return;
    await unlessDecided(() => expireRequest(deps, workspace, id));
  }
  for (const { workspace, id } of await clock.toRun(now)) {
    if (signal.aborted) return;
    await unlessDecided(() => wakeRequest(deps, workspace, id));
  }
  for (const request of await clock.cancelledLately(now)) {
    if (signal.aborted) return;
    await cancelWaitingSends(deps, request);
  }
  for (const workspace of await clock.workspacesWithSilence(now)) {
    if (signal.aborted) return;
    await judgeSilence(deps, workspace);
  }
}

/** Somebody was faster: the request is no longer as the clock saw it, and that is fine. */
async function unlessDecided(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

async function wakeRequest(deps: Deps, workspace: string, id: string): Promise<void> {
  const store = deps.database.of(workspace);
  const request = await store.requests.find(id);
  if (request.state === 'asking') return finishAsking(deps, workspace, id);
  const { open, leased, ranges } = await store.ranges.progress(id, deps.now());
  if (ranges > 0 && open === 0) return finishProcessing(deps, workspace, id);
  // A range that nobody works on means that its worker died or never woke.
  if (open > leased || ranges === 0) {
    await deps.queue.processRequestAt(workspace, id, deps.now(), slotsOf(deps, request));
  }
}
