/** Server: health, logs, Slack's share, and the end. */

import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { SLACK_BODY_BYTES_MAX } from '../../../src/web/slack-door.ts';
import { tokenOf } from '../ask/tokens.ts';
import { askPeople, openWorld, sendAll, sendTo, serve, type World } from '../ask/world.ts';
import { onTheWire, request } from './http.ts';

let world: World;
let token: string;

beforeAll(async () => {
  world = await openWorld();
  await askPeople(world, ['ann@example.org']);
  await sendAll(world.deps);
  token = tokenOf(world.deps, await sendTo(world.deps, 'ann@example.org'));
});
afterAll(async () => world.close());

describe('health', () => {
  it('lives, and is ready while the database answers', async () => {
    const web = await serve(world);
    expect((await fetch(`${web.url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${web.url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([200, 'ready\n']);
    await web.close();
  });

  it('lives and is not ready without its database; nobody has to wait long for that', async () => {
    const never = async () => new Promise<void>(() => undefined);
    const failing = async () => Promise.reject(new Error('gone'));
    for (const ping of [never, failing]) {
      const database = { ...world.deps.database, ping };
      const web = await serve({ deps: { ...world.deps, database } });
      const startedMs = performance.now();
      expect((await fetch(`${web.url}/readyz`)).status).toBe(503);
      expect(performance.now() - startedMs).toBeLessThan(4_000);
      expect((await fetch(`${web.url}/healthz`)).status).toBe(200);
      await web.close();
    }
  });

  it('a database that fails is an apology with a reference, which the log explains', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
    const of = () => {
      throw new Error('the database is gone');
    };
    const database = { ...world.deps.database, of };
    const web = await serve({ deps: { ...world.deps, log, database } });
    const answer = await fetch(`${web.url}/c/${token}`);
    expect([answer.status, await answer.text()]).toEqual([
      500,
      expect.stringContaining('Something broke on our side'),
    ]);
    await web.close();
    expect(lines.join('')).toContain('the database is gone');
    expect(lines.join('')).not.toContain(token);
  });
});

it('logs name the route and never the link, the address or who asked', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  const web = await serve({ deps: { ...world.deps, log } });
  for (const path of [`/c/${token}`, `/s/${token}`, `/x/${token}`, `/c/${token}x`]) {
    await fetch(`${web.url}${path}`);
  }
  await fetch(`${web.url}/c/${token}`, { method: 'POST', body: new URLSearchParams({ a: 'b' }) });
  await web.close();
  const text = lines.join('');
  expect(text).toContain('"route":"review"');
  expect(text).toContain('"route":"none"');
  for (const secret of token.split('.').slice(1)) {
    if (secret.length > 4) expect(text).not.toContain(secret);
  }
  expect(text).not.toMatch(/127\.0\.0\.1|example\.org/);
});

describe('Slack', () => {
  const withSlack = async (slack: (url: string, response: ServerResponse) => void) =>
    serve(world, { slack: (incoming, response) => slack(incoming.url ?? '', response) });

  it('gets what is under /slack/, as it came, and answers it', async () => {
    const web = await withSlack((url, response) => {
      response.writeHead(202).end(`slack has ${url}`);
    });
    const answer = await fetch(`${web.url}/slack/events?x=1`, { method: 'POST', body: '{}' });
    expect([answer.status, await answer.text()]).toEqual([202, 'slack has /slack/events?x=1']);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await fetch(`${web.url}/slackish`)).status).toBe(404);
    await web.close();
  });

  it('does not get what is too large, or of unknown length', async () => {
    const seen: string[] = [];
    const web = await withSlack((url, response) => {
      seen.push(url);
      response.end();
    });
    const huge = { 'Content-Length': String(SLACK_BODY_BYTES_MAX + 1) };
    expect(
      (await onTheWire(web.url, request('POST', '/slack/events', { headers: huge }))).status,
    ).toBe(413);
    const chunked = { 'Transfer-Encoding': 'chunked' };
    const wire = request('POST', '/slack/events', { headers: chunked });
    expect((await onTheWire(web.url, `${wire}0\r\n\r\n`)).status).toBe(411);
    expect(seen).toEqual([]);
    await web.close();
  });

  it('breaks nothing when its listener fails, at once or later', async () => {
    const fail = () => {
      throw new Error('bolt broke');
    };
    for (const listener of [fail, async () => Promise.reject(new Error('bolt broke'))]) {
      const web = await serve(world, { slack: listener });
      expect((await fetch(`${web.url}/slack/events`, { method: 'POST' })).status).toBe(500);
      expect((await fetch(`${web.url}/healthz`)).status).toBe(200);
      await web.close();
    }
  });

  it('is not there where there is no Slack', async () => {
    const web = await serve(world);
    expect((await fetch(`${web.url}/slack/events`, { method: 'POST' })).status).toBe(404);
    await web.close();
  });
});

describe('the end', () => {
  it('lets what is being served finish, and takes no more', async () => {
    const gate = new EventEmitter();
    const held = once(gate, 'open').then(() => undefined);
    const { database } = world.deps;
    const ping = async () => held;
    const web = await serve({ deps: { ...world.deps, database: { ...database, ping } } });
    const pending = fetch(`${web.url}/readyz`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = web.close();
    gate.emit('open');
    expect((await pending).status).toBe(200);
    await closed;
    await expect(fetch(`${web.url}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('says what to do when the port is taken', async () => {
    const web = await serve(world);
    const port = Number(new URL(web.url).port);
    await expect(serve(world, { port })).rejects.toThrow(
      `The web server cannot listen on 127.0.0.1:${port}. Choose another port`,
    );
    await web.close();
  });
});
