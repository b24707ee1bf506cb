/** Transport: many mails at once over few lines, stopping, and a real server with a login. */
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Inbox, startInbox } from '../../../demo/inbox/inbox.ts';
import { type ComposedMail, composeAsk } from '../../../src/mail/ask-mail.ts';
import { dkimSigner } from '../../../src/mail/dkim/dkim.ts';
import { messageIdOf } from '../../../src/mail/mail-fields.ts';
import { CONNECTIONS_MAX, smtpTransport, type Transport } from '../../../src/mail/transport.ts';
import { askMail } from '../../unit/mail/an-ask.ts';
import { type Script, type SmtpStub, startStub } from './smtp-stub.ts';

const timeouts = { connectMs: 2000, greetingMs: 2000, silenceMs: 5000 };
const open: { stop(): Promise<void> }[] = [];
const transports: Transport[] = [];

function transportTo(url: string, connections = 2): Transport {
  const transport = smtpTransport({ url, connections, timeouts });
  transports.push(transport);
  return transport;
}
async function inbox(options: Parameters<typeof startInbox>[0] = {}): Promise<Inbox> {
  const started = await startInbox(options);
  open.push(started);
  return started;
}
async function stub(script: Parameters<typeof startStub>[0]): Promise<SmtpStub> {
  const started = await startStub(script);
  open.push(started);
  return started;
}
function mailTo(number: number): Promise<ComposedMail> {
  return composeAsk(
    askMail({
      messageId: messageIdOf(`send_${number}`, 'lindenhof.example'),
      to: { address: `person${number}@example.net` },
    }),
  );
}
const mails = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => mailTo(i)));

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

afterEach(async () => {
  await Promise.all(transports.splice(0).map((transport) => transport.close(0)));
  await Promise.all(open.splice(0).map((server) => server.stop()));
});

