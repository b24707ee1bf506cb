/**
 * Send: composing, signing, recording and handing over, against smtp-source (the limit that all
 * know), nodemailer's pool as usually used, and the machine's own limit on RSA signatures.
 *
 *   npm run bench -- send [--sizes 20000,100000]    the first size: rates; the last: memory, commands
 *
 * All of it in one run, one after the other: only the ratios mean anything.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Deps } from '../src/workflow/deps.ts';
import { sendConfirmations } from '../src/workflow/send-confirmations.ts';
import { printTable, ratio } from './measure.ts';
import { WORKSPACE } from './people.ts';
import { sendDeps } from './send-deps.ts';
import {
  benchSkeleton,
  type Rate,
  rateOf,
  recipient,
  runEngine,
  runPool,
  runSignatures,
  SESSIONS,
} from './send-engine.ts';
import { queueMails } from './send-queue.ts';
import { findSmtpTools, runSource, type Sink, type SmtpTools, startSink } from './smtp-tools.ts';

/** Slow ways get fewer mails, and as much time. */
const POOL_SHARE = 10;
const SIGNED_SHARE = 2;
/** Passes that end without sending all: more is a fault. */
const PASSES_MAX = 50;
const SENDERS = [1, 2, 3];
const LISTMONK = 0.35;
const NOTHING: Rate = { perSecond: 0, cpuUs: 0 };
const MB = 1024 * 1024;
const SAMPLE_MS = 200;

