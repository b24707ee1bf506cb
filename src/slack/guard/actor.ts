/**
 * Actor: is the person who acts a full member of this workspace?
 *
 * Guests, bots, deactivated people and strangers from Slack Connect are refused, whatever role
 * somebody gave them. Slack is asked (users.info) and believed for at most a minute; if it does not
 * answer in time nothing is done: fail closed.
 */
import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError } from '@slack/web-api';
import { z } from 'zod';
import { Refusal } from '../../consent/refusal.ts';
import { noteLanguage } from './languages.ts';
import { withinMs } from './within.ts';

/** How long Slack's word is good for. */
const BELIEVE_MS = 60_000;
/** Leaves room in Slack's 3 seconds for what the person wanted to do. */
const ANSWER_MS = 1_500;
/** People remembered at once; the oldest is forgotten first. */
const PEOPLE_MAX = 10_000;
/** Slack's words for "there is no such person here". */
const NOBODY = new Set(['user_not_found', 'user_not_visible', 'account_inactive']);

/** Slack did not say in time who somebody is. Not the person's fault, and nothing was done. */
export class SlackSilent extends Error {
  override readonly name = 'SlackSilent';
}

/** @throws Refusal `not_allowed_here`; SlackSilent */
export type ActorCheck = (client: WebClient, workspace: string, user: string) => Promise<void>;

const flag = z.boolean().optional();
const Person = z.object({
  team_id: z.string().optional(),
  deleted: flag,
  is_bot: flag,
  is_restricted: flag,
  is_ultra_restricted: flag,
  is_stranger: flag,
  enterprise_user: z
    .object({ teams: z.array(z.string()).optional(), enterprise_id: z.string().optional() })
    .optional(),
});
type Person = z.infer<typeof Person>;

interface Known {
  readonly member: Promise<boolean>;
  readonly until: number;
}

/** A check with a memory of its own. */
export function actorCheck(now: () => Date): ActorCheck {
  const known = new Map<string, Known>();
  return async (client, workspace, user) => {
    const key = `${workspace}:${user}`;
    const at = now().getTime();
    let entry = known.get(key);
    if (entry === undefined || entry.until <= at) {
      entry = { member: askSlack(client, workspace, user), until: at + BELIEVE_MS };
      remember(known, key, entry);
      // What failed is not believed: the next act asks again.
      entry.member.catch(() => known.delete(key));
    }
    const belongs = await withinMs(ANSWER_MS, entry.member, () => {
      known.delete(key);
      throw new SlackSilent('Slack did not say in time who somebody is');
    });
    if (!belongs) throw new Refusal('not_allowed_here');
  };
}

/** True if this person belongs to the workspace in full. */
export function isMember(person: Person, workspace: string): boolean {
  const lesser = [
    person.deleted,
    person.is_bot,
    person.is_restricted,
    person.is_ultra_restricted,
    person.is_stranger,
  ];
  if (lesser.includes(true)) return false;
  const { team_id: team, enterprise_user: grid } = person;
  // On an org-wide install somebody of the same organisation may be at home in another workspace.
  return team === workspace || (grid?.teams ?? []).includes(workspace);
}

async function askSlack(client: WebClient, workspace: string, user: string): Promise<boolean> {
  try {
    const { user: found } = await client.users.info({ user, include_locale: true });
    noteLanguage(workspace, user, found);
    const person = Person.safeParse(found);
    return person.success && isMember(person.data, workspace);
  } catch (cause) {
    if (cause instanceof WebAPIPlatformError && NOBODY.has(cause.data.error)) return false;
    throw new SlackSilent('Slack did not say who somebody is', { cause });
  }
}

function remember(known: Map<string, Known>, key: string, entry: Known): void {
  known.delete(key);
  const [oldest] = known.keys();
  if (known.size >= PEOPLE_MAX && oldest !== undefined) known.delete(oldest);
  known.set(key, entry);
}
