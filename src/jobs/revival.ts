/**
 * Revival: starts the queue anew when the database was away and is back.
 *
 * Agenda counts the locks that it holds, and a fault at the wrong moment leaves one counted for
 * ever: then a job of that name is never taken again until the process ends. Starting its
 * processor anew counts from zero; jobs in hand go on, and our own leases keep that harmless.
 */
import type { Agenda } from 'agenda';
import type { Logger } from 'pino';

/** How often a database that failed is asked whether it is back (ms). */
const ASK_MS = 1_000;

export interface RevivalOptions {
  readonly agenda: Agenda;
  /** Rejects while the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly log: Logger;
}

/** Watches from now on. @returns ends the watch; resolves when no restart is under way */
export function reviveAfterFaults({ agenda, ping, log }: RevivalOptions): () => Promise<void> {
  let failed = false;
  let reviving: Promise<void> | undefined;
  const onError = (error: Error) => {
    failed ||= isDatabaseFault(error);
  };
  const revive = async (): Promise<void> => {
    try {
      await ping();
      failed = false;
      await agenda.stop(false);
      await agenda.start();
      log.warn('the database is back: the queue was started anew');
    } catch {
      // Still away, or away again: asked once more at the next turn.
      failed = true;
    }
  };
  agenda.on('error', onError);
  const timer = setInterval(() => {
    if (!failed || reviving !== undefined) return;
    reviving = revive().finally(() => {
      reviving = undefined;
    });
  }, ASK_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    agenda.off('error', onError);
    await reviving;
  };
}

/** The driver's errors are known by their names; a job's own failure is none of them. */
function isDatabaseFault(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('Mongo');
}