export async function benchSend(_: Deps, sizes: readonly number[], uri: string): Promise<void> {
  const tools = findSmtpTools(process.env);
  const sink = await startSink(tools);
  const folder = await mkdtemp(join(tmpdir(), 'assent-bench-send-'));
  try {
    const keyFile = join(folder, 'dkim.pem');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writeFile(keyFile, keyPem, { mode: 0o600 });
    const scene = { tools, sink, uri, keyFile, keyPem };
    const [first = 20_000] = sizes;
    await benchRates(scene, first);
    await benchSenders(scene, first);
    await benchLong(scene, sizes.at(-1) ?? first);
  } finally {
    await sink.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Scene {
  readonly tools: SmtpTools;
  readonly sink: Sink;
  readonly uri: string;
  readonly keyFile: string;
  readonly keyPem: string;
}

async function benchRates(scene: Scene, count: number): Promise<void> {
  const { tools, sink, keyPem } = scene;
  const { raw } = await (await benchSkeleton()).compose(recipient(1));
  const load = { count, bytes: raw.length, sessions: SESSIONS };
  const slow = Math.ceil(count / POOL_SHARE);
  const signed = Math.ceil(count / SIGNED_SHARE);
  // Twice: what the machine does besides differs from minute to minute.
  const sources = [await runSource(tools, sink, load), await runSource(tools, sink, load)];
  const source = sources.toSorted((a, b) => b.perSecond - a.perSecond)[0] ?? NOTHING;
  const engine = await runEngine(sink.url, count);
  const pool = await runPool(sink.url, slow, keyPem);
  const rsa = await runSignatures(signed, keyPem);
  const engineSigned = await runEngine(sink.url, signed, keyPem);
  const recorded = await runRecorded(scene, count);
  const recordedSigned = await runRecorded(scene, signed, scene.keyFile);
  const row = (what: string, { perSecond, cpuUs }: Rate, against: string, goal: string) => ({
    [`what (${raw.length} bytes)`]: what,
    'mails/s': Math.round(perSecond),
    'its CPU µs a mail': Math.round(cpuUs),
    against,
    goal,
  });
  const of = (part: Rate, whole: Rate, name: string, share = 1) =>
    `${ratio(part.perSecond / (share * whole.perSecond))} × ${name}`;
  printTable(`Sending, ${count} mails`, [
    row(`smtp-source, ${SESSIONS} kept sessions`, source, '', ''),
    row('engine alone, unsigned', engine, of(engine, source, 'smtp-source'), '≥ 0.65'),
    row('RSA-2048 signatures alone', rsa, '', 'the ceiling of what is signed'),
    row('engine alone, signed', engineSigned, of(engineSigned, rsa, 'signatures'), ''),
    row('nodemailer’s pool, signed', pool, '', ''),
    row('signed and recorded', recordedSigned, of(recordedSigned, pool, 'the pool'), '≥ 4'),
    row(
      'unsigned and recorded',
      recorded,
      of(recorded, source, `${LISTMONK} smtp-source`, LISTMONK),
      '≥ 1.5',
    ),
  ]);
}

/** Everything that the product does for a mail, by one sender in this process. */
async function runRecorded({ uri, sink }: Scene, count: number, keyFile?: string): Promise<Rate> {
  const { deps, close } = await sendDeps(uri, sink.url, { keyFile });
  await queueMails(deps, count);
  const rate = await rateOf(count, () => sendAll(deps, count));
  await close();
  return rate;
}

async function sendAll(deps: Deps, count: number): Promise<void> {
  let sent = 0;
  const { signal } = new AbortController();
  for (let pass = 0; sent < count && pass < PASSES_MAX; pass += 1) {
    sent += (await sendConfirmations(deps, WORKSPACE, { signal })).sent;
  }
  if (sent !== count) throw new Error(`${sent} of ${count} mails were sent: nothing was measured.`);
}

/** How several processes share the same mails. */
async function benchSenders(scene: Scene, count: number): Promise<void> {
  const rows = [];
  for (const senders of SENDERS) {
    const { deps, close } = await sendDeps(scene.uri, scene.sink.url, {});
    await queueMails(deps, count);
    await close();
    const { perSecond, shares } = await runSenders(scene, senders, count);
    rows.push({
      'sender processes': senders,
      'mails/s in all': Math.round(perSecond),
      'share of each': shares.map((share) => `${Math.round(share * 100)} %`).join(' · '),
    });
  }
  printTable(`Several senders, unsigned and recorded, ${count} mails`, rows);
}

async function runSenders({ uri, sink }: Scene, senders: number, count: number) {
  const path = fileURLToPath(new URL('./send-worker.ts', import.meta.url));
  const execArgv = ['--import', fileURLToPath(new URL('./without-types.mjs', import.meta.url))];
  const children = Array.from({ length: senders }, () => fork(path, [uri, sink.url], { execArgv }));
  await Promise.all(children.map((child) => once(child, 'message')));
  const startMs = performance.now();
  const told = children.map((child) => sentBy(child));
  for (const child of children) child.send('go');
  const sent = await Promise.all(told);
  const perSecond = (count / (performance.now() - startMs)) * 1_000;
  const sum = sent.reduce((all, each) => all + each, 0);
  if (sum !== count) throw new Error(`${sum} of ${count} mails were sent: nothing was measured.`);
  return { perSecond, shares: sent.map((each) => each / count) };
}

async function sentBy(child: ChildProcess): Promise<number> {
  const [message] = (await once(child, 'message')) as [{ sent: number }];
  return message.sent;
}

/** Many mails: what the database is asked, and what the process needs at each tenth of the way. */
async function benchLong(scene: Scene, count: number): Promise<void> {
  const { deps, close } = await sendDeps(scene.uri, scene.sink.url, { isWatched: true });
  await queueMails(deps, count);
  let commands = 0;
  deps.database.client.on('commandStarted', () => {
    commands += 1;
  });
  const rss: number[] = [];
  const watch = setInterval(() => rss.push(process.memoryUsage.rss() / MB), SAMPLE_MS);
  globalThis.gc?.();
  await sendAll(deps, count);
  clearInterval(watch);
  await close();
  const half = Math.floor(rss.length / 2);
  const [early, late] = [rss.slice(0, half), rss.slice(half)].map((part) =>
    Math.round(Math.max(0, ...part)),
  );
  printTable('Many mails, unsigned and recorded', [
    {
      mails: count,
      'database commands a mail (goal < 0.3)': (commands / count).toFixed(3),
      'highest RSS MB, first half': early ?? 0,
      'highest RSS MB, second half (goal: flat)': late ?? 0,
    },
  ]);
}
