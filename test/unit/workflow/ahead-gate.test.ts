/** Ahead gate: never more inside than the limit, in the order of asking, and nobody waits for ever. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { aheadGate } from '../../../src/workflow/sending/ahead-gate.ts';

/** Asks in turn for these counts; tells who is in so far. */
function asking(limit: number, counts: readonly number[]) {
  const gate = aheadGate(limit);
  const entered: number[] = [];
  for (const [index, count] of counts.entries()) {
    void gate.enter(count).then(() => entered.push(index));
  }
  const inside = async () => {
    await turn();
    return [...entered];
  };
  return { gate, inside };
}

describe('the ahead gate', () => {
  it('lets in as many as the limit allows', async () => {
    const { inside } = asking(200, [100, 100, 1]);
    expect(await inside()).toEqual([0, 1]);
  });

  it('lets the next one in as soon as there is room for all of it', async () => {
    const { gate, inside } = asking(200, [100, 100, 50]);
    gate.leave(49);
    expect(await inside()).toEqual([0, 1]);
    gate.leave(1);
    expect(await inside()).toEqual([0, 1, 2]);
  });

  it('keeps the order: a small one does not overtake one that waits', async () => {
    const { gate, inside } = asking(10, [8, 5, 2]);
    expect(await inside()).toEqual([0]);
    gate.leave(8);
    expect(await inside()).toEqual([0, 1, 2]);
  });

  it('lets all in when it breaks down, and whoever comes later', async () => {
    const { gate, inside } = asking(10, [10, 10, 10]);
    expect(await inside()).toEqual([0]);
    gate.breakDown();
    expect(await inside()).toEqual([0, 1, 2]);
    await expect(gate.enter(10)).resolves.toBeUndefined();
  });
});
