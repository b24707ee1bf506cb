/** Listener: takes mail that comes back for addresses with our MAC, and nothing else from anybody. */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CONNECTIONS_PER_CLIENT_MAX,
  type Listener,
  MAIL_BYTES_MAX,
  REFUSALS_MAX,
} from '../../../src/inbound/listener.ts';
import { bounceAddress } from '../../../src/mail/bounces/verp.ts';
import { MAIL_EVENTS } from '../../../src/store/mail-events.ts';
import { newReturnCounts } from '../../../src/workflow/return-counts.ts';
import { CERTIFICATE_KEY_PEM, CERTIFICATE_PEM } from '../../support/certificate.ts';
import { everything, forgetEverybody, personAt, sendTo } from '../ask/world.ts';
import { BOUNCE_DOMAIN, bounceTo, openReturns, post, type Returns, stopTo } from './world.ts';

const JO = 'jo@recipient.example';
let world: Returns;
let listener: Listener;

beforeAll(async () => {
  world = await openReturns();
  listener = await world.listen();
});
afterAll(async () => {
  await listener.close();
  await world.close();
});
beforeEach(async () => {
  await forgetEverybody(world);
  // The same person is asked by the same request in each test: what was heard of it is new.
  await world.deps.database.db.collection(MAIL_EVENTS).deleteMany({});
  Object.assign(world.deps.returns, newReturnCounts());
});

describe('mail for a send of ours', () => {
  it('is taken in: a hard bounce suppresses the address', async () => {
    const send = await world.mailed(JO);
    const answer = await post(listener, {
      to: bounceTo(world, send),
      mail: 'postfix-unknown-user',
    });
    expect(answer).toMatch(/^250 /);
    expect((await personAt(world.deps, JO)).suppressions).toEqual(['hard-bounce']);
    expect((await sendTo(world.deps, JO)).state).toBe('bounced');
    expect(world.deps.returns['hard-bounce']).toBe(1);
  });

  it('is taken in with the address in capitals, from an old mailer with a sender', async () => {
    const send = await world.mailed(JO);
    const to = bounceTo(world, send).toUpperCase();
    const from = 'mailer-daemon@recipient.example';
    expect(await post(listener, { to, from, mail: 'qmail-no-mailbox' })).toMatch(/^250 /);
    expect((await personAt(world.deps, JO)).suppressions).toEqual(['hard-bounce']);
  });

  it('that is a stop opts out', async () => {
    const send = await world.mailed(JO);
    expect(
      await post(listener, { to: stopTo(world, send), from: JO, mail: 'stop-empty-mail' }),
    ).toMatch(/^250 /);
    expect((await personAt(world.deps, JO)).permission).toBe('opted-out-by-recipient');
  });

  it.each([
    ['vacation-exchange', JO],
    ['person-forwards-a-bounce', JO],
    ['read-receipt', JO],
    ['postfix-relayed', ''],
    ['broken-no-headers', ''],
  ])('that reports nothing (%s) is taken in and changes nothing', async (mail, from) => {
    const send = await world.mailed(JO);
    const before = await everything(world.deps);
    expect(await post(listener, { to: bounceTo(world, send), from, mail })).toMatch(/^250 /);
    expect(await everything(world.deps)).toEqual(before);
    expect(world.deps.returns['mail-ignored']).toBe(1);
  });

  it('is put off while the database has a fault, and taken in when it comes again', async () => {
    const send = await world.mailed(JO);
    const { deps } = world;
    const broken = {
      ...deps,
      database: {
        ...deps.database,
        inTransaction: async () => {
          throw new Error('the database went away');
        },
      },
    };
    const faulty = await world.listen({ deps: broken });
    const mail = { to: bounceTo(world, send), mail: 'postfix-unknown-user' };
    expect(await post(faulty, mail)).toMatch(/^451 4\.3\.0 /);
    await faulty.close();
    expect((await personAt(deps, JO)).suppressions).toEqual([]);
    expect(await post(listener, mail)).toMatch(/^250 /);
    expect((await personAt(deps, JO)).suppressions).toEqual(['hard-bounce']);
  });

  it('counts once, however often and at once it comes', async () => {
    const send = await world.mailed(JO);
    const mail = { to: bounceTo(world, send), mail: 'postfix-unknown-user' };
    await post(listener, mail);
    const before = await everything(world.deps);
    await Promise.all(Array.from({ length: 5 }, async () => post(listener, mail)));
    expect(await everything(world.deps)).toEqual(before);
    expect(world.deps.returns).toMatchObject({ 'hard-bounce': 1, repeat: 5 });
  });
});

