/** Visitors: whose request it is, what language they read, which page they mean. */
import { describe, expect, it } from '@jest/globals';
import { clientIp } from '../../../src/web/client-ip.ts';
import { acceptedLanguages, localeFor } from '../../../src/web/languages.ts';
import { allowOf, findRoute, pathOf, ROUTES } from '../../../src/web/routes.ts';

describe('client IP', () => {
  const from = (forwarded: string | undefined, trustedProxies: number) =>
    clientIp(
      { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress: '10.0.0.1' } },
      trustedProxies,
    );

  it.each<[string | undefined, number, string]>([
    ['1.2.3.4', 0, '10.0.0.1'],
    [undefined, 1, '10.0.0.1'],
    ['1.2.3.4', 1, '1.2.3.4'],
    ['6.6.6.6, 1.2.3.4', 1, '1.2.3.4'],
    ['6.6.6.6, 1.2.3.4, 10.9.9.9', 2, '1.2.3.4'],
    ['1.2.3.4', 2, '10.0.0.1'],
    ['6.6.6.6, nonsense', 1, '10.0.0.1'],
    ['', 1, '10.0.0.1'],
    ['2001:db8::1', 1, '2001:db8::1'],
    [`${'6.6.6.6, '.repeat(5_000)}1.2.3.4`, 1, '1.2.3.4'],
  ])('%j behind %i proxies is %s', (forwarded, proxies, expected) => {
    expect(from(forwarded, proxies)).toBe(expected);
  });
});

describe('languages', () => {
  it.each([
    [undefined, []],
    ['de', ['de']],
    ['fr, de-CH;q=0.8, en;q=0.9', ['fr', 'en', 'de-CH']],
    ['de;q=0, en', ['en']],
    ['de;q=x, en', ['en']],
    [';q=1,,  ,', []],
    [Array.from({ length: 50 }, (_, index) => `x${index}`).join(), expect.any(Array)],
  ])('%j is read as %j', (header, tags) => {
    const read = acceptedLanguages(header);
    expect(read).toEqual(tags);
    expect(read.length).toBeLessThanOrEqual(10);
  });

  const available = ['de', 'en'];
  it.each([
    ['de-AT', 'en', 'de'],
    ['en-GB', 'de', 'en'],
    ['tlh', 'de', 'de'],
    [undefined, 'fr, de;q=0.5', 'de'],
    [undefined, 'en, de', 'en'],
    [undefined, undefined, 'en'],
    ['__proto__', 'constructor', 'en'],
  ])('an address in %s and a browser in %s get %s', (language, header, locale) => {
    expect(localeFor(available, language, header)).toBe(locale);
  });
});

describe('routes', () => {
  it.each([
    ['/c/x?y#z', '/c/x'],
    ['http://host.example/s/x?y', '/s/x'],
    ['http://', undefined],
    ['*', undefined],
    [`/${'a'.repeat(600)}`, undefined],
  ])('%j asks for %j', (target, path) => {
    expect(pathOf(target)).toBe(path);
  });

  it.each([
    ['/c/T1.a.k.b', 'review', 'T1.a.k.b'],
    ['/s/a%2Eb', 'stop', 'a.b'],
    ['/u/x', 'one-click', 'x'],
    ['/healthz', 'healthz', ''],
    ['/', 'home', ''],
  ])('%s is %s', (path, name, token) => {
    expect(findRoute(path)).toMatchObject({ route: { name }, token });
  });

  it.each(['/c/', '/c/a/b', '/c/%E0%A4%A', '/healthz/', '//', '/x', ''])('%j is none', (path) => {
    expect(findRoute(path)).toBeUndefined();
  });

  it('only links, webhooks and the start of an installation take a POST', () => {
    expect(ROUTES.map((route) => [route.name, allowOf(route)])).toEqual([
      ['review', 'GET, HEAD, POST'],
      ['stop', 'GET, HEAD, POST'],
      ['one-click', 'GET, HEAD, POST'],
      ['hook', 'POST'],
      ['install', 'GET, HEAD, POST'],
      ['oauth-redirect', 'GET, HEAD'],
      ['healthz', 'GET, HEAD'],
      ['readyz', 'GET, HEAD'],
      ['home', 'GET, HEAD'],
    ]);
  });
});
