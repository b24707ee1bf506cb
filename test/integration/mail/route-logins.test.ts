/** Route logins: each route of a file logs in with its own tokens, on real mail servers over XOAUTH2. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { readConfig } from '../../../src/config.ts';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { smtpCheck } from '../../../src/mail/check-smtp.ts';
import { smtpLogin } from '../../../src/mail/smtp/login.ts';
import { readSmtpUrl } from '../../../src/mail/smtp/url.ts';
import { openMail } from '../../../src/resources-mail.ts';
import { askMail } from '../../unit/mail/an-ask.ts';

const mail = await composeAsk(askMail());
const opened: { close(done: () => void): unknown }[] = [];
let closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  for (const server of opened.splice(0)) await new Promise<void>((done) => server.close(done));
});

/** A token server that knows one standing permission, and counts what it gives for it. */
async function tokenServer(client: string, secret: string, refresh: string) {
  const given: string[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += String(piece);
    });
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(text));
      const isOurs =
        form['client_id'] === client &&
        form['client_secret'] === secret &&
        form['refresh_token'] === refresh;
      const token = `${client}-${given.length + 1}`;
      if (isOurs) given.push(token);
      const answer = isOurs ? { access_token: token, expires_in: 600 } : { error: 'invalid_grant' };
      response.writeHead(isOurs ? 200 : 400, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(server);
  return { given, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token` };
}

/** A mail server that takes nothing but the tokens that were given out for one user. */
async function mailServer(user: string, tokens: readonly string[]) {
  const taken: string[] = [];
  const logins: string[] = [];
  const server = new SMTPServer({
    authMethods: ['XOAUTH2'],
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onAuth({ method, username = '', accessToken = '' }, _session, done) {
      logins.push(`${method} ${username} ${accessToken}`);
      if (username === user && tokens.includes(accessToken)) done(null, { user });
      else done(null, { data: { status: '401', schemes: 'bearer' } });
    },
    onData(stream, { user: from }, done) {
      taken.push(String(from));
      stream.resume();
      stream.once('end', () => done());
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  opened.push(server);
  const { port } = server.server.address() as AddressInfo;
  return { taken, logins, url: `smtp://${encodeURIComponent(user)}@127.0.0.1:${port}` };
}

/** The routes of a configuration whose file lists them, each with one connection. */
async function routesOf(
  list: readonly object[],
  files: Readonly<Record<string, string>>,
  over = {},
) {
  const environment = {
    MAIL_ROUTES_FILE: '/routes.json',
    MAIL_FROM: 'news@example.com',
    MAIL_FROM_NAME: 'Example GmbH',
    MAIL_POSTAL_ADDRESS: 'Beispielweg 1, 10115 Berlin',
    PUBLIC_URL: 'http://127.0.0.1:1',
    ...over,
  };
  const routes = JSON.stringify(list.map((route) => ({ connections: 1, ...route })));
  const config = readConfig(
    environment,
    (path) => ({ '/routes.json': routes, ...files })[path] ?? '',
  );
  closers = [];
  const mailer = await openMail(config, { templates: new Map(), words: new Map(), closers });
  return new Map(mailer?.routes.map(({ name, send }) => [name, send]));
}

describe.each(['own', 'pool'])('MAIL_TRANSPORT=%s', (transport) => {
  it('each route fetches its own token, and no other one sees it', async () => {
    const office = await tokenServer('office', 'office secret', 'office permission');
    const agency = await tokenServer('agency', 'agency secret', 'agency permission');
    const first = await mailServer('news@example.com', office.given);
    const second = await mailServer('example@agency.example', agency.given);
    const plain = await mailServer('nobody', []);
    const routes = await routesOf(
      [
        {
          name: 'office',
          url: first.url,
          oauth2: {
            clientId: 'office',
            clientSecret: 'office secret',
            refreshToken: 'office permission',
            tokenUrl: office.url,
          },
        },
        {
          name: 'agency',
          url: second.url,
          oauth2: {
            clientId: 'agency',
            clientSecretFile: '/run/secret',
            refreshTokenFile: '/run/permission',
            tokenUrl: agency.url,
          },
        },
        { name: 'plain', url: plain.url.replace('@', ':password@') },
      ],
      { '/run/secret': 'agency secret\n', '/run/permission': 'agency permission\n' },
      { MAIL_TRANSPORT: transport },
    );
    expect(await routes.get('office')?.(mail)).toMatchObject({ kind: 'accepted' });
    expect(await routes.get('agency')?.(mail)).toMatchObject({ kind: 'accepted' });
    // It has a password, and the server wants a token: nobody lends it one.
    expect(await routes.get('plain')?.(mail)).toMatchObject({ kind: 'route-down', fault: 'auth' });
    expect(first.logins).toEqual(['XOAUTH2 news@example.com office-1']);
    expect(second.logins).toEqual(['XOAUTH2 example@agency.example agency-1']);
    expect(plain.logins.join()).not.toMatch(/office|agency/);
    expect([first.taken, second.taken, plain.taken]).toEqual([
      ['news@example.com'],
      ['example@agency.example'],
      [],
    ]);
  });

  it('one whose permission was taken back is down; the other one sends', async () => {
    const good = await tokenServer('good', 'secret', 'permission');
    const gone = await tokenServer('gone', 'secret', 'another permission');
    const server = await mailServer('news@example.com', good.given);
    const oauth2 = { clientSecret: 'secret', refreshToken: 'permission' };
    const routes = await routesOf(
      [
        {
          name: 'gone',
          url: server.url,
          oauth2: { ...oauth2, clientId: 'gone', tokenUrl: gone.url },
        },
        {
          name: 'good',
          url: server.url,
          oauth2: { ...oauth2, clientId: 'good', tokenUrl: good.url },
        },
      ],
      {},
      { MAIL_TRANSPORT: transport },
    );
    const down = await routes.get('gone')?.(mail);
    expect(down).toMatchObject({ kind: 'route-down', fault: 'auth' });
    expect(JSON.stringify(down)).not.toMatch(/secret|permission/);
    expect(await routes.get('good')?.(mail)).toMatchObject({ kind: 'accepted' });
    expect(server.taken).toHaveLength(1);
  });
});

it('the doctor logs in with a token, and says what to do if there is none', async () => {
  const tokens = await tokenServer('client', 'secret', 'permission');
  const server = await mailServer('news@example.com', tokens.given);
  const route = readSmtpUrl(server.url);
  const grant = { clientId: 'client', clientSecret: 'secret', tokenUrl: tokens.url };
  const findings = (refreshToken: string) =>
    smtpCheck('office', route, smtpLogin(route, { ...grant, refreshToken })).run();
  const [well] = await findings('permission');
  expect(well).toMatchObject({ level: 'ok', says: expect.stringContaining('the login works') });
  const [ill] = await findings('an old one');
  expect(ill).toMatchObject({ level: 'fail', remedy: expect.stringContaining('refresh token') });
});
