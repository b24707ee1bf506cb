/**
 * Queue: the alarm clock (Agenda). A job carries ids, never data: the documents in MongoDB are the
 * truth.
 *
 * Alarms may be lost in a crash, ring twice, or ring late; the sweep sets them again, and every
 * step that they wake can run twice without harm. Agenda's locks decide who is woken, never who may
 * write: that is for our own leases.
 */
import { MongoBackend, MongoChangeStreamNotificationChannel } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';

/** Names of the jobs, equal to the workflow file that they wake. */
export const JOBS = {
  processRequest: 'process-request',
  sendConfirmations: 'send-confirmations',
  announce: 'announce',
  sweep: 'sweep',
} as const;
export type JobName = (typeof JOBS)[keyof typeof JOBS];

export interface ProcessRequestData {
  readonly workspace: string;
  readonly request: string;
  /** Several workers share one request: each slot is one job. */
  readonly slot: number;
}

export interface Queue {
  /**
   * Wakes workers for a request at the given time (now, if it has passed), one job a slot. Asking
   * again before it rang moves the alarm, it never makes a second one.
   */
  processRequestAt(workspace: string, request: string, at: Date, slots: number): Promise<void>;
  /** Wakes a sender soon. */
  wakeSender(): Promise<void>;
  /** Wakes the poster of announcements soon. */
  wakeAnnouncer(): Promise<void>;
}

/** Jobs that one process runs at once, of all kinds. */
const CONCURRENT_JOBS_MAX = 20;

/** What Agenda needs of a database: the handle that store/ opened. */
type Db = Extract<ConstructorParameters<typeof MongoBackend>[0], { mongo: unknown }>['mongo'];

export interface QueueOptions {
  readonly db: Db;
  /** How often the collection is looked at when nothing wakes us (ms). */
  readonly tickMs: number;
  /** After this long without a sign of life a job is given to another process (ms). */
  readonly lockMs: number;
  readonly onError: (error: Error, where: string) => void;
}

/**
 * Connects Agenda to an open database. The connection must be proven before (Agenda's constructor
 * has no way to say that it failed).
 */
export async function openAgenda({ db, tickMs, lockMs, onError }: QueueOptions): Promise<Agenda> {
  const channel = new MongoChangeStreamNotificationChannel({ db });
  // Without a listener, a broken change stream would end the process; polling goes on without it.
  channel.on('error', (error: Error) => onError(error, 'change stream'));
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: db }),
    notificationChannel: channel,
    processEvery: tickMs,
    defaultLockLifetime: lockMs,
    maxConcurrency: CONCURRENT_JOBS_MAX,
    lockLimit: CONCURRENT_JOBS_MAX,
    removeOnComplete: true,
  });
  agenda.on('error', (error) => onError(error, 'agenda'));
  await agenda.ready;
  return agenda;
}

export function createQueue(agenda: Agenda): Queue {
  /**
   * Sets an alarm unless the same one waits already. One that is ringing (locked) is no reason not
   * to: what we want done may have come after it looked.
   */
  async function wake(name: JobName, data: object, at: Date): Promise<void> {
    const same = Object.entries(data).map(([key, value]) => [`data.${key}`, value]);
    await agenda
      .create(name, data)
      .unique({ ...Object.fromEntries(same), lockedAt: null })
      .schedule(at)
      .save();
  }

  return {
    async processRequestAt(workspace, request, at, slots) {
      for (let slot = 0; slot < slots; slot += 1) {
        await wake(JOBS.processRequest, { workspace, request, slot }, at);
      }
    },
    async wakeSender() {
      await wake(JOBS.sendConfirmations, {}, new Date());
    },
    async wakeAnnouncer() {
      await wake(JOBS.announce, {}, new Date());
    },
  };
}
