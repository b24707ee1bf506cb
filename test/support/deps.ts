/**
 * Deps: everything a step may touch, real where it can be: a database of its own, a clock that the
 * test sets, a queue that writes down what it was asked for.
 */
import { pino } from 'pino';
import type { Queue } from '../../src/queue.ts';
import type { Database } from '../../src/store/database.ts';
import {
  type Deps,
  type Limits,
  UNDECIDED,
  type WorkspaceSettings,
} from '../../src/workflow/deps.ts';
import { newReturnCounts } from '../../src/workflow/return-counts.ts';
import { testDatabase } from './test-database.ts';

export const WORKSPACE = 'T0TEST';
export const REQUESTER = 'U0ASKS';
export const APPROVER = 'U0SAYSYES';
export const OTHER_APPROVER = 'U0ALSO';
export const ADMIN = 'U0ADMIN';
export const CHANNEL = 'C0APPROVALS';
export const TEMPLATE = 'double-opt-in';

export interface TestDeps extends Deps {
  readonly database: Database;
  /** What the queue was asked for, oldest first. */
  readonly alarms: { readonly job: string; readonly data: unknown }[];
  /** Sets the clock; without it, time is real. */
  setNow(now: Date | undefined): void;
  /** Empties every collection, which is a hundred times faster than a new database. */
  reset(): Promise<void>;
  /** Gives the database back and closes the connection. */
  close(): Promise<void>;
}

const SETTINGS: WorkspaceSettings = {
  requesters: [REQUESTER],
  approvers: [APPROVER, OTHER_APPROVER],
  admins: [ADMIN],
  channel: CHANNEL,
  typedOver: 1_000,
  approvalHours: 72,
  linkDays: 14,
  ...UNDECIDED,
  sender: {
    name: 'Example GmbH',
    address: 'news@example.com',
    postalAddress: 'Example GmbH, Beispielweg 1, 10115 Berlin',
  },
};

const LIMITS: Limits = { leaseMs: 30_000, tickMs: 1_000, workers: 4 };

/** @param own a database that no other test ever sees, see test-database.ts */
export async function testDeps(over: Partial<Deps> = {}, own = false): Promise<TestDeps> {
  const addressKey = Buffer.alloc(32, 7);
  const { database, empty, close } = await testDatabase({ addressKey, own });
  const alarms: { job: string; data: unknown }[] = [];
  let fixed: Date | undefined;
  return {
    database,
    queue: recordingQueue(alarms),
    addressKey,
    tokenKeys: [{ id: 'k1', key: Buffer.alloc(32, 9) }],
    publicUrl: 'https://confirm.example.com',
    templates: { names: () => [TEMPLATE], hash: () => 'a'.repeat(64) },
    canAsk: true,
    settings: async () => SETTINGS,
    limits: LIMITS,
    returns: newReturnCounts(),
    log: pino({ level: 'silent' }),
    now: () => fixed ?? new Date(),
    ...over,
    alarms,
    setNow(now) {
      fixed = now;
    },
    async reset() {
      fixed = undefined;
      alarms.length = 0;
      await empty();
    },
    close,
  };
}

function recordingQueue(alarms: { job: string; data: unknown }[]): Queue {
  return {
    async processRequestAt(workspace, request, at, slots) {
      alarms.push({ job: 'process-request', data: { workspace, request, at, slots } });
    },
    async wakeSender() {
      alarms.push({ job: 'send-confirmations', data: {} });
    },
    async wakeAnnouncer() {
      alarms.push({ job: 'announce', data: {} });
    },
  };
}
