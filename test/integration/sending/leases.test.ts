/**
 * Leases: a claim keeps others from the same rows, the write-ahead gives each row to one sender only
 * as it was read, and each mail of a batch gets its own fate.
 */
import { afterAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SEND_CLAIMS } from '../../../src/store/send-claims.ts';
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
  await database.db.collection(SEND_CLAIMS).deleteMany({});
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
  const claim = (token = LEASE.token, limit = COUNT, over: Partial<typeof LEASE> = {}) =>
    sends.claim([{ requests: ['q_1'], limit }], { ...LEASE, token, ...over });
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
  expect(ids.length).toBeGreaterThan(3);
});

it('eight claims at once leave nothing and take nothing twice', async () => {
  const claims = await Promise.all(Array.from({ length: 8 }, (_, n) => scene.claim(`t${n}`, 2)));
  const ids = claims.flat().map(({ _id }) => _id);
  const rest = await scene.claim('rest');
  expect([...ids, ...rest.map(({ _id }) => _id)].toSorted()).toEqual(
    [...(await scene.byId()).keys()].toSorted(),
  );
});

it('what is claimed is left alone until it is given up, or its time is over', async () => {
  const [first] = await scene.claim('mine', 2);
  expect(await scene.claim('theirs')).toHaveLength(COUNT - 2);
  expect(await scene.claim('third')).toEqual([]);
  await scene.sends.putBack([{ id: first?._id ?? '' }], { ...LEASE, token: 'mine' });
  expect(await scene.claim('third')).toEqual([first]);
  await scene.sends.release('mine');
  expect(await scene.claim('fourth')).toHaveLength(1);
  expect(await scene.claim('fifth', COUNT, { now: LATER })).toHaveLength(COUNT);
});

it('a renewed claim is not over', async () => {
  await scene.claim('mine');
  await scene.sends.renew('mine', new Date(LATER.getTime() + 1));
  expect(await scene.sends.recover(LATER)).toEqual({ claims: 0, unknown: 0 });
  expect(await scene.claim('theirs', COUNT, { now: LATER })).toEqual([]);
  expect(await scene.sends.recover(new Date(LATER.getTime() + 1))).toEqual({
    claims: 1,
    unknown: 0,
  });
});

it('two claims that gave everything back do not stand in each other’s way', async () => {
  for (const token of ['mine', 'theirs']) {
    const rows = await scene.claim(token, 2);
    expect(rows).toHaveLength(2);
    await scene.sends.putBack(
      rows.map(({ _id }) => ({ id: _id })),
      { ...LEASE, token },
    );
  }
  expect(await scene.claim('third')).toHaveLength(COUNT);
});

const mailOf = ({ _id }: SendDocument) => ({
  id: _id,
  messageId: `<${_id}@a.example>`,
  mailHash: `hash ${_id}`,
});

describe('the write-ahead', () => {
  it('gives rows that two senders hold to one of them each', async () => {
    const mine = await scene.claim('mine');
    // Its time is over, and it does not know.
    const theirs = await scene.claim('theirs', COUNT, { now: LATER, until: LATER });
    expect(theirs).toEqual(mine);
    const mails = mine.map(mailOf);
    const written = await Promise.all([
      scene.sends.markSending(mails, { ...LEASE, token: 'mine' }, NOW),
      scene.sends.markSending(mails, { ...LEASE, token: 'theirs', now: LATER }, NOW),
    ]);
    const ids = written.flatMap((ours) => [...ours]);
    expect(ids.toSorted()).toEqual(mine.map(({ _id }) => _id).toSorted());
    const rows = await scene.byId();
    for (const [index, token] of ['mine', 'theirs'].entries()) {
      for (const id of written[index] ?? []) {
        expect(rows.get(id)).toMatchObject({ lease: { token }, attempts: 1, state: 'sending' });
      }
    }
  });

  it.each<[string, Partial<SendDocument>]>([
    ['cancelled', { state: 'cancelled' }],
    ['sent by another', { state: 'sent' }],
    ['put off', { nextAt: LATER }],
    ['tried and put back at once', { attempts: 1, nextAt: new Date(NOW.getTime() + 1) }],
  ])('takes nothing that was %s since it was claimed', async (_what, set) => {
    const [first, ...others] = await scene.claim();
    const before = { ...first, ...set };
    await scene.rows.updateOne({ _id: first?._id ?? '' }, { $set: set });
    const mails = [first, ...others].flatMap((send) => (send === undefined ? [] : [mailOf(send)]));
    const ours = await scene.sends.markSending(mails, LEASE, LATER);
    expect(ours).toEqual(new Set(others.map(({ _id }) => _id)));
    expect((await scene.byId()).get(first?._id ?? '')).toEqual(before);
  });

  it('nor does what is written without it', async () => {
    const [first] = await scene.claim();
    const id = first?._id ?? '';
    await scene.sends.markSending([{ id, messageId: 'm', mailHash: 'h' }], LEASE, NOW);
    const held = (await scene.byId()).get(id);
    expect(await scene.sends.settleClaimed(id, LEASE, { state: 'cancelled' })).toBe(false);
    await scene.sends.putBack([{ id, nextAt: LATER }], LEASE);
    expect((await scene.byId()).get(id)).toEqual(held);
  });

  it('holds its rows under a lease, which is renewed and runs out', async () => {
    const rows = await scene.claim();
    await scene.sends.markSending(rows.slice(1).map(mailOf), LEASE, NOW);
    const longer = new Date(LATER.getTime() + 1);
    await scene.sends.renew(LEASE.token, longer);
    const leases = [...(await scene.byId()).values()].map(({ lease }) => lease?.until);
    expect(leases.filter((until) => until !== undefined)).toEqual(rows.slice(1).map(() => longer));
    expect(await scene.sends.recover(LATER)).toEqual({ claims: 0, unknown: 0 });
    expect(await scene.sends.recover(longer)).toEqual({ claims: 1, unknown: COUNT - 1 });
    expect(await scene.rows.countDocuments({ state: 'queued' })).toBe(1);
  });
});

it('each mail of a batch gets its own words, times and state', async () => {
  const claimed = await scene.claim();
  const ids = claimed.map(({ _id }) => _id);
  const mails = claimed.map(mailOf);
  expect(await scene.sends.markSending(mails, LEASE, NOW)).toEqual(new Set(ids));
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
  expect(await scene.sends.markSending([], LEASE, NOW)).toEqual(new Set());
  expect(await scene.rows.countDocuments({ state: 'queued' })).toBe(COUNT);
});
