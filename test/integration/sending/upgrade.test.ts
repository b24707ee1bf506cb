/** Upgrade: what an earlier version left of its claims is mail like any other. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { migrate } from '../../../src/store/migrations.ts';
import { SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import { askPeople, openWorld, sendAll, sendTo, type World } from '../ask/world.ts';

const ANN = 'ann@example.org';
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => world.close());

it('a send in the former state "claimed" is queued again, and its index is gone', async () => {
  await askPeople(world, [ANN]);
  const { db } = world.deps.database;
  const lease = { token: 'dead', until: new Date(0) };
  const former = { state: 'claimed', lease } as unknown as Partial<SendDocument>;
  const sends = db.collection<SendDocument>(SENDS);
  await sends.updateMany({}, { $set: former }, { bypassDocumentValidation: true });
  await sends.createIndex({ 'lease.token': 1 }, { sparse: true });
  await migrate(db);
  await migrate(db);
  expect(await sendTo(world.deps, ANN)).toMatchObject({ state: 'queued' });
  expect(await sendTo(world.deps, ANN)).not.toHaveProperty('lease');
  expect((await sends.indexes()).map(({ name }) => name)).not.toContain('lease.token_1');
  expect(await sendAll(world.deps)).toMatchObject({ sent: 1 });
});
