/**
 * SMTP tools: smtp-source and smtp-sink of Postfix, the limit that everybody knows. They are looked
 * for on the PATH, in /usr/sbin, and in the folder that POSTFIX_ROOT names.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const HOW = `smtp-source and smtp-sink are not here, so nothing was measured. They are part of Postfix:
  apt-get install postfix
or, without installing anything:
  apt-get download postfix && dpkg -x postfix_*.deb ../postfix
  POSTFIX_ROOT=../postfix npm run bench -- send`;
const BACKLOG = 1_000;
const START_MS = 5_000;
const TRY_MS = 50;

export interface SmtpTools {
  readonly source: string;
  readonly sink: string;
  readonly env: NodeJS.ProcessEnv;
}
export interface Sink {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** @throws Error that says how to get them */
export function findSmtpTools(environment: NodeJS.ProcessEnv): SmtpTools {
  const root = environment['POSTFIX_ROOT'];
  const folders = (environment['PATH'] ?? '').split(delimiter).concat('/usr/sbin');
  if (root !== undefined) folders.unshift(join(root, 'usr/sbin'));
  const folder = folders.find((path) => existsSync(join(path, 'smtp-sink')));
  if (folder === undefined) throw new Error(HOW);
  const env = { ...environment };
  if (root !== undefined) env['LD_LIBRARY_PATH'] = join(root, 'usr/lib/postfix');
  return { source: join(folder, 'smtp-source'), sink: join(folder, 'smtp-sink'), env };
}

/** A server that takes every mail and keeps none, on a free port of this machine. */
export async function startSink({ sink, env }: SmtpTools): Promise<Sink> {
  const port = await freePort();
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(sink, [...user, `127.0.0.1:${port}`, String(BACKLOG)], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await answers(child, port);
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    async stop() {
      child.kill();
      await gone;
    },
  };
}

/** Sends `count` mails of `bytes` over kept sessions, as fast as it can. */
export async function runSource(
  { source, env }: SmtpTools,
  { port }: Sink,
  { count, bytes, sessions }: { count: number; bytes: number; sessions: number },
): Promise<{ perSecond: number; cpuUs: number }> {
  const size = `-d -s ${sessions} -m ${count} -l ${bytes}`;
  const command = `time '${source}' ${size} -f bounce@example.com -t person@example.com 127.0.0.1:${port}`;
  const timeFormat = { ...env, TIMEFORMAT: '%R %U %S' };
  const { stderr } = await promisify(execFile)('bash', ['-c', command], { env: timeFormat });
  const [wall = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  return { perSecond: count / wall, cpuUs: ((user + system) / count) * 1_000_000 };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

async function answers(child: ChildProcess, port: number): Promise<void> {
  const untilMs = performance.now() + START_MS;
  while (performance.now() < untilMs) {
    if (child.exitCode !== null) break;
    if (await isOpen(port)) return;
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
  throw new Error('smtp-sink did not start; its own words stand above');
}

async function isOpen(port: number): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
