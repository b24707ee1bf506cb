/**
 * Milestones: the parts of a long change that are told in its thread, since an edit of the progress
 * message notifies nobody.
 */
import type { Request } from '../consent/request.ts';
import type { Deps } from './deps.ts';

/** Percents of the addresses, highest first. */
const PERCENTS = [75, 50, 25] as const;

/**
 * Asks for the highest milestone that was reached, each once. What was passed between two looks is
 * not told any more.
 */
export async function wantMilestone(
  deps: Pick<Deps, 'database' | 'settings'>,
  { workspace, id, plan }: Pick<Request, 'workspace' | 'id' | 'plan'>,
  at: Date,
): Promise<void> {
  const store = deps.database.of(workspace);
  const { counts } = await store.ranges.progress(id, at);
  const percent = (100 * counts.addresses) / Math.max(1, plan.counts.addresses);
  const reached = PERCENTS.find((part) => percent >= part && percent < 100);
  if (reached === undefined) return;
  const { channel: to } = await deps.settings(workspace);
  const about = { kind: 'request', id } as const;
  await store.announcements.wantOnce({ kind: `milestone-${reached}`, about, to }, at);
}
