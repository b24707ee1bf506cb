/** Wizard doors: who may come in, what is done with forgeries and garbage, and what if Slack is away. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IMPORTS, TAGS } from '../../../src/store/audiences.ts';
import { DRAFTS } from '../../../src/store/drafts.ts';
import { REQUESTS } from '../../../src/store/requests.ts';
import { ADMIN, APPROVER, REQUESTER, WORKSPACE } from '../../support/deps.ts';
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
const interact = async (payload: unknown) =>
  post(new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
const stored = async (): Promise<number> => {
  const { db } = world.deps.database;
  const counts = [REQUESTS, DRAFTS].map(async (name) => db.collection(name).countDocuments());
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
};

describe('people', () => {
  it('without a role are told so, and nothing opens', async () => {
    await world.person(NOBODY).command('/optin');
    await world.reads(NOBODY, 'do not hold the requester role');
    expect(world.slack.modal(NOBODY)).toBeUndefined();
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

describe('signatures', () => {
  const command = () => {
    const delivery = world.slack.requests.find(({ kind }) => kind === 'command');
    if (delivery === undefined) throw new Error('no command was sent');
    return delivery;
  };

  it.each([
    ['of another secret', { secret: 'b'.repeat(32) }],
    ['of ten minutes ago', { at: new Date(Date.now() - 600_000) }],
  ])('%s are refused', async (_what, how) => {
    await open(world, '/optin');
    await world.person(REQUESTER).close();
    const calls = world.slack.calls.length;
    const forged = world.slack.sign(command().body, FORM, how);
    expect((await world.slack.send(forged)).status).toBe(401);
    expect(world.slack.calls).toHaveLength(calls);
    expect(world.slack.modal(REQUESTER)).toBeUndefined();
  });

  it('do not fit a body that was tampered with, or are missing', async () => {
    await open(world, '/optin');
    const { body, headers, kind } = command();
    const tampered = { kind, headers, body: body.replace('%2Foptin', '%2Foptout') };
    expect((await world.slack.send(tampered)).status).toBe(401);
    const { 'Content-Type': type = FORM } = headers;
    const unsigned = { kind, headers: { 'Content-Type': type }, body };
    expect((await world.slack.send(unsigned)).status).toBe(401);
  });

  it('of a delivery that is sent again open nothing, and say nothing', async () => {
    await open(world, '/optin');
    await world.person(REQUESTER).close();
    expect((await world.slack.send(command())).status).toBe(200);
    await world.slack.until(
      () => world.slack.calls.filter(({ method }) => method === 'views.open').length === 2,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.slack.modal(REQUESTER)).toBeUndefined();
    expect(world.person(REQUESTER).ephemerals()).toEqual([]);
  });
});

describe('garbage, correctly signed', () => {
  const team = { id: WORKSPACE };
  const user = { id: REQUESTER };
  const view = { id: 'V1', callback_id: 'request-opt-in', type: 'modal' };

  it.each([
    ['nothing of ours', { type: 'new_thing_of_2031', team, user }],
    ['an empty object', {}],
    ['actions that are null', { type: 'block_actions', team, user, actions: null }],
    ['no actions', { type: 'block_actions', team, user, actions: [] }],
    ['an action without an id', { type: 'block_actions', team, user, actions: [{}] }],
    [
      'an action whose id is a number',
      { type: 'block_actions', team, user, actions: [{ action_id: 7, block_id: 'x' }] },
    ],
    [
      'a click that names no window',
      { type: 'block_actions', team, user, actions: [{ action_id: 'go-back', block_id: 'x' }] },
    ],
    ['a submission without a view', { type: 'view_submission', team, user }],
    ['a view that is null', { type: 'view_submission', team, user, view: null }],
    ['a view without a callback id', { type: 'view_submission', team, user, view: { id: 'V1' } }],
    ['metadata that is no JSON', submission({ private_metadata: '{{' })],
    ['metadata of another app', submission({ private_metadata: '{"draft":"1"}' })],
    [
      'metadata with an operator in it',
      submission({ private_metadata: '{"d":{"$ne":""},"s":"who","r":0}' }),
    ],
    [
      'a state that is a list',
      submission({ private_metadata: place('who'), state: { values: [] } }),
    ],
    [
      'values of other shapes',
      submission({
        private_metadata: place('who'),
        state: { values: { 'choose-audience': { 'choose-audience': { selected_options: 'x' } } } },
      }),
    ],
    ['a step that is out of turn', submission({ private_metadata: place('review') })],
    ['nobody', { type: 'view_submission', team, view }],
    ['a user who is no id', { type: 'view_submission', team, user: { id: { $gt: '' } }, view }],
    ['no team', { type: 'view_submission', team: null, user, view }],
    ['options for nothing', { type: 'block_suggestion', team, user, action_id: 'x', value: null }],
    ['a shortcut of an older version', { type: 'shortcut', team, user, callback_id: 'old' }],
    ['a shortcut without an id', { type: 'shortcut', team, user }],
  ])('%s is acknowledged', async (_what, payload) => {
    const { status } = await interact(payload);
    expect(status).toBe(200);
    expect(await stored()).toBe(0);
    // It is alive and well.
    await open(world, '/optin');
  });

  it.each([
    ['null', 'payload=null', FORM],
    ['a list', 'payload=%5B%5D', FORM],
    ['half an object', 'payload=%7B%22type%22', FORM],
    ['null', 'null', 'application/json'],
    ['a number', '7', 'application/json'],
  ])('%s instead of an object is refused', async (_what, body, type) => {
    expect((await post(body, type)).status).toBe(400);
    await open(world, '/optin');
  });

  it('a body without an end is refused', async () => {
    expect((await post(`payload=${'x'.repeat(1_100_000)}`)).status).toBe(413);
    await open(world, '/optin');
  });

  it.each([{ event: null }, { event: { type: 'app_home_opened' } }, { event: {} }])(
    'the event %j is acknowledged',
    async (envelope) => {
      const body = JSON.stringify({ type: 'event_callback', team_id: WORKSPACE, ...envelope });
      expect((await post(body, 'application/json')).status).toBe(200);
    },
  );

  it('a command with nothing but its name is acknowledged', async () => {
    expect((await post('command=%2Foptin')).status).toBe(200);
    expect((await post('command=%2Fnever-heard-of')).status).toBe(200);
  });

  function place(step: string): string {
    return JSON.stringify({ d: `d_${'0'.repeat(24)}`, s: step, r: 0 });
  }

  function submission(over: object) {
    return { type: 'view_submission', team, user, trigger_id: '1.2', view: { ...view, ...over } };
  }
});

describe('an older version of the app', () => {
  it('left a window that says so when it is submitted', async () => {
    const person = await open(world, '/optin batch:b_test');
    const view = world.slack.modal(REQUESTER);
    if (view === undefined) throw new Error('no modal');
    view.callback_id = 'fill-request-v1';
    expect((await person.submit()).outcome).toBe('updated');
    expect(screen(world)).toContain('older version of Assent');
  });

  it('left a command that says so', async () => {
    await world.person(REQUESTER).command('/opt-in');
    await world.reads(REQUESTER, 'older version of Assent');
  });
});

describe('when Slack has troubles', () => {
  it.each([
    ['says no', { error: 'internal_error' }, 'reference'],
    ['limits us', { status: 429, retryAfter: 30 }, 'reference'],
    ['breaks', { status: 503 }, 'reference'],
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

describe('what may stand behind a command', () => {
  it('is explained', async () => {
    await world.person(REQUESTER).command('/optin help');
    expect(world.slack.modal(REQUESTER)).toBeUndefined();
    await world.reads(REQUESTER, 'opens a form');
  });

  it('may be wrong: the form opens with a polite note', async () => {
    await open(world, '/optin tag:“VIPS” batch:spring everybody');
    expect(screen(world)).toContain('There is no tag called “VIPS”. Did you mean “vip”?');
    expect(screen(world)).toContain(
      'There is no batch called “spring”. Did you mean “Spring fair”?',
    );
    expect(screen(world)).toContain('“everybody” names neither a tag nor a batch');
  });

  it('may be in smart quotes and any case', async () => {
    await open(world, '/optin batch:“SPRING  fair” TAG:vip');
    await world.sees(REQUESTER, '*1 address* will be opted in');
    expect(screen(world)).toContain('tag:t_test');
  });

  it('may not shout', async () => {
    const evil = '<!channel> & <@U0ADMIN> *bold* `x`';
    await world.deps.database.db.collection(TAGS).updateMany(
      {},
      {
        $set: { name: evil, nameKey: evil.toLowerCase() },
      },
    );
    await open(world, `/optin tag:"${evil}" tag:"<!here>"`);
    await world.sees(REQUESTER, 'Of 0 addresses');
    const texts = JSON.stringify(
      world.slack.modal(REQUESTER)?.blocks.filter(({ type }) => type === 'section'),
    );
    expect(texts).not.toMatch(/<[!@]/);
    expect(texts).toContain('&lt;!here&gt;');
  });
});

describe('searching the audience', () => {
  beforeEach(async () => {
    const { db } = world.deps.database;
    const numbers = Array.from({ length: 60 }, (_, index) => index);
    const tag = { workspace: WORKSPACE, v: 1, contacts: 12_480, usedAt: new Date(1_000) };
    await db
      .collection<{ _id: string }>(TAGS)
      .insertMany(
        numbers.map((n) => ({ _id: `t_${n}`, ...tag, name: `Fair ${n}`, nameKey: `fair ${n}` })),
      );
    const [batch] = await db.collection<{ _id: string }>(IMPORTS).find().toArray();
    if (batch === undefined) throw new Error('there is no batch');
    await db.collection<{ _id: string }>(IMPORTS).insertMany(
      numbers.map((n) => ({
        ...batch,
        _id: `b_${n}`,
        name: `Fair ${n} ${'ß'.repeat(90)}`,
        nameKey: `fair ${n}`,
        fileHash: String(n).padStart(64, '0'),
      })),
    );
    await db.collection<{ _id: string }>(TAGS).insertOne({
      _id: 't_theirs',
      ...tag,
      workspace: 'T0ELSEWHERE',
      name: 'Fair of others',
      nameKey: 'fair of others',
    } as { _id: string });
  });

  it('offers batches and tags by the beginning of their name, 25 of each at most', async () => {
    const person = await open(world, '/optin');
    const found = await person.search('choose-audience', ' FAIR ');
    const values = found.map(({ value }) => String(value));
    expect(values.filter((value) => value.startsWith('batch:'))).toHaveLength(25);
    expect(values.filter((value) => value.startsWith('tag:'))).toHaveLength(25);
    expect(JSON.stringify(found)).toContain('Fair 0 · 12,480');
    expect(values).not.toContain('tag:t_theirs');
    expect(await person.search('choose-audience', 'no such thing')).toEqual([]);
    expect((await person.search('choose-audience', '')).length).toBe(50);
  });

  it('offers nothing to somebody who lost the role', async () => {
    const person = await open(world, '/optin');
    world.roles.requesters = [ADMIN];
    world.roles.approvers = [APPROVER];
    expect(await person.search('choose-audience', 'fair')).toEqual([]);
  });
});
