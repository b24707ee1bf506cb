/**
 * Program: the real program, built as for production, since it starts in half the time, and
 * processes of it that can be killed. Built into a folder of its own, so that nobody else's build
 * can change it under a running test.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestDeps } from './deps.ts';

/** A process that has not said by then that it is ready will not. */
const READY_MS = 60_000;
const TSC = 'node_modules/typescript/bin/tsc';

export interface Program {
  /**
   * Starts a process on the test's database.
   * @param hear gets all that it says
   * @returns it, when it has said that it is ready
   * @throws Error with all it said, if it ends before that
   */
  start(
    environment: Readonly<Record<string, string>>,
    hear?: (said: string) => void,
  ): Promise<ChildProcess>;
  /** Kills every process of it that is left, and removes the folder. */
  stop(): Promise<void>;
}

/** Builds `src/` as it stands; its types are checked elsewhere. */
export async function buildProgram(deps: TestDeps): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-program-'));
  const dist = join(folder, 'dist');
  const build = ['--noCheck', '--incremental', 'false', '--outDir', dist];
  execFileSync(process.execPath, [TSC, ...build]);
  for (const name of ['node_modules', 'templates'])
    await symlink(resolve(name), join(folder, name));
  await copyFile('package.json', join(folder, 'package.json'));
  const children: ChildProcess[] = [];

  return {
    async start(environment, hear = () => {}) {
      const child = spawn(process.execPath, [join(dist, 'main.js'), 'start'], {
        env: { ...settings(deps, join(folder, 'home')), ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.push(child);
      for (const output of [child.stdout, child.stderr]) {
        output.on('data', (data) => hear(String(data)));
      }
      await isReady(child);
      return child;
    },
    async stop() {
      for (const child of children) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What every process needs; its mail server is added by the test. */
function settings(deps: TestDeps, home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    ASSENT_HOME: home,
    ASSENT_ADDRESS_KEY: deps.addressKey.toString('hex'),
    ASSENT_TOKEN_KEYS: `k1:${deps.tokenKeys[0].key.toString('hex')}`,
    MONGODB_URI: process.env['TEST_MONGODB_URI'],
    MONGODB_DATABASE: deps.database.db.databaseName,
    PUBLIC_URL: 'http://127.0.0.1:1',
    PORT: '0',
    MAIL_FROM: 'news@example.com',
    MAIL_FROM_NAME: 'Example GmbH',
    MAIL_POSTAL_ADDRESS: 'Beispielweg 1, 10115 Berlin',
    LEASE_SECONDS: '1',
    LOCK_SECONDS: '1',
    TICK_SECONDS: '1',
  };
}

async function isReady(child: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((done, fail) => {
    const late = setTimeout(() => fail(new Error(`not ready: ${said}`)), READY_MS);
    const hear = (data: unknown) => {
      said += String(data);
      if (!said.includes('"ready"')) return;
      clearTimeout(late);
      done();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', () => {
      clearTimeout(late);
      fail(new Error(`ended by itself: ${said}`));
    });
  });
}
