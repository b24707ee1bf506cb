/** Races: yes, stop and silence at the same time, run for real. The stop wins in any order. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import { confirmAddress } from '../../../src/workflow/confirm-address.ts';
import { judgeSilence } from '../../../src/workflow/judge-silence.ts';
import { withdrawConsent } from '../../../src/workflow/withdraw-consent.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { WORKSPACE } from '../../support/deps.ts';
import { tokenOf } from './tokens.ts';
import { askPeople, DAY_MS, openWorld, personAt, sendTo, type World } from './world.ts';

jest.setTimeout(120_000);

const ROUNDS = 30;
const LATE_ROUNDS = 15;
let world: World;
let people: string[];
const tokens = new Map<string, string>();

beforeAll(async () => {
  world = await openWorld();
  people = Array.from({ length: ROUNDS + LATE_ROUNDS }, (_, index) => `p${index}@example.org`);
  await askPeople(world, people, { silence: 'revert' });
  const now = world.deps.now();
  const sent = { state: 'sent', sentAt: now, nextAt: new Date(now.getTime() + DAY_MS) } as const;
  await world.deps.database.db.collection<SendDocument>(SENDS).updateMany({}, { $set: sent });
  for (const address of people) {
    tokens.set(address, tokenOf(world.deps, await sendTo(world.deps, address)));
  }
});
afterAll(async () => world.close());

const tokenFor = (address: string) => tokens.get(address) ?? '';
const yes = (address: string) =>
  confirmAddress(world.deps, tokenFor(address), { at: world.deps.now() });
const no = (address: string, how: 'page' | 'one-click') =>
  withdrawConsent(world.deps, tokenFor(address), how, { at: world.deps.now() });

describe('yes and stop at once', () => {
  it('ends stopped, whoever was first; each act that took effect has one proof', async () => {
    const orders = new Map<string, number>();
    for (const [index, address] of people.slice(0, ROUNDS).entries()) {
      const acts = [
        () => yes(address),
        () => no(address, 'page'),
        () => yes(address),
        () => no(address, 'one-click'),
      ];
      const shifted = acts.map((_, place) => acts[(place + index) % acts.length]?.());
      const outcomes = await Promise.all(shifted);
      const person = await personAt(world.deps, address);
      expect(person.permission).toBe('opted-out-by-recipient');
      expect(outcomes.filter((outcome) => outcome === 'stopped')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'already-stopped')).toHaveLength(1);
      const confirmed = outcomes.includes('confirmed') ? 'yes, then stop' : 'stop alone';
      orders.set(confirmed, (orders.get(confirmed) ?? 0) + 1);
    }
    expect(orders.size).toBe(2);
    expect(await crossCheck(world.deps)).toEqual([]);
  });
});

describe('silence, yes and stop at once', () => {
  it('ends stopped, and the books agree', async () => {
    const late = people.slice(ROUNDS);
    const due = { nextAt: world.deps.now() };
    const ids = await Promise.all(late.map(async (one) => (await sendTo(world.deps, one))._id));
    await world.deps.database.db
      .collection<SendDocument>(SENDS)
      .updateMany({ _id: { $in: ids } }, { $set: due });
    const outcomes = await Promise.all([
      ...late.map(yes),
      judgeSilence(world.deps, WORKSPACE),
      ...late.map((address) => no(address, 'page')),
      judgeSilence(world.deps, WORKSPACE),
    ]);
    expect(outcomes).toHaveLength(2 * late.length + 2);
    for (const address of late) {
      expect((await personAt(world.deps, address)).permission).toBe('opted-out-by-recipient');
    }
    expect(await crossCheck(world.deps)).toEqual([]);
  });
});
