/** For all: checks a property for many values; a promise for the sake of checks that wait. */
import { type Arbitrary, assert, asyncProperty } from 'fast-check';

const RUNS = 200;

/** Rejects with the smallest values found for which `check` throws. */
export async function forAll<Values extends [unknown, ...unknown[]]>(
  arbitraries: { [Index in keyof Values]: Arbitrary<Values[Index]> },
  check: (...values: Values) => void | Promise<void>,
  numRuns = RUNS,
): Promise<void> {
  const checked = (...values: Values) => Promise.resolve(check(...values));
  await assert(asyncProperty<Values>(...arbitraries, checked), { numRuns });
}
