/**
 * Transport, faults: each way in which a server can fail, and what becomes of the mail. Side by side,
 * since most of them only wait; each has a server of its own.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { pooledTransport } from '../../../src/mail/pool-transport.ts';
import { smtpTransport, type Transport } from '../../../src/mail/transport.ts';
import { askMail } from '../../unit/mail/an-ask.ts';
import { type Script, type SmtpStub, startStub } from './smtp-stub.ts';

const SILENCE_MS = 600;
const timeouts = { connectMs: 1000, greetingMs: SILENCE_MS, silenceMs: SILENCE_MS };
const mail = await composeAsk(askMail());
const pipelining = { offers: ['PIPELINING', '8BITMIME', 'ENHANCEDSTATUSCODES'] };

const open: { readonly stub: SmtpStub; readonly transport: Transport }[] = [];

/** Ours, and nodemailer's pool behind the same interface. */
const ours = (url: string) => smtpTransport({ url, connections: 1, timeouts });
const pooled = (url: string) => pooledTransport({ url, connections: 1, timeouts });
type Make = typeof ours;
const both: [string, Make][] = [
  ['our transport', ours],
  ['nodemailer’s pool', pooled],
];

async function start(script: Script, login = '', make: Make = ours) {
  const stub = await startStub(script);
  const transport = make(stub.url.replace('//', `//${login}`));
  open.push({ stub, transport });
  return { stub, transport };
}
afterAll(async () => {
  for (const { stub, transport } of open) {
    await transport.close(0);
    await stub.stop();
  }
});

describe.each(
  both.flatMap(([name, make]): [string, object, Make][] => [
    [`by ${name}, one command at a time`, {}, make],
    [`by ${name}, pipelined`, pipelining, make],
  ]),
)('%s, a mail is', (_, offers, make) => {
  it.concurrent.each<[string, Script, Record<string, unknown>]>([
    ['accepted', {}, { kind: 'accepted', reply: '250 2.0.0 Ok: queued as 4XyZ' }],
    [
      'bounced by RCPT 550 5.1.1',
      { on: { RCPT: '550 5.1.1 <jane.doe@example.net> unknown' } },
      { kind: 'bounced', enhanced: '5.1.1', reply: '550 5.1.1 <address> unknown' },
    ],
    [
      'deferred by RCPT 552 5.2.2',
      { on: { RCPT: '552 5.2.2 Full' } },
      { kind: 'deferred', enhanced: '5.2.2' },
    ],
    [
      'deferred by RCPT 450',
      { on: { RCPT: '450 4.2.0 Greylisted, try again in 300 seconds' } },
      { kind: 'deferred', retryAfterMs: 300_000 },
    ],
    ['deferred by MAIL 451', { on: { MAIL: '451 4.3.0 Later' } }, { kind: 'deferred' }],
    [
      'deferred by MAIL 454',
      { on: { MAIL: '454 Throttling failure: Daily message quota exceeded.' } },
      { kind: 'deferred' },
    ],
    [
      'blocked by MAIL 550',
      { on: { MAIL: '550 5.7.515 Access denied' } },
      { kind: 'blocked', enhanced: '5.7.515' },
    ],
    ['deferred by MAIL 503', { on: { MAIL: '503 5.5.1 Nested' } }, { kind: 'deferred' }],
    [
      'not counted if MAIL says 530',
      { on: { MAIL: '530 5.7.0 Authentication required' } },
      { kind: 'route-down', fault: 'auth' },
    ],
    [
      'blocked by DATA 554',
      { on: { DATA: '554 5.7.1 No' } },
      { kind: 'blocked', enhanced: '5.7.1' },
    ],
    [
      'blocked by the dot 550 5.7.1',
      { on: { DOT: '550 5.7.1 Spam' } },
      { kind: 'blocked', enhanced: '5.7.1' },
    ],
    [
      'deferred by the dot 451',
      { on: { DOT: '451 4.3.0 Later' } },
      { kind: 'deferred', enhanced: '4.3.0' },
    ],
    ['bounced by the dot 550 5.1.1', { on: { DOT: '550 5.1.1 Gone' } }, { kind: 'bounced' }],
    [
      'deferred by 421 at MAIL',
      { on: { MAIL: '421 4.7.0 Too many' } },
      { kind: 'deferred', enhanced: '4.7.0' },
    ],
    [
      'deferred by 421 at RCPT',
      { on: { RCPT: '421 4.7.0 Too many' } },
      { kind: 'deferred', enhanced: '4.7.0' },
    ],
    ['deferred by 421 at DATA', { on: { DATA: '421 4.7.0 Too many' } }, { kind: 'deferred' }],
    [
      'deferred by 421 at the dot',
      { on: { DOT: '421 4.3.2 Closing' } },
      { kind: 'deferred', enhanced: '4.3.2' },
    ],
    ['deferred if the line is cut at MAIL', { on: { MAIL: 'drop' } }, { kind: 'deferred' }],
    ['deferred if the line is cut at RCPT', { on: { RCPT: 'drop' } }, { kind: 'deferred' }],
    ['deferred if the line is cut at DATA', { on: { DATA: 'drop' } }, { kind: 'deferred' }],
    ['unknown if the line is cut at the dot', { on: { DOT: 'drop' } }, { kind: 'unknown' }],
    ['deferred if MAIL hangs', { on: { MAIL: 'hang' } }, { kind: 'deferred' }],
    ['deferred if DATA hangs', { on: { DATA: 'hang' } }, { kind: 'deferred' }],
    ['unknown if the dot hangs', { on: { DOT: 'hang' } }, { kind: 'unknown' }],
  ])('%s', async (name, script, expected) => {
    // The delay opens the window in which a body that is read too early would be taken for sent.
    const { stub, transport } = await start({ ...script, ...offers, delayMs: 15 }, '', make);
    expect(await transport.send(mail)).toMatchObject(expected);
    expect(stub.bodies).toHaveLength(/dot|accepted/.test(name) ? 1 : 0);
  });
});

