/**
 * Change pace: writes what was learned about a route or a provider, and tells people in Slack when
 * mail stops, or goes on, for it. The message is written with the act.
 */
import {
  afterNews,
  type Breaker,
  held,
  passage,
  probing,
  type RouteNews,
  resumed,
} from '../consent/breaker.ts';
import { slowDown } from '../consent/pace.ts';
import type { Pace, PaceChange, PaceKey } from '../store/paces.ts';
import type { Tx } from '../store/scoped.ts';
import type { Deps } from './deps.ts';
import { hasRole, requireRole } from './require-role.ts';

/** Senders that learn the same at once: each reads again what the other wrote. */
const TRIES_MAX = 10;

type PaceDeps = Pick<Deps, 'database' | 'settings' | 'queue' | 'now' | 'log' | 'userGroups'>;

/** What mails told about a route, or a route and a provider, oldest first. */
export interface PaceNews {
  readonly key: PaceKey;
  readonly news: readonly RouteNews[];
  /** The provider asked for less. */
  readonly slow: boolean;
  /** The route's own rate, in mails a second. */
  readonly limit: number;
}

/** Writes what was learned. */
export async function learnPace(
  deps: PaceDeps,
  workspace: string,
  learned: PaceNews,
): Promise<void> {
  await change(deps, workspace, learned.key, (pace, now) => ({
    slowed: learned.slow ? slowDown(pace.slowed, learned.limit, now) : pace.slowed,
    breaker: learned.news.reduce((breaker, news) => afterNews(breaker, news, now), pace.breaker),
    episode: pace.episode,
  }));
}

/** Takes the one passage of a half-open breaker. @returns false if another mail has it */
export async function takeProbe(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  workspace: string,
  key: PaceKey,
): Promise<boolean> {
  const { paces } = database.of(workspace);
  const pace = await paces.find(key);
  const at = now();
  const may = passage(pace.breaker, at);
  if (may !== 'probe') return may === 'free';
  return paces.change(pace, { ...pace, breaker: probing(pace.breaker, at) }, at);
}

interface Steering {
  readonly workspace: string;
  /** Of the pace; what the button carries. */
  readonly pace: string;
  readonly by: string;
}

/**
 * A person lets mail go on, or stops it until a person says otherwise.
 * @returns false if it is not known any more: nothing is held back then
 * @throws Refusal `not_an_admin` if they are neither approver nor admin
 */
export async function steerPace(
  deps: Deps,
  what: 'resume' | 'stop',
  { workspace, pace: id, by }: Steering,
): Promise<boolean> {
  const isApprover = await hasRole(deps, workspace, by, 'approver');
  if (!isApprover) await requireRole(deps, workspace, by, 'admin');
  const known = await deps.database.of(workspace).paces.findById(id);
  if (known === undefined) return false;
  const to = (breaker: Breaker) => (what === 'stop' ? held(breaker) : resumed());
  await change(deps, workspace, known, (pace) => ({
    slowed: pace.slowed,
    breaker: to(pace.breaker),
    episode: pace.episode,
  }));
  deps.log.info({ workspace, pace: id, by, what }, 'a person decided about a mail route');
  if (what === 'resume') await deps.queue.wakeSender();
  return true;
}

/** Compare-and-set, with the message about it in the same transaction if there is one to post. */
async function change(
  deps: PaceDeps,
  workspace: string,
  key: PaceKey,
  next: (pace: Pace, now: Date) => PaceChange,
): Promise<void> {
  const { paces } = deps.database.of(workspace);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const now = deps.now();
    const pace = await paces.find(key);
    const to = next(pace, now);
    const opens = pace.breaker.state === 'closed' && to.breaker.state !== 'closed';
    const isNews =
      to.breaker.state !== pace.breaker.state || to.breaker.until !== pace.breaker.until;
    const written = { ...to, episode: to.episode + (opens ? 1 : 0) };
    const done = isNews
      ? await deps.database.inTransaction(async (tx) => {
          if (!(await paces.change(pace, written, now, tx))) return false;
          await tell(deps, workspace, { ...pace, ...written }, now, tx);
          return true;
        })
      : await paces.change(pace, written, now);
    if (!done) continue;
    if (isNews) await told(deps, workspace, { ...pace, ...written });
    return;
  }
  throw new Error('What was learned about a mail route could not be written: it changes too fast.');
}

async function tell(
  deps: PaceDeps,
  workspace: string,
  pace: Pace,
  at: Date,
  tx: Tx,
): Promise<void> {
  const { channel } = await deps.settings(workspace);
  const about = { kind: 'pace', id: `${pace.id}.${pace.episode}` } as const;
  const { announcements } = deps.database.of(workspace);
  await announcements.want({ kind: 'breaker', about, to: channel }, at, tx);
}

async function told({ queue, log }: PaceDeps, workspace: string, pace: Pace): Promise<void> {
  const { state, reason, until } = pace.breaker;
  const { route, id } = pace;
  const level = state === 'open' ? 'error' : 'info';
  log[level](
    { workspace, route, pace: id, state, reason, until },
    'the breaker of a mail route moved',
  );
  await queue.wakeAnnouncer();
}
