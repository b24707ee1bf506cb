/**
 * App: Bolt with our listeners, each behind the guard.
 *
 * Who we are in Slack is asked when it is first needed, so that a Slack that is down does not stop
 * a start: recipients' pages work without it.
 */
import type { RequestListener } from 'node:http';
import { App } from '@slack/bolt';
import type { Deps } from '../workflow/deps.ts';
import { present } from './blocks/blocks.ts';
import { actorCheck } from './guard/actor.ts';
import type { Guarding } from './guard/guard.ts';
import { withoutPeople } from './guard/refusals.ts';
import { LISTENERS } from './listeners.ts';
import { register } from './register.ts';
import { boltLogger } from './wire/bolt-logger.ts';
import { NotInstalled, type SlackClients } from './wire/clients.ts';
import { createReceiver, type ReceiverConfig } from './wire/receiver.ts';

export interface SlackAppConfig extends ReceiverConfig {
  /** Hosts that files are fetched from and sent to, and no other. */
  readonly fileHosts: readonly string[];
}

export interface SlackApp {
  /** For `/slack/*` of our web server; undefined in Socket Mode. */
  readonly requestListener: RequestListener | undefined;
  /** @throws Error with the remedy if Slack does not take the app token (Socket Mode) */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface SlackAppOptions {
  readonly deps: Deps;
  readonly clients: SlackClients;
  readonly config: SlackAppConfig;
}

/** @throws Error if neither a signing secret nor an app token is configured */
export function createSlackApp({ deps, clients, config }: SlackAppOptions): SlackApp {
  const { log } = deps;
  const { receiver, requestListener, connection } = createReceiver(config, log);
  const app = new App({
    receiver,
    logger: boltLogger(log),
    clientOptions: clients.options,
    convoStore: false,
    authorize: async ({ teamId: workspace, enterpriseId: enterprise }) =>
      present(await clients.bearer({ workspace, enterprise })),
  });
  const guarding: Guarding = {
    door: {
      deps,
      fileHosts: config.fileHosts,
      background: (workspace) => clients.background(workspace),
    },
    checkActor: actorCheck(deps.now),
    serves: (workspace) => clients.serves(workspace),
  };
  register(app, guarding, LISTENERS);
  app.error(async (error) => {
    // A workspace that the app was removed from: there is nobody whom we could answer.
    if (isNotInstalled(error)) return log.info('a Slack request came from where the app is not');
    log.error({ fault: withoutPeople(error) }, 'a Slack request was not understood');
  });
  return {
    requestListener,
    async start() {
      clients.warm();
      await connection?.start();
    },
    async stop() {
      await connection?.stop();
    },
  };
}

/** Bolt wraps what `authorize` throws. */
function isNotInstalled(error: Error): boolean {
  const original = 'original' in error ? error.original : error;
  return original instanceof NotInstalled || error.cause instanceof NotInstalled;
}
