/** Races: recipients who stop, and other imports, while a chunk is being written. */
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AddressDocument } from '../../../src/store/address-document.ts';
import { ADDRESSES } from '../../../src/store/address-document.ts';
import type { Deps } from '../../../src/workflow/deps.ts';
import { type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import { idOf } from '../../support/people.ts';
import { withStore } from './faults.ts';
import { addressOf, contactsOf, csvOf, faultsOf, imported, peopleCsv } from './world.ts';

let deps: TestDeps;
let stops = 0;

beforeAll(async () => {
  deps = await testDeps();
});

beforeEach(async () => {
  for (const { name } of await deps.database.db.listCollections().toArray()) {
    if (name !== 'system') await deps.database.db.collection(name).deleteMany({});
  }
});

afterAll(() => deps.close());

/** A recipient's own stop, as the pages write it; false if there was nothing to stop. */
async function stop(id: string): Promise<boolean> {
  stops += 1;
  const entry = `stop.${stops}`;
  const store = deps.database.of(WORKSPACE);
  return deps.database.inTransaction(async (tx) => {
    const address = await store.addresses.find(id, tx);
    if (address === null || address.permission === 'opted-out-by-recipient') return false;
    const to = 'opted-out-by-recipient' as const;
    const change = { from: address.permission, to, entry, at: new Date() };
    await store.addresses.changeOne(id, change, tx);
    const proof = {
      _id: entry,
      act: 'stop' as const,
      from: address.permission,
      to,
      cause: { kind: 'send' as const, id: 's_1' },
      who: 'recipient',
      at: new Date(),
      addresses: [id],
    };
    await store.ledger.append([proof], tx);
    return true;
  });
}

/** Does something once, between the reading and the writing of the first chunk. */
function between(act: () => Promise<unknown>): { racing: Deps; reads: () => number } {
  let reads = 0;
  const racing = withStore(deps, 'importAddresses', (real) => ({
    async findKnown(ids, tx) {
      const known = await real.findKnown(ids, tx);
      reads += 1;
      if (reads === 1) await act();
      return known;
    },
  }));
  return { racing, reads: () => reads };
}

describe('between reading and writing', () => {
  it('a stop of a known address wins, and the chunk is read again', async () => {
    await imported(deps, csvOf('Email', 'a@example.com', 'b@example.com'));
    const { racing, reads } = between(() => stop(idOf(deps, 'a@example.com')));
    await imported(racing, csvOf('Email,Status', 'a@example.com,', 'b@example.com,bounced'));
    expect(reads()).toBe(2);
    expect(await addressOf(deps, 'a@example.com')).toMatchObject({
      permission: 'opted-out-by-recipient',
    });
    expect(await addressOf(deps, 'b@example.com')).toMatchObject({ suppressions: ['hard-bounce'] });
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('a stop that the file knows too is written down once', async () => {
    await imported(deps, csvOf('Email', 'a@example.com'));
    const { racing } = between(() => stop(idOf(deps, 'a@example.com')));
    await imported(racing, csvOf('Email,Status', 'a@example.com,unsubscribed'));
    const { entries } = await addressOf(deps, 'a@example.com');
    expect(entries).toHaveLength(2);
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('another import makes the same people', async () => {
    const file = csvOf('Email,Tags', 'a@example.com,vip', 'b@example.com,');
    const { racing, reads } = between(() =>
      imported(deps, csvOf('Email', 'a@example.com'), { permission: 'no' }),
    );
    const result = await imported(racing, file);
    expect(reads()).toBe(2);
    expect(result.addresses).toEqual({ new: 1, known: 1 });
    expect((await addressOf(deps, 'a@example.com')).permission).toBe('non-marketable');
    expect(await contactsOf(deps)).toHaveLength(2);
    expect(await faultsOf(deps)).toEqual([]);
  });
});

describe('at full speed', () => {
  it('loses no stop', async () => {
    const count = 600;
    await imported(deps, peopleCsv(count));
    const race = new AbortController();
    const stopped: string[] = [];
    const recipients = Array.from({ length: 3 }, async (_, recipient) => {
      for (let n = recipient; !race.signal.aborted; n += 3) {
        const id = idOf(deps, `p${(n * 7) % count}@example.com`);
        if (await stop(id)) stopped.push(id);
        await setImmediate();
      }
    });
    const rows = Array.from(
      { length: count },
      (_, n) => `p${n}@example.com,${n % 9 ? '' : 'bounced'}`,
    );
    await imported(deps, csvOf('Email,Status', ...rows), { chunkRows: 50 });
    race.abort();
    await Promise.all(recipients);
    expect(stopped.length).toBeGreaterThan(10);
    const lost = await deps.database.db
      .collection<AddressDocument>(ADDRESSES)
      .countDocuments({ _id: { $in: stopped }, permission: { $ne: 'opted-out-by-recipient' } });
    expect(lost).toBe(0);
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('three imports of the same people end as one after the other', async () => {
    const files = ['fair', 'shop', 'web'].map((tag) => {
      const rows = Array.from({ length: 300 }, (_, n) => `${n},p${n}@example.com,${tag}`);
      return csvOf('Id,Email,Tags', ...rows);
    });
    const results = await Promise.all(
      files.map((file, n) =>
        imported(deps, file, { chunkRows: 100, fileName: `${n}.csv`, permission: 'no' }),
      ),
    );
    expect(results.reduce((sum, { addresses }) => sum + addresses.new, 0)).toBe(300);
    expect(results.reduce((sum, { addresses }) => sum + addresses.known, 0)).toBe(600);
    const contacts = await contactsOf(deps);
    expect(contacts).toHaveLength(300);
    expect(contacts.every(({ tags, batches }) => tags.length === 3 && batches.length === 3)).toBe(
      true,
    );
    expect(await faultsOf(deps)).toEqual([]);
  });
});
