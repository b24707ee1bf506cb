/**
 * Socket: keeps the Socket Mode connection to Slack open. Slack closes it every few hours on
 * purpose, networks do so without; either way it is opened again, for as long as the process runs.
 */
import type { SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError } from '@slack/web-api';
import type { Logger } from 'pino';
import { withoutPeople } from '../guard/refusals.ts';
import { withinMs } from '../guard/within.ts';

/** A start waits this long for Slack; then the process runs on and tries again by itself. */
const START_MS = 10_000;
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;
/** Slack's words for a token that will not be taken tomorrow either. */
const NEVER: ReadonlySet<string> = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'user_removed_from_team',
  'team_disabled',
  'not_allowed_token_type',
]);

type SocketClient = SocketModeReceiver['client'];

export interface Connection {
  /** @throws Error with the remedy if Slack does not take the app token */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function keepConnected(client: SocketClient, log: Logger): Connection {
  const stopping = new AbortController();
  const { signal } = stopping;
  /** Connects, waits for the end of the connection, and begins again. Ends when it is stopped. */
  const run = async (connected: () => void): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await client.start();
        const ended = disconnected(client);
        connected();
        failures = 0;
        await ended;
      } catch (error) {
        if (isFinal(error)) throw new Error(TOKEN_REFUSED, { cause: error });
        failures += 1;
        log.warn({ fault: withoutPeople(error), failures }, 'no connection to Slack');
      }
      await pause(Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** failures), signal);
    }
  };
  let running: Promise<void> | undefined;
  return {
    async start() {
      await new Promise<void>((resolve, reject) => {
        running = run(resolve);
        running.catch((error: unknown) => {
          log.error({ fault: withoutPeople(error) }, 'Slack does not take the app token');
          reject(error);
        });
        void withinMs(
          START_MS,
          running.catch(() => undefined),
          resolve,
        );
      });
    },
    async stop() {
      stopping.abort();
      await client.disconnect();
      await running?.catch(() => undefined);
    },
  };
}

const TOKEN_REFUSED =
  'Slack does not take SLACK_APP_TOKEN, so nothing comes in. Make a new one with connections:write on the page "Basic Information" of your app.';

function disconnected(client: SocketClient): Promise<void> {
  return new Promise((resolve) => {
    client.once('disconnected', () => resolve());
  });
}

function isFinal(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && NEVER.has(error.data.error);
}

/** Waits, but not past a stop. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
