/**
 * Chaos: what mail servers do wrong, and what becomes of the mail: each line of the table is played
 * by a real server on loopback against a whole pass of the sender. Afterwards the server is healed,
 * and the same transport sends.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import type { Delivery } from '../../../src/mail/delivery.ts';
import { smtpTransport, type Transport } from '../../../src/mail/transport.ts';
import { approveRequest } from '../../../src/workflow/approve-request.ts';
import type { AskMailer, Deps } from '../../../src/workflow/deps.ts';
import { processRequest } from '../../../src/workflow/process-request.ts';
import { sendConfirmations } from '../../../src/workflow/send-confirmations.ts';
import { submitRequest } from '../../../src/workflow/submit-request.ts';
import { ALL_OFFERS, type ChaosSmtp, type Script, startChaos } from '../../support/chaos-smtp.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { APPROVER, REQUESTER, TEMPLATE } from '../../support/deps.ts';
import { addBatch, addPeople, idOf } from '../../support/people.ts';
import { form } from '../../support/requests.ts';
import { askMail } from '../../unit/mail/an-ask.ts';
import { DAY_MS, openWorld, rerouted, type World } from '../ask/world.ts';

jest.setTimeout(60_000);

/** Of a server that falls silent; from all others a busy machine may bring an answer late. */
const SILENCE_MS = 700;
const PATIENCE_MS = 10_000;
const FALLS_SILENT = /hang"|trickle|swallow|250-more/u;
const START = new Date('2026-11-23T09:00:00Z');
const ANN = 'ann@example.org';
const PIPELINED = { offers: ['PIPELINING'] };
const LOGIN = { offers: ['AUTH PLAIN'] };
const STARTTLS = { offers: ['STARTTLS'] };
/** Three times what a reply may hold. */
const OVERLONG = 'x'.repeat(200_000);
const GARBAGE = '\u0000\u00ff\u0001\u009d garbage \u0007';

type Kind = Delivery['kind'];
/** What each kind of delivery makes of the send: at once, and a day after the server was healed. */
const FATES: Readonly<Record<Kind, { now: object; later: object; suppressed?: true }>> = {
  accepted: { now: { state: 'sent', attempts: 1 }, later: { state: 'sent', attempts: 1 } },
  bounced: {
    now: { state: 'bounced', attempts: 1 },
    later: { state: 'bounced', attempts: 1 },
    suppressed: true,
  },
  blocked: { now: { state: 'blocked', attempts: 1 }, later: { state: 'blocked', attempts: 1 } },
  deferred: { now: { state: 'queued', attempts: 1 }, later: { state: 'sent', attempts: 2 } },
  unknown: { now: { state: 'unknown', attempts: 1 }, later: { state: 'unknown', attempts: 1 } },
  'route-down': { now: { state: 'queued', attempts: 0 }, later: { state: 'sent', attempts: 1 } },
};

type Row = [what: string, script: Script, kind: Kind, details?: Record<string, unknown>];

const CONNECTING: readonly Row[] = [
  ['refuses connections', { isAway: true }, 'route-down', { fault: 'connect' }],
  ['hangs before the greeting', { on: { CONNECT: 'hang' } }, 'route-down', { fault: 'connect' }],
  ['hangs up before the greeting', { on: { CONNECT: 'close' } }, 'route-down'],
  ['resets before the greeting', { on: { CONNECT: 'reset' } }, 'route-down'],
  ['greets with 421', { on: { CONNECT: '421 4.3.2 Busy' } }, 'route-down', { fault: 'connect' }],
  ['greets with 554', { on: { CONNECT: '554 5.7.1 Go away' } }, 'route-down'],
  ['greets as a web server', { on: { CONNECT: 'HTTP/1.1 400 Bad Request' } }, 'route-down'],
  ['greets with garbage', { on: { CONNECT: GARBAGE } }, 'route-down'],
  ['greets with an essay', { on: { CONNECT: `220 ${OVERLONG}` } }, 'route-down'],
  ['hangs at EHLO', { on: { EHLO: 'hang' } }, 'route-down', { fault: 'connect' }],
  ['hangs up at EHLO', { on: { EHLO: 'close' } }, 'route-down', { fault: 'connect' }],
  ['knows HELO only', { on: { EHLO: '502 5.5.1 What?' } }, 'accepted'],
];

