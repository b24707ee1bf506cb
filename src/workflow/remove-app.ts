/**
 * Remove app: the app was uninstalled somewhere, or its token was taken back. Nobody there can see a
 * card or press a button any more, so nothing goes on unseen:
 *
 *   what waits for an approval, or for its hour → cancelled, by the system
 *   campaigns → paused
 *   what runs → paused: the page in hand is finished, mail that has not left is held
 *
 * It is noted first and done then, so that a crash between the two is caught up on by the sweep.
 * What was proven stays proven, and recipients' links work on.
 */
import type { StepNote } from '../consent/note.ts';
import { Refusal } from '../consent/refusal.ts';
import type { Request, RequestEvent, RequestState } from '../consent/request.ts';
import type { Installation } from '../store/installations.ts';
import type { NewEntry } from '../store/ledger.ts';
import { about } from './announce-request.ts';
import { pauseByClock } from './campaign-decide.ts';
import type { Deps } from './deps.ts';
import { CHECK_MS } from './install-app.ts';
import type { Installs } from './installs.ts';

/** Requests of one workspace that one look takes; it looks until there are none. */
const REQUESTS_MAX = 100;
/** Installations that one sweep asks Slack about. */
const CHECKS_MAX = 10;
const SECOND_MS = 1_000;
/** If Slack does not say, or the process dies, it is asked again after this. */
const AGAIN_MS = 10 * 60_000;

const EVENTS: Readonly<Partial<Record<RequestState, RequestEvent>>> = {
  'awaiting-approval': 'cancel',
  approved: 'cancel',
  scheduled: 'cancel',
  processing: 'pause',
  asking: 'pause',
};
/** In the request's history. */
const NOTE: StepNote = 'app_removed';

/**
 * Somebody says that the app is gone. What was said before it was installed (again) may be an old
 * story: then Slack is asked whether the token is still good.
 * @param id the workspace, or the organisation where it was installed for all of it
 * @param at by Slack's clock, to the second
 */
export async function appGone(
  deps: Deps,
  id: string,
  { at, reason }: { readonly at: Date | undefined; readonly reason: string },
): Promise<void> {
  const { installs } = deps;
  if (installs === undefined) return tokenGone(deps, id, { at: at ?? deps.now(), reason });
  const installation = await installs.store.find(id);
  if (installation === undefined) return;
  const since = Math.floor(installation.installedAt.getTime() / SECOND_MS) * SECOND_MS;
  const isOld = at === undefined || at.getTime() < since;
  await (isOld
    ? checkOne(deps, installs, installation)
    : removeApp(deps, installs, installation, reason));
}

/** Of the one workspace whose token is configured: there is nothing to forget, only to stop. */
async function tokenGone(
  deps: Deps,
  workspace: string,
  { at, reason }: { readonly at: Date; readonly reason: string },
): Promise<void> {
  deps.log.error(
    { workspace, reason },
    'the app was removed; install it again and set its new SLACK_BOT_TOKEN',
  );
  await stopWorkIn(deps, workspace);
  const { ledger } = deps.database.of(workspace);
  const id = `remove.${workspace}.${at.getTime()}`;
  // Slack repeats events; an act is proven once.
  const isProven = async () => (await ledger.findMany([id])).length > 0;
  if (await isProven()) return;
  try {
    await deps.database.inTransaction(async (tx) => {
      await ledger.append([goneEntry(id, workspace, { at, reason })], tx);
    });
  } catch (error) {
    // Another copy of the event may have been faster.
    if (!(await isProven())) throw error;
  }
}

function goneEntry(
  _id: string,
  place: string,
  { at, reason }: { readonly at: Date; readonly reason: string },
): NewEntry {
  return {
    _id,
    act: 'remove-app',
    cause: { kind: 'installation', id: place },
    who: 'assent',
    facts: { reason },
    at,
    addresses: [],
  };
}

/** Notes that the app is gone, and sees to what that means. Safe to run again. */
async function removeApp(
  deps: Deps,
  installs: Installs,
  installation: Installation,
  reason: string,
): Promise<void> {
  const { id } = installation;
  const at = deps.now();
  const isNews = await deps.database.inTransaction(async (tx) => {
    if (!(await installs.store.markGone(installation, { at, reason }, tx))) return false;
    const entry = goneEntry(`remove.${id}.${at.getTime()}`, id, { at, reason });
    await deps.database.of(id).ledger.append([entry], tx);
    return true;
  });
  installs.forget();
  if (isNews) {
    deps.log.warn({ workspace: id, reason }, 'the app was removed; what runs there is paused');
    await stopWork(deps, installs, installation);
  }
}

/** Asks Slack about tokens that were not looked at for a day, or that somebody doubts. */
export async function checkInstallations(
  deps: Deps,
  installs: Installs,
  signal: AbortSignal,
): Promise<void> {
  for (let checks = 0; checks < CHECKS_MAX && !signal.aborted; checks += 1) {
    const now = deps.now();
    const again = new Date(now.getTime() + AGAIN_MS);
    const installation = await installs.store.takeDue(now, again);
    if (installation === undefined) return;
    await checkOne(deps, installs, installation);
  }
}

async function checkOne(deps: Deps, installs: Installs, installation: Installation): Promise<void> {
  if (installation.gone !== undefined) return stopWork(deps, installs, installation);
  const health = await installs.port.health(installation.token);
  if (health === 'revoked') return removeApp(deps, installs, installation, 'token_revoked');
  if (health === 'good') {
    const next = new Date(deps.now().getTime() + CHECK_MS);
    await installs.store.checkNext(installation.id, next);
  }
}

async function stopWork(
  deps: Deps,
  { store }: Installs,
  { id, kind, teams }: Installation,
): Promise<void> {
  const workspaces = kind === 'workspace' ? [id] : teams;
  for (const workspace of workspaces) {
    // It may be installed there by itself, or by its organisation.
    if ((await store.ofWorkspace(workspace)) !== undefined) continue;
    await stopWorkIn(deps, workspace);
  }
  await store.remove(id);
}

/** Campaigns first: they make requests. */
async function stopWorkIn(deps: Deps, workspace: string): Promise<void> {
  const { campaigns } = deps.database.of(workspace);
  for (const campaign of await campaigns.recent(REQUESTS_MAX, ['active'])) {
    await unlessDecided(() => pauseByClock(deps, campaign, 'app_removed'));
  }
  await stopRequests(deps, workspace);
}

async function stopRequests(deps: Deps, workspace: string): Promise<void> {
  const states = Object.keys(EVENTS) as RequestState[];
  const { requests } = deps.database.of(workspace);
  for (;;) {
    const open = await requests.recent(REQUESTS_MAX, states);
    if (open.length === 0) return;
    for (const request of open) await stopOne(deps, request);
  }
}

async function stopOne(deps: Deps, request: Request): Promise<void> {
  const { requests } = deps.database.of(request.workspace);
  const event = EVENTS[request.state];
  if (event === undefined) return;
  const at = deps.now();
  const set = event === 'pause' ? { set: { pausedFrom: request.state } } : {};
  await unlessDecided(async () =>
    deps.database.inTransaction(async (tx) => {
      const move = { event, by: 'assent', at, note: NOTE };
      const moved = await requests.move(request, move, tx, set);
      // Shown when the app is installed again.
      await about(deps, moved, ['approval-card'], at, tx);
    }),
  );
}

/** Somebody was faster; the next look finds it as it is now. */
async function unlessDecided(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}
