/** Crossing: the envelope of the next mail behind the final dot of this one, and all that can go wrong. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import type { Delivery } from '../../../src/mail/delivery.ts';
import { smtpTransport, type Transport } from '../../../src/mail/transport.ts';
import { askMail } from '../../unit/mail/an-ask.ts';
import { type Script, type SmtpStub, startStub } from './smtp-stub.ts';

const SILENCE_MS = 600;
const timeouts = { connectMs: 2000, greetingMs: 2000, silenceMs: SILENCE_MS };
const offers = ['PIPELINING'];
const OK = '250 2.0.0 Ok';
const COUNT = 4;
const mails = await Promise.all(
  Array.from({ length: COUNT }, (_, at) => composeAsk(askMail({ messageId: idOf(at) }))),
);

function idOf(at: number): string {
  return `<mail-${at}@example.com>`;
}

/** A server and a transport to it: each test has its own, so that they wait side by side. */
interface Route {
  readonly stub: SmtpStub;
  readonly transport: Transport;
  sendAll(): Promise<string[]>;
  /** How many times an envelope came in one piece with the end of a mail. */
  crossings(): number;
  /** Which mails came to their final dot, in order; an empty one is '-'. */
  arrived(): string;
}
const open: Route[] = [];
async function start(script: Script, connections = 1): Promise<Route> {
  const stub = await startStub(script);
  const transport = smtpTransport({ url: stub.url, connections, timeouts });
  const route = {
    stub,
    transport,
    sendAll: () => kindsOf(mails.map((mail) => transport.send(mail))),
    crossings: () =>
      stub.bursts.filter((burst) => /(?:^|\n)\.\nMAIL/.test(burst.join('\n'))).length,
    arrived: () =>
      stub.bodies.map((body) => /^Message-ID: <mail-(\d)@/m.exec(body)?.[1] ?? '-').join(''),
  };
  open.push(route);
  return route;
}
afterAll(async () => {
  for (const { stub, transport } of open) {
    await transport.close(0);
    await stub.stop();
  }
});

const kindsOf = async (sendings: readonly Promise<Delivery>[]) =>
  (await Promise.all(sendings)).map(({ kind }) => kind);
