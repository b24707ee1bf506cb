/**
 * Start: runs the product. Resources first, then doors; closed in reverse on SIGTERM or Ctrl-C.
 *
 * A process has a role. `web` answers Slack and recipients, `worker` changes permissions and posts
 * to Slack, `sender` mails; `all` does everything. Several of each can share one MongoDB. Doors that
 * this process does not open are not loaded: Bolt alone is a fifth of the time of a start.
 */
import { constants, setPriority } from 'node:os';
import { startJobs } from './jobs/jobs.ts';
import { complaintsAddress } from './mail/bounces/verp.ts';
import type { Resources } from './resources.ts';
import { startWebServer } from './web/server.ts';
import { watchReturns } from './workflow/return-counts.ts';

const SECOND_MS = 1_000;
/** A stop that takes longer than this is no stop any more (ms). */
const STOP_MS = 35_000;
/** How often the log says what came back meanwhile (ms). */
const RETURNS_TOLD_MS = 60 * 60 * SECOND_MS;

export interface Doors {
  close(): Promise<void>;
}

/** Runs until it is told to stop. @returns the exit status */
export async function start(open: (loudness: 'log') => Promise<Resources>): Promise<number> {
  const told = signalled();
  const resources = await open('log');
  const { log } = resources.deps;
  giveWay(resources);
  try {
    const doors = await openDoors(resources);
    log.info({ role: resources.config.role }, 'ready');
    log.info({ signal: await told }, 'stopping: what is in hand is finished');
    setTimeout(() => process.exit(1), STOP_MS).unref();
    await doors.close();
    return 0;
  } finally {
    await resources.close();
    log.info('stopped');
  }
}

/** Bulk work gives way to people who wait for an answer, where both share a machine. */
function giveWay({ config: { role }, deps: { log } }: Resources): void {
  if (role === 'web' || role === 'all') return;
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    log.debug({ role }, 'the system does not let this process give way');
  }
}

/** Opens the doors of this process's role. What was opened is closed again if one fails. */
export async function openDoors(resources: Resources): Promise<Doors> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const { role } = resources.config;
    if (role === 'all' || role === 'web') {
      tellReturns(resources, closers);
      await openInbound(resources, closers);
      await openWeb(resources, closers);
    }
    await openJobs(resources, closers);
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One HTTP server for recipients and for Slack. */
async function openWeb(
  { deps, config: { slack, web, returns }, pages, slack: clients }: Resources,
  closers: (() => Promise<unknown>)[],
): Promise<void> {
  const { log } = deps;
  const app =
    slack === undefined || clients === undefined
      ? undefined
      : (await import('./slack/app.ts')).createSlackApp({ deps, clients, config: slack });
  const server = await startWebServer({
    deps,
    host: web.host,
    port: web.port,
    pages,
    slack: app?.requestListener,
    trustedProxies: web.trustedProxies,
    hooks: returns.hooks,
  });
  closers.push(() => server.close());
  log.info({ url: server.url }, 'recipients are served');
  if (app === undefined) return;
  closers.push(() => app.stop());
  await app.start();
}

/** Says in the log what came back, now and then and at the end: numbers only. */
function tellReturns({ deps }: Resources, closers: (() => Promise<unknown>)[]): void {
  const watch = watchReturns(deps.returns);
  const tell = () => {
    const since = watch.news();
    if (since !== undefined) deps.log.info({ returns: since }, 'what came back');
  };
  const clock = setInterval(tell, RETURNS_TOLD_MS).unref();
  closers.push(async () => {
    clearInterval(clock);
    tell();
  });
}

/** The listener for mail that comes back, where one is configured. */
async function openInbound(
  { deps, config: { returns, mail } }: Resources,
  closers: (() => Promise<unknown>)[],
): Promise<void> {
  if (returns.inbound === undefined) {
    if (mail?.bounceDomain !== undefined) {
      const domain = mail.bounceDomain;
      deps.log.warn({ domain }, 'returned mail is not read: INBOUND_SMTP_PORT is not set');
    }
    return;
  }
  const { domain } = returns.inbound;
  const { startListener } = await import('./inbound/listener.ts');
  const listener = await startListener({ deps, ...returns.inbound });
  closers.push(() => listener.close());
  const complaints = complaintsAddress(domain, deps.tokenKeys);
  deps.log.info({ port: listener.port, domain, complaints }, 'returned mail is taken in');
}

async function openJobs(
  { deps, agenda, config, slack }: Resources,
  closers: (() => Promise<unknown>)[],
): Promise<void> {
  const { role, limits } = config;
  const jobs = await startJobs({
    agenda,
    deps,
    lockMs: limits.lockSeconds * SECOND_MS,
    log: deps.log,
    work: role === 'all' || role === 'worker',
    send: (role === 'all' || role === 'sender') && deps.mail !== undefined,
    announcer:
      slack === undefined
        ? undefined
        : (await import('./slack/announcer.ts')).createAnnouncer(deps, slack),
  });
  closers.push(() => jobs.stop());
}

function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
}