const SECURING: readonly Row[] = [
  ['has a certificate nobody vouches for', STARTTLS, 'route-down', { fault: 'tls' }],
  ['refuses STARTTLS', { ...STARTTLS, on: { STARTTLS: '454 4.7.0 No' } }, 'route-down'],
  ['hangs at STARTTLS', { ...STARTTLS, on: { STARTTLS: 'hang' } }, 'route-down'],
  ['hangs up after STARTTLS', { ...STARTTLS, on: { TLS: 'close' } }, 'route-down'],
  ['resets after STARTTLS', { ...STARTTLS, on: { TLS: 'reset' } }, 'route-down'],
  ['hangs in the handshake', { ...STARTTLS, on: { TLS: 'hang' } }, 'route-down'],
  ['answers the handshake with garbage', { ...STARTTLS, on: { TLS: GARBAGE } }, 'route-down'],
];

const LOGGING_IN: readonly Row[] = [
  ['says 535', { ...LOGIN, on: { AUTH: '535 5.7.8 No' } }, 'route-down', { fault: 'auth' }],
  ['says 454', { ...LOGIN, on: { AUTH: '454 4.7.0 Not now' } }, 'route-down', { fault: 'auth' }],
  ['knows no AUTH', { on: { AUTH: '502 5.5.1 What?' } }, 'route-down', { fault: 'auth' }],
  ['hangs', { ...LOGIN, on: { AUTH: 'hang' } }, 'route-down', { fault: 'connect' }],
  ['hangs up', { ...LOGIN, on: { AUTH: 'close' } }, 'route-down', { fault: 'connect' }],
  ['takes it', LOGIN, 'accepted'],
];

const REFUSING: readonly Row[] = [
  ['no such mailbox', { on: { RCPT: '550 5.1.1 No such user' } }, 'bounced'],
  ['no such mailbox, in bare words', { on: { RCPT: '550 User unknown' } }, 'bounced'],
  ['no such mailbox, after the mail', { on: { DOT: '550 5.1.1 No such user' } }, 'bounced'],
  ['policy', { on: { RCPT: '550 5.7.1 Refused by policy' } }, 'blocked', { enhanced: '5.7.1' }],
  ['policy, after the mail', { on: { DOT: '550 5.7.1 Looks like spam' } }, 'blocked'],
  ['policy, in many lines', { on: { DOT: '550-5.7.1 No.\r\n550 5.7.1 No!' } }, 'blocked'],
  ['too big', { on: { MAIL: '552 5.3.4 Too big' } }, 'blocked', { enhanced: '5.3.4' }],
  ['too big, after the mail', { on: { DOT: '552 5.3.4 Too big' } }, 'blocked'],
  ['mailbox full', { on: { RCPT: '552 5.2.2 Over quota' } }, 'deferred', { enhanced: '5.2.2' }],
  ['greylisted', { on: { RCPT: '451 4.7.1 Greylisted' } }, 'deferred', { retryAfterMs: 300_000 }],
  ['greylisted, after the mail', { on: { DOT: '451 4.7.1 Greylisted' } }, 'deferred'],
  ['421 at MAIL', { on: { MAIL: '421 4.7.0 Too many' } }, 'deferred'],
  ['421 at RCPT', { on: { RCPT: '421 4.7.0 Too many' } }, 'deferred'],
  ['421 at DATA', { on: { DATA: '421 4.7.0 Too many' } }, 'deferred'],
  ['421 after the mail', { on: { DOT: '421 4.3.2 Closing' } }, 'deferred'],
];

