/** Breaker in Slack: mail that stopped by itself is told in the channel, and people decide. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { WHOLE_ROUTE } from '../../../src/store/paces.ts';
import { learnPace } from '../../../src/workflow/change-pace.ts';
import { watchCanary } from '../../../src/workflow/watch-canary.ts';
import { ADMIN, APPROVER, CHANNEL, REQUESTER, TEMPLATE, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { approved, worked } from '../../support/requests.ts';
import { type SlackWorld, slackWorld } from './world.ts';

jest.setTimeout(90_000);

const KEY = { route: 'relay', provider: WHOLE_ROUTE };
const EDIT_MS = 4_000;
const POLL_MS = 50;
const TRIES_MAX = 400;
let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
});
afterEach(async () => world.close());

const store = () => world.deps.database.of(WORKSPACE);
const breaker = async () => (await store().paces.find(KEY)).breaker;
const cutOff = () =>
  learnPace(world.deps, WORKSPACE, {
    key: KEY,
    news: ['auth-failure'],
    slow: false,
    limit: 10,
  });
/** The latest that only this person reads. */
function listed(user: string) {
  const found = world.person(user).ephemerals().at(-1);
  if (found === undefined) throw new Error('nothing was said');
  return found;
}
/** The click was answered before; what it does may take a moment longer. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (await isSo()) return;
    await sleep(POLL_MS);
  }
  throw new Error('what the click was to do did not happen');
}
const STOPPED = 'Stopped: mail over the route “relay”';

describe('a route that was cut off', () => {
  it('is told with the reason; an approver lets it go on, and the message says so', async () => {
    await cutOff();
    await world.announce();
    const card = world.card(STOPPED);
    expect(JSON.stringify(card)).toContain('refused to let us in');
    await world.person(APPROVER).click(card, 'Resume');
    await eventually(async () => (await breaker()).state === 'closed');
    await world.announceLater(EDIT_MS);
    expect(world.card('Goes on: mail over the route “relay”').ts).toBe(card.ts);
    expect(world.deps.alarms.map(({ job }) => job)).toContain('send-confirmations');
  });

  it('an admin stops it for good, and later lets it go on', async () => {
    await cutOff();
    await world.announce();
    await world.person(ADMIN).click(world.card(STOPPED), 'Stop');
    await eventually(async () => (await breaker()).state === 'held');
    await world.announceLater(EDIT_MS);
    await world.person(ADMIN).click(world.card('Stopped by a person'), 'Resume');
    await eventually(async () => (await breaker()).state === 'closed');
  });

  it('keeps its buttons where Slack refuses the message as it is', async () => {
    await cutOff();
    world.slack.failNext('chat.postMessage', { error: 'invalid_blocks' });
    await world.announce();
    const card = world.card(STOPPED);
    expect(card.text).toContain('/assent mail');
    await world.person(APPROVER).click(card, 'Resume');
    await eventually(async () => (await breaker()).state === 'closed');
  });

  it('names a command where Slack refuses the buttons too, and that has them', async () => {
    await cutOff();
    world.slack.failNext('chat.postMessage', { error: 'invalid_blocks', times: 2 });
    await world.announce();
    expect(world.card(STOPPED)).toMatchObject({ blocks: [] });
    expect(world.card(STOPPED).text).toContain('/assent mail');
    await world.person(ADMIN).command('/assent mail', { channel: CHANNEL });
    await world.reads(ADMIN, 'refused to let us in');
    await world.person(ADMIN).click(listed(ADMIN), 'Stop');
    await world.reads(ADMIN, 'Stopped by a person');
    expect((await breaker()).state).toBe('held');
    await world.person(ADMIN).click(listed(ADMIN), 'Resume');
    await world.reads(ADMIN, 'No mail is stopped');
    expect((await breaker()).state).toBe('closed');
  });

  it('lists each of several with its own buttons, and says what does not fit', async () => {
    await cutOff();
    for (let at = 0; at < 9; at += 1) {
      const key = { route: `relay-${at}`, provider: WHOLE_ROUTE };
      await learnPace(world.deps, WORKSPACE, {
        key,
        news: ['auth-failure'],
        slow: false,
        limit: 10,
      });
    }
    await world.person(REQUESTER).command('/assent mail', { channel: CHANNEL });
    await world.reads(REQUESTER, '2 more are stopped');
    const { blocks } = listed(REQUESTER);
    expect(blocks.filter(({ type }) => type === 'actions')).toHaveLength(8);
  });

  it('a requester may not: they are told, and it stays as it is', async () => {
    await cutOff();
    await world.announce();
    await world.person(REQUESTER).click(world.card(STOPPED), 'Resume');
    await world.reads(REQUESTER, 'Only an admin can do this');
    expect((await breaker()).state).toBe('open');
  });
});

it('a request whose first mails bounced is told about, and its buttons work', async () => {
  const { deps } = world;
  const people = Array.from({ length: 60 }, (_, index) => ({ address: `p${index}@example.org` }));
  await addPeople(deps, people);
  const ask = { who: 'changed', template: TEMPLATE, silence: 'keep' } as const;
  const { id } = await approved(deps, { ask });
  const request = await worked(deps, id);
  const sends = deps.database.db.collection('sends');
  const first = await sends.find().limit(6).toArray();
  await sends.updateMany(
    { _id: { $in: first.map(({ _id }) => _id) } },
    { $set: { state: 'bounced' } },
  );
  await watchCanary(deps, store(), request);
  await world.refillPace();
  await world.announce();
  const card = world.card('Paused: ');
  expect(JSON.stringify(card)).toContain('More than 8 %');
  await world.person(REQUESTER).click(card, 'Resume');
  await eventually(async () => (await store().requests.find(id)).state === 'asking');
});
