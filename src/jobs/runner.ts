/**
 * Runner: how a job of ours runs under Agenda. It keeps its lock alive while it works, stops at
 * shutdown after the page in hand, and leaves no lock behind.
 */
import { type Agenda, backoffStrategies, type Job } from 'agenda';
import type { Logger } from 'pino';
import type { JobName } from '../queue.ts';
import { reviveAfterFaults } from './revival.ts';

/** Signs of life per lock lifetime. */
const HEARTBEATS_PER_LOCK = 4;
/** How long a shutdown waits for the pages in hand (ms). */
const DRAIN_MS = 25_000;
const RETRY_FIRST_MS = 2_000;
const RETRY_LAST_MS = 60_000;
const RETRIES_MAX = 20;

export interface RunnerOptions {
  readonly agenda: Agenda;
  readonly lockMs: number;
  /** Rejects while the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly log: Logger;
}

export interface JobDefinition<T> {
  readonly name: JobName;
  /** How many of them one process runs at once. */
  readonly concurrency: number;
  run(data: T, signal: AbortSignal): Promise<void>;
}

export type Runner = ReturnType<typeof createRunner>;

export function createRunner({ agenda, lockMs, ping, log }: RunnerOptions) {
  const shutdown = new AbortController();
  const running = new Set<Promise<void>>();
  const endRevival = reviveAfterFaults({ agenda, ping, log });

  // `define` is overloaded (callback or promise); only the second is meant.
  const defineAsync = agenda.define.bind(agenda) as (
    name: string,
    work: (job: Job) => Promise<void>,
    options: Parameters<Agenda['define']>[2],
  ) => void;

  async function runOne<T>(definition: JobDefinition<T>, job: Job<T>): Promise<void> {
    const lock = new AbortController();
    const heartbeat = setInterval(() => {
      job.touch().catch((error: unknown) => {
        // The lock is gone, and with it the right to go on; our leases keep this harmless.
        log.warn({ job: definition.name, err: error }, 'lost the lock of a job');
        clearInterval(heartbeat);
        lock.abort();
      });
    }, lockMs / HEARTBEATS_PER_LOCK);
    const signal = AbortSignal.any([shutdown.signal, lock.signal]);
    try {
      await definition.run(job.attrs.data, signal);
    } catch (error) {
      log.error({ job: definition.name, err: error }, 'a job failed and will be tried again');
      throw error;
    } finally {
      clearInterval(heartbeat);
    }
  }

  return {
    define<T>(definition: JobDefinition<T>): void {
      const work = async (job: Job<T>): Promise<void> => {
        const promise = runOne(definition, job);
        running.add(promise);
        await promise.finally(() => running.delete(promise));
      };
      defineAsync(definition.name, work as (job: Job) => Promise<void>, {
        concurrency: definition.concurrency,
        // More locks than workers leak in Agenda when a queued lock expires.
        lockLimit: definition.concurrency,
        lockLifetime: lockMs,
        removeOnComplete: true,
        backoff: backoffStrategies.exponential({
          delay: RETRY_FIRST_MS,
          maxDelay: RETRY_LAST_MS,
          maxRetries: RETRIES_MAX,
        }),
      });
    },

    /** Stops taking jobs, lets the pages in hand end, and gives all locks back. */
    async stop(): Promise<void> {
      await endRevival();
      await agenda.stop(false);
      shutdown.abort();
      await Promise.race([
        Promise.allSettled(running),
        new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref()),
      ]);
    },
  };
}
