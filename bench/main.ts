/**
 * Bench: what the product must reach, measured against bare scripts in the same run.
 *
 *   npm run bench -- [process] [dry-run] [import] [memory] [slack] [--sizes 10000,100000,1000000]
 *
 * Only ratios of one run mean anything: the machine, its noise and its MongoDB are the same there.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocalMongod } from '../src/store/local-mongod.ts';
import { benchDeps } from './deps.ts';
import { benchDryRun } from './dry-run.ts';
import { benchImport } from './import.ts';
import { benchMemory } from './memory.ts';
import { benchProcess } from './process.ts';
import { benchSend } from './send.ts';
import { benchSlack } from './slack.ts';

const BENCHES = {
  process: benchProcess,
  'dry-run': benchDryRun,
  import: benchImport,
  memory: benchMemory,
  send: benchSend,
  slack: benchSlack,
} as const;
const CACHE_GB = 4;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sizes: { type: 'string', default: '10000,100000,1000000' } },
});
const sizes = values.sizes.split(',').map(Number);
const chosen = positionals.length === 0 ? Object.keys(BENCHES) : positionals;

const folder = await mkdtemp(join(tmpdir(), 'assent-bench-'));
const mongod = await startLocalMongod({
  folder,
  env: process.env,
  say: (line: string) => console.error(line),
  cacheGb: CACHE_GB,
});
try {
  const deps = await benchDeps(mongod.uri, 'assent-bench');
  for (const name of chosen) {
    const bench = BENCHES[name as keyof typeof BENCHES];
    if (bench === undefined) throw new Error(`There is no bench "${name}".`);
    await bench(deps, sizes, mongod.uri);
  }
  await deps.database.close();
} finally {
  await mongod.stop();
  await rm(folder, { recursive: true, force: true });
}
