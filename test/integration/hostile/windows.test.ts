/**
 * Windows: one person at two screens at once: two wizards, a wizard and the settings, one draft open
 * twice. What is entered in one never gets into the other, and nothing is sent twice.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { OpenView } from '../../../demo/slack/workspace.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { ADMIN, CHANNEL, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addAudiences, addPeople, BATCH, TAG } from '../../support/people.ts';
import { chooseBatch, open, toReview } from '../slack/wizard-steps.ts';
import { type SlackWorld, slackWorld } from '../slack/world.ts';
import { type Json, sendBody } from './payloads.ts';

const ACK_MS_MAX = 3_000;

let world: SlackWorld;

beforeAll(async () => {
  world = await slackWorld();
});
beforeEach(async () => {
  await world.deps.reset();
  await addAudiences(world.deps);
  await addPeople(world.deps, [
    { address: 'ann@example.org' },
    { address: 'ben@example.org' },
    { address: 'vip@example.org', permission: 'single-opt-in', in: [TAG] },
  ]);
});
afterEach(async () => {
  for (const user of [REQUESTER, ADMIN]) {
    while (world.slack.modal(user) !== undefined) await world.person(user).close({ all: true });
  }
  expect(world.slack.acks.filter(({ ms, status }) => ms >= ACK_MS_MAX || status !== 200)).toEqual(
    [],
  );
});
afterAll(async () => {
  await world.close();
});

/** The window on another screen: what it shows and holds, whatever happens on this one. */
interface Parked {
  readonly user: string;
  readonly view: Json;
}

function park(user: string): Parked {
  const open: OpenView | undefined = world.slack.modal(user);
  if (open === undefined) throw new Error('no window is open');
  const { id, hash, callback_id, private_metadata, values } = structuredClone(open);
  return {
    user,
    view: { id, hash, type: 'modal', callback_id, private_metadata, state: { values } },
  };
}

/** The same, with nothing left on this screen. */
async function leave(user: string): Promise<Parked> {
  const parked = park(user);
  await world.person(user).close({ all: true });
  return parked;
}

/** Submits on the other screen, and reads what the app puts there. */
async function submitParked({ user, view }: Parked, values?: Json): Promise<Json> {
  const entered = values === undefined ? {} : { state: { values } };
  const ack = await sendBody(world.slack, 'payload', {
    type: 'view_submission',
    team: { id: world.slack.teamId, domain: 'demo' },
    user: { id: user, team_id: world.slack.teamId },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: world.slack.workspace.trigger(user),
    view: { ...view, ...entered },
  });
  return JSON.parse(ack.body) as Json;
}

/** The window after the app answered with another step. */
function shows({ user, view }: Parked, answer: Json): Parked {
  expect(answer['response_action']).toBe('update');
  const drawn = answer['view'] as Json;
  const { callback_id, private_metadata } = drawn;
  return { user, view: { ...view, callback_id, private_metadata, state: { values: {} } } };
}

const held = (id: string, value: Json): Json => ({ [id]: { [id]: value } });
const requests = () => world.deps.database.of(WORKSPACE).requests.recent(10);
const stepIn = (answer: Json) => /Step \d of \d/u.exec(JSON.stringify(answer))?.[0];

it('two wizards of one person are two drafts, and become two requests', async () => {
  await open(world, '/optout tag:vip');
  await world.sees(REQUESTER, 'Of ');
  let other = await leave(REQUESTER);
  const person = await toReview(world);
  // The other screen goes on while this one waits at its review.
  other = shows(other, await submitParked(other));
  const fields = held('choose-fields', { selected_options: [{ value: 'email' }] });
  const direction = held('choose-direction', { selected_option: { value: 'opt-out' } });
  other = shows(other, await submitParked(other, { ...fields, ...direction }));
  const reason = held('give-reason', { value: 'They asked for it on the phone.' });
  other = shows(other, await submitParked(other, reason));
  const sent = await Promise.all([person.submit(), submitParked(other)]);
  expect(sent[0].outcome).toBe('updated');
  expect(JSON.stringify(sent[1])).toContain('Sent for approval');
  const found = (await requests()).map(({ kind, plan }) => [kind, plan.terms.audience.sources]);
  expect(found).toHaveLength(2);
  expect(Object.fromEntries(found)).toEqual({ 'opt-in': [BATCH], 'opt-out': [TAG] });
});