describe('a route is down', () => {
  it.concurrent.each<[string, Script, string]>([
    ['if the greeting hangs', { on: { CONNECT: 'hang' } }, 'connect'],
    ['if the line is cut before the greeting', { on: { CONNECT: 'drop' } }, 'connect'],
    ['if the greeting is 554', { on: { CONNECT: '554 5.7.1 Blocked' } }, 'connect'],
    ['if the greeting is 421', { on: { CONNECT: '421 4.7.0 Busy' } }, 'connect'],
    ['if the greeting is no SMTP', { on: { CONNECT: 'HTTP/1.1 400 Bad Request' } }, 'connect'],
    ['if the line is cut at EHLO', { on: { EHLO: 'drop' } }, 'connect'],
    ['if EHLO hangs', { on: { EHLO: 'hang' } }, 'connect'],
  ])('%s', async (_, script, fault) => {
    const { stub, transport } = await start(script);
    expect(await transport.send(mail)).toMatchObject({ kind: 'route-down', fault });
    expect(await transport.verify()).toMatchObject({ kind: 'route-down', fault });
    expect(stub.commands.join()).not.toMatch(/MAIL/);
  });

  it.concurrent.each<[string, Script, string, string]>([
    [
      'if the password is wrong',
      { offers: ['AUTH PLAIN'], on: { AUTH: '535 5.7.8 jane@example.net is not known' } },
      'auth',
      'EAUTH: 535 5.7.8 <address> is not known',
    ],
    [
      'if login is not possible now',
      { offers: ['AUTH PLAIN'], on: { AUTH: '454 4.7.0 Later' } },
      'auth',
      'EAUTH: 454 4.7.0 Later',
    ],
    [
      'if the server offers no login',
      { on: { AUTH: '502 5.5.1 No AUTH here' } },
      'auth',
      'EAUTH: 502 5.5.1 No AUTH here',
    ],
    [
      'if the line is cut at login',
      { offers: ['AUTH PLAIN'], on: { AUTH: 'drop' } },
      'connect',
      'ECONNECTION',
    ],
  ])('%s', async (_, script, fault, reason) => {
    const { stub, transport } = await start(script, 'relay:SECRET@');
    const down = { kind: 'route-down', fault, reason };
    expect(await transport.send(mail)).toEqual(down);
    expect(await transport.verify()).toEqual(down);
    expect(stub.commands.join()).not.toMatch(/MAIL/);
  });

  it.concurrent('if nobody listens there', async () => {
    const { stub, transport } = await start({});
    await stub.stop();
    const down = { kind: 'route-down', fault: 'connect', reason: 'ECONNREFUSED' };
    expect(await transport.send(mail)).toEqual(down);
    expect(await transport.verify()).toEqual(down);
  });

  it.concurrent('if the server has no TLS where it is demanded', async () => {
    const { stub } = await start({ on: { AUTH: '235 In' } });
    const url = `${stub.url}?requireTLS=true`;
    const strict = smtpTransport({ url, timeouts });
    expect(await strict.send(mail)).toMatchObject({ kind: 'route-down' });
    expect(stub.commands.join()).not.toMatch(/MAIL|AUTH/);
    await strict.close(0);
  });

  it.concurrent('and up again with the next mail', async () => {
    const { transport } = await start({ on: { CONNECT: ['421 Busy', '220 stub'] } });
    expect(await transport.send(mail)).toMatchObject({ kind: 'route-down' });
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(await transport.verify()).toEqual({ kind: 'up' });
  });
});

