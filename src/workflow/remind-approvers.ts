/**
 * Remind approvers: a request that nobody decided for a day is brought to mind, once, in a direct
 * message to everybody who may decide it.
 */
import type { Request } from '../consent/request.ts';
import type { Deps } from './deps.ts';

const REMIND_AFTER_MS = 24 * 60 * 60 * 1_000;
/** More people than this are no approvers but a crowd; the first ones are told. */
const REMINDED_MAX = 50;

type RemindDeps = Pick<Deps, 'database' | 'settings' | 'userGroups' | 'now' | 'log'>;

/** Safe to run at any time, by several processes at once. */
export async function remindApprovers(deps: RemindDeps, signal: AbortSignal): Promise<void> {
  const before = new Date(deps.now().getTime() - REMIND_AFTER_MS);
  for (const { workspace, id } of await deps.database.clock.toRemind(before)) {
    if (signal.aborted) return;
    const request = await deps.database.of(workspace).requests.find(id);
    await remindOf(deps, request, deps.now());
  }
}

/** Tells everybody who may decide a request that it waits; safe to call again: each is told once. */
export async function remindOf(
  deps: RemindDeps,
  { workspace, id, requestedBy }: Pick<Request, 'workspace' | 'id' | 'requestedBy'>,
  at: Date,
): Promise<void> {
  const store = deps.database.of(workspace);
  const about = { kind: 'request', id } as const;
  const told = await store.announcements.ofSubject(about);
  if (told.some(({ kind }) => kind === 'direct-reminder')) return;
  const approvers = await approversOf(deps, workspace);
  const others = approvers.filter((user) => user !== requestedBy).slice(0, REMINDED_MAX);
  // All or nobody: one who stands there already says that all were reminded.
  await deps.database.inTransaction(async (tx) => {
    for (const to of others) {
      await store.announcements.wantOnce({ kind: 'direct-reminder', about, to }, at, tx);
    }
  });
}

/** By name and by group; a group that Slack is silent about is left out. */
async function approversOf(
  { settings, userGroups, log }: RemindDeps,
  workspace: string,
): Promise<string[]> {
  const { approvers, approverGroups } = await settings(workspace);
  const members = approverGroups.map(async (group) => {
    try {
      return (await userGroups?.members(workspace, group)) ?? [];
    } catch {
      log.warn({ workspace }, 'Slack did not say who is in a group; only the others are reminded');
      return [];
    }
  });
  return [...new Set([...approvers, ...(await Promise.all(members)).flat()])];
}
