/** Config routes: several mail servers from a file, and who may be mailed outside production. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config.ts';
import { allowList } from '../../../src/consent/allow-list.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const mail = {
  MAIL_FROM: 'hello@example.com',
  MAIL_FROM_NAME: 'Example',
  MAIL_POSTAL_ADDRESS: 'Example Ltd, 1 Example Street',
  PUBLIC_URL: 'https://assent.example.com',
};
const remote = { ...mail, SMTP_URL: 'smtp://user:secret@mail.example.com' };
const local = { ...mail, SMTP_URL: 'smtp://127.0.0.1:1025' };
const production = { NODE_ENV: 'production' };

const files =
  (routes: unknown, others: Readonly<Record<string, string>> = {}) =>
  (path: string): string => {
    const found = path === '/routes.json' ? JSON.stringify(routes) : others[path];
    if (found === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return found;
  };

function read(environment: NodeJS.ProcessEnv, readFile?: (path: string) => string) {
  try {
    return { config: readConfig(environment, readFile), faults: '' };
  } catch (error) {
    return { config: undefined, faults: (error as Error).message };
  }
}
const fromFile = (routes: unknown, others?: Readonly<Record<string, string>>) =>
  read({ ...mail, ...production, MAIL_ROUTES_FILE: '/routes.json' }, files(routes, others));

describe('routes', () => {
  it('SMTP_URL alone is one route', () => {
    const environment = { ...local, MAIL_PER_SECOND: '3', MAIL_WARM_UP_FROM: '2026-11-23' };
    expect(read(environment).config?.mail?.routes).toEqual([
      {
        name: 'default',
        url: local.SMTP_URL,
        weight: 1,
        perSecond: 3,
        connections: 5,
        warmUpFrom: '2026-11-23',
        dkim: undefined,
        oauth2: undefined,
      },
    ]);
  });

  it('a file names several, each with its own pace and signature', () => {
    const big = { name: 'big', url: 'smtps://u:p@a.example.com', weight: 3, perSecond: 0.5 };
    const dkim = { domain: 'example.com', selector: 's1', privateKeyFile: '/key.pem' };
    const small = { name: 'small', url: 'smtp://b.example.com', connections: 1, dkim };
    const { config } = fromFile([big, small], { '/key.pem': PEM });
    expect(config?.mail?.routes).toEqual([
      { ...big, connections: 5, warmUpFrom: undefined, dkim: undefined, oauth2: undefined },
      {
        ...small,
        weight: 1,
        perSecond: 10,
        warmUpFrom: undefined,
        dkim: { domain: 'example.com', selector: 's1', privateKeyPem: PEM },
        oauth2: undefined,
      },
    ]);
  });

  const ok = { name: 'a', url: 'smtp://a.example.com' };
  it.each<[string, unknown, string[]]>([
    ['no list', {}, ['MAIL_ROUTES_FILE must hold a list of routes']],
    ['an empty list', [], ['MAIL_ROUTES_FILE must hold a route.']],
    ['a name twice', [ok, ok], ['MAIL_ROUTES_FILE has a name twice']],
    ['a name in capitals', [{ ...ok, name: 'A' }], ['route 1, name must be 1 to 32 small letters']],
    ['another field', [{ ...ok, pace: 1 }], ['route 1 must be { name, url } and']],
    ['no route', ['smtp://a'], ['route 1 must be { name, url } and']],
    ['half a key', [{ ...ok, dkim: 'x' }], ['route 1, dkim must be { domain, selector,']],
    ['no name', [{ url: ok.url }], ['route 1, name must be a text']],
    [
      'another protocol',
      [ok, { ...ok, name: 'b', url: 'http://a' }],
      ['route 2, url must be like'],
    ],
    ['too fast', [{ ...ok, perSecond: 501 }], ['route 1, perSecond must be at most 500']],
    ['half a connection', [{ ...ok, connections: 1.5 }], ['route 1, connections must be a whole']],
    ['no weight', [{ ...ok, weight: 0 }], ['route 1, weight must be a number from 1 to 100']],
    ['no day', [{ ...ok, warmUpFrom: '2026-02-30' }], ['route 1, warmUpFrom must be a day like']],
    [
      'a key that is none',
      [{ ...ok, dkim: { domain: 'example.com', selector: 's1', privateKeyFile: '/none' } }],
      ['route 1, dkim.privateKeyFile names no RSA private key'],
    ],
    [
      'several faults at once',
      [{ ...ok, weight: 0, perSecond: 0 }],
      ['route 1, weight must', 'route 1, perSecond must be 0.1 or more'],
    ],
  ])('%s is refused by place and field', (_what, routes, expected) => {
    const { faults } = fromFile(routes);
    for (const fault of expected) expect(faults).toContain(fault);
    expect(faults.split('\n')).toHaveLength(1 + expected.length);
  });

  it.each([
    ['a file that is not there', { MAIL_ROUTES_FILE: '/none' }, 'cannot be read'],
    ['both ways', { ...remote, MAIL_ROUTES_FILE: '/routes.json' }, 'are both set; keep one'],
  ])('%s is refused', (_what, environment, fault) => {
    expect(read({ ...mail, ...production, ...environment }, files([ok])).faults).toContain(fault);
  });

  it('a file that is no JSON is refused without a word of it', () => {
    const { faults } = read(
      { ...mail, ...production, MAIL_ROUTES_FILE: '/routes.json' },
      () => 'smtp://user:secret@host',
    );
    expect(faults).toContain('MAIL_ROUTES_FILE names a file that is no JSON.');
    expect(faults).not.toContain('secret');
  });

  it('never says a value', () => {
    const routes = [{ name: 'SECRET1', url: 'http://u:SECRET2@x', dkim: 'SECRET3', SECRETKEY: 1 }];
    expect(fromFile(routes).faults).not.toMatch(/SECRET/);
  });
});

describe('who may be mailed', () => {
  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['no mail at all', {}, ''],
    ['this machine', local, ''],
    ['this machine, by name', { ...mail, SMTP_URL: 'smtp://localhost' }, ''],
    ['this machine, by IPv6', { ...mail, SMTP_URL: 'smtp://[::1]:25' }, ''],
    ['this machine, everybody', { ...local, MAIL_ALLOW: '*' }, ''],
    ['a real server', remote, 'MAIL_ALLOW is missing'],
    [
      'a real server that looks local',
      { ...mail, SMTP_URL: 'smtp://127.0.0.1.example.com' },
      'MAIL_ALLOW is missing',
    ],
    ['a real server, everybody', { ...remote, MAIL_ALLOW: '*' }, 'may be * only with NODE_ENV'],
    ['a real server, a list', { ...remote, MAIL_ALLOW: '@example.com, ann@example.org' }, ''],
    ['production', { ...remote, ...production }, ''],
    ['production, everybody', { ...remote, ...production, MAIL_ALLOW: '*' }, ''],
    ['everybody and somebody', { ...local, MAIL_ALLOW: '*,@a.example' }, 'others beside *'],
    ['nonsense', { ...local, MAIL_ALLOW: 'example.com' }, 'MAIL_ALLOW must be addresses'],
  ])('%s', (_what, environment, fault) => {
    const { faults } = read(environment);
    if (fault === '') expect(faults).toBe('');
    else expect(faults).toContain(fault);
  });

  it('one remote route among several is enough to need a list', () => {
    const routes = [
      { name: 'a', url: 'smtp://127.0.0.1' },
      { name: 'b', url: 'smtp://mail.example.com' },
    ];
    const environment = { ...mail, MAIL_ROUTES_FILE: '/routes.json' };
    expect(read(environment, files(routes)).faults).toContain('MAIL_ALLOW is missing');
  });
});

describe('the list', () => {
  const allows = allowList(['@example.com', 'Ann@Example.org']);
  it.each([
    ['bob@example.com', true],
    ['BOB@EXAMPLE.COM', true],
    ['ann@example.org', true],
    ['ben@example.org', false],
    ['bob@sub.example.com', false],
    ['bob@notexample.com', false],
    ['bob@example.com.evil.example', false],
    ['@example.com', true],
    ['', false],
  ])('%s: %s', (address, expected) => {
    expect(allows?.(address)).toBe(expected);
  });

  it('holds nobody back where there is none, or everybody is on it', () => {
    expect([allowList(undefined), allowList(['*'])]).toEqual([undefined, undefined]);
  });
});
