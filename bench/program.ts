/** Program: the built product in processes of its own, as it runs in production. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import type { Deps } from '../src/workflow/deps.ts';

const READY_MS = 60_000;

export interface Program {
  readonly process: ChildProcess;
  /** Where its pages and Slack's door are; undefined for roles without. */
  readonly url: string | undefined;
  kill(): void;
}

/** Without --incremental false, tsc trusts its notes of an earlier build that may be gone. */
export function buildProgram(): void {
  const tsc = 'node_modules/typescript/bin/tsc';
  execFileSync(process.execPath, [tsc, '--incremental', 'false'], { stdio: 'inherit' });
}

/** Starts one process against a database; resolves when it says that it is ready. */
export async function startProgram(
  { database, addressKey, tokenKeys }: Deps,
  uri: string,
  env: NodeJS.ProcessEnv,
): Promise<Program> {
  const child = spawn(process.execPath, ['dist/main.js', 'start'], {
    env: {
      PATH: process.env['PATH'],
      ASSENT_ADDRESS_KEY: addressKey.toString('hex'),
      ASSENT_TOKEN_KEYS: `k1:${tokenKeys[0].key.toString('hex')}`,
      MONGODB_URI: uri,
      MONGODB_DATABASE: database.db.databaseName,
      PORT: '0',
      TICK_SECONDS: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready in time: ${said}`)), READY_MS);
    child.stdout.on('data', (data) => {
      if (!said.includes('"ready"')) said += data;
      if (!said.includes('"ready"')) return;
      clearTimeout(late);
      resolve();
    });
    child.once('exit', () => reject(new Error(`ended by itself: ${said}`)));
  });
  const url = /"url":"(http[^"]+)"/u.exec(said)?.[1];
  return { process: child, url, kill: () => void child.kill('SIGKILL') };
}
