/** Role: who may do what. Looked at when the act happens, not when its button was drawn. */
import { Refusal } from '../consent/refusal.ts';
import type { Deps } from './deps.ts';

export type Role = 'requester' | 'approver' | 'admin';

/** @throws Refusal `not_a_requester`, `not_an_approver`, `not_an_admin` */
export async function requireRole(
  deps: Pick<Deps, 'settings'>,
  workspace: string,
  user: string,
  role: Role,
): Promise<void> {
  if (await hasRole(deps, workspace, user, role)) return;
  if (role === 'approver') throw new Refusal('not_an_approver');
  throw new Refusal(role === 'admin' ? 'not_an_admin' : 'not_a_requester');
}

/** Approvers and admins may ask too; an admin is no approver by being one. */
export async function hasRole(
  { settings }: Pick<Deps, 'settings'>,
  workspace: string,
  user: string,
  role: Role,
): Promise<boolean> {
  const { requesters, approvers, admins } = await settings(workspace);
  switch (role) {
    case 'requester':
      return [requesters, approvers, admins].some((users) => users.includes(user));
    case 'approver':
      return approvers.includes(user);
    case 'admin':
      return admins.includes(user);
  }
}
