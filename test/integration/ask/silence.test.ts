/** Silence: what is done with those who did not answer, and that it is never an opt-out. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { LedgerEntry } from '../../../src/consent/ledger.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import { confirmAddress } from '../../../src/workflow/confirm-address.ts';
import { judgeSilence } from '../../../src/workflow/judge-silence.ts';
import { withdrawConsent } from '../../../src/workflow/withdraw-consent.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { WORKSPACE } from '../../support/deps.ts';
import { idOf } from '../../support/people.ts';
import { tokenOf } from './tokens.ts';
import {
  askAudience,
  askPeople,
  DAY_MS,
  forgetEverybody,
  openWorld,
  personAt,
  sendAll,
  sendTo,
  type World,
} from './world.ts';

/** Hundreds of mails, on a machine that may be busy. */
jest.setTimeout(90_000);

let world: World;
const START = new Date('2026-11-23T09:00:00Z');
const ANN = 'ann@example.org';

beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  await forgetEverybody(world);
  world.deps.setNow(START);
});
afterAll(async () => world.close());

const wait = (days: number) => {
  world.deps.setNow(new Date(world.deps.now().getTime() + days * DAY_MS));
};
const judged = () => judgeSilence(world.deps, WORKSPACE);
const silenceEntries = async () =>
  world.deps.database.db.collection<LedgerEntry>(LEDGER).find({ act: 'silence' }).toArray();

describe('when the request keeps', () => {
  it('nothing changes but that the silence is on record', async () => {
    await askPeople(world, [ANN], { silence: 'keep' });
    await sendAll(world.deps);
    wait(14);
    expect(await judged()).toEqual({ kept: 1, reverted: 0 });
    expect((await personAt(world.deps, ANN)).permission).toBe('single-opt-in');
    expect((await sendTo(world.deps, ANN)).outcome).toBe('silent');
    expect(await silenceEntries()).toEqual([]);
  });
});

describe('when the request reverts', () => {
  it('waits until the link has ended, then takes the permission back, in one entry', async () => {
    const request = await askPeople(world, [ANN, 'bert@example.org'], { silence: 'revert' });
    await sendAll(world.deps);
    wait(13.99);
    expect(await judged()).toEqual({ kept: 0, reverted: 0 });
    wait(0.01);
    expect(await judged()).toEqual({ kept: 0, reverted: 2 });
    expect((await personAt(world.deps, ANN)).permission).toBe('non-marketable');
    const [entry, ...others] = await silenceEntries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      from: 'single-opt-in',
      to: 'non-marketable',
      who: 'assent',
      cause: { kind: 'request', id: request.id },
    });
    expect(entry).toHaveProperty('addresses.length', 2);
    expect(await judged()).toEqual({ kept: 0, reverted: 0 });
    expect(await crossCheck(world.deps)).toEqual([]);
  });

  it('leaves alone who answered, and who is something else by now', async () => {
    const people = ['yes@example.org', 'no@example.org', 'bounced@example.org', 'user@example.org'];
    const heal = world.inbox.reject({ to: 'bounced@example.org', answer: '550 5.1.1 Unknown' });
    await askPeople(world, people, { silence: 'revert' });
    await sendAll(world.deps);
    heal();
    const { deps } = world;
    const at = deps.now();
    const token = async (address: string) => tokenOf(deps, await sendTo(deps, address));
    await confirmAddress(deps, await token('yes@example.org'), { at });
    await withdrawConsent(deps, await token('no@example.org'), 'page', { at });
    await deps.database.db
      .collection<AddressDocument>(ADDRESSES)
      .updateOne(
        { _id: idOf(deps, 'user@example.org') },
        { $set: { permission: 'opted-out-by-user' } },
      );
    wait(14);
    await judged();
    const permissions = await Promise.all(
      people.map(async (address) => (await personAt(deps, address)).permission),
    );
    expect(permissions).toEqual([
      'double-opt-in',
      'opted-out-by-recipient',
      'non-marketable',
      'opted-out-by-user',
    ]);
  });

  it.each(['unknown', 'blocked', 'bounced'] as const)(
    'also takes it back where the mail was %s, and never as an opt-out',
    async (state) => {
      await askPeople(world, [ANN], { silence: 'revert' });
      await sendAll(world.deps);
      await world.deps.database.db
        .collection<SendDocument>(SENDS)
        .updateOne({}, { $set: { state } });
      wait(14);
      expect(await judged()).toEqual({ kept: 0, reverted: 1 });
      expect((await personAt(world.deps, ANN)).permission).toBe('non-marketable');
    },
  );

  it('does nothing about mail that was cancelled: nobody was asked', async () => {
    await askPeople(world, [ANN], { silence: 'revert' });
    await world.deps.database.db
      .collection<SendDocument>(SENDS)
      .updateOne({}, { $set: { state: 'cancelled' } });
    wait(100);
    expect(await judged()).toEqual({ kept: 0, reverted: 0 });
    expect((await personAt(world.deps, ANN)).permission).toBe('single-opt-in');
  });

  it('leaves an address that was asked again to the newer question', async () => {
    await askPeople(world, [ANN], { silence: 'revert' });
    await sendAll(world.deps);
    wait(10);
    await askAudience(world, { who: 'single-opt-in', silence: 'revert' });
    await sendAll(world.deps);
    wait(4);
    await judged();
    expect((await personAt(world.deps, ANN)).permission).toBe('single-opt-in');
    wait(10);
    expect(await judged()).toEqual({ kept: 0, reverted: 1 });
    expect((await personAt(world.deps, ANN)).permission).toBe('non-marketable');
    expect(await crossCheck(world.deps)).toEqual([]);
  });

  it('a yes after that is too late, and a stop still works', async () => {
    await askPeople(world, [ANN], { silence: 'revert' });
    await sendAll(world.deps);
    const token = tokenOf(world.deps, await sendTo(world.deps, ANN));
    wait(14);
    expect(await confirmAddress(world.deps, token, { at: world.deps.now() })).toBe('expired');
    await judged();
    expect(await confirmAddress(world.deps, token, { at: world.deps.now() })).toBe('stale');
    wait(3_000);
    const evidence = { at: world.deps.now() };
    expect(await withdrawConsent(world.deps, token, 'page', evidence)).toBe('stopped');
    expect(await withdrawConsent(world.deps, token, 'one-click', evidence)).toBe('already-stopped');
  });

  it('is judged once by processes that do it at the same time, in pages', async () => {
    const people = Array.from({ length: 2_300 }, (_, index) => `p${index}@example.org`);
    await askPeople(world, people, { silence: 'revert' });
    await world.deps.database.db
      .collection<SendDocument>(SENDS)
      .updateMany({}, { $set: { state: 'sent', sentAt: START } });
    wait(14);
    const counts = await Promise.all([judged(), judged(), judged()]);
    expect(counts.reduce((sum, { reverted }) => sum + reverted, 0)).toBe(2_300);
    const sizes = (await silenceEntries()).map(({ addresses }) => addresses.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2_300);
    expect(await crossCheck(world.deps)).toEqual([]);
  });
});
