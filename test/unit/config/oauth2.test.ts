/** Config OAuth 2.0: with SMTP_URL and with each route of a file; what is missing, wrong or secret. */
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config.ts';
import { faultsOf, oauth2 as variables } from './environment.ts';

const mail = {
  NODE_ENV: 'production',
  MAIL_FROM: 'hello@example.com',
  MAIL_FROM_NAME: 'Example',
  MAIL_POSTAL_ADDRESS: 'Example Ltd, 1 Example Street',
  PUBLIC_URL: 'https://assent.example.com',
};
const single = { ...mail, SMTP_URL: 'smtp://news@mail.example.com:587' };
const several = { ...mail, MAIL_ROUTES_FILE: '/routes.json' };
const grant = {
  clientId: 'client',
  clientSecret: 'a secret',
  refreshToken: 'a token',
  tokenUrl: 'https://oauth2.example.com/token',
};
const plain = { name: 'plain', url: 'smtps://user:password@mail.example.net' };
const route = { name: 'office', url: 'smtp://news%40example.com@mail.example.com:587' };

const files =
  (oauth2: unknown, others: Readonly<Record<string, string>> = {}, over = {}) =>
  (path: string): string => {
    if (path === '/routes.json') return JSON.stringify([plain, { ...route, oauth2, ...over }]);
    const found = others[path];
    if (found === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return found;
  };

describe('with SMTP_URL', () => {
  it('is the login of the one route', () => {
    const [first, ...others] = readConfig({ ...single, ...variables }).mail?.routes ?? [];
    expect(first?.oauth2).toEqual(grant);
    expect(others).toEqual([]);
  });

  it.each<[string, NodeJS.ProcessEnv, string[]]>([
    ['whole', { ...single, ...variables }, []],
    ['not set', single, []],
    [
      'half of it',
      { SMTP_OAUTH2_CLIENT_ID: 'client', SMTP_OAUTH2_CLIENT_SECRET: 'a secret' },
      [
        'SMTP_OAUTH2_REFRESH_TOKEN is missing',
        'SMTP_OAUTH2_TOKEN_URL is missing',
        'SMTP_URL is missing',
      ],
    ],
    [
      'nobody to log in as',
      { ...single, ...variables, SMTP_URL: 'smtp://mail.example.com' },
      ['SMTP_URL names no user, and OAuth 2.0 logs in as one; write smtp://user@'],
    ],
  ])('%s', (_what, environment, expected) => {
    const faults = faultsOf(environment);
    expect(faults).toEqual(expected.map((fault) => expect.stringContaining(fault)));
  });
});

describe('of a route', () => {
  it('stands in the file, or in files that it names', () => {
    const named = {
      clientId: 'client',
      clientSecretFile: '/run/client',
      refreshTokenFile: '/run/token',
      tokenUrl: 'https://oauth2.example.com/token/',
    };
    const secrets = { '/run/client': 'a secret\n', '/run/token': ' a token\n' };
    for (const readFile of [files(grant), files(named, secrets)]) {
      const routes = readConfig(several, readFile).mail?.routes ?? [];
      expect(routes.map(({ name, oauth2 }) => [name, oauth2])).toEqual([
        ['plain', undefined],
        ['office', grant],
      ]);
    }
  });

  const { clientId: _id, ...noClient } = grant;
  const { clientSecret: _secret, ...noSecret } = grant;
  const { refreshToken: _token, ...noToken } = grant;
  const { tokenUrl: _url, ...noUrl } = grant;
  const two = 'one of the two.';
  it.each<[string, unknown, string]>([
    ['no object', 'SECRET', ' must be { clientId, '],
    ['no client', noClient, '.clientId must be a text.'],
    ['an empty client', { ...grant, clientId: '' }, '.clientId must not be empty.'],
    ['no secret', noSecret, ` must have clientSecret or clientSecretFile, ${two}`],
    ['two secrets', { ...grant, clientSecretFile: '/x' }, ` must have clientSecret or`],
    ['no token', noToken, ` must have refreshToken or refreshTokenFile, ${two}`],
    ['two tokens', { ...grant, refreshTokenFile: '/x' }, ' must have refreshToken or'],
    ['an empty token', { ...grant, refreshToken: '' }, '.refreshToken must not be empty.'],
    ['two lines', { ...grant, refreshToken: 'SECRET\nb' }, '.refreshToken must be one line'],
    ['no server', noUrl, '.tokenUrl must be an https:// address.'],
    ['a server in clear text', { ...grant, tokenUrl: 'http://a.example' }, '.tokenUrl must begin'],
    ['another field', { ...grant, SECRET: 'x' }, ' must be { clientId, '],
    [
      'a file that is not there',
      { ...noSecret, clientSecretFile: '/SECRET' },
      '.clientSecretFile names a file that cannot be read (ENOENT); correct the path.',
    ],
    [
      'an empty file',
      { ...noToken, refreshTokenFile: '/empty' },
      '.refreshTokenFile names an empty file; put the value into it.',
    ],
    [
      'a file of two lines',
      { ...noToken, refreshTokenFile: '/lines' },
      '.refreshTokenFile names a file whose text must be one line without control characters.',
    ],
  ])('%s is refused by place and field, without a value', (_what, oauth2, expected) => {
    const faults = faultsOf(several, files(oauth2, { '/empty': '\n', '/lines': 'SECRET\nb\n' }));
    expect(faults).toEqual([
      expect.stringContaining(`MAIL_ROUTES_FILE, route 2, oauth2${expected}`),
    ]);
    expect(faults.join()).not.toContain('SECRET');
  });

  it('nobody to log in as is refused', () => {
    const readFile = files(grant, {}, { url: 'smtp://mail.example.com' });
    expect(faultsOf(several, readFile)).toEqual([
      'MAIL_ROUTES_FILE, route 2, url names no user, and OAuth 2.0 logs in as one; write smtp://user@mail.example.com:587.',
    ]);
  });
});

it('takes refresh tokens as long as providers make them', () => {
  const long = 'x'.repeat(2000);
  const environment = { ...single, ...variables, SMTP_OAUTH2_REFRESH_TOKEN: long };
  expect(readConfig(environment).mail?.routes[0].oauth2?.refreshToken).toBe(long);
  const routes = readConfig(several, files({ ...grant, refreshToken: long })).mail?.routes;
  expect(routes?.at(1)?.oauth2?.refreshToken).toBe(long);
  expect(faultsOf({ ...environment, SMTP_OAUTH2_REFRESH_TOKEN: 'x'.repeat(8193) })).toEqual([
    'SMTP_OAUTH2_REFRESH_TOKEN must be at most 8192 characters.',
  ]);
});