describe('many mails at once', () => {
  it('each arrive once, at their own recipient, over no more lines than allowed', async () => {
    const server = await stub({ offers: ['PIPELINING'] });
    const transport = transportTo(server.url, 3);
    const all = await mails(200);
    const deliveries = await Promise.all(all.map((mail) => transport.send(mail)));
    expect(new Set(deliveries.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    const recipients = server.commands.filter((command) => command.startsWith('RCPT'));
    expect(new Set(recipients).size).toBe(200);
    expect(recipients).toHaveLength(200);
    expect(server.sessions()).toBe(3);
  });

  it('keep their answers apart when some are refused', async () => {
    const server = await inbox();
    server.reject({ to: /[0-4]@/, answer: '550 5.1.1 No such user' });
    server.reject({ to: /[5-6]@/, answer: '451 4.3.0 Later' });
    server.reject({ to: /7@/, answer: '550 5.7.1 Looks like spam', at: 'message' });
    const transport = transportTo(server.smtpUrl, 4);
    const all = await mails(40);
    const kinds = await Promise.all(all.map(async (mail) => (await transport.send(mail)).kind));
    const byDigit = [
      ...Array.from({ length: 5 }, () => 'bounced'),
      'deferred',
      'deferred',
      'blocked',
      'accepted',
      'accepted',
    ];
    const expected = all.map((_, number) => byDigit[number % 10]);
    expect(kinds).toEqual(expected);
    expect(server.mails.map(({ to }) => to).toSorted()).toEqual(
      all
        .map(({ envelope }) => envelope.to)
        .filter((to) => /[89]@/.test(to))
        .toSorted(),
    );
  });

  it('go first come, first served', async () => {
    const server = await stub({});
    const transport = transportTo(server.url, 1);
    await Promise.all((await mails(10)).map((mail) => transport.send(mail)));
    const order = server.commands.flatMap((line) => /^RCPT TO:<person(\d+)/.exec(line)?.[1] ?? []);
    expect(order).toEqual(Array.from({ length: 10 }, (_, i) => String(i)));
  });
});

describe('stopping', () => {
  const stopped = { kind: 'route-down', fault: 'stopped' };

  it('takes back mails that wait, and lets those on their way arrive', async () => {
    const server = await stub({ delayMs: 30 });
    const transport = transportTo(server.url, 1);
    const sending = (await mails(2)).map((mail) => transport.send(mail));
    await transport.close();
    expect(await Promise.all(sending)).toMatchObject([{ kind: 'accepted' }, stopped]);
    expect(await transport.send(await mailTo(3))).toMatchObject(stopped);
    expect(server.bodies).toHaveLength(1);
  });

  const moments: [string, Script, (server: SmtpStub) => boolean, object][] = [
    ['connecting', { on: { CONNECT: 'hang' } }, ({ sessions }) => sessions() > 0, stopped],
    ['at MAIL', { on: { MAIL: 'hang' } }, ({ commands }) => /MAIL/.test(commands.join()), stopped],
    ['at RCPT', { on: { RCPT: 'hang' } }, ({ commands }) => /RCPT/.test(commands.join()), stopped],
    ['at the dot', { on: { DOT: 'hang' } }, ({ bodies }) => bodies.length > 0, { kind: 'unknown' }],
  ];

  it.each(moments)(
    'cuts a mail that is %s after the grace',
    async (_, script, isThere, expected) => {
      const server = await stub(script);
      const transport = transportTo(server.url, 1);
      const sending = transport.send(await mailTo(1));
      await until(() => isThere(server));
      const began = performance.now();
      await transport.close(100);
      expect(performance.now() - began).toBeLessThan(timeouts.greetingMs);
      expect(await sending).toMatchObject(expected);
    },
  );

  it.each(moments)('by signal ends a mail that is %s', async (_, script, isThere, expected) => {
    const server = await stub(script);
    const transport = transportTo(server.url, 1);
    const stop = new AbortController();
    const sending = transport.send(await mailTo(1), stop.signal);
    await until(() => isThere(server));
    stop.abort();
    expect(await sending).toMatchObject(expected);
  });

  it('by signal ends no other mail', async () => {
    const server = await stub({ on: { RCPT: ['hang', '250 Ok'] } });
    const transport = transportTo(server.url, 1);
    const stop = new AbortController();
    const first = transport.send(await mailTo(1), stop.signal);
    const second = transport.send(await mailTo(2));
    await until(() => /RCPT/.test(server.commands.join()));
    stop.abort();
    expect(await Promise.all([first, second])).toMatchObject([stopped, { kind: 'accepted' }]);
    expect(await transport.send(await mailTo(3), stop.signal)).toMatchObject(stopped);
    expect(server.bodies).toHaveLength(1);
  });

  it('by signal takes one waiting mail back and no other', async () => {
    const server = await stub({ delayMs: 30 });
    const transport = transportTo(server.url, 1);
    const stop = new AbortController();
    const sending = (await mails(3)).map((mail, i) =>
      transport.send(mail, i === 1 ? stop.signal : undefined),
    );
    stop.abort();
    const expected = [{ kind: 'accepted' }, stopped, { kind: 'accepted' }];
    expect(await Promise.all(sending)).toMatchObject(expected);
    expect(server.bodies).toHaveLength(2);
  });
});

describe('a server that wants a login', () => {
  const login = { user: 'relay', pass: 'p@ss/w:rd' };
  const urlWith = ({ smtpUrl }: Inbox, user: string, pass: string) =>
    smtpUrl.replace('//', `//${user}:${encodeURIComponent(pass)}@`);

  it('takes mails with the right one', async () => {
    const server = await inbox({ login });
    const transport = transportTo(urlWith(server, login.user, login.pass));
    expect(await transport.verify()).toEqual({ kind: 'up' });
    expect(await transport.send(await mailTo(1))).toMatchObject({ kind: 'accepted' });
  });
  it('is a route that is down with a wrong one, or with none', async () => {
    const server = await inbox({ login });
    const wrong = transportTo(urlWith(server, login.user, 'wrong'));
    expect(await wrong.verify()).toMatchObject({ kind: 'route-down', fault: 'auth' });
    expect(JSON.stringify(await wrong.send(await mailTo(1)))).not.toMatch(/wrong.*wrong/);
    const none = transportTo(server.smtpUrl);
    expect(await none.send(await mailTo(1))).toMatchObject({ kind: 'route-down', fault: 'auth' });
    expect(server.mails).toHaveLength(0);
  });
});

it('signs what it sends, if it has a key', async () => {
  const server = await inbox();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const dkim = dkimSigner({ domain: 'lindenhof.example', selector: 's1', privateKeyPem });
  const signed = smtpTransport({ url: server.smtpUrl, dkim, timeouts });
  transports.push(signed);
  await signed.send(await mailTo(1));
  await transportTo(server.smtpUrl).send(await mailTo(2));
  expect(server.mails.map(({ headers }) => headers.has('dkim-signature'))).toEqual([true, false]);
});

it.each([0, -1, 1.5, Number.NaN, CONNECTIONS_MAX + 1])('has no %s connections', (connections) => {
  expect(() => smtpTransport({ url: 'smtp://127.0.0.1:25', connections })).toThrow('connections');
});
