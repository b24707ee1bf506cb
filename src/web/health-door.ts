/** Health door: for whoever watches the process: does it live, and can it reach its database. */
import type { Database } from '../store/database.ts';
import type { Answer } from './ask-door.ts';

/** A database that takes longer to say hello is not ready for recipients. */
const PING_MS = 2_000;
/** One look answers everybody who asks within this time, so that asking costs nothing. */
const PING_VALID_MS = 1_000;

export type HealthDoor = ReturnType<typeof healthDoor>;

export function healthDoor({ ping }: Pick<Database, 'ping'>, nowMs: () => number) {
  let latest: { atMs: number; isReady: Promise<boolean> } | undefined;
  const isReady = (): Promise<boolean> => {
    if (latest === undefined || nowMs() - latest.atMs > PING_VALID_MS) {
      latest = { atMs: nowMs(), isReady: within(PING_MS, ping) };
    }
    return latest.isReady;
  };
  return {
    alive(): Answer {
      return { status: 200, body: 'ok\n', plain: true };
    },
    async ready(): Promise<Answer> {
      return (await isReady())
        ? { status: 200, body: 'ready\n', plain: true }
        : { status: 503, body: 'the database does not answer\n', plain: true };
    },
  };
}

/** True if `act` is done within the time; false if it fails or takes longer. */
async function within(ms: number, act: () => Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    const settle = (isDone: boolean) => () => {
      clearTimeout(timer);
      resolve(isDone);
    };
    act().then(settle(true), settle(false));
  });
}
