/** Clock ids: what the clock must look after, across workspaces: ids only, and whose they are. */
import type { Collection, Filter } from 'mongodb';
import type { Owned } from './scoped.ts';

export interface ClockId {
  readonly workspace: string;
  readonly id: string;
}

export const clockIds =
  <T extends Owned>(collection: Collection<T>) =>
  async (filter: Filter<T>): Promise<ClockId[]> => {
    const found = collection.find<Owned>(filter, { projection: { workspace: 1 } });
    return (await found.toArray()).map(({ _id, workspace }) => ({ workspace, id: _id }));
  };
