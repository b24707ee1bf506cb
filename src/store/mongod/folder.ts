/**
 * Folder: who owns the folder of a local mongod, and at which address that mongod answers.
 *
 *   <folder>/mongod.owner   made by whoever starts mongod; its time is renewed while that process lives
 *   <folder>/mongod.json    the address; stays after a stop, so that the next start takes the same port
 *   <folder>/db/            the data; mongod itself locks them, which is the last fence
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Owner = z.object({ pid: z.int().positive(), token: z.string() });
const Address = z.object({ uri: z.string(), port: z.int(), token: z.string() });

export interface FolderOwner extends z.infer<typeof Owner> {
  /** Changes every second while the owner lives. */
  readonly beat: number;
}

/** `token` is the owner's: an address with another one is of an earlier run. */
export type MongodAddress = z.infer<typeof Address>;

export interface FolderClaim {
  readonly token: string;
  release(): Promise<void>;
}

const BEAT_MS = 1_000;

/** Claims that this process holds: a lock with our process id and another token is of a dead namesake. */
const held = new Set<string>();

/** Makes the lock file whole and at once, or not at all: then another process owns the folder. */
export async function claimFolder(folder: string): Promise<FolderClaim | undefined> {
  const token = randomUUID();
  const draft = join(folder, `mongod.owner.${token}`);
  held.add(token);
  await writeFile(draft, JSON.stringify({ pid: process.pid, token }));
  try {
    await link(draft, ownerFile(folder));
  } catch (error) {
    held.delete(token);
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const beat = setInterval(() => void renew(folder), BEAT_MS).unref();
  return {
    token,
    release: async () => {
      clearInterval(beat);
      if ((await readOwner(folder))?.token === token) await rm(ownerFile(folder), { force: true });
      held.delete(token);
    },
  };
}

/** Undefined if nobody owns the folder. */
export async function readOwner(folder: string): Promise<FolderOwner | undefined> {
  try {
    const owner = Owner.parse(JSON.parse(await readFile(ownerFile(folder), 'utf8')));
    return { ...owner, beat: (await stat(ownerFile(folder))).mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(
      `${ownerFile(folder)} cannot be read. No database was started. ` +
        'If no other Assent runs in this folder, remove that file and start again.',
      { cause: error },
    );
  }
}

/** True if the process that made the lock has ended; false says nothing, as process ids are reused. */
export function isGone({ pid, token }: FolderOwner): boolean {
  return pid === process.pid ? !held.has(token) : !isAlive(pid);
}

/** A process that has ended counts as dead, though nobody may have asked for its exit code yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Orphans in a container stay zombies if its first process does not wait for them. Linux only. */
function isZombie(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && / Z [^)]*$/.test(readFileSync(file, 'utf8'));
}

/** Removes the lock of a dead owner, and no other one that may have come in its place meanwhile. */
export async function removeStaleLock(folder: string, stale: FolderOwner): Promise<void> {
  const aside = join(folder, `mongod.owner.${randomUUID()}`);
  try {
    await rename(ownerFile(folder), aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = Owner.safeParse(JSON.parse(await readFile(aside, 'utf8')));
  if (moved.data?.token !== stale.token) await link(aside, ownerFile(folder)).catch(() => {});
  await rm(aside, { force: true });
}

/** Undefined if there is none that can be read; it is only ever a hint and is checked by a ping. */
export async function readAddress(folder: string): Promise<MongodAddress | undefined> {
  try {
    return Address.parse(JSON.parse(await readFile(addressFile(folder), 'utf8')));
  } catch {
    return undefined;
  }
}

export async function writeAddress(folder: string, address: MongodAddress): Promise<void> {
  const draft = `${addressFile(folder)}.${address.token}`;
  await writeFile(draft, `${JSON.stringify(address)}\n`);
  await rename(draft, addressFile(folder));
}

/** Process id of the mongod that has the data open, or had when it was killed. */
export async function readDataHolder(dataFolder: string): Promise<number | undefined> {
  const text = await readFile(join(dataFolder, 'mongod.lock'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isNaN(pid) ? undefined : pid;
}

const ownerFile = (folder: string): string => join(folder, 'mongod.owner');
const addressFile = (folder: string): string => join(folder, 'mongod.json');

async function renew(folder: string): Promise<void> {
  const now = (performance.timeOrigin + performance.now()) / 1_000;
  await utimes(ownerFile(folder), now, now).catch(() => {});
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
