/**
 * Refresh homes: when something changed, Home is drawn anew for those who have opened it lately.
 *
 * It is asked for after the messages that tell of the change were posted, so that it never holds one
 * up; one wish stands for all changes until it is drawn. Nobody polls.
 */
import type { Deps } from './deps.ts';

/** At most one drawing for one person in this time (ms). */
export const HOME_EVERY_MS = 15_000;
/** Slack takes 100 of them a minute and workspace (tier 4); half is left to people who open theirs. */
export const HOME_PACE = { name: 'slack-home', perSecond: 50 / 60, capacity: 10 } as const;
/** One that found the pace used up comes again after this (ms). */
export const HOME_REST_MS = 5_000;

export async function refreshHomes(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  workspace: string,
): Promise<void> {
  const { visitors, announcements } = database.of(workspace);
  for (const user of await visitors.lately(now())) {
    const about = { kind: 'home', id: user } as const;
    await announcements.want({ kind: 'home', about, to: user }, now());
  }
}
