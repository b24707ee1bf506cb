/**
 * Slack: how long after a slash command its modal leaves us, idle and while the same machine
 * changes a million permissions and sends mail; with one web process and with two.
 *
 * The commands come through the Slack double, signed, at a steady pace, whether or not earlier ones
 * were answered. Each comes from another person, as in a large workspace.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SlackDouble, startSlackDouble } from '../demo/slack/double.ts';
import type { Person } from '../demo/slack/person.ts';
import { loadTemplates } from '../src/mail/templates.ts';
import { createQueue, openAgenda } from '../src/queue.ts';
import type { Deps } from '../src/workflow/deps.ts';
import { printTable, ratio } from './measure.ts';
import { fillAddresses, WORKSPACE } from './people.ts';
import { submitAndApprove } from './process.ts';
import { buildProgram, type Program, startProgram } from './program.ts';
import { findSmtpTools, startSink } from './smtp-tools.ts';

const TEMPLATE = 'double-opt-in';
const SECRET = 'b'.repeat(32);
const PER_SECOND = 50;
const SECONDS = 20;
const PEOPLE = PER_SECOND * SECONDS;
/** What is asked by mail meanwhile, at most so many a second. */
const MAILS_PER_SECOND = 200;
const WARM_UP = 20;
const SETTLE_MS = 3_000;
const SINK_CONNECTIONS = 10;

interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly lost: number;
}

/** @param sizes the largest is the audience that is processed meanwhile */
export async function benchSlack(deps: Deps, sizes: readonly number[], uri: string): Promise<void> {
  buildProgram();
  const slack = await startSlackDouble({ signingSecret: SECRET, teamId: WORKSPACE });
  const people = Array.from({ length: PEOPLE }, (_, n) =>
    slack.addUser({ id: `U0P${n}`, name: `Person ${n}` }),
  );
  slack.addChannel({ id: 'C0BENCH', name: 'bench' });
  const home = await mkdtemp(join(tmpdir(), 'assent-bench-home-'));
  const sink = await startSink(findSmtpTools(process.env));
  const env = {
    ASSENT_HOME: home,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: slack.apiUrl,
    SLACK_CHANNEL: 'C0BENCH',
    SLACK_REQUESTERS: people.map(({ id }) => id).join(','),
    SMTP_URL: sink.url,
    MAIL_FROM: 'bench@example.com',
    MAIL_FROM_NAME: 'Bench',
    MAIL_POSTAL_ADDRESS: 'Nowhere 1',
    MAIL_PER_SECOND: String(MAILS_PER_SECOND),
    MAIL_CONNECTIONS: String(SINK_CONNECTIONS),
    MAIL_CANARY_MINUTES: '0',
    PUBLIC_URL: 'http://127.0.0.1:1',
  };
  const run = { deps, uri, env, slack, people };
  try {
    const size = Math.max(...sizes);
    const idle = await measured(run, 1);
    const idleTwo = await measured(run, 2);
    await fillAddresses(deps.database, size);
    const busy = await whileBusy(run, () => measured(run, 1));
    await fillAddresses(deps.database, size);
    const busyTwo = await whileBusy(run, () => measured(run, 2));
    const row = (what: string, { p50, p99, max, lost }: Latencies) => ({
      'command → views.open': what,
      'p50 ms': p50,
      'p99 ms': p99,
      'max ms': max,
      'without a modal': lost,
      'p99 ÷ idle': ratio(p99 / idle.p99),
    });
    printTable(`Slack: ${PER_SECOND} commands a second for ${SECONDS} s (goal ≤ 3 × idle)`, [
      row('idle, one web process', idle),
      row('idle, two', idleTwo),
      row(`busy with ${size.toLocaleString('en')} addresses, one`, busy),
      row('busy, two', busyTwo),
    ]);
  } finally {
    await sink.stop();
    await slack.stop();
    await rm(home, { recursive: true, force: true });
  }
}

