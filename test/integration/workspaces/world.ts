/**
 * World: several Slack workspaces behind one hub, and one app that serves them all, with its real web
 * server, its real listeners and a database of its own.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { type SlackDouble, startSlackDouble } from '../../../demo/slack/double.ts';
import { type SlackHub, startSlackHub } from '../../../demo/slack/oauth.ts';
import type { Consent } from '../../../demo/slack/oauth-register.ts';
import { createAnnouncer } from '../../../src/slack/announcer.ts';
import { createSlackApp } from '../../../src/slack/app.ts';
import type { SlackClients } from '../../../src/slack/wire/clients.ts';
import { installedClients } from '../../../src/slack/wire/installed-clients.ts';
import { oauthPort } from '../../../src/slack/wire/oauth.ts';
import { userGroups } from '../../../src/slack/wire/user-groups.ts';
import { BUDGETS } from '../../../src/store/budget.ts';
import { installStates } from '../../../src/store/install-states.ts';
import { installationStore } from '../../../src/store/installations.ts';
import type { SecretsKeys } from '../../../src/store/secrets.ts';
import { loadPageWords } from '../../../src/web/page-words.ts';
import { startWebServer } from '../../../src/web/server.ts';
import { announceDue } from '../../../src/workflow/announce.ts';
import { changeSettings } from '../../../src/workflow/change-settings.ts';
import type { Deps, WorkspaceSettings } from '../../../src/workflow/deps.ts';
import type { Installs } from '../../../src/workflow/installs.ts';
import { settingsReader } from '../../../src/workflow/read-settings.ts';
import { type TestDeps, testDeps } from '../../support/deps.ts';

const SIGNING_SECRET = 'b'.repeat(32);
export const CLIENT_ID = '111.222';
export const CLIENT_SECRET = 'c'.repeat(32);
const PUBLIC_URL = 'https://assent.example.com';
export const REDIRECT_URL = `${PUBLIC_URL}/slack/oauth_redirect`;
export const KEYS: SecretsKeys = [{ id: 'k1', key: Buffer.alloc(32, 1) }];

/** Ids of one workspace, all ending in its letter. */
export const peopleOf = (letter: string) => ({
  installer: `U0INSTALLER${letter}`,
  requester: `U0ASKS${letter}`,
  approver: `U0SAYSYES${letter}`,
  channel: `C0CARDS${letter}`,
  group: `S0GROUP${letter}`,
});
export const TEAM_A = 'T0AAA';
export const TEAM_B = 'T0BBB';
export const ORG = 'E0ORG';

/** What the configuration says where many install: nobody holds a role, there is no channel. */
const BARE: Partial<WorkspaceSettings> = { requesters: [], approvers: [], admins: [], channel: '' };

