/**
 * Allow list: outside production nobody who is not on it is mailed, by the program as it is
 * configured, against a real server; and the demo reaches nothing but this machine.
 */
import { channel } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { buildStage } from '../../../demo/stage.ts';
import { readConfig } from '../../../src/config.ts';
import { openResources, type Resources } from '../../../src/resources.ts';
import {
  askPeople,
  forgetEverybody,
  openWorld,
  sendAll,
  sendTo,
  type World,
} from '../ask/world.ts';

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3}|localhost)$/;
const silent = pino({ level: 'silent' });

let world: World;
let home: string;
beforeAll(async () => {
  world = await openWorld();
  home = await mkdtemp(join(tmpdir(), 'assent-allow-'));
});
beforeEach(async () => forgetEverybody(world));
afterAll(async () => {
  await world.close();
  await rm(home, { recursive: true, force: true });
});

/** The sender as an operator would configure it, on the world's database and its mail server. */
async function openSender(over: Readonly<Record<string, string>>): Promise<Resources> {
  const { addressKey, tokenKeys, database } = world.deps;
  const config = readConfig({
    ASSENT_ROLE: 'sender',
    ASSENT_HOME: home,
    ASSENT_ADDRESS_KEY: addressKey.toString('hex'),
    ASSENT_TOKEN_KEYS: `k1:${tokenKeys[0].key.toString('hex')}`,
    MONGODB_URI: process.env['TEST_MONGODB_URI'],
    MONGODB_DATABASE: database.db.databaseName,
    PUBLIC_URL: 'http://127.0.0.1:1',
    SMTP_URL: world.inbox.smtpUrl,
    MAIL_FROM: 'news@example.com',
    MAIL_FROM_NAME: 'Example GmbH',
    MAIL_POSTAL_ADDRESS: 'Beispielweg 1, 10115 Berlin',
    MAIL_PER_SECOND: '500',
    ...over,
  });
  return openResources({ config, log: silent, say: () => undefined, environment: {} });
}

const STRANGERS = [
  'stranger@example.org',
  'ann@example.org',
  'sub@mail.allowed.example',
  'suffix@notallowed.example',
  'prefix@allowed.example.org',
  'allowed.example@example.net',
  'bob+tag@example.net',
];

describe('MAIL_ALLOW', () => {
  it.each([
    [
      'a domain and an address',
      '@allowed.example,bob@example.net',
      ['one@allowed.example', 'two@allowed.example', 'bob@example.net'],
    ],
    ['nobody of ours', 'nobody@example.com', []],
  ])('%s: nobody else reaches the server', async (_what, allow, expected) => {
    const friends = ['one@allowed.example', 'two@allowed.example', 'bob@example.net'];
    await askPeople(world, [...friends, ...STRANGERS]);
    const { deps, close } = await openSender({ MAIL_ALLOW: allow });
    try {
      await sendAll(deps);
    } finally {
      await close();
    }
    expect(new Set(world.inbox.mails.map(({ to }) => to))).toEqual(new Set(expected));
    for (const address of STRANGERS) {
      const { state, note } = await sendTo(world.deps, address);
      expect([state, note]).toEqual(['cancelled', 'not_on_allow_list']);
    }
  });

  it.each([
    ['without a list', {}],
    ['with everybody on it', { MAIL_ALLOW: '*' }],
  ])('a server that is not on this machine is not even opened %s', async (_what, over) => {
    const remote = { SMTP_URL: 'smtp://mail.example.com', ...over };
    await expect(openSender(remote)).rejects.toThrow(/MAIL_ALLOW .*NODE_ENV=production/);
  });
});

it('the demo connects to nothing but this machine, whatever the environment says', async () => {
  const hosts = new Set<string>();
  const watch = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.once('lookup', (_error, address) => hosts.add(address));
    socket.once('connect', () => hosts.add(String(socket.remoteAddress)));
  };
  const told = { SMTP_URL: 'smtp://mail.example.com', MAIL_ALLOW: '*', NODE_ENV: 'production' };
  const before = { ...process.env };
  Object.assign(process.env, told, { MONGODB_URI: process.env['TEST_MONGODB_URI'] });
  channel('net.client.socket').subscribe(watch);
  try {
    const stage = await buildStage(home, () => undefined, {
      MONGODB_DATABASE: `${world.deps.database.db.databaseName}-demo`,
    });
    const { config, deps } = stage.resources;
    expect(config.production).toBe(false);
    const urls = config.mail?.routes.map(({ url }) => new URL(url).hostname);
    expect(urls).toEqual(['127.0.0.1']);
    expect(new URL(config.slack?.apiUrl ?? '').hostname).toBe('127.0.0.1');
    await deps.database.db.dropDatabase();
    await stage.close();
  } finally {
    channel('net.client.socket').unsubscribe(watch);
    for (const name of [...Object.keys(told), 'MONGODB_URI']) delete process.env[name];
    Object.assign(process.env, before);
  }
  expect(hosts.size).toBeGreaterThan(0);
  expect([...hosts].filter((host) => !LOOPBACK.test(host))).toEqual([]);
});
