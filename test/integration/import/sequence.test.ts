/**
 * Sequence: any imports in any order. None ever moves an address toward more permission, proofs and
 * memberships always fit together, and a dry run always tells what the import then does.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Permission } from '../../../src/consent/permission.ts';
import { Refusal } from '../../../src/consent/refusal.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import { interviewOf } from '../../support/people.ts';
import { csvOf, faultsOf, imported, NOW, otherInterview } from './world.ts';

const RUNS = 15;

let deps: TestDeps;

beforeAll(async () => {
  deps = await testDeps();
  deps.setNow(NOW);
});

afterAll(() => deps.close());

/** How much may be sent; an import may only go down. */
const RANK: Readonly<Record<Permission, number>> = {
  'double-opt-in': 3,
  'single-opt-in': 2,
  'non-marketable': 1,
  'opted-out-by-user': 0,
  'opted-out-by-recipient': -1,
};

const address = fc.constantFrom('a', 'b', 'c', 'd').map((name) => `${name}@example.com`);
const row = fc.record({
  id: fc.constantFrom('', '1', '2'),
  email: fc.oneof({ weight: 6, arbitrary: address }, fc.constantFrom('', 'broken')),
  email2: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, address),
  status: fc.oneof(
    { weight: 6, arbitrary: fc.constant('') },
    fc.constantFrom('unsubscribed', 'bounced', 'complained', 'nonsense'),
  ),
  consent: fc.constantFrom('', '2020-01-01', '2026-01-01'),
  tags: fc.constantFrom('', 'vip', 'news;vip'),
  language: fc.constantFrom('', 'de', 'fr'),
});
const file = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 8 }),
  answer: fc.constantFrom('yes', 'no', 'other'),
  chunkRows: fc.integer({ min: 1, max: 4 }),
});
type File = typeof file extends fc.Arbitrary<infer Value> ? Value : never;

const textOf = ({ rows }: File): string =>
  csvOf(
    'Id,Email,Email 2,Status,Consent date,Tags,Language',
    ...rows.map((each) =>
      [
        each.id,
        each.email,
        each.email2,
        each.status,
        each.consent,
        each.tags,
        each.language,
      ].join(),
    ),
  );

async function importFile({ answer, chunkRows, ...rest }: File, dryRun: boolean) {
  const attested = answer === 'other' ? otherInterview(NOW) : interviewOf(NOW);
  const permission = answer === 'no' ? ('no' as const) : ('yes' as const);
  const interview = answer === 'no' ? undefined : attested;
  const over = { permission, interview, chunkRows, dryRun, again: true };
  try {
    const text = textOf({ answer, chunkRows, ...rest });
    const { batch: _batch, rejectFile, ...result } = await imported(deps, text, over);
    return { ...result, hasRejects: rejectFile !== null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.code };
  }
}

async function state(): Promise<Map<string, AddressDocument>> {
  const all = deps.database.db.collection<AddressDocument>(ADDRESSES).find();
  return new Map((await all.toArray()).map((each) => [each['_id'], each]));
}

async function empty(): Promise<void> {
  for (const { name } of await deps.database.db.listCollections().toArray()) {
    if (name !== 'system') await deps.database.db.collection(name).deleteMany({});
  }
}

/** People are opted in and out by others too, between imports. */
const between = fc.constantFrom<Permission | undefined>(
  undefined,
  'double-opt-in',
  'opted-out-by-user',
  'non-marketable',
);

async function moveAll(to: Permission | undefined, step: number): Promise<void> {
  if (to === undefined) return;
  const store = deps.database.of(WORKSPACE);
  for (const { _id, permission: from } of (await state()).values()) {
    if (from === to) continue;
    const entry = `q_${step}.${_id}`;
    await deps.database.inTransaction(async (tx) => {
      await store.addresses.changeOne(_id, { from, to, entry, at: NOW }, tx);
      const cause = { kind: 'request' as const, id: 'q_1' };
      const proof = { _id: entry, act: 'opt-in' as const, from, to, cause, who: 'U0ASKS', at: NOW };
      await store.ledger.append([{ ...proof, addresses: [_id] }], tx);
    });
  }
}

it('never loosens, and is told by its dry run', async () => {
  const sequence = fc.array(fc.tuple(file, between), { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(sequence, async (steps) => {
    await empty();
    for (const [step, [each, move]] of steps.entries()) {
      const before = await state();
      const told = await importFile(each, true);
      expect(await state()).toEqual(before);
      expect(await importFile(each, false)).toEqual(told);
      for (const [id, { permission, suppressions, consentAt }] of await state()) {
        const earlier = before.get(id);
        if (earlier === undefined) continue;
        expect(RANK[permission]).toBeLessThanOrEqual(RANK[earlier.permission]);
        expect(suppressions).toEqual(expect.arrayContaining(earlier.suppressions));
        if (earlier.consentAt)
          expect(consentAt?.getTime()).toBeLessThanOrEqual(earlier.consentAt.getTime());
      }
      expect(await faultsOf(deps)).toEqual([]);
      await moveAll(move, step);
    }
  });
  await fc.assert(property, { numRuns: RUNS });
}, 120_000);

it('comes out the same however the file is cut into chunks', async () => {
  const property = fc.asyncProperty(file, async (each) => {
    const outcomes = [];
    for (const chunkRows of [1, 3, 8]) {
      await empty();
      const result = await importFile({ ...each, chunkRows }, false);
      const found = [...(await state()).values()].map(
        ({ address: name, permission, suppressions, consentAt }) => {
          return { name, permission, suppressions: suppressions.toSorted(), consentAt };
        },
      );
      outcomes.push({ result, found: found.toSorted((a, b) => (a.name < b.name ? -1 : 1)) });
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });
  await fc.assert(property, { numRuns: RUNS });
}, 120_000);
