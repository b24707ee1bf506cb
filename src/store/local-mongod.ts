/**
 * Local mongod: a real MongoDB beside us when none is configured, its data in a folder of ours.
 *
 *   claim the folder ── won ──→ a binary (mongod/binary.ts) → run it (mongod/process.ts) → owner
 *          └────────── lost ─→ wait until the owner's mongod answers (mongod/attach.ts) → attached
 *
 * The data outlive a stop and a kill -9 of the owner. There is no fake: it is a mongod or an error.
 */
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type AttachOptions, attach, endLeftover } from './mongod/attach.ts';
import { mongodBinaries } from './mongod/binary.ts';
import type { ProgramEnvironment } from './mongod/command.ts';
import { claimFolder, type FolderClaim, readAddress, writeAddress } from './mongod/folder.ts';
import { DataInUse, type RunningMongod, runMongod } from './mongod/process.ts';

export interface LocalMongod {
  /** Of a replica set of one, on 127.0.0.1. */
  readonly uri: string;
  /** True in the process that started mongod. The others are attached: it ends with its owner. */
  readonly owner: boolean;
  /** Ends mongod if it is ours, and keeps the data; may be called twice. */
  stop(): Promise<void>;
}

export interface LocalMongodOptions {
  /** Holds the data, the lock and the address; made if it is not there. */
  readonly folder: string;
  /** MONGOD_BINARY, PATH, HOME, XDG_CACHE_HOME and what pip and a download may need (proxies). */
  readonly env: ProgramEnvironment;
  /** Hears one line before each slow step: what it does and how long it may take. */
  readonly say: (line: string) => void;
  /** Wanted port; without it the last one is used again, or any. Another one if it is taken. */
  readonly port?: number;
  /** Size of WiredTiger's cache in GB, at least 0.25. */
  readonly cacheGb?: number;
}

const CACHE_GB = 0.5;
/** Twice: the first time, another process may have become the owner at the same moment. */
const DEFEATS_MAX = 2;

/**
 * Starts a mongod for this folder, or attaches to the one that another process has started.
 * @throws Error that lists what was tried and the ways to get a MongoDB
 */
export async function startLocalMongod(options: LocalMongodOptions): Promise<LocalMongod> {
  await mkdir(join(options.folder, 'db'), { recursive: true, mode: 0o700 });
  // Links resolved: each process must have the same name for it, to know mongod again.
  const folder = await realpath(options.folder);
  const dataFolder = join(folder, 'db');
  const place: AttachOptions = { folder, dataFolder, say: options.say };
  for (let defeats = 0; defeats < DEFEATS_MAX; ) {
    const claim = await claimFolder(folder);
    if (claim === undefined) {
      const address = await attach(place);
      if (address !== undefined) return { uri: address.uri, owner: false, stop: async () => {} };
    } else {
      const started = await startAsOwner(claim, place, options);
      if (started !== undefined) return started;
      defeats += 1;
    }
  }
  throw new Error(
    `Another mongod has the data in ${dataFolder} open, and no process of Assent owns it. ` +
      'No second one was started. End that mongod, or set MONGODB_URI to its address.',
  );
}

/** Undefined if another mongod holds the data: then there is an owner to attach to. */
async function startAsOwner(
  claim: FolderClaim,
  place: AttachOptions,
  options: LocalMongodOptions,
): Promise<LocalMongod | undefined> {
  try {
    await endLeftover(place);
    const mongod = await runFirstThatWorks(place, options);
    const { uri, port } = mongod;
    await writeAddress(place.folder, { uri, port, token: claim.token });
    let stopped: Promise<void> | undefined;
    const stop = () => (stopped ??= stopAndRelease(mongod, claim));
    void freeFolderAtEnd(mongod, claim, () => {
      if (stopped !== undefined) return;
      options.say(`mongod ended by itself. Its data in ${place.dataFolder} are kept; start again.`);
    });
    return { uri, owner: true, stop };
  } catch (error) {
    await claim.release();
    if (error instanceof DataInUse) return undefined;
    throw error;
  }
}

/** The next start, here or in another process, must not wait for an owner without a mongod. */
async function freeFolderAtEnd(
  mongod: RunningMongod,
  claim: FolderClaim,
  onEnd: () => void,
): Promise<void> {
  await mongod.ended;
  onEnd();
  await claim.release();
}

async function stopAndRelease(mongod: RunningMongod, claim: FolderClaim): Promise<void> {
  try {
    await mongod.stop();
  } finally {
    await claim.release();
  }
}

async function runFirstThatWorks(
  { folder, dataFolder, say }: AttachOptions,
  { env, port, cacheGb = CACHE_GB }: LocalMongodOptions,
): Promise<RunningMongod> {
  const problems: string[] = [];
  const wantedPort = port ?? (await readAddress(folder))?.port ?? 0;
  for await (const binary of mongodBinaries({ env, say, problems })) {
    say(
      `Starting MongoDB ${binary.version} in ${folder}: one second, after a crash up to a minute.`,
    );
    try {
      return await runMongod({ binary, dataFolder, port: wantedPort, cacheGb });
    } catch (error) {
      if (error instanceof DataInUse || !(error instanceof Error)) throw error;
      problems.push(`${binary.path} (${binary.version}) did not start: ${error.message}`);
    }
  }
  throw new Error(noWayIsLeft(problems));
}

function noWayIsLeft(problems: readonly string[]): string {
  return [
    'MONGODB_URI is not set, and no MongoDB could be started here. Tried:',
    ...problems.map((problem) => `  - ${problem}`),
    'Nothing was changed. Any one of these helps:',
    '  - Set MONGODB_URI to a MongoDB replica set; one node is enough.',
    '  - Install MongoDB 6 or newer, so that mongod is on the PATH, or name it in MONGOD_BINARY.',
    '  - Run it in Docker: docker run -d -p 127.0.0.1:27017:27017 mongo:8 --replSet rs0',
    `    then once: docker exec <container> mongosh --eval 'rs.initiate({_id:"rs0",members:[{_id:0,host:"127.0.0.1:27017"}]})'`,
    '    and MONGODB_URI=mongodb://127.0.0.1:27017/?replicaSet=rs0',
    '  - Start again where the internet, or on Linux x64 a mirror for pip, can be reached.',
  ].join('\n');
}
