/** OAuth 2.0: the token is fetched, used, kept and renewed; secrets go to the token server alone. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { pooledTransport } from '../../../src/mail/pool-transport.ts';
import { smtpTransport, type Transport } from '../../../src/mail/transport.ts';
import { askMail } from '../../unit/mail/an-ask.ts';
import { type Script, type SmtpStub, startStub } from './smtp-stub.ts';

const timeouts = { connectMs: 2000, greetingMs: 2000, silenceMs: 2000 };
const mail = await composeAsk(askMail());
const grant = { clientId: 'client', clientSecret: 'SECRET', refreshToken: 'REFRESH' };
const offers = { offers: ['AUTH XOAUTH2', 'PIPELINING'] };

let tokens: Server;
let asked: URLSearchParams[];
let answer: (count: number) => { status: number; body: object };
let stub: SmtpStub;
let transport: Transport;

beforeEach(async () => {
  asked = [];
  answer = (count) => ({ status: 200, body: { access_token: `token-${count}`, expires_in: 3600 } });
  tokens = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += String(piece);
    });
    request.on('end', () => {
      asked.push(new URLSearchParams(text));
      const { status, body } = answer(asked.length);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await transport.close(0);
  await stub.stop();
  await new Promise((resolve) => tokens.close(resolve));
});

type Make = typeof smtpTransport;
async function start(make: Make, script: Script): Promise<void> {
  stub = await startStub(script);
  const url = stub.url.replace('//', '//news%40example.com@');
  const tokenUrl = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`;
  transport = make({ url, connections: 1, timeouts, oauth2: { ...grant, tokenUrl } });
}
const logins = () =>
  stub.commands
    .filter((line) => line.startsWith('AUTH XOAUTH2 '))
    .map((line) => Buffer.from(line.slice('AUTH XOAUTH2 '.length), 'base64').toString());
const loginWith = (token: string) => `user=news@example.com\u0001auth=Bearer ${token}\u0001\u0001`;

describe.each<[string, Make]>([
  ['our transport', smtpTransport],
  ['nodemailer’s pool', pooledTransport],
])('%s', (_, make) => {
  it('fetches a token with the grant, and logs in with it', async () => {
    await start(make, offers);
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(asked.map((form) => Object.fromEntries(form))).toEqual([
      {
        client_id: 'client',
        client_secret: 'SECRET',
        refresh_token: 'REFRESH',
        grant_type: 'refresh_token',
      },
    ]);
    expect(logins()).toEqual([loginWith('token-1')]);
    expect(stub.commands.join()).not.toMatch(/SECRET|REFRESH/);
  });

  it('fetches another one if the server does not take it any more', async () => {
    await start(make, { ...offers, on: { AUTH: ['334 eyJzdGF0dXMiOiI0MDEifQ==', '235 In'] } });
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(logins()).toEqual([loginWith('token-1'), loginWith('token-2')]);
  });

  it('is a route that is down if the grant is no longer good', async () => {
    await start(make, offers);
    answer = () => ({ status: 400, body: { error: 'invalid_grant' } });
    const down = await transport.send(mail);
    expect(down).toMatchObject({ kind: 'route-down', fault: 'auth' });
    expect(JSON.stringify(down)).not.toMatch(/SECRET|REFRESH/);
    expect(stub.commands.join()).not.toMatch(/MAIL/);
  });
});

it('keeps a token for all its sessions', async () => {
  await start(smtpTransport, { ...offers, on: { DOT: ['421 Bye', '250 Ok'] } });
  await transport.send(mail);
  await transport.send(mail);
  expect(stub.sessions()).toBe(2);
  expect(logins()).toEqual([loginWith('token-1'), loginWith('token-1')]);
});

it('wants a user in the URL', async () => {
  await start(smtpTransport, offers);
  const oauth2 = { ...grant, tokenUrl: 'https://a.example/token' };
  expect(() => smtpTransport({ url: stub.url, oauth2 })).toThrow('the SMTP URL names the user');
  expect(() => pooledTransport({ url: stub.url, oauth2 })).toThrow('the SMTP URL names the user');
});
