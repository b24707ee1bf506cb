/** Hook fetch: small, soon, and not led elsewhere. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { fetchFromAmazon } from '../../../src/web/webhook-fetch.ts';

let server: Server;
let base: string;
const visited: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    visited.push(request.url ?? '');
    switch (request.url ?? '') {
      case '/page':
        response.end('a certificate');
        break;
      case '/elsewhere':
        response.writeHead(302, { Location: '/secret' }).end();
        break;
      case '/huge':
        response.end('x'.repeat(100_000));
        break;
      default:
        response.writeHead(500).end('no');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('fetches a page', async () => {
  expect(await fetchFromAmazon(new URL('/page', base))).toBe('a certificate');
});

it.each([
  ['/elsewhere', 'fetch failed'],
  ['/huge', 'answered with too much'],
  ['/fault', 'answered 500'],
])('%s is a fault', async (path, message) => {
  await expect(fetchFromAmazon(new URL(path, base))).rejects.toThrow(message);
  expect(visited).not.toContain('/secret');
});
