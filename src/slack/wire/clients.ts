/**
 * Clients: how we call Slack's Web API, once for people who wait and once for what can wait.
 *
 * A client that Slack rate-limits stops everything behind it for as long as Slack says, and a
 * `trigger_id` lives for three seconds. So whatever edits cards in the background has a client of
 * its own, and neither of them waits: a limited call is refused at once and tried again from the
 * database. Retries are ours for the same reason: those of the client would not survive a crash.
 *
 * Whose token is used is decided here: that of the configuration (one workspace), or that of the
 * workspace's installation (installed-clients.ts).
 */
import { LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import { identityCard } from './identity.ts';
import { timedFetch } from './timed-fetch.ts';

/** Below the 3 s after which Slack takes an unanswered click for failed. */
const INTERACTIVE_TIMEOUT_MS = 2_500;
const BACKGROUND_TIMEOUT_MS = 15_000;

/** Where somebody acts, as Slack's payload says. */
export interface ActPlace {
  readonly workspace?: string | undefined;
  /** Enterprise Grid. */
  readonly enterprise?: string | undefined;
}

/** By what we act there. By the ids Bolt knows events that we caused ourselves, and drops them. */
export interface Bearer {
  readonly botToken: string;
  readonly botId?: string | undefined;
  readonly botUserId?: string | undefined;
}

/** The app is not installed there (any more): there is no token to act with. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled';
}

export interface SlackClients {
  /** For the app that answers people: `clientOptions` of Bolt; its fetch limits its time. */
  readonly options: WebClientOptions;
  /** For people who wait. @throws NotInstalled */
  interactive(workspace: string): Promise<WebClient>;
  /** For cards, progress and results; nobody waits for it. @throws NotInstalled */
  background(workspace: string): Promise<WebClient>;
  /** @throws NotInstalled */
  bearer(place: ActPlace): Promise<Bearer>;
  /** False for workspaces that nothing is done for. @throws SlackSilent */
  serves(workspace: string): Promise<boolean>;
  /** What was read of installations a moment ago is believed no longer. */
  forget(): void;
  /** Asks what will be needed, without waiting for it. */
  warm(): void;
}

export interface SlackApi {
  readonly botToken: string;
  /** Where the Web API is, with a slash at the end: `https://slack.com/api/`. */
  readonly apiUrl: string;
  /** In place of the platform's own. */
  readonly fetch?: typeof fetch | undefined;
}

/** Both clients of one token. */
export interface ClientPair {
  readonly interactive: WebClient;
  readonly background: WebClient;
}

/** What every client of ours has in common. */
export function commonOptions(apiUrl: string): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // A method that is a URL would send the token there.
    allowAbsoluteUrls: false,
    // What fails is told by whoever called; the client's own warnings would say it twice.
    logLevel: LogLevel.ERROR,
  };
}

export function interactiveOptions(apiUrl: string): WebClientOptions {
  return { ...commonOptions(apiUrl), timeout: INTERACTIVE_TIMEOUT_MS };
}

export function clientPair({ botToken, apiUrl, fetch: send }: SlackApi): ClientPair {
  const by = send === undefined ? {} : { fetch: send };
  const background = { ...commonOptions(apiUrl), timeout: BACKGROUND_TIMEOUT_MS };
  return {
    interactive: new WebClient(botToken, { ...interactiveOptions(apiUrl), ...by }),
    background: new WebClient(botToken, { ...background, ...by }),
  };
}

/** The clients of the one workspace whose token is configured. */
export function slackClients({ botToken, apiUrl }: SlackApi): SlackClients {
  const pair = clientPair({ botToken, apiUrl });
  const identity = identityCard(pair.interactive);
  return {
    // Bolt adds to these options, and answers to response URLs with their fetch.
    options: { ...interactiveOptions(apiUrl), fetch: timedFetch },
    interactive: async () => pair.interactive,
    background: async () => pair.background,
    bearer: async () => {
      const known = identity.known();
      return { botToken, botId: known?.botId, botUserId: known?.botUserId };
    },
    serves: async (workspace) => (await identity.read()).teamId === workspace,
    // The token stands in the configuration; there is nothing that was read.
    forget: () => undefined,
    warm: () => {
      identity.known();
    },
  };
}
