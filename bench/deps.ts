/** Deps of a measurement: a real database of its own, nothing faked but the queue and the people. */
import { pino } from 'pino';
import { workersHere } from '../src/resources.ts';
import { IMPORTS } from '../src/store/audiences.ts';
import { openDatabase } from '../src/store/database.ts';
import { type Deps, UNDECIDED } from '../src/workflow/deps.ts';
import { newReturnCounts } from '../src/workflow/return-counts.ts';
import { BATCH, WORKSPACE } from './people.ts';

export const REQUESTER = 'U0ASKS';
export const APPROVER = 'U0SAYSYES';

export async function benchDeps(uri: string, name: string): Promise<Deps> {
  const addressKey = Buffer.alloc(32, 1);
  const database = await openDatabase({ uri, name, addressKey });
  await nameBatch(database.db);
  const nothing = async () => {};
  return {
    database,
    queue: { processRequestAt: nothing, wakeSender: nothing, wakeAnnouncer: nothing },
    addressKey,
    tokenKeys: [{ id: 'k1', key: Buffer.alloc(32, 2) }],
    publicUrl: 'https://confirm.example.com',
    templates: { names: () => ['double-opt-in'], hash: () => '0'.repeat(64) },
    canAsk: true,
    settings: async () => ({
      requesters: [REQUESTER],
      approvers: [APPROVER],
      admins: [],
      channel: 'C0BENCH',
      typedOver: 1_000,
      approvalHours: 72,
      linkDays: 14,
      ...UNDECIDED,
      sender: { name: 'Bench', address: 'bench@example.com', postalAddress: 'Nowhere 1' },
    }),
    limits: { leaseMs: 30_000, tickMs: 5_000, workers: workersHere() },
    returns: newReturnCounts(),
    log: pino({ level: 'silent' }),
    now: () => new Date(),
  };
}

async function nameBatch(db: Deps['database']['db']): Promise<void> {
  const counts = {
    rows: 0,
    contacts: 0,
    addressesNew: 0,
    addressesKnown: 0,
    rejected: 0,
    duplicatesInFile: 0,
  };
  await db.collection<{ _id: string }>(IMPORTS).replaceOne(
    { _id: BATCH.id },
    {
      workspace: WORKSPACE,
      v: 1,
      name: 'Bench',
      nameKey: 'bench',
      state: 'done',
      fileHash: '0'.repeat(64),
      fileName: 'bench.csv',
      round: 1,
      by: 'bench',
      permission: 'no',
      rowsDone: 0,
      chunks: 0,
      counts,
      startedAt: new Date('2026-06-01T00:00:00Z'),
    },
    { upsert: true },
  );
}