it('a wizard goes on where it was after the settings were changed beside it', async () => {
  await open(world, '/optin', ADMIN);
  await chooseBatch(world, world.person(ADMIN));
  const wizard = await leave(ADMIN);
  await world.person(ADMIN).command('/assent settings');
  await world.sees(ADMIN, 'Who may do what');
  await world.person(ADMIN).type('set-typed-over', '7');
  const [saved, next] = await Promise.all([world.person(ADMIN).submit(), submitParked(wizard)]);
  expect(saved.outcome).toBe('updated');
  expect(stepIn(next)).toBe('Step 2 of 4');
  const changes = { act: 'change-settings' };
  expect(await world.deps.database.db.collection(LEDGER).countDocuments(changes)).toBe(1);
});

it('the settings in two windows: the second to save is told, and saves nothing', async () => {
  const openSettings = async () => {
    await world.person(ADMIN).command('/assent settings');
    await world.sees(ADMIN, 'Who may do what');
  };
  await openSettings();
  const other = await leave(ADMIN);
  await openSettings();
  await world.person(ADMIN).type('set-typed-over', '7');
  expect((await world.person(ADMIN).submit()).outcome).toBe('updated');
  const entered = held('set-typed-over', { value: '9' });
  const late = await submitParked(other, entered);
  expect(late['response_action']).toBe('push');
  expect(JSON.stringify(late)).toContain('changed');
  const { decided } = await world.deps.database.of(WORKSPACE).settings.read();
  expect(decided.typedOver).toBe(7);
});

it('a draft in two windows: the one left behind shows how it stands, and changes nothing', async () => {
  await open(world, '/optin');
  await chooseBatch(world, world.person(REQUESTER));
  await world.person(REQUESTER).submit();
  await world.sees(REQUESTER, 'Step 2 of 4');
  const behind = park(REQUESTER);
  await world.person(REQUESTER).submit();
  await world.sees(REQUESTER, 'Step 3 of 4');
  const before = await world.deps.database.db.collection('drafts').find().toArray();
  const foreign = held('choose-fields', { selected_options: [{ value: 'email3' }] });
  const answer = await submitParked(behind, foreign);
  expect(stepIn(answer)).toBe('Step 3 of 4');
  expect(await world.deps.database.db.collection('drafts').find().toArray()).toEqual(before);
});

it('a draft that is sent from two windows at once is one request', async () => {
  const person = await toReview(world);
  const other = park(REQUESTER);
  const [here, there] = await Promise.all([person.submit(), submitParked(other)]);
  expect(here.outcome).toBe('updated');
  expect(JSON.stringify(there)).toContain('Sent for approval');
  expect(await requests()).toHaveLength(1);
  // And once more, from a third one that was left open.
  expect(JSON.stringify(await submitParked(other))).toContain('Sent for approval');
  expect(await requests()).toHaveLength(1);
});

it('one form of an import sent from two windows imports once', async () => {
  const person = world.person(REQUESTER);
  await person.command('/assent import', { channel: CHANNEL });
  await world.sees(REQUESTER, 'Import contacts');
  const content = Buffer.from('email\ncat@example.org\n');
  await person.attachFile('CSV file', { name: 'a.csv', content, mimetype: 'text/csv' });
  await person.choose('Did these people give permission to be mailed?', 'no');
  const other = park(REQUESTER);
  const answers = await Promise.all([person.submit(), submitParked(other)]);
  expect(JSON.stringify(answers)).not.toContain('broke on our side');
  const { db } = world.deps.database;
  expect(await db.collection('imports').countDocuments({ by: REQUESTER })).toBe(1);
  expect(await db.collection('addresses').countDocuments({ address: 'cat@example.org' })).toBe(1);
});
