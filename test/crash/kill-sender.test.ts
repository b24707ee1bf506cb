/**
 * Kill sender: senders of the real program are killed (SIGKILL) at random moments while they mail at
 * speed. Where a mail of unknown fate is held, nobody gets two; where it is tried once more, nobody
 * gets none and nobody more than two. CRASH_ROUNDS sets how often; 8 in `npm test`, 200 in
 * `npm run test:crash`.
 */
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { getPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Agenda } from 'agenda';
import { SMTPServer } from 'smtp-server';
import type { UnknownPolicy } from '../../src/consent/plan.ts';
import { UNKNOWN_GRACE_MS } from '../../src/consent/unknown-send.ts';
import { loadTemplates } from '../../src/mail/templates.ts';
import { createQueue, openAgenda } from '../../src/queue.ts';
import { SENDS, type SendDocument } from '../../src/store/send-document.ts';
import { resolveUnknown } from '../../src/workflow/resolve-unknown.ts';
import { LANES } from '../../src/workflow/send-confirmations.ts';
import { mailsAheadMax } from '../../src/workflow/sending/batch.ts';
import { crossCheck } from '../support/cross-check.ts';
import { TEMPLATE, type TestDeps, testDeps, WORKSPACE } from '../support/deps.ts';
import { addBatch, addPeople } from '../support/people.ts';
import { buildProgram, type Program } from '../support/program.ts';
import { approved, worked } from '../support/requests.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 8);
const PROCESSES = 2;
/** Of each request: one whose unknown mails are held, one whose are tried once more. */
const ASKED = 150;
/** With fewer mails left in the queue than this there are new requests: a kill must hit something. */
const QUEUED_MIN = 150;
const CONNECTIONS = 2;
const MAILS_PER_SECOND = 150;
/** Write-ahead: what one killed sender may leave unknown (connections and batch of each lane). */
const UNKNOWN_PER_KILL_MAX = LANES * mailsAheadMax(CONNECTIONS);
/** From when the other mails leave, or its own. */
const LIFE_MS = { min: 0, max: 600 };
/** On a busy machine kills may hit nobody's mail for a while: then there are more of them. */
const ROUNDS_MAX = 4 * ROUNDS;
/** The sink takes up to so long for its last reply. */
const REPLY_MS_MAX = 20;
/** The worker's sweep, which there is none of here. */
const WAKE_MS = 300;
const END_MS = 120_000;
const BUILD_MS = 120_000;
const POLICIES: readonly UnknownPolicy[] = ['hold', 'resend-once'];

let deps: TestDeps;
let agenda: Agenda;
let sink: Sink;
let program: Program;
let clock: NodeJS.Timeout;
const requests = new Map<string, UnknownPolicy>();

beforeAll(async () => {
  // The template's real hash: a sender stops where a template is not the one that was approved.
  const hash = (await loadTemplates('templates/mail')).get(TEMPLATE)?.hash ?? '';
  const templates = { names: () => [TEMPLATE], hash: () => hash };
  const plain = await testDeps({ templates }, true);
  const { db } = plain.database;
  agenda = await openAgenda({ db, tickMs: 1_000, lockMs: 1_000, onError: () => {} });
  deps = { ...plain, queue: createQueue(agenda) };
  program = await buildProgram(deps);
  sink = await startSink();
  clock = setInterval(() => void deps.queue.wakeSender(), WAKE_MS);
}, BUILD_MS);
afterAll(async () => {
  clearInterval(clock);
  await program.stop();
  await agenda.stop(false);
  await sink.stop();
  await deps.close();
});

