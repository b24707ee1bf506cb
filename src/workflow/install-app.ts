/**
 * Install app: somebody adds the app to a workspace, or to a whole organisation.
 *
 * It begins in a browser, goes on at Slack and ends in the same browser: a state that is used once
 * binds the three together, so that nobody can finish what somebody else began.
 */
import { randomBytes } from 'node:crypto';
import type { InstallState } from '../store/install-states.ts';
import type { Installation, NewInstallation } from '../store/installations.ts';
import type { Deps } from './deps.ts';
import { InstallRefused, type Installs } from './installs.ts';

/** From the first click to the return from Slack. */
export const INSTALL_MS = 10 * 60_000;
const STATE_BYTES = 32;
/** A token is looked at this often even if nobody complains of it. */
export const CHECK_MS = 24 * 60 * 60_000;

export interface Begun extends InstallState {
  /** Where the browser goes next. */
  readonly url: string;
}

/** @param browser what an earlier beginning gave this browser, so that two tabs do not disturb */
export async function beginInstall(
  { now }: Pick<Deps, 'now'>,
  { states, port }: Installs,
  browser: string | undefined,
): Promise<Begun> {
  const begun = { state: random(), browser: browser ?? random() };
  await states.begin(begun, new Date(now().getTime() + INSTALL_MS));
  return { ...begun, url: port.authorizeUrl(begun.state) };
}

export interface Returned extends InstallState {
  /** What Slack gave for saying yes. */
  readonly code: string;
}

/**
 * Ends an installation: Slack's code becomes a token, which is stored encrypted. Who installs the app
 * in a workspace for the first time is its first admin; later installations change no role.
 * @throws InstallRefused `state` for a state that is unknown, used, too old or of another browser;
 *   else what Slack says
 */
export async function finishInstall(
  deps: Deps,
  { store, states, port, forget }: Installs,
  { state, browser, code }: Returned,
): Promise<Pick<Installation, 'id' | 'kind'>> {
  const at = deps.now();
  if (!(await states.use({ state, browser }, at))) throw new InstallRefused('state');
  const installation = { ...(await port.exchange(code)), installedAt: at };
  await deps.database.inTransaction(async (tx) => {
    await store.save(installation, new Date(at.getTime() + CHECK_MS), tx);
    await record(deps, installation, tx);
  });
  forget();
  const { id, kind } = installation;
  const teams = kind === 'org' ? ((await store.find(id))?.teams ?? []) : [id];
  for (const team of teams) await deps.database.of(team).announcements.hurry(at);
  await deps.queue.wakeAnnouncer();
  deps.log.info({ workspace: id, kind }, 'the app was installed');
  return { id, kind };
}

/** Gives up what somebody declined at Slack. */
export async function dropInstall(
  { now }: Pick<Deps, 'now'>,
  { states }: Installs,
  state: InstallState,
): Promise<void> {
  await states.use(state, now());
}

async function record(
  { database }: Deps,
  { id, kind, installedBy: by, installedAt: at, scopes }: NewInstallation,
  tx: Parameters<Installs['store']['save']>[2],
): Promise<void> {
  const { ledger, settings } = database.of(id);
  const { version } = await settings.read(tx);
  // Of an organisation, each workspace gets its first admin when it is first asked.
  const first = kind === 'workspace' && version === 0;
  if (first) await settings.replace(0, { decided: { admins: [by] }, by, at }, tx);
  await ledger.append(
    [
      {
        _id: `install.${id}.${at.getTime()}`,
        act: 'install-app',
        cause: { kind: 'installation', id },
        who: by,
        facts: { kind, scopes: scopes.toSorted().join(' '), firstAdmin: first },
        at,
        addresses: [],
      },
    ],
    tx,
  );
}

const random = (): string => randomBytes(STATE_BYTES).toString('base64url');
