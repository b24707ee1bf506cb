/**
 * Installed clients: each workspace by the token of its own installation, looked up when it is needed
 * and believed for a short while, since another process may install or remove the app meanwhile.
 * What this process learns of it, from an event or from any answer of Slack, counts at once.
 */
import type { Installation, InstallationStore } from '../../store/installations.ts';
import type { Deps } from '../../workflow/deps.ts';
import {
  type ActPlace,
  type ClientPair,
  clientPair,
  interactiveOptions,
  NotInstalled,
  type SlackClients,
} from './clients.ts';
import { heedfulFetch } from './heedful-fetch.ts';
import { timedFetch } from './timed-fetch.ts';

/** How long an installation is believed. */
const BELIEVE_MS = 10_000;
/** Places remembered at once; the one that was read first is forgotten first. */
const PLACES_MAX = 1_000;

interface Known {
  readonly installation: Promise<Installation | undefined>;
  readonly until: number;
}

export interface InstalledOptions extends Pick<Deps, 'now'> {
  readonly installations: InstallationStore;
  readonly apiUrl: string;
}

export function installedClients({ installations, apiUrl, now }: InstalledOptions): SlackClients {
  const places = new Map<string, Known>();
  const pairs = new Map<string, ClientPair>();
  /** Token → the installation's id. */
  const ids = new Map<string, string>();

  /** Slack takes a token no more: whoever holds it is looked up anew, and Slack is asked soon. */
  const onRevoked = async (token: string): Promise<void> => {
    places.clear();
    pairs.delete(token);
    const id = ids.get(token);
    // The daily look finds it too; the one who asked shall not hear of our trouble here.
    if (id !== undefined) await installations.checkNext(id, now()).catch(() => undefined);
  };
  const heedful = (send: typeof fetch) => heedfulFetch(send, onRevoked);

  /** What `read` says, unless it was asked a moment ago. */
  const remembered = async (key: string, read: () => Known['installation']) => {
    const at = now().getTime();
    const found = places.get(key);
    if (found !== undefined && found.until > at) return found.installation;
    const asked = read().then((installation) => {
      if (installation !== undefined) keep(ids, installation.token, installation.id);
      return installation;
    });
    keep(places, key, { installation: asked, until: at + BELIEVE_MS });
    // What failed is not believed, and the app may be installed any moment: the next call asks again.
    const forget = () => {
      if (places.get(key)?.installation === asked) places.delete(key);
    };
    asked.then((installation) => installation ?? forget(), forget);
    return asked;
  };
  const installationAt = async ({ workspace, enterprise }: ActPlace): Promise<Installation> => {
    const key = `${workspace ?? ''}/${enterprise ?? ''}`;
    const found = await remembered(key, () => installations.at({ workspace, enterprise }));
    if (found === undefined)
      throw new NotInstalled('the app is not installed where this comes from');
    return found;
  };
  const installationOf = async (workspace: string): Promise<Installation | undefined> =>
    remembered(workspace, () => installations.ofWorkspace(workspace));
  const pairOf = async (workspace: string): Promise<ClientPair> => {
    const found = await installationOf(workspace);
    if (found === undefined) throw new NotInstalled('the app is not installed in this workspace');
    // By its token: an organisation's workspaces share its queue and its limits.
    const kept =
      pairs.get(found.token) ??
      clientPair({ botToken: found.token, apiUrl, fetch: heedful(fetch) });
    keep(pairs, found.token, kept);
    return kept;
  };
  return {
    // Bolt adds to these options, and answers to response URLs with their fetch.
    options: { ...interactiveOptions(apiUrl), fetch: heedful(timedFetch) },
    interactive: async (workspace) => (await pairOf(workspace)).interactive,
    background: async (workspace) => (await pairOf(workspace)).background,
    async bearer(place) {
      const { token, botId, botUserId } = await installationAt(place);
      return { botToken: token, botId, botUserId };
    },
    serves: async (workspace) => (await installationOf(workspace)) !== undefined,
    forget: () => places.clear(),
    warm: () => undefined,
  };
}

/** Puts it in as the latest; the oldest goes where there are too many. */
function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key);
  const [oldest] = kept.keys();
  if (kept.size >= PLACES_MAX && oldest !== undefined) kept.delete(oldest);
  kept.set(key, value);
}