interface Sink {
  readonly port: number;
  /** By Message-ID: copies that a recipient has. */
  readonly copies: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/**
 * Takes mail and counts it. Its last reply comes a little late; half of the mails are kept before
 * it, as most servers do, the others only if somebody is there to hear it.
 */
async function startSink(): Promise<Sink> {
  const copies = new Map<string, number>();
  const gone = new Set<string>();
  const keep = (raw: string) => {
    const [, id = 'none'] = /^message-id: *(\S+)/im.exec(raw) ?? [];
    copies.set(id, (copies.get(id) ?? 0) + 1);
  };
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onClose: ({ id }) => void gone.add(id),
    onData(stream, { id }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        const raw = Buffer.concat(chunks).toString('latin1');
        const isEager = randomInt(2) === 0;
        if (isEager) keep(raw);
        setTimeout(() => {
          if (!isEager && !gone.has(id)) keep(raw);
          done();
        }, randomInt(REPLY_MS_MAX));
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    copies,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const startSender = (): Promise<ChildProcess> =>
  program.start({
    ASSENT_ROLE: 'sender',
    SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    MAIL_CONNECTIONS: String(CONNECTIONS),
    MAIL_PER_SECOND: String(MAILS_PER_SECOND),
    MAIL_CANARY_MINUTES: '0',
  });

/** Opts people in by a request that asks them; their mail is queued when this returns. */
async function newRequest(unknown: UnknownPolicy): Promise<void> {
  const batch = await addBatch(deps, `b_${requests.size}`);
  const people = Array.from({ length: ASKED }, (_, n) => ({
    address: `p${n}.${requests.size}@example.com`,
    in: [batch],
  }));
  await addPeople(deps, people);
  const { id } = await approved(deps, {
    choice: { sources: [batch], match: 'any', fields: ['email'] },
    ask: { who: 'changed', template: TEMPLATE, silence: 'keep', unknown },
  });
  requests.set(id, unknown);
  await worked(deps, id);
}

const sends = () => deps.database.db.collection<SendDocument>(SENDS);
const of = (policy: UnknownPolicy) => ({
  'cause.id': { $in: [...requests].filter(([, its]) => its === policy).map(([id]) => id) },
});
const copiesOf = ({ messageId = '' }: SendDocument) => sink.copies.get(messageId) ?? 0;

const unknownMails = () => sends().countDocuments({ state: 'unknown' });

/** Mail leaves: a kill may hit it. */
async function mailLeaves(): Promise<void> {
  const end = Date.now() + END_MS;
  while ((await sends().countDocuments({ state: 'sending' })) === 0) {
    if (Date.now() > end) throw new Error('no mail left');
    await sleep(20);
  }
}

async function isQuiet(): Promise<void> {
  const open = { state: { $in: ['queued', 'sending'] } } as const;
  const end = Date.now() + END_MS;
  while ((await sends().countDocuments(open)) > 0) {
    if (Date.now() > end) throw new Error(`${await sends().countDocuments(open)} mails are open`);
    await sleep(100);
  }
}

it(
  `survives ${ROUNDS} kills`,
  async () => {
    const alive = Array.from({ length: PROCESSES }, startSender);
    // Bulk work gives way to processes that people wait for.
    for (const { pid } of await Promise.all(alive)) {
      expect(getPriority(pid)).toBeGreaterThan(getPriority());
    }
    let kills = 0;
    const isTold = async () => kills >= ROUNDS && (await unknownMails()) > 0;
    while (kills < ROUNDS_MAX && !(await isTold())) {
      const victim = randomInt(PROCESSES);
      const doomed = await alive[victim];
      for (const policy of POLICIES) {
        const queued = await sends().countDocuments({ ...of(policy), state: 'queued' });
        if (queued < QUEUED_MIN) await newRequest(policy);
      }
      await mailLeaves();
      await sleep(randomInt(LIFE_MS.min, LIFE_MS.max));
      doomed?.kill('SIGKILL');
      kills += 1;
      // Its successor starts while the other one works on, and may be the next to die.
      alive[victim] = startSender();
    }
    await Promise.all(alive);
    await isQuiet();

    const tried = await sends().find().toArray();
    expect(tried).toHaveLength(requests.size * ASKED);
    const unknown = tried.filter(({ state }) => state === 'unknown');
    // Otherwise no kill hit a mail on its way, and nothing was tried here.
    expect(unknown.length).toBeGreaterThan(0);
    expect(unknown.length).toBeLessThanOrEqual(kills * UNKNOWN_PER_KILL_MAX);
    const wrong = tried.filter((send) => {
      const copies = copiesOf(send);
      return send.state === 'unknown' ? copies > 1 : send.state !== 'sent' || copies !== 1;
    });
    expect(wrong).toEqual([]);

    await resendAfterGrace();
    expect(await crossCheck(deps)).toEqual([]);
  },
  ROUNDS_MAX * 10_000 + 2 * END_MS,
);

/** A day later, without kills: what was unknown is tried once more where the request says so. */
async function resendAfterGrace(): Promise<void> {
  const held = await sends()
    .find({ ...of('hold'), state: 'unknown' })
    .toArray();
  const unknown = await sends()
    .find({ ...of('resend-once'), state: 'unknown' })
    .toArray();
  const aDayEarlier = { nextAt: { $subtract: ['$nextAt', UNKNOWN_GRACE_MS] } };
  await sends().updateMany({ state: 'unknown' }, [{ $set: aDayEarlier }]);
  expect(await resolveUnknown(deps, WORKSPACE)).toBe(unknown.length);
  await isQuiet();
  const before = new Set(unknown.map(({ _id }) => _id));
  for (const send of await sends().find(of('resend-once')).toArray()) {
    expect(send.state).toBe('sent');
    const copies = copiesOf(send);
    expect(copies).toBeGreaterThanOrEqual(1);
    expect(copies).toBeLessThanOrEqual(before.has(send._id) ? 2 : 1);
  }
  const stillHeld = await sends()
    .find({ ...of('hold'), state: 'unknown' })
    .toArray();
  expect(stillHeld.map(({ _id }) => _id)).toEqual(held.map(({ _id }) => _id));
  for (const send of stillHeld) expect(copiesOf(send)).toBeLessThanOrEqual(1);
}