/** Resolves as soon as this is true. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a server that goes on', () => {
  it.concurrent('gets each envelope in one piece with the end of the mail before', async () => {
    const { stub, sendAll, crossings, arrived } = await start({ offers });
    expect(await sendAll()).toEqual(Array(COUNT).fill('accepted'));
    expect(crossings()).toBe(COUNT - 1);
    expect(arrived()).toBe('0123');
    expect(stub.sessions()).toBe(1);
  });

  it.concurrent('gets each by itself where it announces no pipelining', async () => {
    const { sendAll, crossings, arrived } = await start({});
    expect(await sendAll()).toEqual(Array(COUNT).fill('accepted'));
    expect(crossings()).toBe(0);
    expect(arrived()).toBe('0123');
  });

  it.concurrent('may answer late and byte by byte', async () => {
    const { sendAll, crossings, arrived } = await start({ offers, delayMs: 20, byteMs: 1 });
    expect(await sendAll()).toEqual(Array(COUNT).fill('accepted'));
    expect(crossings()).toBe(COUNT - 1);
    expect(arrived()).toBe('0123');
  });

  it.concurrent('is given a mail that is too long for it by itself: as a refusal, unsent', async () => {
    const { transport, arrived } = await start({ offers: [...offers, 'SIZE 4000'] });
    const [first, second] = mails;
    const long = await composeAsk(
      askMail({ messageId: idOf(9), feedbackId: `${'x'.repeat(4000)}:a:b:assent1` }),
    );
    if (first === undefined || second === undefined) throw new Error('two mails are needed');
    const sendings = [first, long, second].map((mail) => transport.send(mail));
    expect(await kindsOf(sendings)).toEqual(['accepted', 'blocked', 'accepted']);
    expect(arrived()).toBe('01');
  });
});

describe('of two mails that cross', () => {
  it.concurrent.each<[string, Script['on'], string[], string, number]>([
    ['the second is refused', { RCPT: [OK, '550 5.1.1 No'] }, ['accepted', 'bounced'], '023', 1],
    [
      'the second’s sender is refused',
      { MAIL: [OK, '550 5.7.1 No'] },
      ['accepted', 'blocked'],
      '023',
      2,
    ],
    [
      'the second is put off',
      { RCPT: [OK, '451 4.7.1 Later'] },
      ['accepted', 'deferred'],
      '023',
      1,
    ],
    ['the first is put off', { DOT: ['451 4.3.0 Later'] }, ['deferred', 'accepted'], '0123', 1],
    ['the first is refused', { DOT: ['550 5.7.1 No'] }, ['blocked', 'accepted'], '0123', 1],
    ['421 answers the first', { DOT: ['421 4.3.2 Bye'] }, ['deferred', 'accepted'], '0123', 2],
    ['421 answers the second', { MAIL: [OK, '421 4.7.0 Bye'] }, ['accepted', 'deferred'], '023', 2],
    [
      'the line is cut at the dot of the first',
      { DOT: ['drop'] },
      ['unknown', 'accepted'],
      '0123',
      2,
    ],
    [
      'the line is cut at MAIL of the second',
      { MAIL: [OK, 'drop'] },
      ['accepted', 'accepted'],
      '0123',
      2,
    ],
    [
      'the line is cut at RCPT of the second',
      { RCPT: [OK, 'drop'] },
      ['accepted', 'accepted'],
      '0123',
      2,
    ],
    [
      'the line is cut at DATA of the second',
      { DATA: ['354 Go', 'drop'] },
      ['accepted', 'accepted'],
      '0123',
      2,
    ],
    ['the server falls silent at the first', { DOT: ['hang'] }, ['unknown', 'accepted'], '0123', 2],
    ['the server forgets the second', { MAIL: [OK, 'hang'] }, ['accepted', 'accepted'], '0123', 2],
    [
      'the server takes the first for unfinished',
      { MAIL: [OK, '503 5.5.1 Nested'] },
      ['accepted', 'accepted'],
      '0123',
      2,
    ],
    ['the second’s DATA gets 250', { DATA: ['354 Go', OK] }, ['accepted', 'accepted'], '0123', 2],
    ['the second’s MAIL gets 354', { MAIL: [OK, '354 Go'] }, ['accepted', 'accepted'], '0123', 2],
    ['the first gets 354', { DOT: ['354 Go'] }, ['unknown', 'accepted'], '0123', 2],
    ['the first gets two answers', { DOT: [`${OK}\n${OK}`] }, ['accepted', 'accepted'], '0123', 2],
    ['the first gets nonsense', { DOT: ['Thank you'] }, ['unknown', 'accepted'], '0123', 2],
  ])('%s', async (_, on, kinds, bodies, sessions) => {
    const { stub, sendAll, crossings, arrived } = await start({ offers, on: on ?? {}, delayMs: 5 });
    expect(await sendAll()).toEqual([...kinds, 'accepted', 'accepted']);
    expect(arrived()).toBe(bodies);
    expect(stub.sessions()).toBe(sessions);
    expect(crossings()).toBeGreaterThan(0);
  });

  it.concurrent('the second is refused by a server that waits for it: it gets an empty one for nobody', async () => {
    const { sendAll, arrived } = await start({
      offers,
      on: { RCPT: [OK, '550 5.1.1 No'], DATA: '354 Go on' },
    });
    expect(await sendAll()).toEqual(['accepted', 'bounced', 'accepted', 'accepted']);
    expect(arrived()).toBe('0-23');
  });

  it.concurrent('the second’s sender is refused and its recipient taken: it gets nothing at all', async () => {
    const { stub, sendAll, arrived } = await start({
      offers,
      on: { MAIL: [OK, '550 5.7.1 No'], DATA: '354 Go on' },
    });
    expect(await sendAll()).toEqual(['accepted', 'blocked', 'accepted', 'accepted']);
    expect(arrived()).toBe('023');
    expect(stub.sessions()).toBe(2);
  });
});

describe('a route on which crossing fails again and again', () => {
  it.concurrent('goes without it, and each mail still arrives once', async () => {
    // A server that closes whenever something stands behind a mail.
    const { sendAll, crossings, arrived } = await start({
      offers,
      on: { MAIL: [OK, 'drop', OK, 'drop', OK, 'drop'] },
    });
    expect(await sendAll()).toEqual(Array(COUNT).fill('accepted'));
    expect(crossings()).toBe(COUNT - 1);
    expect(await sendAll()).toEqual(Array(COUNT).fill('accepted'));
    expect(crossings()).toBe(COUNT - 1);
    expect(arrived()).toBe('01230123');
  });

  it.concurrent('keeps it if it only fails now and then', async () => {
    const { sendAll, crossings, arrived } = await start({
      offers,
      on: { MAIL: [OK, 'drop', OK, OK, 'drop', OK, OK] },
    });
    expect(await sendAll()).toEqual(Array(COUNT).fill('accepted'));
    expect(await sendAll()).toEqual(Array(COUNT).fill('accepted'));
    expect(crossings()).toBe(2 * (COUNT - 1));
    expect(arrived()).toBe('01230123');
  });
});

describe('a mail that must not leave after all', () => {
  const [first, second, third] = mails;
  if (first === undefined || second === undefined || third === undefined) {
    throw new Error('three mails are needed');
  }

  it.concurrent.each<[string, () => boolean | Promise<boolean>]>([
    ['at once', () => false],
    ['after a look', async () => false],
    ['for a fault', async () => Promise.reject(new Error('the database is away'))],
    [
      'for a bug',
      () => {
        throw new Error('a bug');
      },
    ],
  ])('does not, %s, and nobody gets an empty one', async (_, mayLeave) => {
    const { stub, transport, crossings, arrived } = await start({ offers });
    const deliveries = await Promise.all([
      transport.send(first),
      transport.send(second, undefined, mayLeave),
      transport.send(third),
    ]);
    expect(deliveries).toMatchObject([
      { kind: 'accepted' },
      { kind: 'route-down', fault: 'stopped' },
      { kind: 'accepted' },
    ]);
    expect(crossings()).toBe(2 - 1);
    expect(arrived()).toBe('02');
    expect(stub.sessions()).toBe(2);
  });

  it.concurrent('is looked at when its turn comes, not when it was handed over', async () => {
    const { stub, transport } = await start({ offers, delayMs: 20 });
    const looks: string[] = [];
    const look = (name: string) => () => {
      looks.push(`${name} at ${stub.log.filter((entry) => entry === 'DOT').length}`);
      return true;
    };
    await Promise.all([
      transport.send(first, undefined, look('first')),
      transport.send(second, undefined, look('second')),
    ]);
    expect(looks).toEqual(['first at 0', 'second at 1']);
  });

  it.concurrent('taken back while the one before is answered, leaves that alone', async () => {
    const { stub, transport, arrived } = await start({ offers, delayMs: 50 });
    const stop = new AbortController();
    const sendings = [transport.send(first), transport.send(second, stop.signal)];
    await until(() => stub.log.includes('DOT'));
    stop.abort();
    expect(await kindsOf(sendings)).toEqual(['accepted', 'route-down']);
    expect(arrived()).toBe('0');
  });

  it.concurrent('whose predecessor is taken back leaves over a fresh session', async () => {
    const { stub, transport, arrived } = await start({ offers, delayMs: 50 });
    const stop = new AbortController();
    const sendings = [transport.send(first, stop.signal), transport.send(second)];
    await until(() => stub.log.includes('DOT'));
    stop.abort();
    expect(await kindsOf(sendings)).toEqual(['unknown', 'accepted']);
    expect(arrived()).toBe('01');
    expect(stub.sessions()).toBe(2);
  });

  it.concurrent('is stopped when the transport is cut, and the one before it unknown', async () => {
    const { stub, transport, arrived } = await start({ offers, on: { DOT: 'hang' } });
    const sendings = mails.map((mail) => transport.send(mail));
    await until(() => stub.log.includes('DOT'));
    await transport.close(0);
    expect(await kindsOf(sendings)).toEqual(['unknown', 'route-down', 'route-down', 'route-down']);
    expect(arrived()).toBe('0');
  });

  it.concurrent('arrives if it had begun when the transport is closed', async () => {
    const { stub, transport, arrived } = await start({ offers, delayMs: 20 });
    const sendings = mails.map((mail) => transport.send(mail));
    await until(() => stub.log.includes('DOT'));
    await transport.close(10_000);
    expect(await kindsOf(sendings)).toEqual(['accepted', 'accepted', 'route-down', 'route-down']);
    expect(arrived()).toBe('01');
  });
});

it.concurrent('whatever a server does, what was taken arrived once, and nothing arrived twice', async () => {
  const ANSWERS = [
    '451 4.0.0 Later',
    '421 4.0.0 Bye',
    '550 5.1.1 No',
    'drop',
    'drop',
    '250 2.0.0 Ok',
  ];
  const random = seeded(7);
  const steps = (good: string) =>
    Array.from({ length: 12 }, () =>
      random() < 0.75 ? good : (ANSWERS[Math.floor(random() * ANSWERS.length)] ?? good),
    );
  for (let round = 0; round < 25; round += 1) {
    const { stub, transport, sendAll, arrived } = await start(
      {
        offers,
        on: { MAIL: steps(OK), RCPT: steps(OK), DATA: steps('354 Go on'), DOT: steps(OK) },
      },
      1 + (round % 2),
    );
    const kinds = await sendAll();
    for (const [at, kind] of kinds.entries()) {
      const times = arrived().split(String(at)).length - 1;
      if (kind === 'accepted') expect(times).toBe(1);
      else expect(times).toBeLessThanOrEqual(1);
    }
    await transport.close(0);
    await stub.stop();
  }
});

/** The same numbers each time: what fails once fails again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
