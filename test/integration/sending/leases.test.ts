/** Leases: a claim gives the rows as they stand, and each mail of a batch gets its own fate. */
import { afterAll, beforeEach, expect, it, jest } from '@jest/globals';
import { type NewSend, SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import { type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';

jest.setTimeout(60_000);

const NOW = new Date('2026-11-23T09:00:00Z');
const LATER = new Date('2026-12-07T09:00:00Z');
const LEASE = { token: 'ours', now: NOW, until: LATER };
const COUNT = 5;
let deps: TestDeps | undefined;

async function queued() {
  deps ??= await testDeps();
  const { database } = deps;
  const { sends } = database.of(WORKSPACE);
  const rows = database.db.collection<SendDocument>(SENDS);
  await rows.deleteMany({});
  const news = Array.from(
    { length: COUNT },
    (_, index): NewSend => ({
      cause: { kind: 'request', id: 'q_1' },
      address: String(index).padStart(32, '0'),
      kind: 'ask',
      template: 'double-opt-in',
      templateHash: 'a'.repeat(64),
      silence: 'keep',
      linkDays: 14,
      provider: 'gmail',
      createdAt: NOW,
    }),
  );
  await database.inTransaction((tx) => sends.insertMany(news, tx));
  const claim = (token = LEASE.token, limit = COUNT) =>
    sends.claim([{ requests: ['q_1'], limit }], { ...LEASE, token });
  const byId = async () => new Map((await rows.find().toArray()).map((row) => [row._id, row]));
  return { sends, rows, claim, byId };
}

let scene: Awaited<ReturnType<typeof queued>>;
beforeEach(async () => {
  scene = await queued();
});
afterAll(async () => deps?.close());

it('a claim gives what stands in the database now', async () => {
  const claimed = await scene.claim();
  expect(claimed).toHaveLength(COUNT);
  expect(new Map(claimed.map((row) => [row._id, row]))).toEqual(await scene.byId());
});

it('two claims at once share the rows: nobody gets what the other one has', async () => {
  const [mine, theirs] = await Promise.all([scene.claim('mine', 3), scene.claim('theirs', 3)]);
  const ids = [...mine, ...theirs].map(({ _id }) => _id);
  expect(new Set(ids).size).toBe(ids.length);
  const rows = await scene.byId();
  for (const { _id } of mine) expect(rows.get(_id)?.lease?.token).toBe('mine');
  for (const { _id } of theirs) expect(rows.get(_id)?.lease?.token).toBe('theirs');
});

it('each mail of a batch gets its own words, times and state', async () => {
  const claimed = await scene.claim();
  const ids = claimed.map(({ _id }) => _id);
  const mails = ids.map((id) => ({ id, messageId: `<${id}@a.example>`, mailHash: `hash ${id}` }));
  expect(await scene.sends.markSending(mails, LEASE.token, NOW)).toEqual(new Set(ids));
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = ids;
  const sent = { state: 'sent', sentAt: NOW, nextAt: LATER } as const;
  const results = [
    { id: first, result: { ...sent, reply: '250 queued as $reply' } },
    { id: second, result: { ...sent, nextAt: NOW, reply: '250 queued as B' } },
    {
      id: third,
      result: { ...sent, reply: '250 queued as C', note: 'already_confirmed' as const },
    },
    { id: fourth, result: { state: 'blocked', nextAt: LATER, reply: '550 5.7.1 no' } as const },
    { id: fifth, result: { state: 'queued', nextAt: NOW, uncount: true, untried: true } as const },
  ];
  await scene.sends.settleMany(results, 'another lease');
  expect((await scene.byId()).get(first)).toMatchObject({ state: 'sending', attempts: 1 });
  await scene.sends.settleMany(results, LEASE.token);
  const rows = await scene.byId();
  expect(ids.map((id) => rows.get(id))).toEqual([
    expect.objectContaining({ ...sent, reply: '250 queued as $reply', attempts: 1 }),
    expect.objectContaining({ ...sent, nextAt: NOW, reply: '250 queued as B' }),
    expect.objectContaining({ ...sent, reply: '250 queued as C', note: 'already_confirmed' }),
    expect.objectContaining({ state: 'blocked', reply: '550 5.7.1 no', triedAt: NOW }),
    expect.objectContaining({ state: 'queued', nextAt: NOW, attempts: 0 }),
  ]);
  expect(rows.get(fifth)).not.toHaveProperty('triedAt');
  for (const row of rows.values()) {
    expect(row).not.toHaveProperty('lease');
    expect(row).toMatchObject(
      row.state === 'queued'
        ? {}
        : { messageId: `<${row._id}@a.example>`, mailHash: `hash ${row._id}` },
    );
  }
});

it('a write-ahead for nobody writes nothing', async () => {
  await scene.claim();
  expect(await scene.sends.markSending([], LEASE.token, NOW)).toEqual(new Set());
  expect(await scene.rows.countDocuments({ state: 'claimed' })).toBe(COUNT);
});
