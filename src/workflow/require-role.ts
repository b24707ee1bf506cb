/** Role: who may do what. Looked at when the act happens, not when its button was drawn. */
import { Refusal } from '../consent/refusal.ts';
import type { Deps, WorkspaceSettings } from './deps.ts';

type RoleDeps = Pick<Deps, 'settings' | 'userGroups' | 'installs'>;
export type Role = 'requester' | 'approver' | 'admin';

/**
 * @throws Refusal `not_a_requester`, `not_an_approver`, `not_an_admin`
 * @throws the fault of `userGroups` if Slack does not say who is in a group on which it depends
 */
export async function requireRole(
  deps: RoleDeps,
  workspace: string,
  user: string,
  role: Role,
): Promise<void> {
  if (await hasRole(deps, workspace, user, role)) return;
  if (role === 'approver') throw new Refusal('not_an_approver');
  throw new Refusal(role === 'admin' ? 'not_an_admin' : 'not_a_requester');
}

/**
 * Approvers and admins may ask too; an admin is no approver by being one. Slack is asked about
 * groups only where nobody named the person. Where the app is not installed (any more) nobody holds
 * a role: a door may believe for a moment that it is, what is written must not.
 * @throws the fault of `userGroups`: nobody is let in by a group that Slack is silent about
 */
export async function hasRole(
  { settings, userGroups, installs }: RoleDeps,
  workspace: string,
  user: string,
  role: Role,
): Promise<boolean> {
  if (installs !== undefined && (await installs.store.ofWorkspace(workspace)) === undefined) {
    return false;
  }
  const { people, groups } = holdersOf(await settings(workspace), role);
  if (people.includes(user)) return true;
  if (userGroups === undefined) return false;
  const asked = [...new Set(groups)].map((group) => userGroups.members(workspace, group));
  return (await Promise.all(asked)).some((members) => members.includes(user));
}

function holdersOf(settings: WorkspaceSettings, role: Role) {
  const { requesters, approvers, admins } = settings;
  const { requesterGroups, approverGroups, adminGroups } = settings;
  switch (role) {
    case 'requester':
      return {
        people: [...requesters, ...approvers, ...admins],
        groups: [...requesterGroups, ...approverGroups, ...adminGroups],
      };
    case 'approver':
      return { people: approvers, groups: approverGroups };
    case 'admin':
      return { people: admins, groups: adminGroups };
    default:
      return role satisfies never;
  }
}
