/** Faults: the same deps with one store function that does something else. */
import type { Store } from '../../../src/store/database.ts';
import type { Deps } from '../../../src/workflow/deps.ts';

type Part = 'contacts' | 'importAddresses' | 'imports' | 'ledger' | 'audiences';

/** Replaces functions of one part of the store; `change` gets the real ones. */
export function withStore<Name extends Part>(
  deps: Deps,
  name: Name,
  change: (real: Store[Name]) => Partial<Store[Name]>,
): Deps {
  const { database } = deps;
  return {
    ...deps,
    database: {
      ...database,
      of(workspace: string) {
        const store = database.of(workspace);
        return { ...store, [name]: { ...store[name], ...change(store[name]) } };
      },
    },
  };
}

/** Fails when a chunk's proofs are written, after everything else of it, for the n-th time. */
export function failingAtChunk(deps: Deps, number: number): Deps {
  let chunks = 0;
  return withStore(deps, 'ledger', (real) => ({
    async append(entries, tx) {
      await real.append(entries, tx);
      if (entries.some(({ act }) => act === 'import-address')) chunks += 1;
      if (chunks === number) throw new Error('the disk is full');
    },
  }));
}
