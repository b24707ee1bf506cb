/** Hostile: what scanners, floods and broken clients send, and that the server outlives it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { makeToken, readToken } from '../../../src/consent/link.ts';
import { PAGES_BURST } from '../../../src/web/rate-limit.ts';
import { BODY_BYTES_MAX } from '../../../src/web/request-body.ts';
import type { WebServer } from '../../../src/web/server.ts';
import { WORKSPACE } from '../../support/deps.ts';
import { tokenOf } from '../ask/tokens.ts';
import {
  askPeople,
  everything,
  openWorld,
  personAt,
  sendAll,
  sendTo,
  serve,
  type World,
} from '../ask/world.ts';
import { onTheWire, request } from './http.ts';

let world: World;
let web: WebServer;
let token: string;
const ANN = 'ann@example.org';

beforeAll(async () => {
  world = await openWorld();
  await askPeople(world, [ANN]);
  await sendAll(world.deps);
  token = tokenOf(world.deps, await sendTo(world.deps, ANN));
});
// A server for each test: the limit of pages is its own.
beforeEach(async () => {
  web = await serve(world);
});
afterEach(async () => web.close());
afterAll(async () => world.close());

const isAlive = async () => (await fetch(`${web.url}/healthz`)).status === 200;
const change = (text: string, at: number) =>
  text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

describe('tokens', () => {
  it('cut, altered or lengthened anywhere lead nowhere and cost no look into the database', async () => {
    const looks: string[] = [];
    const { database } = world.deps;
    const watching = {
      ...world.deps,
      database: {
        ...database,
        of(workspace: string) {
          looks.push(workspace);
          return database.of(workspace);
        },
      },
    };
    const watched = await serve({ deps: watching });
    const wrong = [
      ...Array.from({ length: token.length }, (_, at) => change(token, at)),
      ...[1, 5, 20, token.length - 1].map((length) => token.slice(0, length)),
      `${token}A`,
      `${token}.`,
      `${token}=`,
      `${token}%00`,
      `${token}/`,
      token.toLowerCase(),
    ].filter((text) => text !== token);
    for (const text of wrong.slice(0, PAGES_BURST - 1)) {
      const { status } = await onTheWire(watched.url, request('GET', `/c/${text}`));
      expect([text, status]).toEqual([text, 404]);
    }
    await watched.close();
    expect(looks).toEqual([]);
    for (const text of wrong) expect(readToken(text, world.deps.tokenKeys)).toBeUndefined();
  });

  it('of another workspace, another key or a send that is not there lead nowhere', async () => {
    const [workspace, send = ''] = token.split('.');
    expect(workspace).toBe(WORKSPACE);
    const { tokenKeys } = world.deps;
    const strangers = [
      makeToken({ workspace: 'T0OTHER', send }, tokenKeys),
      makeToken({ workspace: WORKSPACE, send: 'A'.repeat(22) }, tokenKeys),
      makeToken({ workspace: WORKSPACE, send }, [{ id: 'k1', key: Buffer.alloc(32, 1) }]),
      makeToken({ workspace: WORKSPACE, send }, [{ id: 'k9', key: Buffer.alloc(32, 9) }]),
    ];
    const before = await everything(world.deps);
    for (const stranger of strangers) {
      for (const door of ['c', 's', 'u']) {
        const body = new URLSearchParams({ answer: 'yes', 'List-Unsubscribe': 'One-Click' });
        const url = `${web.url}/${door}/${stranger}`;
        expect((await fetch(url)).status).toBe(404);
        expect((await fetch(url, { method: 'POST', body })).status).toBe(404);
      }
    }
    expect(await everything(world.deps)).toEqual(before);
  });
});

describe('bodies', () => {
  it('of ten megabytes are refused without being held', async () => {
    const body = 'x'.repeat(10 * 1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    const headers = { Connection: 'keep-alive' };
    const declared = await onTheWire(web.url, request('POST', `/c/${token}`, { body, headers }));
    expect([declared.status, declared.head]).toEqual([
      413,
      expect.stringContaining('Connection: close'),
    ]);
    const chunked = `${request('POST', `/s/${token}`, {
      headers: { 'Transfer-Encoding': 'chunked' },
    })}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expect((await onTheWire(web.url, chunked)).status).toBe(413);
    const lying = request('POST', `/u/${token}`, { headers: { 'Content-Length': '99999999999' } });
    expect((await onTheWire(web.url, `${lying}abc`)).status).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    expect((await personAt(world.deps, ANN)).permission).toBe('single-opt-in');
  });

  it('to places that take none are not waited for', async () => {
    const body = 'x'.repeat(1024 * 1024);
    expect((await onTheWire(web.url, request('POST', '/nowhere', { body }))).status).toBe(404);
    expect((await onTheWire(web.url, request('PUT', `/c/${token}`, { body }))).status).toBe(405);
  });

  it('at the limit are read', async () => {
    const body = `x=${'a'.repeat(BODY_BYTES_MAX - 2)}`;
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect(
      (await onTheWire(web.url, request('POST', `/c/${token}`, { body, headers }))).status,
    ).toBe(400);
    const longer = `${body}a`;
    expect(
      (await onTheWire(web.url, request('POST', `/c/${token}`, { body: longer, headers }))).status,
    ).toBe(413);
  });

  it('that end too early are a closed connection, not a crash', async () => {
    const head = request('POST', `/c/${token}`, { headers: { 'Content-Length': '100' } });
    const { hostname, port } = new URL(web.url);
    const { connect } = await import('node:net');
    const socket = connect(Number(port), hostname);
    socket.write(`${head}answer=yes`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect(await isAlive()).toBe(true);
  });
});

describe('addresses that are none', () => {
  it.each([
    '//',
    '///c/x',
    '/%E0%A4%A',
    '/c/%E0%A4%A',
    '/c/',
    '/c/a/b',
    '/C/x',
    '/c/%2e%2e%2f',
    '/../../etc/passwd',
    '/c/..',
    '/.env',
    '/?x',
    '*',
    'http://',
    'http://elsewhere.example/c/x',
    'c/x',
    `/${'a'.repeat(5_000)}`,
    '/\u0000',
  ])('%j is no page and no crash', async (target) => {
    const { status } = await onTheWire(web.url, request('GET', target));
    expect(target === '/?x' ? [200] : [400, 404]).toContain(status);
    expect(await isAlive()).toBe(true);
  });

  it('what is no HTTP at all gets one line and the end', async () => {
    expect((await onTheWire(web.url, 'hello\r\n\r\n')).status).toBe(400);
    const many = Array.from({ length: 3_000 }, (_, index) => `X-${index}: 1`).join('\r\n');
    expect((await onTheWire(web.url, `GET / HTTP/1.1\r\n${many}\r\n\r\n`)).status).toBe(431);
    expect(await isAlive()).toBe(true);
  });
});

describe('floods', () => {
  it('of pages are slowed down for one client, but never a genuine stop', async () => {
    world.deps.setNow(new Date());
    const burst = await Promise.all(
      Array.from({ length: PAGES_BURST + 40 }, () => fetch(`${web.url}/c/${token}`)),
    );
    const refused = burst.filter(({ status }) => status === 429);
    expect(refused.length).toBe(40);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await fetch(`${web.url}/c/nonsense`)).status).toBe(429);
    expect((await fetch(`${web.url}/s/nonsense`, { method: 'POST' })).status).toBe(429);
    const stop = await fetch(`${web.url}/s/${token}`, { method: 'POST' });
    world.deps.setNow(undefined);
    expect(stop.status).toBe(200);
    expect((await personAt(world.deps, ANN)).permission).toBe('opted-out-by-recipient');
  });
});

it('no door ever breaks, whatever is sent (500 tries)', async () => {
  const part = fc.oneof(
    fc.constantFrom('c', 's', 'u', 'healthz', 'readyz', 'slack', '..', '%', '%00', ''),
    fc.constant(token),
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 20 }).map(encodeURIComponent),
  );
  const anything = fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'QUERY', 'PATCH'),
    path: fc.array(part, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
    type: fc.constantFrom(
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'multipart/form-data',
      'application/json',
      '',
      ';;',
    ),
    language: fc.oneof(fc.constant('de'), fc.string({ maxLength: 30 }), fc.constant(';q=,,;q=x')),
    body: fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.constant('answer=yes%E0%A4%A&=&&locale=__proto__'),
      fc.constant('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'),
    ),
  });
  let busiest: WebServer | undefined;
  await fc.assert(
    fc.asyncProperty(anything, fc.nat(), async ({ method, path, type, language, body }, seed) => {
      // A new server now and then, so that the limit of pages does not answer for the doors.
      if (busiest === undefined || seed % 60 === 0) {
        await busiest?.close();
        busiest = await serve(world);
      }
      const clean = (text: string) => text.replace(/[^\x20-\x7e]/g, '');
      const wire = request(method, path.replace(/[^\x21-\x7e]/g, ''), {
        headers: { 'Content-Type': clean(type), 'Accept-Language': clean(language) },
        body,
      });
      const { status } = await onTheWire(busiest.url, wire);
      expect([200, 400, 404, 405, 409, 410, 413, 415, 429]).toContain(status);
    }),
    { numRuns: 500 },
  );
  await busiest?.close();
  expect(await isAlive()).toBe(true);
}, 120_000);
