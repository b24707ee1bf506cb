/** Plans: with a queue of any length, the next mails are found in an index, read in order. */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { type NewSend, SENDS } from '../../../src/store/send-document.ts';
import { type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';

jest.setTimeout(90_000);

const NOW = new Date('2026-11-23T09:00:00Z');
const PROVIDERS = ['gmail', 'outlook', 'yahoo', 'a.example', 'b.example'];
let deps: TestDeps;

beforeAll(async () => {
  deps = await testDeps();
  const news = Array.from(
    { length: 2_000 },
    (_, index): NewSend => ({
      cause: { kind: 'request', id: index % 2 === 0 ? 'q_1' : 'q_2' },
      address: String(index).padStart(32, '0'),
      kind: 'ask',
      template: 'double-opt-in',
      templateHash: 'a'.repeat(64),
      silence: 'keep',
      linkDays: 14,
      provider: PROVIDERS[index % PROVIDERS.length] ?? 'none',
      createdAt: NOW,
    }),
  );
  await deps.database.inTransaction((tx) => deps.database.of(WORKSPACE).sends.insertMany(news, tx));
});
afterAll(async () => deps.close());

it.each([1, 3])('a claim of %d quotas sorts nothing and reads what it takes', async (count) => {
  const quotas = PROVIDERS.slice(0, count).map((provider) => ({
    requests: ['q_1', 'q_2'],
    providers: [provider, `also-${provider}`],
    limit: 10,
  }));
  const store = deps.database.of(WORKSPACE);
  const lease = { token: `t${count}`, now: NOW, until: NOW };
  const rows = await store.sends.claim(quotas, lease);
  expect(rows).toHaveLength(10 * count);
  const sends = deps.database.db.collection(SENDS);
  const match = {
    state: 'queued',
    nextAt: { $lte: NOW },
    'cause.id': { $in: ['q_1', 'q_2'] },
    provider: { $in: ['gmail', 'also-gmail'] },
    workspace: WORKSPACE,
  };
  const plan = await sends
    .find(match, { projection: { _id: 1 } })
    .sort({ nextAt: 1 })
    .limit(10)
    .explain('executionStats');
  expect(JSON.stringify(plan['queryPlanner'].winningPlan)).not.toContain('"SORT"');
  expect(plan['executionStats'].totalKeysExamined).toBeLessThanOrEqual(30);
});

it('what others hold is passed over within the index', async () => {
  const sends = deps.database.db.collection<{ _id: string }>(SENDS);
  const due = {
    state: 'queued',
    nextAt: { $lte: NOW },
    'cause.id': { $in: ['q_1', 'q_2'] },
    provider: { $in: ['yahoo', 'a.example'] },
    workspace: WORKSPACE,
  };
  const oldest = sends.find(due, { sort: { nextAt: 1 }, limit: 500, projection: { _id: 1 } });
  const held = (await oldest.toArray()).map(({ _id }) => _id);
  const lease = { token: 'held', now: NOW, until: new Date(NOW.getTime() + 1) };
  const quota = { requests: ['q_1', 'q_2'], providers: ['yahoo', 'a.example'] };
  const store = deps.database.of(WORKSPACE);
  expect(await store.sends.claim([{ ...quota, limit: 500 }], lease)).toHaveLength(500);
  const rows = await store.sends.claim([{ ...quota, limit: 10 }], { ...lease, token: 'next' });
  expect(rows).toHaveLength(10);
  const plan = await sends
    .find({ ...due, _id: { $nin: held } })
    .sort({ nextAt: 1 })
    .limit(10)
    .explain('executionStats');
  expect(JSON.stringify(plan['queryPlanner'].winningPlan)).not.toContain('"SORT"');
  expect(plan['executionStats'].totalKeysExamined).toBeLessThanOrEqual(500 + 30);
});

it('the providers with due mail are found by one key each', async () => {
  const store = deps.database.of(WORKSPACE);
  const due = await store.sendGroups.dueProviders('q_1', NOW);
  expect(new Set(due)).toEqual(new Set(PROVIDERS));
  const sends = deps.database.db.collection(SENDS);
  const plan = await sends
    .aggregate([
      { $match: { 'cause.id': 'q_1', state: 'queued', workspace: WORKSPACE } },
      { $sort: { provider: 1, nextAt: 1 } },
      { $group: { _id: '$provider', nextAt: { $first: '$nextAt' } } },
    ])
    .explain('executionStats');
  expect(JSON.stringify(plan)).toContain('DISTINCT_SCAN');
});