describe('what is refused, with nothing changed', () => {
  it.each([
    [
      'an address with a forged MAC',
      (ours: string) => ours.replace(/.@/, (end) => `${end === 'a@' ? 'b' : 'a'}@`),
    ],
    [
      'an address of a stranger’s key',
      (ours: string) =>
        bounceAddress('AAECAwQFBgcICQoLDA0ODw', ours.slice(ours.indexOf('@') + 1), [
          { id: 'k1', key: Buffer.alloc(32, 1) },
        ]),
    ],
    [
      'another domain: nothing is relayed',
      (ours: string) => ours.replace(/@.*/, '@elsewhere.example'),
    ],
    ['the sender of the mail', () => 'news@example.com'],
    ['postmaster', () => `postmaster@${BOUNCE_DOMAIN}`],
  ])('%s', async (_, change) => {
    const send = await world.mailed(JO);
    const before = await everything(world.deps);
    const to = change(bounceTo(world, send));
    expect(await post(listener, { to, mail: 'postfix-unknown-user' })).toMatch(/^550 5\.1\.1 /);
    expect(await everything(world.deps)).toEqual(before);
    expect(world.deps.returns['mail-refused']).toBe(1);
  });

  it('an address of a send that is not on file (any more) is taken in and changes nothing', async () => {
    const before = await everything(world.deps);
    const to = bounceAddress('AAECAwQFBgcICQoLDA0ODw', BOUNCE_DOMAIN, world.deps.tokenKeys);
    expect(await post(listener, { to, mail: 'postfix-unknown-user' })).toMatch(/^250 /);
    expect(await everything(world.deps)).toEqual(before);
    expect(world.deps.returns['unknown-send']).toBe(1);
  });

  it('a mail that says how large it is', async () => {
    const send = await world.mailed(JO);
    const before = await everything(world.deps);
    const talk = await speak(listener, [
      'EHLO a.example',
      `MAIL FROM:<> SIZE=${MAIL_BYTES_MAX + 1}`,
    ]);
    expect(talk.at(-1)).toMatch(/^552 /);
    expect(world.deps.returns['mail-refused']).toBe(1);
    const mail = Buffer.alloc(MAIL_BYTES_MAX + 1_000, 'Subject: x\r\n\r\n5.1.1 user unknown\r\n');
    expect(await post(listener, { to: bounceTo(world, send), mail })).toMatch(/^552 /);
    expect(await everything(world.deps)).toEqual(before);
    expect(world.deps.returns['mail-refused']).toBe(2);
  });

  it('a second recipient: it is to come by itself', async () => {
    const send = await world.mailed(JO);
    const to = bounceTo(world, send);
    const talk = await speak(listener, [
      'EHLO a.example',
      'MAIL FROM:<>',
      `RCPT TO:<${to}>`,
      `RCPT TO:<${stopTo(world, send)}>`,
    ]);
    expect(talk.slice(-2)).toEqual([
      expect.stringMatching(/^250 /),
      expect.stringMatching(/^452 /),
    ]);
  });

  it('a client that looks for addresses: it is hung up on', async () => {
    const guesses = Array.from(
      { length: REFUSALS_MAX + 3 },
      (_, index) => `RCPT TO:<a${index}@${BOUNCE_DOMAIN}>`,
    );
    const talk = await speak(listener, ['EHLO a.example', 'MAIL FROM:<>', ...guesses]);
    expect(talk.filter((line) => line.startsWith('550 '))).toHaveLength(REFUSALS_MAX - 1);
    expect(talk.at(-1)).toMatch(/^421 4\.7\.0 /);
  });

  it('a client with too much mail: it is to come later', async () => {
    const send = await world.mailed(JO);
    // Next to nothing comes back while the test runs.
    const paced = await world.listen({ rate: { burst: 2, perSecond: 1e-6, clientsMax: 10 } });
    const mail = { to: bounceTo(world, send), mail: 'vacation-exchange' };
    const answers = [await post(paced, mail), await post(paced, mail), await post(paced, mail)];
    await paced.close();
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['250', '250', '421']);
  });

  it('a client with too many connections', async () => {
    const crowd = Array.from({ length: CONNECTIONS_PER_CLIENT_MAX + 1 }, () =>
      connect(listener.port, '127.0.0.1').on('error', () => undefined),
    );
    const greetings = await Promise.all(
      crowd.map(
        async (socket) =>
          new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString()))),
      ),
    );
    for (const socket of crowd) socket.destroy();
    expect(greetings.filter((line) => line.startsWith('421 4.7.0'))).toHaveLength(1);
    expect(greetings.filter((line) => line.startsWith('220 '))).toHaveLength(
      CONNECTIONS_PER_CLIENT_MAX,
    );
  });

  it('a client that takes for ever, byte by byte', async () => {
    const send = await world.mailed(JO);
    const strict = await world.listen({ sessionMs: 700 });
    const socket = connect(strict.port, '127.0.0.1').on('error', () => undefined);
    const lines = ['EHLO a.example', 'MAIL FROM:<>', `RCPT TO:<${bounceTo(world, send)}>`, 'DATA'];
    const drip = setInterval(() => socket.write('x'), 50);
    socket.on('data', () => {
      const next = lines.shift();
      if (next !== undefined) socket.write(`${next}\r\n`);
    });
    await new Promise((resolve) => socket.on('close', resolve));
    clearInterval(drip);
    await strict.close();
    expect((await personAt(world.deps, JO)).suppressions).toEqual([]);
  });

  it.each(['AUTH PLAIN AGEAYg==', 'VRFY jo', 'STARTTLS', 'GET / HTTP/1.1'])(
    '%s',
    async (command) => {
      const talk = await speak(listener, ['EHLO a.example', command]);
      expect(talk.join('\n')).not.toMatch(/AUTH|STARTTLS/);
      expect(talk.at(-1)).toMatch(/^(?:5|4|252)/);
    },
  );
});

