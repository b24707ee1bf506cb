/** Hooks: what all providers' webhooks have in common: proven, once, and nothing by a look. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MAIL_EVENTS } from '../../../src/store/mail-events.ts';
import type { WebServer } from '../../../src/web/server.ts';
import { HOOK_BYTES_MAX, HOOK_POSTS_MAX } from '../../../src/web/webhook-door.ts';
import { newReturnCounts } from '../../../src/workflow/return-counts.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { everything, forgetEverybody, interpose, personAt, sendTo, serve } from '../ask/world.ts';
import { onTheWire, request } from '../web/http.ts';
import {
  amazon,
  bounceBy,
  type HookRequest,
  mailgunEvent,
  mailgunPost,
  PROVIDERS,
  type Provider,
  SETTINGS,
  sendgridEvent,
  sendgridPost,
} from './providers.ts';
import { openReturns, type Returns } from './world.ts';

const HOUR_MS = 60 * 60 * 1000;
const JO = 'joanna@recipient.example';
const UNKNOWN_SEND = 'AAECAwQFBgcICQoLDA0ODw';
let world: Returns;
let web: WebServer;

beforeAll(async () => {
  world = await openReturns();
  web = await serve(world, { hooks: SETTINGS, hookFetch: amazon().fetch });
});
afterAll(async () => {
  await web.close();
  await world.close();
});
beforeEach(async () => {
  await forgetEverybody(world);
  // The same person is asked by the same request in each test: what was heard of it is new.
  await world.deps.database.db.collection(MAIL_EVENTS).deleteMany({});
  Object.assign(world.deps.returns, newReturnCounts());
});

const post = async (provider: Provider, { body, headers }: HookRequest, url = web.url) =>
  fetch(`${url}/hooks/${provider}`, { method: 'POST', body, headers });

describe.each(PROVIDERS)('%s', (provider) => {
  it('is heard: a hard bounce suppresses', async () => {
    const send = await world.mailed(JO);
    const answer = await post(provider, bounceBy(provider, send._id));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; charset=utf-8',
    ]);
    expect((await personAt(world.deps, JO)).suppressions).toEqual(['hard-bounce']);
    expect((await sendTo(world.deps, JO)).state).toBe('bounced');
    expect(await crossCheck(world.deps)).toEqual([]);
  });

  it('counts once, however often and at once it posts the same', async () => {
    const send = await world.mailed(JO);
    const report = bounceBy(provider, send._id);
    await post(provider, report);
    const before = await everything(world.deps);
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () => post(provider, report)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await everything(world.deps)).toEqual(before);
    expect(world.deps.returns).toMatchObject({ 'hard-bounce': 1, repeat: 5 });
  });

  it('is answered 200 about mail that is none of ours, and nothing is written', async () => {
    await world.mailed(JO);
    const answer = await post(provider, bounceBy(provider, UNKNOWN_SEND));
    expect(answer.status).toBe(200);
    expect(world.deps.returns['unknown-send']).toBe(1);
    expect((await personAt(world.deps, JO)).suppressions).toEqual([]);
  });

  describe('is refused, and nothing changes', () => {
    let sendId = '';
    async function refused(change: (report: HookRequest) => HookRequest, status: number) {
      sendId = (await world.mailed(JO))._id;
      const before = await everything(world.deps);
      const answer = await post(provider, change(bounceBy(provider, sendId)));
      expect(answer.status).toBe(status);
      expect(await everything(world.deps)).toEqual(before);
      expect(world.deps.returns['hook-refused']).toBe(1);
    }
    it('forged', async () => refused(() => bounceBy(provider, sendId, { isForged: true }), 403));
    const type = (value: string) => (report: HookRequest) => ({
      ...report,
      headers: { ...report.headers, 'Content-Type': value },
    });

    it('as a form', async () => refused(type('application/x-www-form-urlencoded'), 415));
    it('as HTML', async () => refused(type('text/html'), 415));
    it('packed', async () =>
      refused(
        (report) => ({ ...report, headers: { ...report.headers, 'Content-Encoding': 'gzip' } }),
        415,
      ));
    it('too large', async () =>
      refused((report) => ({ ...report, body: report.body.padEnd(HOOK_BYTES_MAX + 1) }), 413));
    it('without a body', async () => {
      const status = provider === 'sendgrid' ? 403 : 400;
      await refused((report) => ({ ...report, body: '' }), status);
    });
    it('of no JSON', async () => {
      const status = provider === 'sendgrid' ? 403 : 400;
      await refused((report) => ({ ...report, body: '{"a":' }), status);
    });
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
    '%s does nothing',
    async (method) => {
      const send = await world.mailed(JO);
      const before = await everything(world.deps);
      const { body, headers } = bounceBy(provider, send._id);
      const text = request(method, `/hooks/${provider}`, { headers, body });
      const answer = await onTheWire(web.url, text);
      expect(answer.status).toBe(405);
      expect(answer.head).toMatch(/^Allow: POST$/im);
      expect(await everything(world.deps)).toEqual(before);
    },
  );

  it('does not exist where it is not set up', async () => {
    const other = await serve(world);
    const send = await world.mailed(JO);
    expect((await post(provider, bounceBy(provider, send._id), other.url)).status).toBe(404);
    expect((await personAt(world.deps, JO)).suppressions).toEqual([]);
    await other.close();
  });

  it('comes again after a fault of ours, and is heard then', async () => {
    const send = await world.mailed(JO);
    const report = bounceBy(provider, send._id);
    let faults = 1;
    const deps = interpose(world.deps, ({ mailEvents }) => ({
      mailEvents: {
        ...mailEvents,
        async has(event, tx) {
          if (faults > 0) {
            faults -= 1;
            throw new Error('the database went away');
          }
          return mailEvents.has(event, tx);
        },
      },
    }));
    const faulty = await serve({ deps }, { hooks: SETTINGS, hookFetch: amazon().fetch });
    expect((await post(provider, report, faulty.url)).status).toBe(500);
    expect((await personAt(world.deps, JO)).suppressions).toEqual([]);
    expect((await post(provider, report, faulty.url)).status).toBe(200);
    expect((await personAt(world.deps, JO)).suppressions).toEqual(['hard-bounce']);
    await faulty.close();
  });
});

// Postmark signs no time; the ids of its records alone keep them from counting twice.
describe.each(PROVIDERS.filter((provider) => provider !== 'postmark'))(
  '%s of a time',
  (provider) => {
    it.each([
      ['older than a day', -25 * HOUR_MS],
      ['to come', HOUR_MS],
    ])('%s is refused, and nothing changes', async (_, ageMs) => {
      const send = await world.mailed(JO);
      const before = await everything(world.deps);
      const now = new Date(Date.now() + ageMs);
      const answer = await post(provider, bounceBy(provider, send._id, { now }));
      expect(answer.status).toBe(403);
      expect(await everything(world.deps)).toEqual(before);
    });
  },
);

describe('a token of Mailgun', () => {
  it('is good for one post: its signature says nothing about the event', async () => {
    const send = await world.mailed(JO);
    const token = 'f'.repeat(50);
    const messageId = `<${send._id}@example.com>`;
    const opened = mailgunPost(mailgunEvent(messageId, { event: 'opened' }), { token });
    expect((await post('mailgun', opened)).status).toBe(200);
    const before = await everything(world.deps);
    const forged = mailgunPost(mailgunEvent(messageId, { event: 'complained' }), { token });
    const answer = await post('mailgun', forged);
    expect(answer.status).toBe(403);
    expect(world.deps.returns['hook-refused']).toBe(1);
    expect(await everything(world.deps)).toEqual(before);
  });
  it('is still good for the event of a process that was killed in the middle of it', async () => {
    const send = await world.mailed(JO);
    const report = bounceBy('mailgun', send._id);
    const seen = world.deps.database.db.collection('seen');
    await seen.deleteMany({});
    const dying = new AbortController();
    const killed = interpose(world.deps, ({ mailEvents }) => ({
      mailEvents: {
        ...mailEvents,
        async has(): Promise<boolean> {
          await once(dying.signal, 'abort');
          throw new Error('killed');
        },
      },
    }));
    const other = await serve({ deps: killed }, { hooks: SETTINGS, hookFetch: amazon().fetch });
    const unheard = post('mailgun', report, other.url);
    while ((await seen.countDocuments()) === 0) await setImmediate();
    expect((await post('mailgun', report)).status).toBe(200);
    expect((await personAt(world.deps, JO)).suppressions).toEqual(['hard-bounce']);
    dying.abort();
    expect((await unheard).status).toBe(500);
    await other.close();
  });
});

describe('a batch of SendGrid', () => {
  it('is heard whole', async () => {
    const people = Array.from({ length: 12 }, (_, index) => `p${index}@recipient.example`);
    const events: unknown[] = [];
    for (const address of people) {
      const { _id } = await world.mailed(address, { state: 'unknown' });
      const event = { event: address.startsWith('p1') ? 'spamreport' : 'delivered' };
      events.push(sendgridEvent(`<${_id}@example.com>`, event));
    }
    expect((await post('sendgrid', sendgridPost(events))).status).toBe(200);
    for (const address of people) {
      const isComplaint = address.startsWith('p1');
      expect((await sendTo(world.deps, address)).state).toBe('sent');
      expect((await personAt(world.deps, address)).permission).toBe(
        isComplaint ? 'opted-out-by-recipient' : 'single-opt-in',
      );
    }
    expect(await crossCheck(world.deps)).toEqual([]);
  });
});

it('posts beyond what is held in memory at once are to come later', async () => {
  const { hostname, port } = new URL(web.url);
  const head = [
    'POST /hooks/postmark HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    'Content-Length: 1000',
  ];
  const slow = new Set<Socket>();
  const hold = () => {
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    slow.add(socket);
    // Refused, since one of the quick posts below was in its place: another takes its turn.
    socket.once('data', () => {
      slow.delete(socket);
      socket.destroy();
      hold();
    });
    socket.write(`${head.join('\r\n')}\r\n\r\n{`);
  };
  for (let n = 0; n < HOOK_POSTS_MAX; n += 1) hold();
  const send = await world.mailed(JO);
  // Heard as one about nobody's mail until the slow ones have all come in.
  let refused = await post('postmark', bounceBy('postmark', UNKNOWN_SEND));
  while (refused.status === 200) {
    refused = await post('postmark', bounceBy('postmark', UNKNOWN_SEND));
  }
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  const report = bounceBy('postmark', send._id);
  for (const socket of slow) socket.destroy();
  let status = 503;
  while (status === 503) ({ status } = await post('postmark', report));
  expect(status).toBe(200);
  expect((await personAt(world.deps, JO)).suppressions).toEqual(['hard-bounce']);
});

it('a hook of nobody does not exist', async () => {
  const answer = await fetch(`${web.url}/hooks/mandrill`, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(404);
});
