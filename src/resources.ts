/**
 * Resources: what a process holds open while it runs, opened in order and closed in reverse.
 *
 *   mongod (ours, unless MONGODB_URI names one) → keys → database → Agenda → mail route
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { Refusal } from './consent/refusal.ts';
import { loadTemplates, type Templates } from './mail/templates.ts';
import { createQueue, openAgenda } from './queue.ts';
import { openMail } from './resources-mail.ts';
import { slackResources } from './resources-slack.ts';
import type { SlackClients } from './slack/wire/clients.ts';
import { type Database, openDatabase } from './store/database.ts';
import { type Keys, loadKeys } from './store/keys.ts';
import { askWordsOf, loadPageWords, type PageLocales } from './web/page-words.ts';
import type { Deps, TemplateCatalogue } from './workflow/deps.ts';
import { newReturnCounts } from './workflow/return-counts.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** Ranges that one process works on at once. */
const WORKERS_MAX = 4;
/** Works from src/ and from dist/: both stand beside templates/. */
const TEMPLATES = fileURLToPath(new URL('../templates/', import.meta.url));

export interface Resources {
  readonly config: Config;
  readonly deps: Deps;
  readonly agenda: Awaited<ReturnType<typeof openAgenda>>;
  readonly pages: PageLocales;
  /** Undefined where Slack is not set up. */
  readonly slack: SlackClients | undefined;
  /** Closes everything, the latest first; what others share (a mongod of another process) stays. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Hears what a slow step does, for people at a terminal. */
  readonly say: (line: string) => void;
  /** The environment, for what a local mongod may need (PATH, HOME, proxies). */
  readonly environment: NodeJS.ProcessEnv;
}

/** @throws Error with what to do if one of them cannot be opened; what was open is closed again */
export async function openResources(options: OpenOptions): Promise<Resources> {
  const { config, log } = options;
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const keys = await loadKeys({
      home: config.home,
      configured: config.keys,
      production: config.production,
      say: options.say,
    });
    const database = await openMongo(options, keys, closers);
    const agenda = await openAgenda({
      db: database.db,
      tickMs: config.limits.tickSeconds * SECOND_MS,
      lockMs: config.limits.lockSeconds * SECOND_MS,
      onError: (error, where) => log.warn({ err: error, where }, 'the queue had a fault'),
    });
    closers.push(() => agenda.stop(false));
    const { pages, templates } = await loadWords();
    const mail = await openMail(config, { templates, words: askWordsOf(pages), closers });
    const now = () => new Date();
    const publicUrl = publicUrlOf(config);
    const slack = await slackResources({ config, database, now, publicUrl });
    const deps: Deps = {
      database,
      queue: createQueue(agenda),
      addressKey: keys.addressKey,
      tokenKeys: keys.tokenKeys,
      publicUrl,
      templates: catalogueOf(templates),
      canAsk: mail !== undefined,
      mail,
      evidenceIp: config.evidenceIp,
      settings: slack.settings,
      userGroups: slack.userGroups,
      installs: slack.installs,
      limits: limitsOf(config),
      returns: newReturnCounts(),
      log,
      now,
    };
    return { config, deps, agenda, pages, slack: slack.clients, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What we say to recipients, read from templates/ and checked. @throws Error naming the file */
export async function loadWords(): Promise<{ pages: PageLocales; templates: Templates }> {
  return {
    pages: await loadPageWords(join(TEMPLATES, 'pages')),
    templates: await loadTemplates(join(TEMPLATES, 'mail')),
  };
}

async function openMongo(
  { config, say, environment }: OpenOptions,
  keys: Keys,
  closers: (() => Promise<unknown>)[],
): Promise<Database> {
  let { uri } = config.mongodb;
  if (uri === undefined) {
    const env = { ...environment, MONGOD_BINARY: config.mongodb.binary };
    const { startLocalMongod } = await import('./store/local-mongod.ts');
    const mongod = await startLocalMongod({ folder: config.home, env, say });
    closers.push(() => mongod.stop());
    uri = mongod.uri;
  }
  const { addressKey } = keys;
  const database = await openDatabase({ uri, name: config.mongodb.database, addressKey });
  closers.push(() => database.close());
  return database;
}

function catalogueOf(templates: Templates): TemplateCatalogue {
  return {
    names: () =>
      [...templates.values()]
        .filter(({ purpose }) => purpose === 'request')
        .map(({ name }) => name),
    hash(name) {
      const template = templates.get(name);
      if (template === undefined) throw new Refusal('template_not_found');
      return template.hash;
    },
  };
}

function publicUrlOf({ web }: Config): string {
  return (web.publicUrl ?? `http://${web.host}:${web.port}`).replace(/\/$/, '');
}

function limitsOf({ limits, mail }: Config): Deps['limits'] {
  return {
    leaseMs: limits.leaseSeconds * SECOND_MS,
    tickMs: limits.tickSeconds * SECOND_MS,
    canaryWaitMs: (mail?.canaryMinutes ?? 0) * MINUTE_MS,
    workers: workersHere(),
  };
}

/**
 * Each range keeps a core busy, here or at MongoDB: more of them than cores are no faster, and people
 * who wait for an answer of the same machine wait longer.
 */
export function workersHere(): number {
  return Math.min(WORKERS_MAX, availableParallelism());
}
