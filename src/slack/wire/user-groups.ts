/**
 * User groups: who holds a role by being in a group, as Slack says it (usergroups.*).
 *
 * With the settings' own few seconds, what decides on a right is never older than a minute. If Slack
 * does not say it, nobody is let in by the group: what it said before is not used beyond its time.
 */
import { WebAPIPlatformError } from '@slack/web-api';
import { z } from 'zod';
import type { UserGroups } from '../../workflow/deps.ts';
import { SlackSilent } from '../guard/actor.ts';
import { withinMs } from '../guard/within.ts';
import { NotInstalled, type SlackClients } from './clients.ts';

/** How long Slack's word on a group's members is good for. */
const MEMBERS_MS = 50_000;
/** Names are for choosing only; Slack allows 20 such calls a minute. */
const NAMES_MS = 5 * 60_000;
/** Leaves room in Slack's 3 seconds for what the person wanted to do. */
const ANSWER_MS = 1_500;
/** Answers remembered at once; the oldest is forgotten first. */
const ANSWERS_MAX = 5_000;
/** Slack's words for "nobody is in it": it is gone, or this plan or installation has no groups. */
const EMPTY: ReadonlySet<string> = new Set([
  'no_such_subteam',
  'subteam_not_found',
  'plan_upgrade_required',
  'paid_teams_only',
  'missing_scope',
]);

const Members = z.object({ users: z.array(z.string()) });
const Groups = z.object({
  usergroups: z.array(z.object({ id: z.string(), name: z.string(), handle: z.string().catch('') })),
});

interface Known<T> {
  readonly answer: Promise<T>;
  readonly until: number;
}

/** Asks with the background client: these calls are rare, and limited like those. */
export function userGroups(
  { background }: Pick<SlackClients, 'background'>,
  now: () => Date,
): UserGroups {
  const members = memory<readonly string[]>(now, MEMBERS_MS);
  const lists = memory<Awaited<ReturnType<UserGroups['list']>>>(now, NAMES_MS);
  return {
    members: (workspace, usergroup) =>
      members(`${workspace}:${usergroup}`, async () => {
        const client = await background(workspace);
        const said = await client.usergroups.users.list({ usergroup });
        return Members.parse(said).users;
      }),
    list: (workspace) =>
      lists(workspace, async () => {
        const client = await background(workspace);
        const { usergroups: all } = Groups.parse(await client.usergroups.list());
        return all.map(({ id, name, handle }) => ({ id, name: `${name} (@${handle})` }));
      }),
  };
}

/** Remembers what Slack said for a while; nobody waits for it longer than Slack waits for us. */
function memory<T extends readonly unknown[]>(now: () => Date, forMs: number) {
  const known = new Map<string, Known<T | readonly never[]>>();
  return async (key: string, ask: () => Promise<T>): Promise<T | readonly never[]> => {
    const at = now().getTime();
    let found = known.get(key);
    if (found === undefined || found.until <= at) {
      found = { answer: orNobody(ask), until: at + forMs };
      known.delete(key);
      const [oldest] = known.keys();
      if (known.size >= ANSWERS_MAX && oldest !== undefined) known.delete(oldest);
      known.set(key, found);
      // What failed is not believed: the next act asks again.
      found.answer.catch(() => known.delete(key));
    }
    const asked = found;
    return withinMs(ANSWER_MS, asked.answer, () => {
      // Nobody waits for this answer any more: the next act asks anew.
      if (known.get(key) === asked) known.delete(key);
      throw new SlackSilent('Slack did not say in time who is in a user group');
    });
  };
}

async function orNobody<T>(ask: () => Promise<T>): Promise<T | readonly never[]> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof WebAPIPlatformError && EMPTY.has(cause.data.error)) return [];
    if (cause instanceof NotInstalled) return [];
    throw new SlackSilent('Slack did not say who is in a user group', { cause });
  }
}