export interface Page {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

/** A browser that keeps our cookie, and goes where it is told. */
export interface Browser {
  open(path: string, how?: { readonly method?: string }): Promise<Page>;
  cookie: string;
}

export interface Workspaces {
  readonly deps: TestDeps & { readonly installs: Installs };
  readonly clients: SlackClients;
  readonly hub: SlackHub;
  readonly url: string;
  readonly a: SlackDouble;
  readonly b: SlackDouble;
  /** Every line of the log, at every level. */
  readonly logged: readonly string[];
  browser(): Browser;
  /** The whole way: our page, Slack's page, back to us. */
  install(consent: Consent, browser?: Browser): Promise<Page>;
  /** Requester, approver and channel of a workspace, decided by its installer. */
  setUp(double: SlackDouble, letter: string): Promise<void>;
  announce(): Promise<void>;
  close(): Promise<void>;
}

export async function workspaces({
  keys = KEYS,
  fileHosts = ['files.example.com'],
  enterprise,
}: {
  readonly keys?: SecretsKeys;
  readonly fileHosts?: readonly string[];
  /** Both workspaces belong to it. */
  readonly enterprise?: string;
} = {}): Promise<Workspaces> {
  const hub = await startSlackHub({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    redirectUrls: [REDIRECT_URL],
  });
  const a = await aWorkspace(hub, TEAM_A, 'A', enterprise);
  const b = await aWorkspace(hub, TEAM_B, 'B', enterprise);
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) });
  const base = await testDeps({ publicUrl: PUBLIC_URL, log });
  const { deps, clients } = depsOf(base, hub, keys);
  const config = { apiUrl: hub.apiUrl, fileHosts, signingSecret: SIGNING_SECRET };
  const { requestListener } = createSlackApp({ deps, clients, config });
  const pages = await loadPageWords(
    join(fileURLToPath(new URL('../../../templates/', import.meta.url)), 'pages'),
  );
  const server = await startWebServer({
    deps,
    host: '127.0.0.1',
    port: 0,
    pages,
    slack: requestListener,
    trustedProxies: 0,
  });
  for (const double of [a, b]) double.connect(server.url);
  const port = createAnnouncer(deps, clients);
  const browser = () => aBrowser(server.url);
  return {
    deps,
    clients,
    hub,
    url: server.url,
    logged,
    a,
    b,
    browser,
    async install(consent, own = browser()) {
      const begun = await own.open('/slack/install', { method: 'POST' });
      const back = new URL(hub.allow(begun.headers.get('location') ?? '', consent));
      return own.open(`${back.pathname}${back.search}`);
    },
    async setUp({ teamId }, letter) {
      const { installer, requester, approver, channel } = peopleOf(letter);
      const { version } = await deps.database.of(teamId).settings.read();
      await changeSettings(deps, {
        workspace: teamId,
        by: installer,
        seen: version,
        values: { requesters: [requester], approvers: [approver], channel },
      });
    },
    async announce() {
      await base.database.db.collection(BUDGETS).deleteMany({});
      await announceDue(deps, port, { signal: new AbortController().signal });
    },
    async close() {
      await server.close();
      await hub.stop();
      await Promise.all([a.stop(), b.stop()]);
      await base.close();
    },
  };
}

async function aWorkspace(
  hub: SlackHub,
  teamId: string,
  letter: string,
  enterprise: string | undefined,
): Promise<SlackDouble> {
  const botToken = `xoxb-first-${letter}`;
  const double = await startSlackDouble({ signingSecret: SIGNING_SECRET, teamId, botToken });
  const { installer, requester, approver, channel, group } = peopleOf(letter);
  for (const id of [installer, requester, approver]) double.addUser({ id, name: id.slice(2) });
  double.addChannel({ id: channel, name: 'cards' });
  double.addUserGroup({ id: group, handle: `team-${letter}`, name: `Team ${letter}`, users: [] });
  hub.add(double, enterprise === undefined ? {} : { enterprise });
  return double;
}

function depsOf(base: TestDeps, hub: SlackHub, keys: SecretsKeys) {
  const { db } = base.database;
  const { apiUrl } = hub;
  const installing = {
    store: installationStore(db, keys),
    states: installStates(db),
    port: oauthPort({
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      apiUrl,
      redirectUrl: REDIRECT_URL,
    }),
  };
  const clients = installedClients({ installations: installing.store, apiUrl, now: base.now });
  const installs: Installs = { ...installing, forget: () => clients.forget() };
  const defaults: Deps['settings'] = async (workspace) => {
    const found = await installs.store.ofWorkspace(workspace);
    const admins = found?.kind === 'org' ? [found.installedBy] : [];
    return { ...(await base.settings(workspace)), ...BARE, admins };
  };
  const deps = {
    ...base,
    installs,
    settings: settingsReader({ ...base, defaults }),
    userGroups: userGroups(clients, base.now),
  };
  return { deps, clients };
}

/** Follows nothing by itself, so that a test sees each step. */
function aBrowser(url: string): Browser {
  const browser: Browser = {
    cookie: '',
    async open(path, { method = 'GET' } = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: browser.cookie === '' ? {} : { Cookie: browser.cookie },
      });
      const set = response.headers.get('set-cookie');
      if (set !== null) browser.cookie = set.split(';')[0] ?? '';
      return { status: response.status, body: await response.text(), headers: response.headers };
    },
  };
  return browser;
}
