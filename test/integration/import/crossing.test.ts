/**
 * Crossing: two imports that look at one address and write different contacts. Neither sees the
 * other's contact, so only the address itself can tell them of each other.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ADDRESSES } from '../../../src/store/address-document.ts';
import { IMPORTS, TAGS } from '../../../src/store/audiences.ts';
import { CONTACTS } from '../../../src/store/contacts.ts';
import { LEDGER, UNSEALED } from '../../../src/store/ledger.ts';
import type { Deps } from '../../../src/workflow/deps.ts';
import { type TestDeps, testDeps } from '../../support/deps.ts';
import { withStore } from './faults.ts';
import { csvOf, faultsOf, imported, membershipsOf } from './world.ts';

let deps: TestDeps;
beforeAll(async () => {
  deps = await testDeps();
});
beforeEach(async () => {
  for (const name of [ADDRESSES, CONTACTS, IMPORTS, TAGS, LEDGER, UNSEALED]) {
    await deps.database.db.collection(name).deleteMany({});
  }
});
afterAll(() => deps.close());

/** Does something once, after the reading for the n-th chunk and before its writing. */
function beforeWriting(number: number, act: () => Promise<unknown>): Deps {
  let reads = 0;
  return withStore(deps, 'importAddresses', (real) => ({
    async insertNew(fresh, times, tx) {
      reads += 1;
      if (reads === number) await act();
      return real.insertNew(fresh, times, tx);
    },
  }));
}
const one = (over = {}) => ({ chunkRows: 1, fileName: 'one.csv', ...over });

describe('an address that one contact leaves', () => {
  it('stays where another one brings it meanwhile', async () => {
    const move = () =>
      imported(deps, csvOf('Id,Email', '1,b@example.com'), { fileName: 'move.csv' });
    const racing = beforeWriting(2, move);
    await imported(racing, csvOf('Id,Email', '1,a@example.com', '2,a@example.com'), one());
    expect(await membershipsOf(deps, 'a@example.com')).toEqual(['one#email']);
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('stays with a tag that another holder gets meanwhile', async () => {
    await imported(deps, csvOf('Id,Email,Tags', '1,a@example.com,vip', '2,a@example.com,'));
    const move = () =>
      imported(deps, csvOf('Id,Email', '1,b@example.com'), { fileName: 'move.csv' });
    const racing = beforeWriting(2, move);
    await imported(
      racing,
      csvOf('Id,Email,Tags', '2,a@example.com,', '2,a@example.com,vip'),
      one(),
    );
    expect(await membershipsOf(deps, 'a@example.com')).toContain('vip#email');
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('stays nowhere if its other holder leaves it meanwhile', async () => {
    await imported(deps, csvOf('Id,Email', '1,a@example.com', '2,a@example.com'));
    const leave = () =>
      imported(deps, csvOf('Id,Email', '2,c@example.com'), { fileName: 'leave.csv' });
    const racing = beforeWriting(1, leave);
    await imported(racing, csvOf('Id,Email', '1,b@example.com'), one());
    expect(await membershipsOf(deps, 'a@example.com')).toEqual([]);
    expect(await faultsOf(deps)).toEqual([]);
  });
});

it('adds no write where an import writes the address anyway', async () => {
  const people = csvOf(
    'Id,Email,Tags',
    ...Array.from({ length: 50 }, (_, n) => `${n},p${n}@example.com,vip`),
  );
  await imported(deps, people, { fileName: 'one.csv' });
  await imported(deps, people.replaceAll('vip', 'shop'), { fileName: 'two.csv' });
  const raised = { holdings: { $exists: true } };
  expect(await deps.database.db.collection(ADDRESSES).countDocuments(raised)).toBe(0);
  expect(await deps.database.db.collection(ADDRESSES).countDocuments()).toBe(50);
});

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('at full speed', () => {
  it.each(Array.from({ length: 6 }, (_, round) => [round + 1]))(
    'four files that move the same few people about leave no membership behind or out (%i)',
    async (round) => {
      const next = numbers(round);
      const row = () =>
        `${next(6)},p${next(8)}@example.com,${['vip', 'shop', ''][next(3)]},${next(3) ? '' : `p${next(8)}@example.com`}`;
      const files = Array.from({ length: 4 }, () =>
        csvOf('Id,Email,Tags,Email 2', ...Array.from({ length: 24 }, row)),
      );
      const over = { chunkRows: 2, permission: 'no' as const };
      await Promise.all(
        files.map((file, n) => imported(deps, file, { ...over, fileName: `${n}.csv` })),
      );
      expect(await faultsOf(deps)).toEqual([]);
    },
  );
});
