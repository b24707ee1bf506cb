/**
 * Receiver: how Slack's requests come in. Over HTTP our own web server hands `/slack/*` to Bolt's
 * request listener, which checks the signature; in Socket Mode Bolt holds a connection to Slack.
 * Bolt's own custom routes are not used: one malformed URL ends a Socket Mode process with them.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type App, HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { boltLogger } from './bolt-logger.ts';
import { bufferBody } from './request-body.ts';
import { type Connection, keepConnected } from './socket.ts';
import { sturdy } from './sturdy.ts';

/** Slack posts here: commands, clicks, submissions, options and events. */
export const SLACK_PATH = '/slack/events';
/** One call of apps.connections.open; the next one follows by itself (socket.ts). */
const CONNECT_MS = 10_000;

export interface ReceiverConfig {
  readonly signingSecret?: string | undefined;
  /** Set: Socket Mode. */
  readonly appToken?: string | undefined;
  readonly apiUrl: string;
}

export interface OpenReceiver {
  readonly receiver: Receiver;
  /** Undefined in Socket Mode: nothing comes in over HTTP. */
  readonly requestListener: RequestListener | undefined;
  /** Undefined over HTTP: our own server is open already. */
  readonly connection: Connection | undefined;
}

/** @throws Error if neither a signing secret nor an app token is configured */
export function createReceiver(config: ReceiverConfig, log: Logger): OpenReceiver {
  const { signingSecret, appToken, apiUrl } = config;
  if (appToken !== undefined) return socketReceiver({ appToken, apiUrl }, log);
  if (signingSecret === undefined) {
    throw new Error('Slack needs SLACK_SIGNING_SECRET or SLACK_APP_TOKEN; nothing was started.');
  }
  return httpReceiver(signingSecret, log);
}

function httpReceiver(signingSecret: string, log: Logger): OpenReceiver {
  const inner = new HTTPReceiver({
    signingSecret,
    endpoints: SLACK_PATH,
    logger: boltLogger(log),
    processBeforeResponse: false,
  });
  return {
    receiver: inFrontOf(inner, log),
    requestListener: (request, response) => {
      void handOver(inner, request, response);
    },
    connection: undefined,
  };
}

function socketReceiver(
  { appToken, apiUrl }: { readonly appToken: string; readonly apiUrl: string },
  log: Logger,
): OpenReceiver {
  const inner = new SocketModeReceiver({
    appToken,
    logger: boltLogger(log),
    // We connect again ourselves: Bolt's way ends the process when Slack cannot be reached.
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: { slackApiUrl: apiUrl, timeout: CONNECT_MS, retryConfig: { retries: 0 } },
    },
  });
  return {
    receiver: inFrontOf(inner, log),
    requestListener: undefined,
    connection: keepConnected(inner.client, log),
  };
}

/** The receiver with a sturdy app behind it. */
function inFrontOf(inner: Receiver, log: Logger): Receiver {
  return {
    init: (app: App) => inner.init(sturdy(app, log)),
    start: async (...options) => inner.start(...options),
    stop: async (...options) => inner.stop(...options),
  };
}

/** Never rejects. Paths and methods that are not Slack's are not found. */
async function handOver(
  { requestListener }: HTTPReceiver,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fault = await bufferBody(request);
  try {
    if (fault === undefined) requestListener(request, response);
    // What is left of the body would stand before the next request on this connection.
    else response.writeHead(fault, { Connection: 'close' }).end();
  } catch {
    // Bolt throws for every path and method but its own.
    if (!response.headersSent) response.writeHead(404).end();
  }
}
