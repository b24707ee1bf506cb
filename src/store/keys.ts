/**
 * Keys: the address key, which makes every address's id, and the token keys, which sign links.
 *
 * In production they are configured. Elsewhere, what is not configured is made once and kept in
 * keys.json: with another address key every address would be a stranger and every opt-out forgotten.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { TokenKey } from '../consent/link.ts';

export interface Keys {
  readonly addressKey: Buffer;
  /** The first signs, all verify. */
  readonly tokenKeys: readonly [TokenKey, ...TokenKey[]];
}

export interface KeysOptions {
  /** Folder of keys.json. */
  readonly home: string;
  readonly configured: {
    readonly addressKey: Buffer | undefined;
    readonly tokenKeys: Keys['tokenKeys'] | undefined;
  };
  readonly production: boolean;
  /** Hears a warning whenever keys from a file are used. */
  readonly say: (line: string) => void;
}

const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;
const MADE_TOKEN_KEY_ID = 'k1';

const key = z
  .string()
  .regex(new RegExp(`^[0-9a-f]{${2 * KEY_BYTES}}$`))
  .transform((hex) => Buffer.from(hex, 'hex'));
const tokenKey = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{1,16}$/), key });
const KeysFile = z.object({
  addressKey: key,
  tokenKeys: z.tuple([tokenKey], tokenKey),
});

/**
 * The configured keys; outside of production, missing ones come from `<home>/keys.json`.
 * @throws Error in production if one is missing, with the command that makes it
 * @throws Error if keys.json is there but cannot be read: it is never replaced
 */
export async function loadKeys(options: KeysOptions): Promise<Keys> {
  const { home, configured, production, say } = options;
  const { addressKey, tokenKeys } = configured;
  if (addressKey !== undefined && tokenKeys !== undefined) return { addressKey, tokenKeys };
  if (production) throw new Error(howToMakeKeys(configured));
  const path = join(home, 'keys.json');
  const kept = (await readKeys(path)) ?? (await makeKeys(home, path));
  say(
    `Keys are taken from ${path}. Keep that file with the database: without it every opt-out is ` +
      'forgotten. For production, set ASSENT_ADDRESS_KEY and ASSENT_TOKEN_KEYS.',
  );
  if (await isOpenToOthers(path)) say(`${path} can be read by other users: run chmod 600 on it.`);
  return { addressKey: addressKey ?? kept.addressKey, tokenKeys: tokenKeys ?? kept.tokenKeys };
}

function howToMakeKeys({ addressKey, tokenKeys }: KeysOptions['configured']): string {
  const lines = ['NODE_ENV is production, and keys are missing. Nothing was started. Run once:'];
  if (addressKey === undefined) {
    lines.push(
      '  echo "ASSENT_ADDRESS_KEY=$(openssl rand -hex 32)"',
      '    (never change it again)',
    );
  }
  if (tokenKeys === undefined) {
    lines.push(
      `  echo "ASSENT_TOKEN_KEYS=${MADE_TOKEN_KEY_ID}:$(openssl rand -hex 32)"`,
      '    (to rotate it, put a new id:key and a comma before it)',
    );
  }
  return [...lines, 'and put the output into the environment or your secret store.'].join('\n');
}

/** Undefined if there is no such file. */
async function readKeys(path: string): Promise<Keys | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(path, codeOf(error));
  }
  try {
    return KeysFile.parse(JSON.parse(text));
  } catch {
    // Neither zod's nor JSON's own error goes along: both may quote what stands in the file.
    throw unreadable(path, 'not keys of Assent');
  }
}

function unreadable(path: string, reason: unknown): Error {
  return new Error(
    `${path} cannot be used (${String(reason)}). Nothing was started, and no new keys were made: ` +
      'with them every opt-out would be forgotten. Put the file back from a backup; ' +
      'only if the database is empty, remove it.',
  );
}

/** Another process may be doing the same: one file wins, and both use it. */
async function makeKeys(home: string, path: string): Promise<Keys> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const hex = () => randomBytes(KEY_BYTES).toString('hex');
  const made = { addressKey: hex(), tokenKeys: [{ id: MADE_TOKEN_KEY_ID, key: hex() }] };
  const draft = join(home, `keys.${randomUUID()}.json`);
  try {
    await writeDurably(draft, `${JSON.stringify(made, null, 2)}\n`);
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const kept = await readKeys(path);
  if (kept === undefined) throw unreadable(path, 'removed at this moment');
  return kept;
}

/** On the disk before it is used: data that outlive their key are lost. */
async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Windows knows no such modes. */
async function isOpenToOthers(path: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(path)).mode & OTHERS) !== 0;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
