/** Public address: what stands at PUBLIC_URL, as the doctor finds it: ours, a stranger, a locked door. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { publicChecks } from '../../../src/web/check-public.ts';
import { securityHeaders } from '../../../src/web/security-headers.ts';

let stop: () => Promise<unknown> = async () => undefined;
afterEach(() => stop());

/** What the checks of the pages and of the button say of a server. */
async function findings(listener: RequestListener): Promise<string[]> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => new Promise((resolve) => server.close(resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [, ...checks] = publicChecks(url);
  const found = await Promise.all(checks.map((check) => check.run()));
  server.closeAllConnections();
  return found.flat().map(({ what, level, says }) => `${level} ${what}: ${says}`);
}
const headers = securityHeaders({ publicUrl: 'https://a.example', styleHash: 'sha256-abc' });
const healthy = 'ok Recipients’ pages: They are served.';

it.each<[string, RequestListener, string]>([
  [
    'Assent',
    ({ url }, response) => response.writeHead(url === '/healthz' ? 200 : 404, headers).end(),
    'ok One-click unsubscribe: POST reaches Assent, which knows no such link.',
  ],
  [
    'a proxy that knows one path',
    ({ url }, response) => response.writeHead(url === '/healthz' ? 200 : 404).end('nginx'),
    'fail One-click unsubscribe: POST /u/… is answered 404, and not by Assent.',
  ],
  [
    'a proxy that lets no POST through',
    ({ method }, response) => response.writeHead(method === 'POST' ? 405 : 200, headers).end(),
    'fail One-click unsubscribe: POST /u/… answers 405; 404 was expected for a link that is none.',
  ],
  [
    'a login in front',
    ({ url }, response) =>
      response.writeHead(url === '/healthz' ? 200 : 302, { location: '/login' }).end(),
    'fail One-click unsubscribe: POST /u/… answers 302; 404 was expected for a link that is none.',
  ],
])('%s', async (_what, listener, button) => {
  expect(await findings(listener)).toEqual([healthy, button]);
});
