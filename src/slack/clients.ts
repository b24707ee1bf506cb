/**
 * Clients: how we call Slack's Web API, once for people who wait and once for what can wait.
 *
 * A client that Slack rate-limits stops everything behind it for as long as Slack says, and a
 * `trigger_id` lives for three seconds. So whatever edits cards in the background has a client of
 * its own, and neither of them waits: a limited call is refused at once and tried again from the
 * database. Retries are ours for the same reason: those of the client would not survive a crash.
 */
import { LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';

/** Below the 3 s after which Slack takes an unanswered click for failed. */
const INTERACTIVE_TIMEOUT_MS = 2_500;
const BACKGROUND_TIMEOUT_MS = 15_000;

export interface SlackApi {
  readonly botToken: string;
  /** Where the Web API is, with a slash at the end: `https://slack.com/api/`. */
  readonly apiUrl: string;
}

export interface SlackClients {
  readonly botToken: string;
  /** For the app that answers people: `clientOptions` of Bolt. */
  readonly interactive: WebClientOptions;
  /** For cards, progress and results; nobody waits for it. */
  readonly background: WebClient;
}

export function slackClients({ botToken, apiUrl }: SlackApi): SlackClients {
  const common: WebClientOptions = {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // A method that is a URL would send the token there.
    allowAbsoluteUrls: false,
    // What fails is told by whoever called; the client's own warnings would say it twice.
    logLevel: LogLevel.ERROR,
  };
  return {
    botToken,
    interactive: { ...common, timeout: INTERACTIVE_TIMEOUT_MS },
    background: new WebClient(botToken, { ...common, timeout: BACKGROUND_TIMEOUT_MS }),
  };
}
