/**
 * Memory: the resident memory of a real worker process (the built program, its own process) while
 * it works through a mass opt-in. Read where the kernel keeps the highest value, so Linux only.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createQueue, openAgenda } from '../src/queue.ts';
import type { Deps } from '../src/workflow/deps.ts';
import { printTable } from './measure.ts';
import { fillAddresses, WORKSPACE } from './people.ts';
import { submitAndApprove } from './process.ts';
import { buildProgram, type Program, startProgram } from './program.ts';

const POLL_MS = 200;
const END_MS = 30 * 60_000;
const KB_PER_MB = 1024;

export async function benchMemory(deps: Deps, sizes: readonly number[], uri: string) {
  buildProgram();
  const rows = [];
  for (const size of sizes) {
    await fillAddresses(deps.database, size);
    for (const name of ['ledger', 'unsealed', 'requests', 'ranges', 'agendaJobs']) {
      await deps.database.db.collection(name).deleteMany({});
    }
    const home = await mkdtemp(join(tmpdir(), 'assent-bench-home-'));
    const env = { ASSENT_ROLE: 'worker', ASSENT_HOME: home };
    const worker = await startProgram(deps, uri, env);
    try {
      rows.push({ addresses: size, 'peak RSS of the worker (MB)': await peakOf(deps, worker) });
    } finally {
      worker.kill();
      await rm(home, { recursive: true, force: true });
    }
    console.error(JSON.stringify(rows.at(-1)));
  }
  printTable('Memory of a worker (goal ≤ 250, flat)', rows);
}

/** Files a request for the worker and waits for its end. @returns MB */
async function peakOf(deps: Deps, { process: worker }: Program): Promise<number> {
  const agenda = await openAgenda({
    db: deps.database.db,
    tickMs: 1_000,
    lockMs: 60_000,
    onError: () => {},
  });
  const { id } = await submitAndApprove({ ...deps, queue: createQueue(agenda) });
  const { requests } = deps.database.of(WORKSPACE);
  const end = Date.now() + END_MS;
  while ((await requests.find(id)).state !== 'done') {
    if (worker.exitCode !== null) throw new Error('The worker ended by itself.');
    if (Date.now() > end) throw new Error(`Not done in ${END_MS} ms.`);
    await sleep(POLL_MS);
  }
  const status = await readFile(`/proc/${worker.pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / KB_PER_MB);
}