interface Run {
  readonly deps: Deps;
  readonly uri: string;
  readonly env: NodeJS.ProcessEnv;
  readonly slack: SlackDouble;
  readonly people: readonly Person[];
}

/** Sends the commands to so many web processes, in turn. */
async function measured({ deps, uri, env, slack, people }: Run, count: number): Promise<Latencies> {
  const webs: Program[] = [];
  try {
    for (let n = 0; n < count; n += 1) {
      webs.push(await startProgram(deps, uri, { ...env, ASSENT_ROLE: 'web', LOG_LEVEL: 'info' }));
    }
    for (let n = 0; n < WARM_UP; n += 1) await sendTo(slack, webs, people, n);
    await sleep(SETTLE_MS);
    const from = slack.requests.length;
    const sent: Promise<number>[] = [];
    const start = performance.now();
    for (let n = 0; n < people.length; n += 1) {
      await sleep(Math.max(0, start + (n * 1_000) / PER_SECOND - performance.now()));
      const at = Date.now();
      sent.push(sendTo(slack, webs, people, n).then(() => at));
    }
    const times = await Promise.all(sent);
    await sleep(SETTLE_MS);
    return latencies(slack, from, times);
  } finally {
    for (const web of webs) web.kill();
  }
}

async function sendTo(
  slack: SlackDouble,
  webs: readonly Program[],
  people: readonly Person[],
  n: number,
): Promise<void> {
  slack.connect(webs[n % webs.length]?.url ?? '');
  // A late or missing answer is counted by its missing modal.
  await people[n]?.command('/optin').catch(() => undefined);
}

/** A modal belongs to a command by the trigger that both name. */
function latencies(slack: SlackDouble, from: number, sentAt: readonly number[]): Latencies {
  const opened = new Map(
    slack.calls
      .filter(({ method }) => method === 'views.open')
      .map(({ args, at }) => [String(args['trigger_id']), at.getTime()]),
  );
  const found = slack.requests
    .slice(from)
    .map(({ body }, n) => {
      const trigger = new URLSearchParams(body).get('trigger_id') ?? '';
      return (opened.get(trigger) ?? Number.NaN) - (sentAt[n] ?? Number.NaN);
    })
    .filter((ms) => !Number.isNaN(ms))
    .toSorted((a, b) => a - b);
  const at = (part: number) =>
    found[Math.min(found.length - 1, Math.floor(found.length * part))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1), lost: sentAt.length - found.length };
}

const USED = ['ledger', 'unsealed', 'requests', 'ranges', 'sends', 'announcements', 'agendaJobs'];

/** Measures while a worker goes through the audience and a sender mails those it has changed. */
async function whileBusy(
  { deps, uri, env }: Run,
  measure: () => Promise<Latencies>,
): Promise<Latencies> {
  const { db } = deps.database;
  for (const name of USED) {
    await db.collection(name).deleteMany({});
  }
  const agenda = await openAgenda({ db, tickMs: 1_000, lockMs: 60_000, onError: () => {} });
  const crew = [
    await startProgram(deps, uri, { ...env, ASSENT_ROLE: 'worker' }),
    await startProgram(deps, uri, { ...env, ASSENT_ROLE: 'sender' }),
  ];
  try {
    const hash = (await loadTemplates('templates/mail')).get(TEMPLATE)?.hash ?? '';
    const templates = { names: () => [TEMPLATE], hash: () => hash };
    const asking = { ...deps, templates, queue: createQueue(agenda) };
    const ask = { who: 'changed', template: TEMPLATE, silence: 'keep' } as const;
    const { id } = await submitAndApprove(asking, ask);
    const { requests } = deps.database.of(WORKSPACE);
    while ((await requests.find(id)).state !== 'processing') await sleep(100);
    const found = await measure();
    const { state } = await requests.find(id);
    if (state !== 'processing') {
      throw new Error('The work ended before the measurement: take a larger audience.');
    }
    return found;
  } finally {
    for (const program of crew) program.kill();
  }
}
