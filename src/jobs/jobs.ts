/**
 * Jobs: the door for the clock, and its table of contents: which alarm wakes which step, how many
 * at once, and what ticks.
 */
import type { Agenda } from 'agenda';
import type { Logger } from 'pino';
import { JOBS, type ProcessRequestData } from '../queue.ts';
import { type AnnouncePort, announceDue } from '../workflow/announce.ts';
import type { Deps } from '../workflow/deps.ts';
import { processRequest } from '../workflow/process-request.ts';
import { sendConfirmations } from '../workflow/send-confirmations.ts';
import { sweep } from '../workflow/sweep.ts';
import { createRunner, type Runner } from './runner.ts';

export interface JobsOptions {
  readonly agenda: Agenda;
  readonly deps: Deps;
  readonly lockMs: number;
  readonly log: Logger;
  /** Which jobs this process takes: its role decides. */
  readonly work: boolean;
  readonly send: boolean;
  /** Where announcements are posted; without Slack there is none, and they wait. */
  readonly announcer?: AnnouncePort | undefined;
}

/** Defines the jobs of this process's role and starts taking them. */
export async function startJobs(options: JobsOptions): Promise<Runner> {
  const { agenda, deps, lockMs, log, work, send } = options;
  const runner = createRunner({ agenda, lockMs, ping: () => deps.database.ping(), log });
  if (work) defineWork(runner, options);
  if (send) {
    runner.define({
      name: JOBS.sendConfirmations,
      concurrency: 1, // One pass a process: it keeps its connections busy by itself.
      async run(_data: unknown, signal) {
        for (const workspace of await deps.database.clock.workspacesToSend(deps.now())) {
          await sendConfirmations(deps, workspace, { signal });
        }
      },
    });
  }
  if (work || send) await agenda.start();
  if (work) await agenda.every(deps.limits.tickMs, JOBS.sweep);
  return runner;
}

function defineWork(runner: Runner, { deps, announcer }: JobsOptions): void {
  runner.define<ProcessRequestData>({
    name: JOBS.processRequest,
    concurrency: deps.limits.workers,
    run: ({ workspace, request }, signal) => processRequest(deps, { workspace, request, signal }),
  });
  runner.define({
    name: JOBS.sweep,
    concurrency: 1,
    run: (_data: unknown, signal) => sweep(deps, signal),
  });
  if (announcer === undefined) return;
  runner.define({
    name: JOBS.announce,
    concurrency: 1, // Messages about one thing stay in order.
    async run(_data: unknown, signal) {
      await announceDue(deps, announcer, { signal });
    },
  });
}
