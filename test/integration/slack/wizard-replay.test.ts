/** Wizard replay: one delivery is acted upon once, in whichever process and however often it comes. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { deliveryOf, isFirstDelivery, once } from '../../../src/slack/guard/replay.ts';
import { type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';

let deps: TestDeps;

beforeAll(async () => {
  deps = await testDeps();
});
afterAll(async () => {
  await deps.close();
});

const call = (trigger: string, workspace = WORKSPACE) => ({
  workspace,
  delivery: deliveryOf({ trigger_id: trigger }),
});

it('a delivery that comes ten times at once is acted upon once', async () => {
  let acts = 0;
  const results = await Promise.all(
    Array.from({ length: 10 }, async () =>
      once(deps, call('1.1'), async () => {
        acts += 1;
        return 'done';
      }),
    ),
  );
  expect(acts).toBe(1);
  expect(results.filter((result) => result === 'done')).toHaveLength(1);
  expect(results.filter((result) => result === undefined)).toHaveLength(9);
});

it('another click is another delivery, and so is the same one in another workspace', async () => {
  expect(await isFirstDelivery(deps, call('2.1'))).toBe(true);
  expect(await isFirstDelivery(deps, call('2.2'))).toBe(true);
  expect(await isFirstDelivery(deps, call('2.1', 'T0OTHER'))).toBe(true);
  expect(await isFirstDelivery(deps, call('2.1'))).toBe(false);
});

it('what cannot be told from anything else is let through', async () => {
  const unknown = { workspace: WORKSPACE, delivery: deliveryOf({}) };
  expect(await isFirstDelivery(deps, unknown)).toBe(true);
  expect(await isFirstDelivery(deps, unknown)).toBe(true);
});
