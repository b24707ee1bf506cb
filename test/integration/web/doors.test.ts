/** Doors: every route by every method, and what a browser is allowed to do with the answers. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WebServer } from '../../../src/web/server.ts';
import { withdrawConsent } from '../../../src/workflow/withdraw-consent.ts';
import { tokenOf } from '../ask/tokens.ts';
import {
  askPeople,
  DAY_MS,
  everything,
  openWorld,
  personAt,
  sendAll,
  sendTo,
  serve,
  type World,
} from '../ask/world.ts';
import { onTheWire, request, textOf } from './http.ts';

let world: World;
let web: WebServer;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  world = await openWorld();
  web = await serve(world);
  const people = ['ann@example.org', 'bert@example.org', 'stopped@example.org'];
  await askPeople(world, people);
  await sendAll(world.deps);
  for (const address of people) {
    tokens[address] = tokenOf(world.deps, await sendTo(world.deps, address));
  }
  const evidence = { at: world.deps.now() };
  await withdrawConsent(world.deps, tokens['stopped@example.org'] ?? '', 'page', evidence);
});
afterAll(async () => {
  await web.close();
  await world.close();
});

const ann = () => tokens['ann@example.org'] ?? '';
const get = (path: string, init: RequestInit = {}) => fetch(`${web.url}${path}`, init);
const post = (path: string, body: Record<string, string> = {}, init: RequestInit = {}) =>
  get(path, { method: 'POST', body: new URLSearchParams(body), ...init });

describe('looking', () => {
  const paths = () => [
    ...['c', 's', 'u'].flatMap((door) => Object.values(tokens).map((token) => `/${door}/${token}`)),
    '/c/nonsense',
    '/healthz',
    '/readyz',
    '/',
    '/nowhere',
    `/c/${ann()}?answer=yes&List-Unsubscribe=One-Click`,
  ];

  it('changes nothing, on any route, by GET or HEAD, whatever it carries', async () => {
    const before = await everything(world.deps);
    for (const path of paths()) {
      for (const method of ['GET', 'HEAD']) {
        await (await get(path, { method })).text();
        await onTheWire(
          web.url,
          request(method, path, {
            headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
            body: 'answer=yes&List-Unsubscribe=One-Click',
          }),
        );
      }
    }
    expect(await everything(world.deps)).toEqual(before);
  });

  it('HEAD answers as GET would, without a body', async () => {
    for (const path of paths()) {
      const [head, full] = await Promise.all([get(path, { method: 'HEAD' }), get(path)]);
      const body = await full.text();
      expect([path, head.status, await head.text()]).toEqual([path, full.status, '']);
      expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(body)));
    }
  });

  it('shows the question, with one way to say yes and one to stop', async () => {
    const page = await (await get(`/c/${ann()}`)).text();
    expect(page.match(/<button/g)).toHaveLength(2);
    expect(page).toContain(`action="../c/${ann()}"`);
    expect(page).toContain(`action="../s/${ann()}"`);
    expect(page).toContain('Yes, keep sending');
    expect(page).not.toMatch(/@example\.org|<script|javascript:|\son\w+="/i);
  });

  it.each(['s', 'u'])('/%s/ shows one button: stop', async (door) => {
    const page = await (await get(`/${door}/${ann()}`)).text();
    expect(page.match(/<button[^>]*>([^<]*)</g)).toEqual([
      '<button class="primary" type="submit">Stop<',
    ]);
  });

  it('shows who has stopped that there is nothing left to do', async () => {
    for (const door of ['c', 's', 'u']) {
      const page = await textOf(await get(`/${door}/${tokens['stopped@example.org']}`));
      expect(page).toContain('You get no e-mails from us');
      expect(page).not.toContain('<button');
    }
  });

  it('shows that a link has expired, and still offers to stop', async () => {
    world.deps.setNow(new Date(Date.now() + 15 * DAY_MS));
    const page = await (await get(`/c/${ann()}`)).text();
    const late = await post(`/c/${ann()}`, { answer: 'yes' });
    world.deps.setNow(undefined);
    expect(page).toContain('This link has expired');
    expect(page.match(/<button/g)).toHaveLength(1);
    expect(late.status).toBe(410);
    expect(await late.text()).toMatch(/until \w+ \d+, 20\d\d\. Nothing was changed now/);
    expect((await personAt(world.deps, 'ann@example.org')).permission).toBe('single-opt-in');
  });

  it('follows the browser where the address has no language', async () => {
    const page = await get(`/c/${ann()}`, {
      headers: { 'Accept-Language': 'pl, de-CH;q=0.8, en;q=0.1' },
    });
    expect(await page.text()).toContain('<html lang="de"');
    expect(page.headers.get('vary')).toBe('Accept-Language');
  });
});

describe('methods and types', () => {
  it.each([
    ['/c/x', 'GET, HEAD, POST'],
    ['/s/x', 'GET, HEAD, POST'],
    ['/u/x', 'GET, HEAD, POST'],
    ['/healthz', 'GET, HEAD'],
    ['/readyz', 'GET, HEAD'],
    ['/', 'GET, HEAD'],
  ])('%s allows %s and says so', async (path, allow) => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      const answer = await onTheWire(web.url, request(method, path));
      expect([method, answer.status]).toEqual([method, 405]);
      expect(answer.head).toContain(`Allow: ${allow}`);
    }
    if (!allow.includes('POST')) expect((await post(path)).status).toBe(405);
  });

  it('a POST that is no form is refused and changes nothing', async () => {
    for (const type of ['application/json', 'text/plain', 'application/octet-stream', '???']) {
      for (const door of ['c', 's', 'u']) {
        const init = { body: '{"answer":"yes"}', headers: { 'Content-Type': type } };
        expect((await post(`/${door}/${ann()}`, {}, init)).status).toBe(415);
      }
    }
    expect((await personAt(world.deps, 'ann@example.org')).permission).toBe('single-opt-in');
  });

  it('a POST without the button says nothing: the question is shown again', async () => {
    for (const body of [{}, { answer: 'no' }, { Answer: 'yes' }]) {
      const answer = await post(`/c/${ann()}`, body);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('Yes, keep sending');
    }
    expect((await personAt(world.deps, 'ann@example.org')).permission).toBe('single-opt-in');
  });

  it('a one-click without its pair shows the stop page, and changes nothing', async () => {
    for (const body of [{}, { 'List-Unsubscribe': 'yes' }, { other: 'One-Click' }]) {
      expect((await post(`/u/${ann()}`, body)).status).toBe(400);
    }
    expect((await personAt(world.deps, 'ann@example.org')).permission).toBe('single-opt-in');
  });

  it('a one-click may come as multipart (RFC 8058)', async () => {
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    const token = tokens['bert@example.org'] ?? '';
    expect((await get(`/u/${token}`, { method: 'POST', body: form })).status).toBe(200);
    const again = await get(`/u/${token}`, { method: 'POST', body: form });
    expect([again.status, await textOf(again)]).toEqual([
      200,
      expect.stringContaining('Our e-mails were stopped already'),
    ]);
    expect((await personAt(world.deps, 'bert@example.org')).permission).toBe(
      'opted-out-by-recipient',
    );
  });

  it.each(['--x\r\nbroken', '--x--', ''])(
    'a multipart that is broken is no crash: %j',
    async (body) => {
      const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
      expect((await get(`/u/${ann()}`, { method: 'POST', body, headers })).status).toBe(400);
    },
  );
});

describe('security headers', () => {
  it('stand on every answer, good or bad', async () => {
    const answers = [
      await get(`/c/${ann()}`),
      await get('/'),
      await get('/nowhere'),
      await get('/healthz'),
      await get('/c/x', { method: 'PUT' }),
      await post('/c/x', { answer: 'yes' }),
      await post(`/u/${tokens['stopped@example.org']}`, { 'List-Unsubscribe': 'One-Click' }),
    ];
    for (const { headers } of answers) {
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      );
      expect(Object.fromEntries(headers)).toMatchObject({
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, nofollow',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect([headers.get('set-cookie'), headers.get('x-powered-by')]).toEqual([null, null]);
    }
  });

  it('allow exactly the style that the page holds', async () => {
    const page = await get(`/c/${ann()}`);
    const css = /<style>([\s\S]*?)<\/style>/.exec(await page.text())?.[1] ?? '';
    const hash = createHash('sha256').update(css).digest('base64');
    expect(page.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
  });

  it('insist on https where the public address is https, and only there', async () => {
    expect((await get('/')).headers.get('strict-transport-security')).toBe('max-age=31536000');
    const plain = await serve({ deps: { ...world.deps, publicUrl: 'http://127.0.0.1' } });
    const { headers } = await fetch(plain.url);
    await plain.close();
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});
