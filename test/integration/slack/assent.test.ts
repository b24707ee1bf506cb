/** `/assent`: what teammates ask, see and steer; and what is told to nobody else. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, APPROVER, CHANNEL, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { approved, submitted, worked } from '../../support/requests.ts';
import { NOBODY, type SlackWorld, slackWorld } from './world.ts';

const ANN = 'ann@example.org';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: ANN }, { address: 'ben@example.org' }]);
});
afterEach(async () => {
  await world.close();
});

/** What the person alone reads in answer to a command. */
async function asks(user: string, text: string, words: string): Promise<string> {
  await world.person(user).command(`/assent ${text}`.trim(), { channel: CHANNEL });
  await world.reads(user, words);
  return JSON.stringify(world.person(user).ephemerals().at(-1));
}
const stateOf = async (id: string) =>
  (await world.deps.database.of(WORKSPACE).requests.find(id)).state;

describe('asking', () => {
  it.each(['', 'help'])('for help: "/assent %s"', async (text) => {
    const answer = await asks(NOBODY, text, 'What Assent understands');
    expect(answer).toContain('/assent why');
    expect(world.slack.messages(CHANNEL)).toEqual([]);
  });

  it('for something that does not exist', async () => {
    await asks(REQUESTER, 'staus', 'Did you mean `/assent status`?');
  });

  it('without a role tells nothing', async () => {
    const { id } = await submitted(world.deps);
    await asks(NOBODY, `status ${id}`, 'do not hold the requester role');
    await asks(NOBODY, `why ${ANN}`, 'do not hold the requester role');
  });

  it('for the latest requests, and for one', async () => {
    const { id } = await approved(world.deps);
    await worked(world.deps, id);
    expect(await asks(REQUESTER, 'status', 'The latest requests')).toContain(id);
    const answer = await asks(APPROVER, `status \`${id}\``, 'Changed: 2 of 2 planned');
    expect(answer).toContain(`Approved by <@${APPROVER}>`);
  });

  it('for a request that does not exist', async () => {
    await asks(REQUESTER, 'status q_none', 'This request does not exist');
  });

  it('for batches and tags', async () => {
    expect(await asks(REQUESTER, 'imports', 'Spring fair')).toContain('batch:b_test');
    const tags = await asks(REQUESTER, 'tags', 'vip');
    expect(tags).toContain('tag:t_test');
    expect(tags).not.toContain('Spring fair');
  });
});

describe('why', () => {
  it.each([ANN, `<mailto:${ANN}|${ANN}>`, ` ${ANN.toUpperCase()} `])(
    'tells the one who asks, and nobody else: %s',
    async (typed) => {
      const { id } = await approved(world.deps);
      await worked(world.deps, id);
      const answer = await asks(REQUESTER, `why ${typed}`, 'What we may send');
      expect(answer).toContain('Marketing mail may be sent');
      expect(answer).toContain(`<@${APPROVER}> approved`);
      expect(answer).not.toContain(ANN);
      expect(world.slack.messages(CHANNEL)).toEqual([]);
      expect(world.person(APPROVER).ephemerals()).toEqual([]);
    },
  );

  it('does not repeat an address that nobody knows, nor what is none', async () => {
    const unknown = await asks(REQUESTER, 'why zoe@example.org', 'was ever imported');
    expect(unknown).not.toContain('zoe@');
    await asks(REQUESTER, 'why zoe', 'not an e-mail address');
    await asks(REQUESTER, 'why', 'needs the address');
  });
});

describe('steering', () => {
  /** A request that has begun, but whose worker is not running. */
  async function begun(): Promise<string> {
    const request = await approved(world.deps);
    const store = world.deps.database.of(WORKSPACE);
    await store.requests.move(request, { event: 'start', by: 'assent', at: new Date() });
    return request.id;
  }

  it('pauses, resumes and cancels by command', async () => {
    const id = await begun();
    await asks(REQUESTER, `pause ${id}`, 'Paused: Opt in 2 addresses');
    expect(await stateOf(id)).toBe('paused');
    await asks(APPROVER, `resume ${id}`, 'Resumed: Opt in 2 addresses');
    expect(await stateOf(id)).toBe('processing');
    await asks(ADMIN, `cancel ${id}`, 'Cancelled: Opt in 2 addresses');
    expect(await stateOf(id)).toBe('cancelled');
    for (const step of ['pause', 'resume', 'cancel']) {
      await asks(REQUESTER, `${step} ${id}`, `(request ${id}): Cancelled.`);
      expect(await stateOf(id)).toBe('cancelled');
    }
  });

  it('does not let an approver cancel what is not theirs', async () => {
    const id = await begun();
    await asks(APPROVER, `cancel ${id}`, 'Only an admin can do this');
    expect(await stateOf(id)).toBe('processing');
  });

  it('pauses and resumes by the buttons of the progress message', async () => {
    const id = await begun();
    const { announcements } = world.deps.database.of(WORKSPACE);
    const about = { kind: 'request', id } as const;
    await announcements.want({ kind: 'progress', about, to: CHANNEL }, new Date());
    await world.announce();
    await world.person(REQUESTER).click(world.card('Opt in 2 addresses'), 'Pause');
    await world.slack.until(() => world.deps.alarms.some(({ job }) => job === 'announce'));
    await waitFor(async () => (await stateOf(id)) === 'paused');
    await world.announceLater(4_000);
    expect(world.card('Opt in 2 addresses').text).toContain('Paused');
    await world.person(REQUESTER).click(world.card('Opt in 2 addresses'), 'Resume');
    await waitFor(async () => (await stateOf(id)) === 'processing');
  });

  it('does nothing when a command is delivered again', async () => {
    const id = await begun();
    await asks(REQUESTER, `pause ${id}`, 'Paused');
    const delivery = world.slack.requests.at(-1);
    await asks(REQUESTER, `resume ${id}`, 'Resumed');
    if (delivery === undefined) throw new Error('nothing was sent');
    await world.slack.send(delivery);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await stateOf(id)).toBe('processing');
  });
});

describe('a channel that does not take messages', () => {
  it('is tried again when somebody asks how the request stands', async () => {
    const { id } = await submitted(world.deps);
    world.slack.failNext('chat.postMessage', { error: 'not_in_channel' });
    await world.announce();
    await world.announceLater(2_000);
    expect(JSON.stringify(world.person(REQUESTER).dms())).toContain('Assent cannot post in');
    await asks(REQUESTER, `status ${id}`, 'tries once more');
    await world.announceLater(5_000);
    expect(world.card('Approval needed').text).toContain('opt in 2 addresses');
  });
});

async function waitFor(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen');
}
