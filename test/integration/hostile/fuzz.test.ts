/**
 * Fuzz: every listener, with payloads that Slack signed and that have parts missing, extra, huge or
 * of any other type: acknowledged in time, answered politely or not at all, never obeyed where the
 * right is missing; and nothing about a person comes back, or stays in the log.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INPUTS, QUIET_TO } from '../../../src/slack/settings/values.ts';
import { ADMIN, APPROVER, REQUESTER } from '../../support/deps.ts';
import { NOBODY } from '../slack/world.ts';
import { mutated, mutationsOf, PRIVATE_ADDRESS, PRIVATE_NAME } from './mutations.ts';
import { type Names, sendBody, type Target, targetsOf } from './payloads.ts';
import { GUEST, type HostileWorld, hostileWorld, ON_FILE, STRANGER } from './world.ts';

/** Each listener is tried this often by those without and by those with a right. */
const TRIES = Number(process.env['FUZZ_TRIES'] ?? 4);
/** Sent at once, as several people would. */
const AT_ONCE = 3;
const SEED = 20_261_123;
const ACK_MS_MAX = 3_000;
const AN_ADDRESS = /[^\s<>"'\\=/]+@[\w-]+\.[a-z]{2,}/iu;
const A_STACK = /\\n\s+at |node_modules|\.ts:\d+|Error:/u;
/** A payload without its shape, told by sturdy.ts and app.ts; and an app that was uninstalled. */
const EXPECTED_ERRORS =
  /a Slack request (?:could not be processed|was not understood)|the app was removed/u;
const FORM_INPUTS = [
  'choose-audience',
  'choose-match',
  'choose-fields',
  'choose-direction',
  'choose-source',
  'answer-url',
  'answer-collectedFrom',
  'attest-permission',
  'add-evidence',
  'give-reason',
  'choose-ask',
  'choose-template',
  'choose-silence',
  'choose-run-at',
  'choose-file',
  'name-batch',
  'add-tags',
  'choose-permission',
  'import-again',
  'column-0',
  'name-template',
  'choose-profile',
  'name-language',
  'choose-template-files',
  'campaign-name',
  'campaign-rhythm',
  'campaign-weekday',
  'campaign-days',
  'campaign-time',
  'campaign-zone',
  'campaign-template',
  'campaign-decision',
  'campaign-reason',
  'campaign-fields',
  'campaign-not-asked',
  QUIET_TO,
  ...Object.values(INPUTS),
];
const NAMES: { -readonly [Name in keyof Names]: string[] } = {
  values: [],
  metadata: [],
  inputs: [...FORM_INPUTS],
};

let world: HostileWorld;

beforeAll(async () => {
  world = await hostileWorld();
  const { waiting, running, ids } = world;
  const mark = waiting.plan.hash.slice(0, 8);
  const place = (step: string) => JSON.stringify({ d: `d_${'0'.repeat(24)}`, s: step, r: 0 });
  NAMES.values.push(...ids, `pause:${running.id}`, 'approve', 'reject', 'opt-in batch:b_test');
  NAMES.metadata.push(
    ...['who', 'what', 'how', 'review'].map(place),
    JSON.stringify({ request: waiting.id, planHash: waiting.plan.hash }),
    JSON.stringify({ campaign: ids[2], hash: 'x' }),
    '',
    '0',
  );
  NAMES.inputs.push(`decision.${mark}`, `reason.${mark}`, `number.${mark}`);
}, 60_000);
afterAll(async () => {
  await world.close();
});

/** A server that died in between would not answer this. */
async function isAlive(): Promise<void> {
  const { slack } = world;
  const fields = { command: '/assent', text: 'help', user_id: REQUESTER, team_id: slack.teamId };
  expect(await sendBody(slack, 'fields', fields)).toMatchObject({ status: 200, late: false });
}

/** Sends the same kind of payload, bent in many ways, and looks at every answer. */
async function bombard(target: Target, users: readonly string[], seed: number): Promise<void> {
  const { slack } = world;
  const all = mutationsOf(seed, TRIES);
  const first = slack.acks.length;
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE).map(async (mutations, index) => {
      const turn = from + index;
      const good = target.body(users[turn % users.length] ?? NOBODY, turn);
      return sendBody(slack, target.carriage, mutated(good, mutations));
    });
    await Promise.all(some);
  }
  await world.quiet();
  const acks = slack.acks.slice(first);
  expect(acks.filter(({ status, ms }) => status !== 200 || ms >= ACK_MS_MAX)).toEqual([]);
  for (const { body } of acks) expect(isPolite(body)).toBe(true);
}

/** Nothing, or an answer of a form that Slack takes, with no trace of our insides. */
function isPolite(body: string): boolean {
  if (body === '') return true;
  const answer: unknown = JSON.parse(body);
  return typeof answer === 'object' && !AN_ADDRESS.test(body) && !A_STACK.test(body);
}

/** What the app said to Slack since then, beyond what Slack itself told it. */
const saidSince = (first: number): string =>
  world.slack.calls
    .slice(first)
    .filter(({ method }) => !method.startsWith('users.') && method !== 'files.info')
    .map(({ args }) => JSON.stringify(args))
    .join('\n');

function checkLog(from: number): void {
  const lines = world.logged.slice(from);
  const text = lines.join('\n');
  for (const secret of [...ON_FILE, PRIVATE_ADDRESS, PRIVATE_NAME]) {
    expect(text).not.toContain(secret);
  }
  expect(text).not.toMatch(/acknowledged twice|did not answer in time/u);
  // Bad input is no fault of ours: what breaks on it is Bolt, which trusts the shape of a payload.
  const errors = lines.filter((line) => line.includes('"level":50'));
  expect(errors.filter((line) => !EXPECTED_ERRORS.test(line))).toEqual([]);
}

const LISTED = () => targetsOf(world.slack, NAMES);
/** Names only: the world does not stand yet. */
const NAMED = targetsOf({} as never, NAMES).map(({ name }, index) => [name, index] as const);

describe('without the right', () => {
  let before: string;
  beforeAll(async () => {
    before = await world.dump();
  });

  it.each(NAMED)('%s changes nothing and tells nothing', async (_name, index) => {
    const target = LISTED()[index];
    if (target === undefined) throw new Error('no such listener');
    const [calls, lines] = [world.slack.calls.length, world.logged.length];
    await bombard(target, [NOBODY, GUEST, STRANGER], SEED + index);
    expect(await world.dump()).toBe(before);
    const said = saidSince(calls);
    for (const secret of [...ON_FILE, PRIVATE_ADDRESS]) expect(said).not.toContain(secret);
    expect(said).not.toMatch(A_STACK);
    checkLog(lines);
    await isAlive();
  });
});

describe('with every right', () => {
  it.each(NAMED)('%s breaks nothing', async (_name, index) => {
    const target = LISTED()[index];
    if (target === undefined) throw new Error('no such listener');
    const [calls, lines] = [world.slack.calls.length, world.logged.length];
    await bombard(target, [REQUESTER, APPROVER, ADMIN], SEED - index);
    const said = saidSince(calls);
    for (const secret of ON_FILE) expect(said).not.toContain(secret);
    expect(said).not.toMatch(A_STACK);
    checkLog(lines);
    await isAlive();
  });
});
