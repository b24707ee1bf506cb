/**
 * In flight: what Slack told the app and the app still works on, its acknowledgement given or not,
 * so that a test knows when all of it is over.
 */
import { setImmediate } from 'node:timers/promises';
import { App } from '@slack/bolt';

export interface InFlight {
  /** Resolves when nothing is worked on. */
  over(): Promise<void>;
  /** Watches no more. */
  stop(): void;
}

/** From now on counts the events of every app of this test file. */
export function watchEvents(): InFlight {
  const { prototype } = App;
  const original = Object.getOwnPropertyDescriptor(prototype, 'processEvent') ?? {};
  const process = prototype.processEvent;
  const running = new Set<Promise<void>>();
  Object.defineProperty(prototype, 'processEvent', {
    ...original,
    async value(this: App, event: Parameters<App['processEvent']>[0]): Promise<void> {
      const work = process.call(this, event);
      running.add(work);
      try {
        await work;
      } finally {
        running.delete(work);
      }
    },
  });
  return {
    async over() {
      while (running.size > 0) {
        await Promise.allSettled(running);
        // Whoever waits for the same hears of it before somebody looks at what came of it.
        await setImmediate();
      }
    },
    stop() {
      Object.defineProperty(prototype, 'processEvent', original);
    },
  };
}
