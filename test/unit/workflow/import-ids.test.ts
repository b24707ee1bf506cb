/** Ids: a set that stays small keeps its numbers and mixes nothing up. */
import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { IdTable } from '../../../src/workflow/import/ids.ts';

const idOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

it('numbers ids in the order of adding, each once', () => {
  const ids = fc.array(fc.integer({ min: 0, max: 30 }).map((n) => idOf(`${n}`)));
  const property = fc.property(ids, (added) => {
    const table = new IdTable();
    const numbers = new Map<string, number>();
    for (const id of added) {
      expect(table.find(id)).toBe(numbers.get(id) ?? -1);
      if (!numbers.has(id)) numbers.set(id, numbers.size);
      expect(table.add(id)).toBe(numbers.get(id));
    }
    expect(table.size).toBe(numbers.size);
    for (const [id, number] of numbers) expect(table.idOf(number)).toBe(id);
  });
  expect(() => fc.assert(property)).not.toThrow();
});

it('keeps what it has while it grows', () => {
  const table = new IdTable();
  const ids = Array.from({ length: 20_000 }, (_, n) => idOf(`${n}`));
  for (const id of ids) table.add(`c_${id}`);
  expect(table.size).toBe(ids.length);
  expect(ids.findIndex((id, n) => table.find(id) !== n || table.idOf(n) !== id)).toBe(-1);
  expect(table.find(idOf('never'))).toBe(-1);
});

it('tells ids apart that begin alike', () => {
  const table = new IdTable();
  const same = '0'.repeat(31);
  for (const digit of '0123456789abcdef') table.add(same + digit);
  expect(table.size).toBe(16);
  expect(table.find(`${same}f`)).toBe(15);
});

it('refuses what is no id of ours', () => {
  expect(() => new IdTable().add('b_12')).toThrow('128 bits');
});
