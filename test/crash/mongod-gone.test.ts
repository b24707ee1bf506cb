/**
 * Mongod gone: the database is killed in the middle of a running request and of sending mail, stays
 * away for a while, and comes back. The program waits, says so to whoever asks, and goes on by
 * itself: nothing is lost, nothing is done twice.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Agenda } from 'agenda';
import { type Inbox, startInbox } from '../../demo/inbox/inbox.ts';
import type { Request } from '../../src/consent/request.ts';
import { loadTemplates } from '../../src/mail/templates.ts';
import { createQueue, openAgenda } from '../../src/queue.ts';
import { type LocalMongod, startLocalMongod } from '../../src/store/local-mongod.ts';
import { SENDS, type SendDocument } from '../../src/store/send-document.ts';
import { crossCheck } from '../support/cross-check.ts';
import { TEMPLATE, type TestDeps, testDeps, WORKSPACE } from '../support/deps.ts';
import { addBatch, addPeople } from '../support/people.ts';
import { approved } from '../support/requests.ts';

const PEOPLE = 60_000;
const ASKED = 60;
const GONE_MS = 6_000;
const END_MS = 180_000;

let mongod: LocalMongod;
let deps: TestDeps;
let agenda: Agenda;
let inbox: Inbox;
let home: string;
let program: ChildProcess;
let said = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assent-gone-'));
  await startMongod();
  process.env['TEST_MONGODB_URI'] = mongod.uri;
  const hash = (await loadTemplates('templates/mail')).get(TEMPLATE)?.hash ?? '';
  const templates = { names: () => [TEMPLATE], hash: () => hash };
  const plain = await testDeps({ templates }, true);
  agenda = await openAgenda({
    db: plain.database.db,
    tickMs: 1_000,
    lockMs: 1_000,
    onError: () => {},
  });
  deps = { ...plain, queue: createQueue(agenda) };
  inbox = await startInbox();
}, 60_000);
afterAll(async () => {
  program.kill('SIGKILL');
  await agenda.stop(false);
  await inbox.stop();
  await deps.close();
  await mongod.stop();
  await rm(home, { recursive: true, force: true });
});

async function startMongod(): Promise<void> {
  mongod = await startLocalMongod({ folder: home, env: process.env, say: () => {} });
}

/** Its process id stands in its lock file. */
async function killMongod(): Promise<void> {
  const pid = Number(await readFile(join(home, 'db', 'mongod.lock'), 'utf8'));
  if (pid <= 1) throw new Error('mongod does not say who it is');
  process.kill(pid, 'SIGKILL');
}

/** The real program; resolves with the address of its pages when it is ready. */
async function startProgram(): Promise<string> {
  program = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'start'], {
    env: {
      PATH: process.env['PATH'],
      ASSENT_HOME: home,
      ASSENT_ADDRESS_KEY: deps.addressKey.toString('hex'),
      ASSENT_TOKEN_KEYS: `k1:${deps.tokenKeys[0].key.toString('hex')}`,
      MONGODB_URI: mongod.uri,
      MONGODB_DATABASE: deps.database.db.databaseName,
      PUBLIC_URL: 'http://127.0.0.1:1',
      PORT: '0',
      SMTP_URL: inbox.smtpUrl,
      MAIL_FROM: 'news@example.com',
      MAIL_FROM_NAME: 'Example GmbH',
      MAIL_POSTAL_ADDRESS: 'Beispielweg 1, 10115 Berlin',
      MAIL_PER_SECOND: '5',
      MAIL_CANARY_MINUTES: '0',
      MAIL_CONNECTIONS: '2',
      LEASE_SECONDS: '2',
      LOCK_SECONDS: '2',
      TICK_SECONDS: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  program.stderr?.on('data', (data) => {
    said += data;
  });
  const url = await new Promise<string>((resolve, reject) => {
    program.once('exit', () => reject(new Error(`ended by itself: ${said}`)));
    program.stdout?.on('data', (data) => {
      said += data;
      const at = /"url":"(http[^"]+)"/.exec(said)?.[1];
      if (at !== undefined && said.includes('"ready"')) resolve(at);
    });
  });
  return url;
}

async function newRequest(id: string, people: number, asks: boolean): Promise<Request> {
  const batch = await addBatch(deps, id);
  await addPeople(
    deps,
    Array.from({ length: people }, (_, n) => ({ address: `${id}.${n}@example.com`, in: [batch] })),
  );
  const ask = { who: 'changed' as const, template: TEMPLATE, silence: 'keep' as const };
  return approved(deps, {
    choice: { sources: [batch], match: 'any', fields: ['email'] },
    ...(asks ? { ask } : {}),
  });
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + END_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${what}: not in ${END_MS} ms. ${said.slice(-2_000)}`);
    await sleep(50);
  }
}

const status = async (url: string, path: string): Promise<number> =>
  (await fetch(new URL(path, url))).status;

it(
  'waits while MongoDB is gone, and goes on when it is back',
  async () => {
    const store = deps.database.of(WORKSPACE);
    const asking = await newRequest('asking', ASKED, true);
    const large = await newRequest('large', PEOPLE, false);
    const url = await startProgram();
    await until('both have begun', async () => {
      const { counts } = await store.ranges.progress(large.id, new Date());
      return counts.changed > 0 && inbox.mails.length > 0;
    });
    const { state } = await store.requests.find(large.id);
    await killMongod();
    const mailedBefore = inbox.mails.length;
    await until('it says that it cannot work', async () => (await status(url, '/readyz')) === 503);
    await sleep(GONE_MS);
    expect(program.exitCode).toBeNull();
    expect(await status(url, '/healthz')).toBe(200);
    await startMongod();
    await until(
      'it says that it can work again',
      async () => (await status(url, '/readyz')) === 200,
    );
    for (const { id } of [large, asking]) {
      await until(`${id} is done`, async () => (await store.requests.find(id)).state === 'done');
    }
    expect(state).toBe('processing');
    expect(mailedBefore).toBeLessThan(ASKED);
    expect((await store.requests.find(large.id)).counts).toMatchObject({ changed: PEOPLE });
    expect(await crossCheck(deps)).toEqual([]);
    await checkMail();
  },
  2 * END_MS,
);

/** Nothing arrived twice; what has no known fate is held, not lost. */
async function checkMail(): Promise<void> {
  const sends = await deps.database.db.collection<SendDocument>(SENDS).find().toArray();
  const ids = inbox.mails.map(({ headers }) => headers.get('message-id') ?? '');
  expect(sends).toHaveLength(ASKED);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { state, messageId = '' } of sends) {
    expect(['sent', 'unknown']).toContain(state);
    if (state === 'sent') expect(ids).toContain(messageId);
  }
}
