/**
 * Process: one mongod as a child of ours, a replica set of one, on this machine only.
 *
 * mongodb-memory-server-core starts it and sets a helper beside it that ends mongod within seconds
 * when we are killed. The replica set is set up here: the library's own way puts back the old
 * configuration at each start, and with it the old port, so that another port finds no primary.
 */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoNetworkError, MongoServerError } from 'mongodb';
import {
  MongoInstance,
  MongoInstanceEvents,
} from 'mongodb-memory-server-core/lib/util/MongoInstance.js';
import { z } from 'zod';
import type { MongodBinary } from './binary.ts';
import { type AdminCommand, shutDown, withAdmin } from './client.ts';

export interface RunningMongod {
  readonly uri: string;
  readonly port: number;
  /** When mongod is gone, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends mongod and waits until it is gone; the data stay. */
  stop(): Promise<void>;
}

export interface MongodSettings {
  readonly binary: MongodBinary;
  readonly dataFolder: string;
  /** Wanted; another free one is taken if it is in use. 0: any. */
  readonly port: number;
  /** Size of WiredTiger's cache in GB; mongod's own default is half of the memory. */
  readonly cacheGb: number;
}

/** Another mongod has these data open. */
export class DataInUse extends Error {
  override readonly name = 'DataInUse';
}

const REPLICA_SET = 'assent';
const LOOPBACK = '127.0.0.1';
/** After kill -9 mongod first reads its journal. */
const LAUNCH_MS = 60_000;
/** Up to 30 s go by if a program that says nothing has taken the last port: mongod asks it first. */
const PRIMARY_MS = 90_000;
const CLOSE_MS = 10_000;
const POLL_MS = 20;
/** MB kept for change streams; the default would be 5 % of the disk. */
const OPLOG_MB = 512;
/** Between our look and mongod's own bind another program may take the port. */
const PORT_ATTEMPTS = 3;
/** Also said while mongod is still reading its configuration: then the next code follows. */
const NOT_YET_INITIALIZED = 94;
const ALREADY_INITIALIZED = 23;

/**
 * @throws DataInUse if another mongod holds the data folder
 * @throws Error with mongod's own reason if it ends or is not the primary in time
 */
export async function runMongod(settings: MongodSettings): Promise<RunningMongod> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? settings.port : 0);
    const complaints: string[] = [];
    try {
      return await launch(settings, port, complaints);
    } catch (cause) {
      const said = `${complaints.join()} ${String(cause)}`;
      if (said.includes('DBPathInUse')) throw new DataInUse(settings.dataFolder, { cause });
      if (said.includes('already in use') && attempt < PORT_ATTEMPTS) continue;
      throw new Error(complaints.join('; ') || String(cause), { cause });
    }
  }
}

async function launch(
  settings: MongodSettings,
  port: number,
  complaints: string[],
): Promise<RunningMongod> {
  const instance = newInstance(settings, port);
  const listen = (lines: string) => void complaints.push(...seriousLines(lines));
  instance.on(MongoInstanceEvents.instanceSTDOUT, listen);
  await instance.start();
  const ended = new Promise<void>((resolve) => {
    instance.once(MongoInstanceEvents.instanceClosed, () => resolve());
  });
  const stop = () => end(instance, port, ended);
  try {
    await becomePrimary(port);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    instance.off(MongoInstanceEvents.instanceSTDOUT, listen);
  }
  return { uri: `mongodb://${LOOPBACK}:${port}/?replicaSet=${REPLICA_SET}`, port, ended, stop };
}

/** Closes the data first; then the library ends its helper, and mongod by force if it hangs. */
async function end(instance: MongoInstance, port: number, ended: Promise<void>): Promise<void> {
  const isOver = await Promise.race([ended.then(() => true), sleep(0, false)]);
  // Its port may be another one's by now.
  if (!isOver) await shutDown({ port });
  await Promise.race([ended, sleep(CLOSE_MS, undefined, { ref: false })]);
  await instance.stop();
}

