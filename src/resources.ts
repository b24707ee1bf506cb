/**
 * Resources: what a process holds open while it runs, opened in order and closed in reverse.
 *
 *   mongod (ours, unless MONGODB_URI names one) → keys → database → Agenda → mail route
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { Refusal } from './consent/refusal.ts';
import { dkimSigner } from './mail/dkim.ts';
import { loadTemplates, type Templates } from './mail/templates.ts';
import { smtpTransport } from './mail/transport.ts';
import { createQueue, openAgenda } from './queue.ts';
import { type Database, openDatabase } from './store/database.ts';
import { type Keys, loadKeys } from './store/keys.ts';
import { startLocalMongod } from './store/local-mongod.ts';
import { askWordsOf, loadPageWords, type PageLocales } from './web/page-words.ts';
import type { AskMailer, Deps, TemplateCatalogue, WorkspaceSettings } from './workflow/deps.ts';
import { routeRest } from './workflow/route-rest.ts';

const SECOND_MS = 1_000;
/** Workers of one process that share a request; more only wait for the same two cores. */
const WORKERS = 4;
/** Works from src/ and from dist/: both stand beside templates/. */
const TEMPLATES = fileURLToPath(new URL('../templates/', import.meta.url));

export interface Resources {
  readonly config: Config;
  readonly deps: Deps;
  readonly agenda: Awaited<ReturnType<typeof openAgenda>>;
  readonly pages: PageLocales;
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
    const pages = await loadPageWords(join(TEMPLATES, 'pages'));
    const templates = await loadTemplates(join(TEMPLATES, 'mail'));
    const mail = await openMail(config, { templates, pages, closers });
    const deps: Deps = {
      database,
      queue: createQueue(agenda),
      addressKey: keys.addressKey,
      tokenKeys: keys.tokenKeys,
      publicUrl: publicUrlOf(config),
      templates: catalogueOf(templates),
      canAsk: mail !== undefined,
      mail,
      evidenceIp: config.evidenceIp,
      settings: async () => settingsOf(config),
      limits: limitsOf(config),
      log,
      now: () => new Date(),
    };
    return { config, deps, agenda, pages, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openMongo(
  { config, say, environment }: OpenOptions,
  keys: Keys,
  closers: (() => Promise<unknown>)[],
): Promise<Database> {
  let { uri } = config.mongodb;
  if (uri === undefined) {
    const env = { ...environment, MONGOD_BINARY: config.mongodb.binary };
    const mongod = await startLocalMongod({ folder: config.home, env, say });
    closers.push(() => mongod.stop());
    uri = mongod.uri;
  }
  const { addressKey } = keys;
  const database = await openDatabase({ uri, name: config.mongodb.database, addressKey });
  closers.push(() => database.close());
  return database;
}

/** The route to recipients; undefined where no SMTP server is configured. */
async function openMail(
  { mail }: Config,
  {
    templates,
    pages,
    closers,
  }: { templates: Templates; pages: PageLocales; closers: (() => Promise<unknown>)[] },
): Promise<AskMailer | undefined> {
  if (mail === undefined) return undefined;
  const dkim = mail.dkim === undefined ? undefined : dkimSigner(mail.dkim);
  // A key that does not sign is found here, not by the recipients' servers.
  await dkim?.selfTest();
  const { smtpUrl: url, connections } = mail;
  const transport = smtpTransport({ url, connections, dkim });
  closers.push(() => transport.close());
  return {
    templates,
    words: askWordsOf(pages),
    connections,
    rest: routeRest(),
    send: (composed, signal) => transport.send(composed, signal),
  };
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
    mailPerSecond: mail?.perSecond ?? 1,
    workers: WORKERS,
  };
}

/** The same for every workspace, from the environment; a later version keeps them per workspace. */
function settingsOf({ slack, mail, limits }: Config): WorkspaceSettings {
  return {
    requesters: slack?.requesters ?? [],
    approvers: slack?.approvers ?? [],
    admins: slack?.admins ?? [],
    channel: slack?.channel ?? '',
    typedOver: limits.approvalTypedOver,
    approvalHours: limits.approvalExpiresHours,
    linkDays: limits.linkDays,
    sender: {
      name: mail?.fromName ?? '',
      address: mail?.from ?? '',
      postalAddress: mail?.postalAddress ?? '',
      replyTo: mail?.replyTo,
      privacyUrl: mail?.privacyUrl,
      bounceDomain: mail?.bounceDomain,
    },
  };
}
