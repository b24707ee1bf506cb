/** Attach: finding, and if need be ending, a mongod that somebody else has started. */
import { setTimeout as sleep } from 'node:timers/promises';
import { shutDown, withAdmin } from './client.ts';
import {
  type FolderOwner,
  isAlive,
  isGone,
  type MongodAddress,
  readAddress,
  readDataHolder,
  readOwner,
  removeStaleLock,
} from './folder.ts';

const POLL_MS = 100;
/** An owner renews its lock every second; one that has not for so long is dead. */
const SILENT_MS = 10_000;
/** A first start may download; nobody waits longer for another process than this. */
const OWNER_MS = 1_200_000;
/** The helper beside mongod looks every 2 s whether its parent lives, then mongod closes its files. */
const LEFTOVER_MS = 10_000;

export interface AttachOptions {
  readonly folder: string;
  readonly dataFolder: string;
  readonly say: (line: string) => void;
}

/**
 * Waits until the owner's mongod answers.
 * @returns its address, or undefined if the folder has no owner any more: then it can be claimed
 * @throws Error if the owner lives but its mongod does not answer in time
 */
export async function attach(options: AttachOptions): Promise<MongodAddress | undefined> {
  const { folder, say } = options;
  const startedAt = performance.now();
  let seen = { beat: 0, at: startedAt };
  for (let round = 0; ; round++) {
    const owner = await readOwner(folder);
    if (owner === undefined) return undefined;
    if (owner.beat !== seen.beat) seen = { beat: owner.beat, at: performance.now() };
    const address = await addressOf(owner, options);
    if (address !== undefined) return address;
    if (isGone(owner) || performance.now() - seen.at > SILENT_MS) {
      say(`Process ${owner.pid}, which had started MongoDB in ${folder}, is gone; taking over.`);
      await removeStaleLock(folder, owner);
      return undefined;
    }
    if (performance.now() - startedAt > OWNER_MS) throw ownerIsStuck(folder, owner.pid);
    if (round === 0) say(`Process ${owner.pid} is starting MongoDB in ${folder}; waiting for it.`);
    await sleep(POLL_MS);
  }
}

/** Undefined until the owner's mongod answers, and for ever if the owner is dead. */
async function addressOf(
  owner: FolderOwner,
  { folder, dataFolder }: AttachOptions,
): Promise<MongodAddress | undefined> {
  if (isGone(owner)) return undefined;
  const address = await readAddress(folder);
  if (address?.token !== owner.token) return undefined;
  return (await answers(address, dataFolder)) ? address : undefined;
}

/**
 * Waits until a mongod whose owner was killed has closed its data; asks it to, if it answers.
 * Returns after LEFTOVER_MS in any case: mongod's own lock on the data says whether they are free.
 */
export async function endLeftover({ folder, dataFolder, say }: AttachOptions): Promise<void> {
  const pid = await readDataHolder(dataFolder);
  if (pid === undefined || !isAlive(pid)) return;
  say('The MongoDB of an earlier run is still ending; waiting for it, up to 10 s.');
  const address = await readAddress(folder);
  if (address !== undefined && (await answers(address, dataFolder))) await shutDown(address);
  const startedAt = performance.now();
  while (isAlive(pid) && performance.now() - startedAt < LEFTOVER_MS) await sleep(POLL_MS);
}

/** True if a mongod answers there and it is the one of this folder: ports are reused by others. */
async function answers(address: MongodAddress, dataFolder: string): Promise<boolean> {
  try {
    return await withAdmin(address, async (command) => {
      const started = await command({ getCmdLineOpts: 1 });
      return (
        started['parsed']?.storage?.dbPath === dataFolder &&
        (await command({ hello: 1 }))['isWritablePrimary'] === true
      );
    });
  } catch {
    return false;
  }
}

function ownerIsStuck(folder: string, pid: number): Error {
  return new Error(
    `Process ${pid} owns ${folder}, but its MongoDB has not answered for ${OWNER_MS / 60_000} minutes. ` +
      'No second one was started. End that process, or set MONGODB_URI.',
  );
}
