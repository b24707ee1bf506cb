/**
 * Kill: processes of the real program are killed (SIGKILL) at random moments while they change
 * permissions and send mail. Afterwards nothing is lost, nothing was done twice, and every change
 * has its proof. CRASH_ROUNDS sets how often; 20 in `npm test`, 200 in `npm run test:crash`.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Agenda } from 'agenda';
import { type Inbox, startInbox } from '../../demo/inbox/inbox.ts';
import type { Request } from '../../src/consent/request.ts';
import { loadTemplates } from '../../src/mail/templates.ts';
import { createQueue, openAgenda } from '../../src/queue.ts';
import { ADDRESSES, type AddressDocument } from '../../src/store/address-document.ts';
import { SENDS, type SendDocument } from '../../src/store/send-document.ts';
import { LANES } from '../../src/workflow/send-confirmations.ts';
import { mailsAheadMax } from '../../src/workflow/sending/batch.ts';
import { crossCheck } from '../support/cross-check.ts';
import { TEMPLATE, type TestDeps, testDeps, WORKSPACE } from '../support/deps.ts';
import { addBatch, addPeople } from '../support/people.ts';
import { buildProgram, type Program } from '../support/program.ts';
import { approved } from '../support/requests.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 20);
const PROCESSES = 2;
/** A second of work or more, for two processes that share two cores with the rest. */
const PEOPLE = 1_500;
const ASKED = 40;
const CONNECTIONS = 2;
/** What one killed sender may leave unknown: what it had written ahead. */
const UNKNOWN_PER_KILL_MAX = LANES * mailsAheadMax(CONNECTIONS);
const LIFE_MS = { min: 100, max: 1_200 };
const END_MS = 120_000;
const BUILD_MS = 120_000;

let deps: TestDeps;
let agenda: Agenda;
let inbox: Inbox;
let program: Program;

beforeAll(async () => {
  // The template's real hash: a sender stops where a template is not the one that was approved.
  const hash = (await loadTemplates('templates/mail')).get(TEMPLATE)?.hash ?? '';
  const templates = { names: () => [TEMPLATE], hash: () => hash };
  const plain = await testDeps({ templates }, true);
  const { db } = plain.database;
  agenda = await openAgenda({ db, tickMs: 1_000, lockMs: 1_000, onError: () => {} });
  deps = { ...plain, queue: createQueue(agenda) };
  inbox = await startInbox();
  program = await buildProgram(deps);
}, BUILD_MS);
afterAll(async () => {
  await program.stop();
  await agenda.stop(false);
  await inbox.stop();
  await deps.close();
});

const startProcess = () =>
  program.start({
    SMTP_URL: inbox.smtpUrl,
    MAIL_PER_SECOND: '40',
    MAIL_CONNECTIONS: String(CONNECTIONS),
  });

/** A batch of its own and an approved request over it; every other one asks by mail. */
async function newRequest(number: number): Promise<Request> {
  const batch = await addBatch(deps, `b_${number}`);
  const asks = number % 2 === 1;
  await addPeople(
    deps,
    Array.from({ length: asks ? ASKED : PEOPLE }, (_, n) => ({
      address: `p${n}.${number}@example.com`,
      in: [batch],
    })),
  );
  return approved(deps, {
    choice: { sources: [batch], match: 'any', fields: ['email'] },
    ...(asks
      ? { ask: { who: 'changed' as const, template: TEMPLATE, silence: 'revert' as const } }
      : {}),
  });
}

const now = async ({ id }: Request) => deps.database.of(WORKSPACE).requests.find(id);

it(
  `survives ${ROUNDS} kills`,
  async () => {
    const requests = [await newRequest(0), await newRequest(1)];
    const alive = Array.from({ length: PROCESSES }, startProcess);
    await Promise.all(alive);
    for (let round = 0; round < ROUNDS; round += 1) {
      const victim = randomInt(PROCESSES);
      // Awaited before there is new work: a kill must hit something.
      const doomed = await alive[victim];
      const states = await Promise.all(requests.map(async (request) => (await now(request)).state));
      if (states.filter((state) => state !== 'done').length < 2) {
        requests.push(await newRequest(requests.length), await newRequest(requests.length + 1));
      }
      await sleep(randomInt(LIFE_MS.min, LIFE_MS.max));
      doomed?.kill('SIGKILL');
      // Its successor starts while the other one works on, and may be the next to die.
      alive[victim] = startProcess();
    }
    await Promise.all(alive);
    const end = Date.now() + END_MS;
    for (const request of requests) {
      while ((await now(request)).state !== 'done') {
        if (Date.now() > end) throw new Error(`${request.id}: ${(await now(request)).state}`);
        await sleep(100);
      }
    }
    for (const request of requests) {
      const { counts, plan } = await now(request);
      expect(counts).toMatchObject({ changed: plan.counts.change, asks: plan.counts.asks });
    }
    expect(await crossCheck(deps)).toEqual([]);
    const { db } = deps.database;
    const changedOtherwise = await db.collection<AddressDocument>(ADDRESSES).countDocuments({
      $or: [{ permission: { $ne: 'single-opt-in' } }, { entries: { $not: { $size: 1 } } }],
    });
    expect(changedOtherwise).toBe(0);
    await checkMail(requests.filter((_, n) => n % 2 === 1).length);
  },
  ROUNDS * 10_000 + END_MS,
);

/** Every ask has one record; what is known as sent arrived once; nothing arrived twice. */
async function checkMail(asking: number): Promise<void> {
  const sends = await deps.database.db.collection<SendDocument>(SENDS).find().toArray();
  expect(sends).toHaveLength(asking * ASKED);
  const copies = new Map<string, number>();
  for (const { headers } of inbox.mails) {
    const id = headers.get('message-id') ?? '';
    copies.set(id, (copies.get(id) ?? 0) + 1);
  }
  expect([...copies.values()].filter((count) => count > 1)).toEqual([]);
  for (const { state, messageId = '' } of sends) {
    expect(['sent', 'unknown']).toContain(state);
    if (state === 'sent') expect(copies.get(messageId)).toBe(1);
  }
  const unknown = sends.filter(({ state }) => state === 'unknown').length;
  expect(unknown).toBeLessThanOrEqual(ROUNDS * UNKNOWN_PER_KILL_MAX);
}
