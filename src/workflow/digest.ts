/**
 * Digest: once a week, what was asked, what was changed and what waits, told in the channel.
 *
 * The clock writes it down when it is due, by the workspace's own Monday; it is counted when it is
 * posted. Its id is made of the workspace and the week, so that it is told once, whoever rings.
 */
import { type DigestWeek, dueDigest, readDigestWeek } from '../consent/digest-week.ts';
import type { Request } from '../consent/request.ts';
import type { ActCount } from '../store/digests.ts';
import type { Deps } from './deps.ts';

/** Requests in the table: with its heading it has 20 rows. */
export const DIGEST_REQUESTS_MAX = 19;

export interface Digest {
  readonly week: DigestWeek;
  /** The latest first; at most 19. */
  readonly requests: readonly Request[];
  /** All of the week, shown or not. */
  readonly requestCount: number;
  /** Addresses, by what happened to them. */
  readonly counts: {
    readonly optIns: number;
    /** By the team and by recipients themselves. */
    readonly optOuts: number;
    readonly confirmations: number;
    readonly complaints: number;
  };
  /** Requests that wait for an approval now. */
  readonly waiting: number;
}

/** Writes down every digest that is due. Safe to run at any time, by several processes at once. */
export async function wantDigests(deps: Deps, signal: AbortSignal): Promise<void> {
  const { clock } = deps.database;
  const due: { workspace: string; channel: string; week: string }[] = [];
  for (const { workspace, since } of await clock.workspacesWithRequests()) {
    if (signal.aborted) return;
    const { digest, channel, timeZone } = await deps.settings(workspace);
    const week = dueDigest(deps.now(), timeZone);
    // A week that Assent did not see is not told of.
    if (!digest || channel === '' || week === undefined || since >= week.until) continue;
    due.push({ workspace, channel, week: week.id });
  }
  if (due.length === 0) return;
  const written = await clock.digestsWritten([...new Set(due.map(({ week }) => week))]);
  for (const { workspace, channel, week } of due) {
    if (written.has(`${workspace}:${week}`)) continue;
    await deps.database.of(workspace).digests.want(week, channel, deps.now());
  }
}

/** @returns undefined if the id names no week */
export async function readDigest(
  { database, settings }: Pick<Deps, 'database' | 'settings'>,
  workspace: string,
  id: string,
): Promise<Digest | undefined> {
  const week = readDigestWeek(id, (await settings(workspace)).timeZone);
  if (week === undefined) return undefined;
  const { digests } = database.of(workspace);
  const [{ latest, all }, acts, waiting] = await Promise.all([
    digests.requestsIn(week, DIGEST_REQUESTS_MAX),
    digests.actsIn(week),
    digests.waiting(),
  ]);
  const counts = {
    optIns: sum(acts, ({ act }) => act === 'opt-in'),
    optOuts: sum(acts, ({ act }) => act === 'opt-out' || act === 'stop'),
    confirmations: sum(acts, ({ act, to }) => act === 'confirm' && to === 'double-opt-in'),
    complaints: acts.reduce((total, { complaints }) => total + complaints, 0),
  };
  return { week, requests: latest, requestCount: all, counts, waiting };
}

const sum = (acts: readonly ActCount[], is: (act: ActCount) => boolean): number =>
  acts.filter(is).reduce((total, { addresses }) => total + addresses, 0);