describe('after a fault, the next mail', () => {
  it.concurrent.each<[string, Script, number]>([
    ['goes over the same session after a refusal', { on: { RCPT: ['550 5.1.1 No', '250 Ok'] } }, 1],
    [
      'goes over the same session after a refused body',
      { on: { DOT: ['550 5.7.1 No', '250 Ok'] } },
      1,
    ],
    ['goes over a fresh session after 421', { on: { RCPT: ['421 Bye', '250 Ok'] } }, 2],
    ['goes over a fresh session after 503', { on: { MAIL: ['503 5.5.1 No', '250 Ok'] } }, 2],
    ['goes over a fresh session after a cut', { on: { DOT: ['drop', '250 Ok'] } }, 2],
    ['goes over a fresh session after a silence', { on: { DATA: ['hang', '354 Go'] } }, 2],
    [
      'goes over a fresh session if RSET fails',
      { on: { RCPT: ['550 5.1.1 No', '250 Ok'], RSET: ['drop'] } },
      2,
    ],
  ])('%s', async (_, script, sessions) => {
    const { stub, transport } = await start({ ...script, delayMs: 5 });
    expect((await transport.send(mail)).kind).not.toBe('accepted');
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(stub.sessions()).toBe(sessions);
  });

  it.concurrent('is tried again at once if a session in use was cut before the mail began', async () => {
    const { stub, transport } = await start({
      on: { MAIL: ['250 Ok', 'drop', '250 Ok'] },
      delayMs: 5,
    });
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(stub.sessions()).toBe(2);
    expect(stub.bodies).toHaveLength(2);
  });

  it.concurrent('is not tried again if it had begun', async () => {
    const { stub, transport } = await start({ on: { DOT: ['250 Ok', 'drop'] } });
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(await transport.send(mail)).toMatchObject({ kind: 'unknown' });
    expect(stub.bodies).toHaveLength(2);
  });

  it.concurrent('is not tried a second time', async () => {
    const { stub, transport } = await start({
      on: { MAIL: ['250 Ok', 'drop', 'drop', '250 Ok'] },
      delayMs: 5,
    });
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(await transport.send(mail)).toMatchObject({ kind: 'deferred' });
    expect(stub.sessions()).toBe(2);
  });
});

describe('a mail says to the server', () => {
  it.concurrent('its envelope, its size, and which reports are wanted', async () => {
    const { stub, transport } = await start({ offers: ['SIZE 100000', 'DSN', 'PIPELINING'] });
    await transport.send(mail);
    expect(stub.commands).toContain(
      `MAIL FROM:<b+send_1.0a1b2c@bounce.lindenhof.example> SIZE=${mail.raw.length} RET=HDRS ENVID=send_1`,
    );
    expect(stub.commands).toContain('RCPT TO:<jane.doe@example.net> NOTIFY=FAILURE,DELAY');
  });

  it.concurrent('nothing if it is longer than the server takes', async () => {
    const { stub, transport } = await start({ offers: ['SIZE 100'] });
    expect(await transport.send(mail)).toMatchObject({ kind: 'blocked' });
    expect(stub.commands.join()).not.toMatch(/MAIL/);
  });

  it.concurrent('lines that begin with a dot, unharmed', async () => {
    const { stub, transport } = await start({});
    await transport.send(mail);
    const unstuffed = stub.bodies[0]?.replace(/^\./gm, '');
    expect(`${unstuffed}\r\n`).toBe(mail.raw.toString('latin1'));
  });
});

describe('a server that only trickles', () => {
  it.concurrent.each<[string, Script, string]>([
    ['at RCPT', { on: { RCPT: 'trickle' } }, 'deferred'],
    ['at the dot', { on: { DOT: 'trickle' } }, 'unknown'],
  ])('%s is left after four silences', async (_, script, kind) => {
    const { transport } = await start(script);
    const began = performance.now();
    expect(await transport.send(mail)).toMatchObject({ kind });
    expect(performance.now() - began).toBeGreaterThan(SILENCE_MS * 3.9);
    expect(performance.now() - began).toBeLessThan(SILENCE_MS * 12);
  });
});