describe('a client that only knocks', () => {
  // Beside the others: it gets the seconds that every open session gets.
  it.concurrent('and says nothing does not keep the listener from closing', async () => {
    const other = await world.listen();
    const socket = connect(other.port, '127.0.0.1').on('error', () => undefined);
    await new Promise((resolve) => socket.once('data', resolve));
    await other.close();
    socket.destroy();
  });
});

describe('STARTTLS', () => {
  it('is spoken with the certificate that was configured', async () => {
    const send = await world.mailed(JO);
    const tls = { cert: CERTIFICATE_PEM, key: CERTIFICATE_KEY_PEM };
    const safe = await world.listen({ tls });
    const mail = { to: bounceTo(world, send), mail: 'postfix-unknown-user', tls: true };
    expect(await post(safe, mail)).toMatch(/^250 /);
    expect(await certificateOf(safe)).toBe('sns.example');
    await safe.close();
    expect((await personAt(world.deps, JO)).suppressions).toEqual(['hard-bounce']);
  });
});

it('says what to do if its port is taken', async () => {
  await expect(world.listen({ port: listener.port })).rejects.toThrow(
    /cannot listen .*INBOUND_SMTP_PORT/,
  );
});

/** Says each line when the one before was answered. @returns the answers, the greeting first */
async function speak({ port }: Listener, lines: readonly string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  const answers: string[] = [];
  const left = [...lines];
  return new Promise((resolve) => {
    socket.on('data', (data) => {
      const said = data.toString().trim();
      answers.push(said);
      const next = left.shift();
      if (next === undefined || said.startsWith('421')) socket.end();
      else socket.write(`${next}\r\n`);
    });
    socket.on('close', () => resolve(answers));
  });
}

async function certificateOf({ port }: Listener): Promise<string | undefined> {
  const socket = connect(port, '127.0.0.1');
  const lines = ['EHLO a.example', 'STARTTLS'];
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('data', (data) => {
      const next = lines.shift();
      if (next !== undefined) socket.write(`${next}\r\n`);
      else if (data.toString().startsWith('220')) {
        socket.removeAllListeners('data');
        const safe = connectTls({ socket, rejectUnauthorized: false }, () => {
          resolve(String(safe.getPeerCertificate().subject.CN));
          safe.end();
        });
      }
    });
  });
}