const BREAKING_OFF: readonly Row[] = [
  ['hangs at MAIL', { on: { MAIL: 'hang' } }, 'deferred'],
  ['hangs at RCPT', { on: { RCPT: 'hang' } }, 'deferred'],
  ['hangs at DATA', { on: { DATA: 'hang' } }, 'deferred'],
  ['hangs in the mail', { on: { BODY: 'hang' } }, 'unknown'],
  ['hangs after the final dot', { on: { DOT: 'hang' } }, 'unknown'],
  ['hangs up at MAIL', { on: { MAIL: 'close' } }, 'deferred'],
  ['hangs up at RCPT', { on: { RCPT: 'close' } }, 'deferred'],
  ['hangs up at DATA', { on: { DATA: 'close' } }, 'deferred'],
  ['hangs up in the mail', { on: { BODY: 'close' } }, 'unknown'],
  ['resets in the mail', { on: { BODY: 'reset' } }, 'unknown'],
  ['hangs up after the final dot', { on: { DOT: 'close' } }, 'unknown'],
  ['resets after the final dot', { on: { DOT: 'reset' } }, 'unknown'],
];

const SPEAKING: readonly Row[] = [
  ['offers nothing', { offers: [] }, 'accepted'],
  ['offers everything', { offers: ALL_OFFERS }, 'accepted'],
  ['offers all but PIPELINING', { offers: ALL_OFFERS.slice(1) }, 'accepted'],
  ['speaks a byte at a time', { byteMs: 3 }, 'accepted'],
  ['speaks in many lines', { on: { RCPT: '250-Yes\r\n250-indeed\r\n250 Ok' } }, 'accepted'],
  ['trickles at RCPT', { on: { RCPT: 'trickle' } }, 'deferred'],
  ['trickles after the final dot', { on: { DOT: 'trickle' } }, 'unknown'],
  ['writes an essay at MAIL', { on: { MAIL: `250 ${OVERLONG}` } }, 'deferred'],
  ['writes an essay after the mail', { on: { DOT: `250 ${OVERLONG}` } }, 'unknown'],
  ['never ends its reply', { on: { RCPT: '250-more' } }, 'deferred'],
  ['changes its mind within a reply', { on: { RCPT: '250-Yes\r\n550 No' } }, 'deferred'],
  ['speaks garbage at RCPT', { on: { RCPT: GARBAGE } }, 'deferred'],
  ['speaks garbage after the mail', { on: { DOT: GARBAGE } }, 'unknown'],
  ['says 354 after the mail', { on: { DOT: '354 Go on' } }, 'unknown'],
  ['says 250 to DATA', { on: { DATA: '250 Ok' } }, 'deferred'],
];

const PIPELINING: readonly Row[] = [
  ['answers in one lump', { ...PIPELINED, inLumps: true }, 'accepted'],
  ['swallows RCPT', { ...PIPELINED, on: { RCPT: 'swallow' } }, 'deferred'],
  ['swallows DATA', { ...PIPELINED, on: { DATA: 'swallow' } }, 'deferred'],
  [
    'forgets what followed MAIL',
    { ...PIPELINED, on: { RCPT: 'swallow', DATA: 'swallow' } },
    'deferred',
  ],
  ['answers MAIL twice', { ...PIPELINED, on: { MAIL: '250 Ok\r\n250 Ok' } }, 'deferred'],
  ['says 354 too early', { ...PIPELINED, on: { RCPT: '354 Go on\r\n250 Ok' } }, 'deferred'],
  ['refuses RCPT', { ...PIPELINED, on: { RCPT: '550 5.1.1 No such user' } }, 'bounced'],
  [
    'refuses RCPT and wants the mail all the same',
    { ...PIPELINED, on: { RCPT: '550 5.1.1 No such user', DATA: '354 Go on' } },
    'bounced',
  ],
  ['hangs in the envelope', { ...PIPELINED, on: { RCPT: 'hang' } }, 'deferred'],
  ['hangs up in the envelope', { ...PIPELINED, on: { RCPT: 'close' } }, 'deferred'],
];

let world: World;
let workspaces = 0;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => world.close());

/** A workspace of its own, with a clock of its own, whose only route is this server. */
interface Place {
  readonly workspace: string;
  readonly deps: Deps & { readonly mail: AskMailer };
  setNow(now: Date): void;
  /** What the server made of the first mail. */
  first(): Delivery | undefined;
}

