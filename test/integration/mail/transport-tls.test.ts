/** Transport, TLS: a certificate that nobody vouches for gets no mail and no password. */
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { smtpTransport } from '../../../src/mail/transport.ts';
import { askMail } from '../../unit/mail/an-ask.ts';

const mail = await composeAsk(askMail());
let server: SMTPServer;
let heard: { passwords: string[]; mails: number; secure: boolean[] };

/** With smtp-server's own certificate, which is self-signed. */
async function start(secure: boolean): Promise<number> {
  heard = { passwords: [], mails: 0, secure: [] };
  server = new SMTPServer({
    secure,
    authOptional: true,
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth(auth, _session, done) {
      heard.passwords.push(auth.password ?? '');
      done(null, { user: auth.username });
    },
    onData(stream, session, done) {
      heard.mails += 1;
      heard.secure.push(session.secure);
      stream.resume();
      stream.once('end', () => done());
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.server.address() as AddressInfo).port;
}
afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

async function send(url: string) {
  const transport = smtpTransport({ url, timeouts: { connectMs: 5000, silenceMs: 5000 } });
  const delivery = await transport.send(mail);
  await transport.close();
  return delivery;
}

describe.each([
  ['STARTTLS', 'smtp', false],
  ['TLS from the first byte', 'smtps', true],
])('%s', (_, scheme, secure) => {
  it('is a route that is down, if the certificate is not trusted', async () => {
    const port = await start(secure);
    const delivery = await send(`${scheme}://user:SECRET@127.0.0.1:${port}`);
    expect(delivery).toMatchObject({ kind: 'route-down', fault: 'tls' });
    expect(heard).toEqual({ passwords: [], mails: 0, secure: [] });
  });

  it('takes mail and password, if the operator says so', async () => {
    const port = await start(secure);
    const url = `${scheme}://user:SECRET@127.0.0.1:${port}?rejectUnauthorized=false`;
    expect(await send(url)).toMatchObject({ kind: 'accepted' });
    expect(heard).toEqual({ passwords: ['SECRET'], mails: 1, secure: [true] });
  });
});

it('is not used where the operator says so', async () => {
  const port = await start(false);
  expect(await send(`smtp://127.0.0.1:${port}?ignoreTLS=true`)).toMatchObject({ kind: 'accepted' });
  expect(heard.secure).toEqual([false]);
});
