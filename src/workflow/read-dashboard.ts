/**
 * Dashboard: what Assent's Home shows to one person: what waits for them, what runs, what was, and
 * what is still to be set up. A handful of indexed reads, whatever the workspace holds.
 */
import { type Campaign, mayHappenToCampaign } from '../consent/campaign.ts';
import type { Request, RequestState } from '../consent/request.ts';
import type { ConsentMix } from '../store/consent-mix.ts';
import type { Store } from '../store/database.ts';
import type { Deps } from './deps.ts';
import { type RequestStatus, readStatus } from './read-status.ts';
import { hasRole } from './require-role.ts';

/** Of each kind that waits, runs or stands. */
const SHOWN_MAX = 5;
const RECENT_MAX = 10;
/** Requests that wait are few; of more than this many the oldest are found another day. */
const WAITING_LOOKED_AT = 100;
const RUNNING: readonly RequestState[] = [
  'approved',
  'scheduled',
  'processing',
  'paused',
  'asking',
];

/** What has to be set up before everything works; true where it is. */
export interface Setup {
  readonly channel: boolean;
  readonly requesters: boolean;
  readonly approvers: boolean;
  readonly mail: boolean;
  readonly imported: boolean;
}

export interface Dashboard {
  readonly user: string;
  readonly roles: {
    readonly requester: boolean;
    readonly approver: boolean;
    readonly admin: boolean;
  };
  readonly setup: Setup;
  /** Waits for this person's decision, the one that expires first at the front. */
  readonly waiting: readonly Request[];
  readonly waitingCampaigns: readonly Campaign[];
  /** All that wait for this person, shown or not. */
  readonly waitingCount: number;
  readonly running: readonly RequestStatus[];
  /** The latest, without those that run. */
  readonly recent: readonly Request[];
  /** Campaigns that have not ended. */
  readonly campaigns: readonly Campaign[];
  readonly mix: ConsentMix | undefined;
}

/** Whoever holds no role sees nothing but that. */
export async function readDashboard(
  deps: Deps,
  workspace: string,
  user: string,
): Promise<Dashboard> {
  const [requester, approver, admin] = await Promise.all([
    hasRole(deps, workspace, user, 'requester'),
    hasRole(deps, workspace, user, 'approver'),
    hasRole(deps, workspace, user, 'admin'),
  ]);
  const roles = { requester, approver, admin };
  const store = deps.database.of(workspace);
  const setup = await readSetup(deps, store);
  if (!requester) {
    return { user, roles, setup, ...NOTHING };
  }
  const [open, openCampaigns, latest, campaigns, running, mix] = await Promise.all([
    approver ? store.requests.recent(WAITING_LOOKED_AT, ['awaiting-approval']) : [],
    approver ? store.campaigns.recent(WAITING_LOOKED_AT, ['awaiting-approval']) : [],
    store.requests.recent(RECENT_MAX + SHOWN_MAX),
    store.campaigns.recent(SHOWN_MAX, ['awaiting-approval', 'active', 'paused']),
    readRunning(deps, store),
    store.consentMix.read(),
  ]);
  const now = deps.now();
  const waiting = open.filter((one) => mayBeDecided(one, user, now)).toSorted(soonest);
  const waitingCampaigns = openCampaigns
    .filter((one) => mayBeDecided(one, user, now) && mayHappenToCampaign(one.state, 'approve'))
    .toSorted(soonest);
  const shown = waiting.slice(0, SHOWN_MAX);
  const above = new Set(running.map(({ request }) => request.id));
  return {
    user,
    roles,
    setup,
    waiting: shown,
    waitingCampaigns: waitingCampaigns.slice(0, SHOWN_MAX - shown.length),
    waitingCount: waiting.length + waitingCampaigns.length,
    running,
    recent: latest.filter(({ id }) => !above.has(id)).slice(0, RECENT_MAX),
    campaigns,
    mix,
  };
}

const NOTHING = {
  waiting: [],
  waitingCampaigns: [],
  waitingCount: 0,
  running: [],
  recent: [],
  campaigns: [],
  mix: undefined,
} as const;

interface Open {
  readonly requestedBy: string;
  readonly expiresAt: Date;
}

const mayBeDecided = ({ requestedBy, expiresAt }: Open, user: string, now: Date): boolean =>
  requestedBy !== user && expiresAt > now;
const soonest = (a: Open, b: Open): number => a.expiresAt.getTime() - b.expiresAt.getTime();

async function readRunning(deps: Deps, store: Store): Promise<RequestStatus[]> {
  const running = await store.requests.recent(SHOWN_MAX, RUNNING);
  return Promise.all(running.map(({ id }) => readStatus(deps, store.workspace, id)));
}

async function readSetup(deps: Deps, { workspace, audiences }: Store): Promise<Setup> {
  const settings = await deps.settings(workspace);
  const batches = await audiences.suggest('', 1);
  return {
    channel: settings.channel !== '',
    requesters: settings.requesters.length + settings.requesterGroups.length > 0,
    approvers: settings.approvers.length + settings.approverGroups.length > 0,
    mail: deps.canAsk,
    imported: batches.some(({ kind }) => kind === 'batch'),
  };
}
