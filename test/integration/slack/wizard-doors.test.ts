/** Wizard doors: who may come in, and what is done if Slack is away. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DRAFTS } from '../../../src/store/drafts.ts';
import { REQUESTS } from '../../../src/store/requests.ts';
import { REQUESTER } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { open, screen, stepOf, toReview } from './wizard-steps.ts';
import { NOBODY, type SlackWorld, slackWorld } from './world.ts';

const FORM = 'application/x-www-form-urlencoded';
const GUEST = 'U0GUEST';
const ROBOT = 'U0ROBOT';
const STRANGER = 'U0STRANGER';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org' }]);
});
afterEach(async () => {
  expect(world.slack.acks.filter(({ ms }) => ms >= 3_000)).toEqual([]);
  await world.close();
});

/** Sends a body as Slack would sign it. */
const post = async (body: string, type = FORM) => world.slack.send(world.slack.sign(body, type));
const stored = async (): Promise<number> => {
  const { db } = world.deps.database;
  const counts = [REQUESTS, DRAFTS].map(async (name) => db.collection(name).countDocuments());
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
};

describe('people', () => {
  it('without a role are told so, and see nothing else', async () => {
    await world.person(NOBODY).command('/optin');
    await world.sees(NOBODY, 'do not hold the requester role');
    expect(world.slack.modal(NOBODY)?.submit).toBeNull();
  });

  it.each([
    ['a guest', GUEST, { isRestricted: true }],
    ['a bot', ROBOT, { isBot: true }],
    ['a stranger from Slack Connect', STRANGER, { teamId: 'T0ELSEWHERE' }],
  ])('%s is refused, whatever role somebody gave them', async (_who, id, over) => {
    world.slack.addUser({ id, name: 'somebody', ...over });
    world.roles.requesters = [id];
    const person = world.person(id);
    await person.command('/optin batch:b_test');
    await world.sees(id, 'cannot use Assent');
    expect(world.slack.modal(id)?.submit).toBeNull();
    // Not for a moment: what was opened before Slack answered says nothing of what we hold.
    const drawn = world.slack.calls.filter(({ method }) => method.startsWith('views.'));
    expect(drawn).toHaveLength(2);
    expect(JSON.stringify(drawn)).not.toContain('Step 1 of');
    expect(JSON.stringify(drawn)).not.toContain('Spring fair');
    await person.shortcut('new-request');
    await world.sees(id, 'cannot use Assent');
    expect(await stored()).toBe(0);
  });

  it('who become guests in the middle get no further', async () => {
    const person = await open(world, '/optin batch:b_test');
    world.slack.addUser({ id: REQUESTER, name: 'asks', isRestricted: true });
    world.deps.setNow(new Date(Date.now() + 61_000));
    const { outcome } = await world.person(REQUESTER).submit();
    expect(outcome).toBe('pushed');
    expect(screen(world)).toContain('cannot use Assent');
    expect(await person.search('choose-audience', '').catch(() => [])).toEqual([]);
    world.deps.setNow(undefined);
  });

  it('of another team are refused, and learn nothing', async () => {
    const person = await open(world, '/optin');
    await person.close();
    const fields = {
      command: '/optin',
      text: '',
      team_id: 'T0ELSEWHERE',
      user_id: REQUESTER,
      trigger_id: '1.2.3',
      response_url: `${world.slack.origin}/nowhere`,
    };
    const calls = world.slack.calls.length;
    expect((await post(new URLSearchParams(fields).toString())).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const made = world.slack.calls.slice(calls).map(({ method }) => method);
    expect(made.filter((method) => method.startsWith('views.'))).toEqual([]);
    expect(world.slack.modal(REQUESTER)).toBeUndefined();
  });
});

describe('when Slack has troubles', () => {
  it.each([
    ['says no', { error: 'internal_error' }, 'Slack did not take our answer'],
    ['limits us', { status: 429, retryAfter: 30 }, 'Slack did not take our answer'],
    ['breaks', { status: 503 }, 'Slack did not take our answer'],
    ['is too late', { error: 'expired_trigger_id' }, 'three seconds'],
  ])('and %s at views.open, the person is told', async (_what, fault, words) => {
    world.slack.failNext('views.open', fault);
    await world.person(REQUESTER).command('/optin');
    await world.reads(REQUESTER, words);
    await open(world, '/optin');
  });

  it('and does not say who somebody is, nothing is done', async () => {
    const person = await toReview(world);
    world.deps.setNow(new Date(Date.now() + 61_000));
    world.slack.failNext('users.info', { hang: true });
    expect((await person.submit()).outcome).toBe('pushed');
    expect(screen(world)).toContain('did not confirm in time who you are');
    expect(await world.deps.database.db.collection(REQUESTS).countDocuments()).toBe(0);
    await person.close();
    expect((await person.submit()).outcome).toBe('updated');
    world.deps.setNow(undefined);
  });

  it('and a window was updated by somebody else, nobody is bothered', async () => {
    const person = await open(world, '/optin batch:b_test');
    await person.submit();
    const view = world.slack.modal(REQUESTER);
    if (view === undefined) throw new Error('no modal');
    world.slack.failNext('views.update', { error: 'hash_conflict' });
    await person.click(view, 'Back');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(stepOf(world.slack.modal(REQUESTER))).toBe('Step 2 of 4 · What');
    // The window was left behind; submitting it shows where the draft stands.
    await person.submit();
    expect(stepOf(world.slack.modal(REQUESTER))).toBe('Step 1 of 4 · Who');
  });
});

describe('when Slack is away at the start', () => {
  it('people are told, and it works as soon as Slack is back', async () => {
    world.slack.failNext('auth.test', { status: 503, times: 2 });
    await world.person(REQUESTER).command('/optin');
    await world.reads(REQUESTER, 'did not confirm in time');
    await world.slack.until(() => world.slack.calls.some(({ method }) => method === 'auth.test'));
    await world.person(REQUESTER).command('/optin');
    await open(world, '/optin');
  });
});
