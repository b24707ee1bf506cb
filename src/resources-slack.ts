/**
 * Slack resources: by whose token Slack is called, who is in which group, and what holds in a
 * workspace: for the one workspace of the configuration, or for many that install the app. Slack's
 * client is loaded where Slack is set up.
 */
import type { Config } from './config.ts';
import type { SlackClients } from './slack/wire/clients.ts';
import type { Database } from './store/database.ts';
import { installStates } from './store/install-states.ts';
import { installationStore } from './store/installations.ts';
import { type Deps, UNDECIDED, type WorkspaceSettings } from './workflow/deps.ts';
import type { Installs } from './workflow/installs.ts';
import { settingsReader } from './workflow/read-settings.ts';

/** Where Slack sends the browser back to after an installation; see web/install-door.ts. */
const REDIRECT_PATH = '/slack/oauth_redirect';

export interface SlackResources extends Pick<Deps, 'settings' | 'userGroups' | 'installs'> {
  /** Undefined where Slack is not set up. */
  readonly clients: SlackClients | undefined;
}

export interface SlackResourcesOptions extends Pick<Deps, 'now' | 'publicUrl'> {
  readonly config: Config;
  readonly database: Database;
}

export async function slackResources(options: SlackResourcesOptions): Promise<SlackResources> {
  const { config, database, now } = options;
  const installing = await installsOf(options);
  const clients = await clientsOf(config, installing, now);
  const forget = () => clients?.forget();
  const installs = installing === undefined ? undefined : { ...installing, forget };
  const defaults = async (workspace: string) => withFirstAdmin(config, installs, workspace);
  return {
    clients,
    installs,
    settings: settingsReader({ database, now, defaults }),
    userGroups:
      clients === undefined
        ? undefined
        : (await import('./slack/wire/user-groups.ts')).userGroups(clients, now),
  };
}

/** All of it but what the clients make of it. */
type Installing = Omit<Installs, 'forget'>;

async function installsOf({
  config: { slack },
  database: { db },
  publicUrl,
}: SlackResourcesOptions): Promise<Installing | undefined> {
  if (slack?.installs === undefined) return undefined;
  const { clientId, clientSecret, keys } = slack.installs;
  const redirectUrl = `${publicUrl}${REDIRECT_PATH}`;
  const { oauthPort } = await import('./slack/wire/oauth.ts');
  return {
    store: installationStore(db, keys),
    states: installStates(db),
    port: oauthPort({ clientId, clientSecret, apiUrl: slack.apiUrl, redirectUrl }),
  };
}

async function clientsOf(
  { slack }: Config,
  installs: Installing | undefined,
  now: () => Date,
): Promise<SlackClients | undefined> {
  if (slack === undefined) return undefined;
  const { apiUrl, botToken } = slack;
  if (installs !== undefined) {
    const { installedClients } = await import('./slack/wire/installed-clients.ts');
    return installedClients({ installations: installs.store, apiUrl, now });
  }
  if (botToken === undefined) return undefined;
  const { slackClients } = await import('./slack/wire/clients.ts');
  return slackClients({ botToken, apiUrl });
}

/**
 * Who installed the app for a whole organisation is the first admin of each of its workspaces; only
 * administrators of an organisation can. In a workspace it is written down with the installation.
 */
async function withFirstAdmin(
  config: Config,
  installs: Installing | undefined,
  workspace: string,
): Promise<WorkspaceSettings> {
  const settings = settingsOf(config);
  const found = await installs?.store.ofWorkspace(workspace);
  return found?.kind === 'org' ? { ...settings, admins: [found.installedBy] } : settings;
}

/** What the environment says, for as long as a workspace's admins decide nothing else. */
function settingsOf({ slack, mail, limits, returns }: Config): WorkspaceSettings {
  return {
    requesters: slack?.requesters ?? [],
    approvers: slack?.approvers ?? [],
    admins: slack?.admins ?? [],
    channel: slack?.channel ?? '',
    typedOver: limits.approvalTypedOver,
    approvalHours: limits.approvalExpiresHours,
    linkDays: limits.linkDays,
    ...UNDECIDED,
    sender: {
      name: mail?.fromName ?? '',
      address: mail?.from ?? '',
      postalAddress: mail?.postalAddress ?? '',
      replyTo: mail?.replyTo,
      privacyUrl: mail?.privacyUrl,
      bounceDomain: mail?.bounceDomain,
      readsReturns: returns.inbound !== undefined,
    },
  };
}