/** Everything between the queue and this server, as it is in production. */
function through(transport: Transport): Place {
  workspaces += 1;
  const workspace = `T0CHAOS${workspaces}`;
  let first: Delivery | undefined;
  let now = START;
  const mail = rerouted(world.deps.mail, {
    // Whether a route works is known to all workspaces.
    name: workspace,
    async send(composed, signal) {
      const delivery = await transport.send(composed, signal);
      first ??= delivery;
      return delivery;
    },
  });
  return {
    workspace,
    deps: { ...world.deps, mail, now: () => now },
    setNow(at) {
      now = at;
    },
    first: () => first,
  };
}

/** Opts the one person of this workspace in by a request that asks them. */
async function askAnn({ deps, workspace }: Place): Promise<void> {
  const batch = await addBatch(deps, `b_${workspace}`, workspace);
  await addPeople(deps, [{ address: ANN, in: [batch] }], workspace);
  const { id: request, plan } = await submitRequest(deps, {
    workspace,
    by: REQUESTER,
    submission: workspace,
    form: form(deps, {
      choice: { sources: [batch], match: 'any', fields: ['email'] },
      ask: { who: 'changed', template: TEMPLATE, silence: 'keep' },
    }),
  });
  await approveRequest(deps, { workspace, request, by: APPROVER, planHash: plan.hash, typed: 1 });
  await processRequest(deps, { workspace, request, signal: new AbortController().signal });
}

async function sendAll({ deps, workspace }: Place): Promise<void> {
  await sendConfirmations(deps, workspace, { signal: new AbortController().signal });
}

async function onFile({ deps, workspace }: Place) {
  const id = idOf(deps, ANN, workspace);
  const { addresses, sends } = deps.database.of(workspace);
  const [person, [send, ...others]] = [await addresses.find(id), await sends.ofAddress(id)];
  if (person === null || send === undefined) throw new Error('nobody was asked');
  expect(others).toEqual([]);
  return { person, send };
}

// Side by side, in workspaces that share nothing: most of them only wait for a server.
describe.each<[string, string, readonly Row[]]>([
  ['a server that, when we connect,', '', CONNECTING],
  ['a server that, when we ask for TLS,', '', SECURING],
  ['a server that, when we log in,', 'relay:SECRET@', LOGGING_IN],
  ['a server that refuses:', '', REFUSING],
  ['a server that', '', BREAKING_OFF],
  ['a server that', '', SPEAKING],
  ['a server that offers PIPELINING and', '', PIPELINING],
])('%s', (_group, login, rows) => {
  it.concurrent.each(rows)('%s', async (_what, script, kind, details = {}) => {
    const chaos = await startChaos(script);
    const url = `smtp://${login}127.0.0.1:${chaos.port}`;
    const silenceMs = FALLS_SILENT.test(JSON.stringify(script)) ? SILENCE_MS : PATIENCE_MS;
    const timeouts = { connectMs: PATIENCE_MS, greetingMs: silenceMs, silenceMs };
    const transport = smtpTransport({ url, connections: 1, timeouts });
    try {
      await play(chaos, transport, { kind, ...details });
    } finally {
      await transport.close(0);
      await chaos.stop();
    }
  });
});

async function play(
  chaos: ChaosSmtp,
  transport: Transport,
  expected: { readonly kind: Kind } & Record<string, unknown>,
): Promise<void> {
  const { now, later, suppressed } = FATES[expected.kind];
  const place = through(transport);
  await askAnn(place);
  await sendAll(place);
  expect(place.first()).toMatchObject(expected);
  const { send, person } = await onFile(place);
  expect(send).toMatchObject(now);
  expect(send.lease).toBeUndefined();
  expect(person.permission).toBe('single-opt-in');
  expect(person.suppressions).toEqual(suppressed === true ? ['hard-bounce'] : []);

  await chaos.heal();
  expect(await transport.send(await composeAsk(askMail()))).toMatchObject({ kind: 'accepted' });
  place.setNow(new Date(START.getTime() + DAY_MS));
  await sendAll(place);
  const { send: last } = await onFile(place);
  expect(last).toMatchObject(later);
  const copies = (ids: readonly string[]) => ids.filter((id) => id === send.messageId).length;
  if (last.state === 'unknown') expect(copies(chaos.whole)).toBeLessThanOrEqual(1);
  else expect(copies(chaos.taken)).toBe(last.state === 'sent' ? 1 : 0);
  expect(await crossCheck(place.deps, place.workspace)).toEqual([]);
}
