/** Pipelining: what is written when, and what becomes of a mail if replies and commands come apart. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { smtpTransport, type Transport } from '../../../src/mail/transport.ts';
import { askMail } from '../../unit/mail/an-ask.ts';
import { type Script, type SmtpStub, startStub } from './smtp-stub.ts';

const SILENCE_MS = 600;
const timeouts = { connectMs: 1000, greetingMs: SILENCE_MS, silenceMs: SILENCE_MS };
const mail = await composeAsk(askMail());
const PIPELINING = { offers: ['PIPELINING'] };

let stub: SmtpStub;
let transport: Transport;
async function start(script: Script): Promise<void> {
  stub = await startStub(script);
  transport = smtpTransport({ url: stub.url, connections: 1, timeouts });
}
afterEach(async () => {
  await transport.close(0);
  await stub.stop();
});
const bursts = () =>
  stub.bursts.filter((burst) => burst.some((line) => /^(MAIL|RCPT|DATA)/.test(line)));

describe('the envelope', () => {
  it('leaves in one piece where the server offers it', async () => {
    await start({ ...PIPELINING, delayMs: 20 });
    await transport.send(mail);
    await transport.send(mail);
    expect(bursts()).toEqual(
      Array.from({ length: 2 }, () => [
        expect.stringMatching(/^MAIL/),
        expect.stringMatching(/^RCPT/),
        'DATA',
      ]),
    );
  });

  it('waits for each answer where the server does not', async () => {
    await start({ delayMs: 20 });
    await transport.send(mail);
    expect(bursts().map((burst) => burst.length)).toEqual([1, 1, 1]);
  });

  it.each<[string, Script]>([
    ['one at a time', {}],
    ['pipelined', PIPELINING],
  ])('of the next mail waits for the last answer to this one, %s', async (_, script) => {
    await start({ ...script, delayMs: 30 });
    await Promise.all([transport.send(mail), transport.send(mail)]);
    const order = stub.log
      .filter((entry) => /^(MAIL|DOT)/.test(entry))
      .map((entry) => entry.slice(0, 4));
    expect(order).toEqual(['MAIL', 'DOT', 'MAIL', 'DOT']);
  });
});

describe('a server that waits for a mail that it refused', () => {
  it('gets an empty one if it took no recipient, and the session goes on', async () => {
    await start({ ...PIPELINING, on: { RCPT: ['550 5.1.1 No', '250 Ok'], DATA: '354 Go on' } });
    expect(await transport.send(mail)).toMatchObject({ kind: 'bounced', enhanced: '5.1.1' });
    expect(stub.bodies).toEqual(['']);
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(stub.sessions()).toBe(1);
  });

  it('gets none if it took the recipient: somebody could receive it', async () => {
    await start({ ...PIPELINING, on: { MAIL: ['550 5.7.1 No', '250 Ok'], DATA: '354 Go on' } });
    expect(await transport.send(mail)).toMatchObject({ kind: 'blocked', enhanced: '5.7.1' });
    expect(stub.bodies).toEqual([]);
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(stub.sessions()).toBe(2);
  });
});

describe.each<[string, Script]>([
  ['one at a time', {}],
  ['pipelined', PIPELINING],
])('out of step, %s', (_, offers) => {
  const EXTRA = '250 2.0.0 Ok\n250 2.0.0 One too many';
  it.each<[string, Script['on'], string, number]>([
    ['250 in answer to DATA', { DATA: '250 Ok' }, 'deferred', 0],
    ['354 in answer to MAIL', { MAIL: '354 Go on' }, 'deferred', 0],
    ['354 in answer to RCPT', { RCPT: '354 Go on' }, 'deferred', 0],
    ['two answers to MAIL', { MAIL: EXTRA }, 'deferred', 0],
    ['no number', { RCPT: 'Hello there' }, 'deferred', 0],
    ['a number of another kind', { MAIL: '150 Wait' }, 'deferred', 0],
    ['lines with different numbers', { RCPT: '250-Ok\n550 No' }, 'deferred', 0],
    ['354 in answer to the mail', { DOT: '354 Go on' }, 'unknown', 1],
    ['nonsense in answer to the mail', { DOT: 'Thank you' }, 'unknown', 1],
  ])(
    '%s: the session is cut, and the mail judged by how far it was',
    async (name, on, kind, bodies) => {
      await start({ ...offers, on: on ?? {}, delayMs: 5 });
      expect(await transport.send(mail)).toMatchObject({ kind });
      expect(stub.bodies).toHaveLength(bodies);
      expect(stub.log.filter((entry) => entry === 'RSET')).toEqual([]);
      expect(name).not.toBe('');
    },
  );

  it('an answer too many after the mail: it was taken, and the next goes over a fresh session', async () => {
    await start({ ...offers, on: { DOT: [EXTRA, '250 2.0.0 Ok'] }, delayMs: 5 });
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(stub.sessions()).toBe(2);
    expect(stub.bodies).toHaveLength(2);
  });

  it('a word out of turn while the session rests: it is left', async () => {
    await start({ ...offers, afterDotMs: 30, afterDot: '250 2.0.0 By the way' });
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
    expect(stub.sessions()).toBe(2);
  });
});

it('an answer in pieces, of several lines, is one answer', async () => {
  await start({
    ...PIPELINING,
    on: { RCPT: '250-2.1.5 Yes\n250-2.1.5 indeed\n250 2.1.5 Ok' },
    byteMs: 1,
  });
  expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
});

it('an answer without an end is left', async () => {
  await start({ on: { MAIL: `250 ${'x'.repeat(70_000)}` } });
  expect(await transport.send(mail)).toMatchObject({ kind: 'deferred' });
});