/** The library parses some lines of the log and throws, outside of any try, if two came at once. */
class Mongod extends MongoInstance {
  protected override checkErrorInLine(): void {}
}

function newInstance({ binary, dataFolder, cacheGb }: MongodSettings, port: number): MongoInstance {
  return new Mongod({
    // The version is the binary's own: with another one the library prints a warning.
    binary: { systemBinary: binary.path, version: binary.version },
    instance: {
      dbPath: dataFolder,
      storageEngine: 'wiredTiger',
      ip: LOOPBACK,
      port,
      launchTimeout: LAUNCH_MS,
      args: mongodArguments(cacheGb),
    },
    // A process group of its own: Ctrl-C reaches us only, and we end mongod last.
    spawn: { detached: true, windowsHide: true },
  });
}

/** The longest that a transaction may take (s); MongoDB's own default is 60. */
const TRANSACTION_SECONDS = 10;

function mongodArguments(cacheGb: number): string[] {
  // Given here and not as the library's own option, so that it leaves the shutdown to us.
  const args = [
    '--replSet',
    REPLICA_SET,
    `--wiredTigerCacheSizeGB=${cacheGb}`,
    `--oplogSize=${OPLOG_MB}`,
  ];
  args.push('--setParameter', 'diagnosticDataCollectionEnabled=false');
  // What a killed process left open holds its documents for so long; ours take well under a second.
  args.push('--setParameter', `transactionLifetimeLimitSeconds=${TRANSACTION_SECONDS}`);
  // A socket in /tmp would be open to other users of this machine; Windows has none.
  if (process.platform !== 'win32') args.push('--nounixsocket');
  return args;
}

/** mongod logs one JSON object a line; `s` is its severity, F and E are the serious ones. */
function seriousLines(lines: string): string[] {
  return lines
    .split('\n')
    .filter((line) => /"s":"[FE]"/.test(line))
    .map((line) => {
      const [, message = line] = /"msg":(".*)}$/.exec(line.trim()) ?? [];
      return message;
    });
}

/** The wanted port if it is free on this machine, else any free one. */
async function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort(0))));
    probe.listen(wanted, LOOPBACK, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      probe.close(() => resolve(port));
    });
  });
}

async function becomePrimary(port: number): Promise<void> {
  const limit = AbortSignal.timeout(PRIMARY_MS);
  await withAdmin({ port }, async (send) => {
    while (!(await isPrimary(send, `${LOOPBACK}:${port}`))) {
      if (limit.aborted) throw new Error(`mongod was not the primary after ${PRIMARY_MS / 1000} s`);
      await sleep(POLL_MS);
    }
  });
}

async function isPrimary(send: AdminCommand, host: string): Promise<boolean> {
  try {
    await configure(send, host);
    return (await send({ hello: 1 }))['isWritablePrimary'] === true;
  } catch (error) {
    // mongod closes its connections when its place in the replica set changes.
    const isPassing =
      error instanceof MongoNetworkError ||
      (error instanceof MongoServerError && error.code === ALREADY_INITIALIZED);
    if (isPassing) return false;
    throw error;
  }
}

/** A new data folder gets a configuration; one that last ran on another port gets the new one. */
async function configure(send: AdminCommand, host: string): Promise<void> {
  const config = await readReplicaSetConfig(send);
  if (config === undefined) {
    const members = [{ _id: 0, host }];
    await send({ replSetInitiate: { _id: REPLICA_SET, members } });
  } else if (config.members[0]?.host !== host) {
    const members = [{ ...config.members[0], host }];
    const moved = { ...config, members, version: config.version + 1 };
    await send({ replSetReconfig: moved, force: true });
  }
}

const ReplicaSetConfig = z.looseObject({
  version: z.int(),
  members: z.array(z.looseObject({ host: z.string() })),
});

async function readReplicaSetConfig(send: AdminCommand) {
  try {
    const answer = await send({ replSetGetConfig: 1 });
    return ReplicaSetConfig.parse(answer['config']);
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NOT_YET_INITIALIZED) return undefined;
    throw error;
  }
}
