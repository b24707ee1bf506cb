/**
 * Mongod gone: the database is killed in the middle of a running request and of sending mail, stays
 * away for a while, and comes back. The program waits, says so to whoever asks, and goes on by
 * itself: nothing is lost, nothing is done twice.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Agenda } from 'agenda';
import { type Inbox, startInbox } from '../../demo/inbox/inbox.ts';
import { planSize } from '../../src/consent/plan.ts';
import type { Request } from '../../src/consent/request.ts';
import { loadTemplates } from '../../src/mail/templates.ts';
import { createQueue, openAgenda } from '../../src/queue.ts';
import { type LocalMongod, startLocalMongod } from '../../src/store/local-mongod.ts';
import { SENDS, type SendDocument } from '../../src/store/send-document.ts';
import { approveRequest } from '../../src/workflow/approve-request.ts';
import { crossCheck } from '../support/cross-check.ts';
import { APPROVER, TEMPLATE, type TestDeps, testDeps, WORKSPACE } from '../support/deps.ts';
import { addBatch, addPeople } from '../support/people.ts';
import { buildProgram, type Program } from '../support/program.ts';
import { submitted } from '../support/requests.ts';

/** Some seconds of work: what runs must still run when the database goes. */
const PEOPLE = 20_000;
const ASKED = 60;
/** Longer than the program waits for a server, so that what it was doing fails. */
const GONE_MS = 6_000;
const END_MS = 180_000;

let mongod: LocalMongod;
let deps: TestDeps;
let agenda: Agenda;
let inbox: Inbox;
let home: string;
let program: Program;
let running: ChildProcess;
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
  program = await buildProgram(deps);
}, 60_000);
afterAll(async () => {
  await program.stop();
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

/** Starts it; resolves with the address of its pages when it is ready. */
async function startProgram(): Promise<string> {
  const environment = {
    SMTP_URL: inbox.smtpUrl,
    MAIL_PER_SECOND: '10',
    MAIL_CANARY_MINUTES: '0',
    MAIL_CONNECTIONS: '2',
    LEASE_SECONDS: '2',
    LOCK_SECONDS: '2',
  };
  running = await program.start(environment, (words) => {
    said += words;
  });
  const url = /"url":"(http[^"]+)"/.exec(said)?.[1];
  if (url === undefined) throw new Error(`no address: ${said}`);
  return url;
}

async function submittedTo(id: string, people: number, asks: boolean): Promise<Request> {
  const batch = await addBatch(deps, id);
  await addPeople(
    deps,
    Array.from({ length: people }, (_, n) => ({ address: `${id}.${n}@example.com`, in: [batch] })),
  );
  const ask = { who: 'changed' as const, template: TEMPLATE, silence: 'keep' as const };
  return submitted(deps, {
    choice: { sources: [batch], match: 'any', fields: ['email'] },
    ...(asks ? { ask } : {}),
  });
}

const approve = ({ id: request, plan }: Request): Promise<Request> =>
  approveRequest(deps, {
    workspace: WORKSPACE,
    request,
    by: APPROVER,
    planHash: plan.hash,
    typed: planSize(plan),
  });

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
    const asking = await submittedTo('asking', ASKED, true);
    const large = await submittedTo('large', PEOPLE, false);
    const url = await startProgram();
    await approve(asking);
    await until('mail leaves', async () => inbox.mails.length > 0);
    // Only now, so that neither is through before the other has begun.
    await approve(large);
    await until('the large one has begun', async () => {
      const { counts } = await store.ranges.progress(large.id, new Date());
      return counts.changed > 0;
    });
    const { state } = await store.requests.find(large.id);
    await killMongod();
    const mailedBefore = inbox.mails.length;
    await until('it says that it cannot work', async () => (await status(url, '/readyz')) === 503);
    await sleep(GONE_MS);
    expect(running.exitCode).toBeNull();
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
