/**
 * Late opt-out: recipients say stop while a mass change runs over them, in real transactions. No
 * stop may be lost, none may wait long, and the ledger must tell both stories in order.
 */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import { addAudiences, addPeople, idOf } from '../../support/people.ts';
import { approved, worked } from '../../support/requests.ts';

const PEOPLE = 12_000;
const RECIPIENTS = 4;

let deps: TestDeps;
beforeAll(async () => {
  deps = await testDeps();
  await addAudiences(deps);
  await addPeople(
    deps,
    Array.from({ length: PEOPLE }, (_, n) => ({ address: `p${n}@example.com` })),
  );
});
afterAll(() => deps.close());

/** What a recipient's stop does, in one transaction: read, write if unchanged, prove. */
async function stop(id: string): Promise<void> {
  const store = deps.database.of(WORKSPACE);
  for (;;) {
    const took = await deps.database.inTransaction(async (tx) => {
      const address = await store.addresses.find(id, tx);
      if (address === null || address.permission === 'opted-out-by-recipient') return true;
      const at = new Date();
      const entry = `stop.${id}`;
      const change = { from: address.permission, to: 'opted-out-by-recipient' as const, entry, at };
      if (!(await store.addresses.changeOne(id, change, tx))) return false;
      await store.ledger.append(
        [
          {
            _id: entry,
            act: 'stop',
            from: change.from,
            to: change.to,
            cause: { kind: 'send', id: 'none' },
            who: 'recipient',
            at,
            addresses: [id],
          },
        ],
        tx,
      );
      return true;
    });
    if (took) return;
  }
}

it('wins against a running opt-in, every time', async () => {
  const { id } = await approved(deps);
  const stopped = new Set<string>();
  let running = true;
  const recipients = Array.from({ length: RECIPIENTS }, async () => {
    while (running) {
      const person = idOf(deps, `p${randomInt(PEOPLE)}@example.com`);
      await stop(person);
      stopped.add(person);
    }
  });
  const done = await worked(deps, id, 2);
  running = false;
  await Promise.all(recipients);

  expect(stopped.size).toBeGreaterThan(20);
  expect(done.state).toBe('done');
  const { changed = 0, skips = {}, addresses = 0 } = done.counts ?? {};
  expect(addresses).toBe(PEOPLE);
  // Everybody is accounted for: changed, or skipped because the stop came first.
  expect(changed + (skips['opted_out_by_recipient'] ?? 0)).toBe(PEOPLE);
  const out = await deps.database.db
    .collection<AddressDocument>(ADDRESSES)
    .find({ permission: 'opted-out-by-recipient' })
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  expect(new Set(out.map(({ _id }) => _id))).toEqual(stopped);
  expect(await crossCheck(deps)).toEqual([]);
});
