/** Keys: configured ones are used, others are made once, kept, and never replaced. */
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadKeys } from '../../../src/store/keys.ts';

const ADDRESS_KEY = Buffer.alloc(32, 1);
const TOKEN_KEYS = [{ id: 'k7', key: Buffer.alloc(32, 2) }] as const;
const NOTHING = { addressKey: undefined, tokenKeys: undefined };

let base: string;
let home: string;
let said: string[];
const say = (line: string) => said.push(line);
const load = (configured: Parameters<typeof loadKeys>[0]['configured'], production = false) =>
  loadKeys({ home, configured, production, say });

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'assent-keys-'));
  home = join(base, 'home');
  said = [];
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe('configured keys', () => {
  it.each([true, false])('are used, and no file is made (production: %s)', async (production) => {
    const configured = { addressKey: ADDRESS_KEY, tokenKeys: TOKEN_KEYS };
    expect(await load(configured, production)).toEqual(configured);
    expect(await readdir(base)).toEqual([]);
    expect(said).toEqual([]);
  });

  it.each([
    ['both', NOTHING, ['ASSENT_ADDRESS_KEY', 'ASSENT_TOKEN_KEYS']],
    ['the address key', { addressKey: undefined, tokenKeys: TOKEN_KEYS }, ['ASSENT_ADDRESS_KEY']],
    ['the token keys', { addressKey: ADDRESS_KEY, tokenKeys: undefined }, ['ASSENT_TOKEN_KEYS']],
  ])(
    'of which %s are missing are refused in production, with the command',
    async (_, configured, names) => {
      const error = await load(configured, true).then(() => 'loaded', String);
      expect(error.match(/ASSENT_[A-Z_]+/g)).toEqual(names);
      expect(error.match(/openssl rand -hex 32/g)).toHaveLength(names.length);
      expect(await readdir(base)).toEqual([]);
    },
  );
});

describe('keys that are not configured', () => {
  it('are made once, for the owner only, with a warning, and are the same ever after', async () => {
    const first = await load(NOTHING);
    expect(first.addressKey).toHaveLength(32);
    expect(first.tokenKeys).toEqual([{ id: 'k1', key: expect.any(Buffer) }]);
    expect(first.tokenKeys[0].key).toHaveLength(32);
    expect(first.tokenKeys[0].key.equals(first.addressKey)).toBe(false);
    expect((await stat(join(home, 'keys.json'))).mode & 0o777).toBe(0o600);
    expect(await readdir(home)).toEqual(['keys.json']);
    expect(said).toEqual([expect.stringMatching(/keys\.json\. Keep that file/)]);

    expect(await load(NOTHING)).toEqual(first);
    expect(said).toHaveLength(2);
  });

  it('are other ones in another folder', async () => {
    const here = await load(NOTHING);
    home = join(base, 'elsewhere');
    expect((await load(NOTHING)).addressKey.equals(here.addressKey)).toBe(false);
  });

  it('are the same for processes that start at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => load(NOTHING)));
    expect(new Set(all.map(({ addressKey }) => addressKey.toString('hex'))).size).toBe(1);
    expect(await readdir(home)).toEqual(['keys.json']);
  });

  it('stand back behind those that are', async () => {
    const made = await load(NOTHING);
    const mixed = await load({ addressKey: ADDRESS_KEY, tokenKeys: undefined });
    expect(mixed).toEqual({ addressKey: ADDRESS_KEY, tokenKeys: made.tokenKeys });
    const other = await load({ addressKey: undefined, tokenKeys: TOKEN_KEYS });
    expect(other).toEqual({ addressKey: made.addressKey, tokenKeys: TOKEN_KEYS });
  });

  it('are warned about if others can read them', async () => {
    await load(NOTHING);
    await chmod(join(home, 'keys.json'), 0o644);
    await load(NOTHING);
    expect(said.at(-1)).toMatch(/can be read by other users: run chmod 600/);
  });

  it.each([
    ['nothing', ''],
    ['half of it', '{"addressKey": "ab'],
    ['a short key', JSON.stringify({ addressKey: 'ab', tokenKeys: [{ id: 'k1', key: 'cd' }] })],
    ['no token key', JSON.stringify({ addressKey: 'ab'.repeat(32), tokenKeys: [] })],
  ])('are never replaced: a file with %s is refused', async (_, text) => {
    await load(NOTHING);
    await writeFile(join(home, 'keys.json'), text);
    await expect(load(NOTHING)).rejects.toThrow(/keys\.json cannot be used.*no new keys were made/);
    expect(await readFile(join(home, 'keys.json'), 'utf8')).toBe(text);
  });

  it('that are refused are not quoted', async () => {
    await load(NOTHING);
    const secret = 'ab'.repeat(31);
    await writeFile(join(home, 'keys.json'), `{"addressKey": "${secret}"`);
    const error = await load(NOTHING).then(
      () => 'loaded',
      (reason: Error) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).not.toContain(secret);
    expect(error).not.toHaveProperty('cause');
  });
});
