/**
 * Download: the official mongod, fetched by mongodb-memory-server-core.
 *
 * It runs in a process of its own: the library takes its settings from the environment, prints its
 * progress, and checks the server's certificate only if npm's strict-ssl is set; all three stay
 * outside of ours that way, and a download that hangs can be ended.
 */
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ProgramEnvironment, runCommand } from './command.ts';

/** Without internet some networks answer "no", others nothing at all: then this is the limit. */
const FIRST_BYTE_MS = 8_000;
const DOWNLOAD_MS = 900_000;

const PROGRAM = `
const { MongoBinary } = require(process.argv[1]);
MongoBinary.getPath({ downloadDir: process.argv[2] }).then(
  (path) => console.log('\\n' + path),
  (error) => {
    console.error(String(error.message).replace(/\\s+/g, ' '));
    process.exit(1);
  },
);
`;

/**
 * Downloads the official mongod for this machine and leaves it in the cache folder.
 * @throws Error with the reason, within seconds if there is no internet
 */
export async function downloadMongod(
  cacheFolder: string,
  env: ProgramEnvironment,
): Promise<string> {
  const library = createRequire(import.meta.url).resolve(
    'mongodb-memory-server-core/lib/util/MongoBinary.js',
  );
  const folder = join(cacheFolder, 'official');
  await mkdir(folder, { recursive: true });
  const result = await runCommand(process.execPath, ['-e', PROGRAM, library, folder], {
    env: {
      ...env,
      MONGOMS_MAX_RETRIES: '1',
      MONGOMS_DOWNLOAD_DIR: folder,
      MONGOMS_MD5_CHECK: 'true',
      npm_config_strict_ssl: 'true',
    },
    withinMs: DOWNLOAD_MS,
    firstLineWithinMs: FIRST_BYTE_MS,
  });
  if (!result.ok) {
    // Half a download is kept, the next try goes on with it; an empty folder is not.
    await rmdir(folder).catch(() => {});
    throw new Error(result.reason);
  }
  const path = result.output.trim().split('\n').at(-1) ?? '';
  // A mongod that an earlier use of the library left elsewhere is used where it is.
  if (dirname(path) !== folder) return path;
  const kept = join(cacheFolder, nameInCache(path));
  await rename(path, kept);
  await rm(folder, { recursive: true, force: true });
  return kept;
}

/** `mongod-x64-debian-8.2.6` → `mongod-8.2.6` */
function nameInCache(path: string): string {
  const version = /(\d+\.\d+\.\d+)(\.exe)?$/.exec(path);
  if (version === null) throw new Error('the download has no version in its name');
  return `mongod-${version[0]}`;
}
