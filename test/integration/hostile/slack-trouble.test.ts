/**
 * Slack trouble: Slack is slow, away, limits us or no longer takes our token. The one who acts reads
 * what happened, nothing is lost, and everything goes on when Slack does.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Planted } from '../../../demo/slack/planted.ts';
import type { Request } from '../../../src/consent/request.ts';
import { slackClients } from '../../../src/slack/wire/clients.ts';
import { userGroups } from '../../../src/slack/wire/user-groups.ts';
import { ANNOUNCEMENTS, type AnnouncementDocument } from '../../../src/store/announcements.ts';
import { announceAgain } from '../../../src/workflow/announce-lost.ts';
import { about } from '../../../src/workflow/announce-request.ts';
import type { UserGroups } from '../../../src/workflow/deps.ts';
import { APPROVER, CHANNEL, REQUESTER } from '../../support/deps.ts';
import { addAudiences, addPeople } from '../../support/people.ts';
import { submitted } from '../../support/requests.ts';
import { NOBODY, type SlackWorld, slackWorld } from '../slack/world.ts';

const HOUR_MS = 60 * 60 * 1_000;
const MINUTE_MS = 60_000;
const GROUP = 'S0PRIVACY';
const ACK_MS_MAX = 3_000;
/** Slack's own trouble, by what it answers. */
const AWAY: readonly (readonly [string, Planted])[] = [
  ['429', { status: 429, retryAfter: 30 }],
  ['500', { status: 500 }],
  ['503', { status: 503 }],
  ['no answer', { hang: true }],
  ['internal_error', { error: 'internal_error' }],
];
const DEAD: readonly (readonly [string, Planted])[] = [
  ['invalid_auth', { error: 'invalid_auth' }],
  ['account_inactive', { error: 'account_inactive' }],
];
const NOT_TAKEN = 'Slack did not take our answer';
const SILENT = 'Slack did not confirm in time who you are';

let world: SlackWorld;
let groups: UserGroups | undefined;
/** When the cards of a test were asked for. */
let at: number;

beforeAll(async () => {
  world = await slackWorld({
    userGroups: {
      members: async (workspace, group) => (await groups?.members(workspace, group)) ?? [],
      list: async (workspace) => (await groups?.list(workspace)) ?? [],
    },
  });
});
beforeEach(async () => {
  await world.deps.reset();
  await addAudiences(world.deps);
  await addPeople(world.deps, [{ address: 'ann@example.org' }, { address: 'ben@example.org' }]);
});
afterEach(async () => {
  world.deps.setNow(undefined);
  for (const user of [REQUESTER, APPROVER, NOBODY]) {
    while (world.slack.modal(user) !== undefined) await world.person(user).close({ all: true });
  }
  expect(world.slack.acks.filter(({ ms, status }) => ms >= ACK_MS_MAX || status !== 200)).toEqual(
    [],
  );
});
afterAll(async () => {
  await world.close();
});

const fail = (method: string, fault: Planted) => world.slack.failNext(method, fault);
const said = (user: string) => JSON.stringify(world.person(user).ephemerals().at(-1) ?? '');
/** Waits for something new that only this person reads. */
async function reads(user: string, words: string, before: number): Promise<void> {
  const texts = () => world.person(user).ephemerals().slice(before);
  await world.slack.until(() => JSON.stringify(texts()).includes(words));
}
const heard = (user = REQUESTER) => world.person(user).ephemerals().length;
/** Whoever Slack named a moment ago is believed for a minute; this moves past it. */
let minutes = 0;
function forgetPeople(): void {
  minutes += 2;
  world.deps.setNow(new Date(Date.now() + minutes * MINUTE_MS));
}
async function opensNow(): Promise<void> {
  await world.person(REQUESTER).command('/optin');
  await world.sees(REQUESTER, 'Step 1 of');
}

describe('views.open', () => {
  it.each([
    ...AWAY.map(([what, fault]) => [what, fault, NOT_TAKEN] as const),
    ...DEAD.map(([what, fault]) => [what, fault, 'Something broke on our side'] as const),
    ['expired_trigger_id', { error: 'expired_trigger_id' }, 'three seconds to open a window'],
  ] as const)(
    'answered with %s: the person is told, and the next one opens',
    async (_, fault, words) => {
      const before = heard();
      fail('views.open', fault);
      await world.person(REQUESTER).command('/optin');
      await reads(REQUESTER, words, before);
      expect(world.slack.modal(REQUESTER)).toBeUndefined();
      await opensNow();
    },
  );
});

describe('views.update', () => {
  it.each([...AWAY, ...DEAD])('answered with %s: the window says so', async (what, fault) => {
    fail('views.update', fault);
    await world.person(REQUESTER).command('/optin');
    const words = AWAY.some(([one]) => one === what) ? NOT_TAKEN : 'Something broke';
    await world.sees(REQUESTER, words);
    await world.person(REQUESTER).close();
    await opensNow();
  });

  it('answered with hash_conflict leaves the window to whoever was faster', async () => {
    await opensNow();
    const before = heard();
    fail('views.update', { error: 'hash_conflict' });
    await world.person(REQUESTER).search('choose-audience', 'spr');
    await world.person(REQUESTER).choose('choose-audience', ['batch:b_test']);
    await world.slack.until(() =>
      world.slack.calls.some(({ answer }) => answer['error'] === 'hash_conflict'),
    );
    expect((await world.person(REQUESTER).submit()).outcome).toBe('updated');
    await world.sees(REQUESTER, 'Step 2 of 4');
    expect(heard()).toBe(before);
  });
});

describe('views.publish', () => {
  it.each([...AWAY, ...DEAD])(
    'answered with %s: Home comes when it is opened again',
    async (_, fault) => {
      const refused = () =>
        world.slack.calls.filter(
          ({ method, answer }) => method === 'views.publish' && answer['ok'] !== true,
        ).length;
      const before = refused();
      fail('views.publish', fault);
      await world.person(APPROVER).openHome();
      await world.slack.until(() => refused() > before);
      const hash = world.slack.home(APPROVER)?.hash;
      await world.person(APPROVER).openHome();
      await world.slack.until(() => {
        const now = world.slack.home(APPROVER)?.hash;
        return now !== undefined && now !== hash;
      });
    },
  );
});

describe('users.info', () => {
  it.each([...AWAY, ...DEAD.slice(0, 1)])(
    'answered with %s: nobody is let in on a guess',
    async (_, fault) => {
      forgetPeople();
      fail('users.info', fault);
      await world.person(REQUESTER).command('/optin');
      await world.sees(REQUESTER, SILENT);
      expect(world.slack.modal(REQUESTER)?.submit).toBeNull();
      await world.person(REQUESTER).close();
      await opensNow();
    },
  );
});

describe('usergroups.users.list', () => {
  beforeEach(() => {
    const { apiUrl, botToken } = world.slack;
    groups = userGroups(slackClients({ apiUrl, botToken }), () => new Date());
    world.slack.addUserGroup({ id: GROUP, handle: 'asks', name: 'Asks', users: [NOBODY] });
    Object.assign(world.roles, { requesterGroups: [GROUP] });
  });
  afterEach(() => {
    groups = undefined;
    Reflect.deleteProperty(world.roles, 'requesterGroups');
  });

  it.each([...AWAY, ...DEAD])(
    'answered with %s: the group lets nobody in, then it does',
    async (_, fault) => {
      fail('usergroups.users.list', fault);
      await world.person(NOBODY).command('/optin');
      await world.sees(NOBODY, 'Slack');
      expect(world.slack.modal(NOBODY)?.submit).toBeNull();
      await world.person(NOBODY).close();
      await world.person(NOBODY).command('/optin');
      await world.sees(NOBODY, 'Step 1 of');
    },
  );
});

describe('files.info', () => {
  it.each([...AWAY, ...DEAD])(
    'answered with %s: said at the file, imported at the next try',
    async (what, fault) => {
      const person = world.person(REQUESTER);
      await person.command('/assent import', { channel: CHANNEL });
      await world.sees(REQUESTER, 'Import contacts');
      const content = Buffer.from('email\ncat@example.org\n');
      await person.attachFile('CSV file', { name: 'a.csv', content, mimetype: 'text/csv' });
      await person.choose('Did these people give permission to be mailed?', 'no');
      fail('files.info', fault);
      const first = await person.submit();
      if (what === 'no answer') await world.sees(REQUESTER, 'did not hand it over in time');
      else {
        expect(first.outcome).toBe('errors');
        expect(first.errors['choose-file']).toContain('did not hand it over in time');
        expect((await person.submit()).outcome).toBe('updated');
        await world.sees(REQUESTER, 'contact');
      }
    },
  );
});

describe('cards', () => {
  const card = async () =>
    world.deps.database.db
      .collection<AnnouncementDocument>(ANNOUNCEMENTS)
      .findOne({ kind: 'approval-card' });
  const requested = async (): Promise<Request> => {
    const request = await submitted(world.deps);
    at = Date.now();
    return request;
  };
  const announceAt = async (laterMs: number) => {
    await world.refillPace();
    world.deps.setNow(new Date(at + laterMs));
    await world.announce();
  };
  const shown = () =>
    world.slack.messages(CHANNEL).filter(({ text }) => text.startsWith('Approval needed')).length;

  it.each([
    ['429', { status: 429, retryAfter: 7 }, 'due', 7_000],
    ['503', { status: 503 }, 'due', 5_000],
    ['invalid_auth', { error: 'invalid_auth' }, 'due', HOUR_MS],
    ['account_inactive', { error: 'account_inactive' }, 'due', HOUR_MS],
    ['msg_too_long', { error: 'msg_too_long', times: 3 }, 'given-up', undefined],
    ['invalid_blocks', { error: 'invalid_blocks', times: 3 }, 'given-up', undefined],
    ['channel_not_found', { error: 'channel_not_found' }, 'given-up', undefined],
    ['not_in_channel', { error: 'not_in_channel' }, 'given-up', undefined],
  ] as const)(
    'chat.postMessage answered with %s: none is lost, and it comes when Slack lets it',
    async (_, fault, state, laterMs) => {
      const before = shown();
      const request = await requested();
      fail('chat.postMessage', fault);
      await announceAt(0);
      expect(await card()).toMatchObject({ state });
      expect(shown()).toBe(before);
      if (laterMs === undefined) {
        // Its requester is told, since nobody else will see it; an admin sees to the channel.
        await announceAt(3_000);
        const [told] = world.person(REQUESTER).dms().slice(-1);
        const says = 'times' in fault ? 'Slack did not take a message about it' : CHANNEL;
        expect(JSON.stringify(told)).toContain(says);
        await announceAgain(world.deps, request);
        await announceAt(10_000);
      } else {
        await announceAt(laterMs - 4_000);
        if (laterMs >= 7_000) expect(shown()).toBe(before);
        await announceAt(laterMs + 1_000);
      }
      expect(shown()).toBe(before + 1);
      expect((await card())?.state).toBe('shown');
    },
  );

  it.each([
    ['429', { status: 429, retryAfter: 7 }, 'due', 1],
    ['503', { status: 503 }, 'due', 1],
    ['message_not_found', { error: 'message_not_found' }, 'shown', 2],
    ['internal_error', { error: 'internal_error' }, 'due', 1],
    ['msg_too_long', { error: 'msg_too_long' }, 'shown', 1],
  ] as const)(
    'chat.update answered with %s: the card shows the last state in the end',
    async (_, fault, state, posts) => {
      const before = shown();
      const request = await requested();
      await announceAt(0);
      expect(shown()).toBe(before + 1);
      await about(world.deps, request, ['approval-card'], new Date(at + 4_000));
      fail('chat.update', fault);
      await announceAt(4_000);
      expect((await card())?.state).toBe(state);
      await announceAt(15_000);
      expect((await card())?.state).toBe('shown');
      expect(shown()).toBe(before + posts);
    },
  );

  it('that Slack limits hold nobody up who clicks', async () => {
    const request = await requested();
    fail('chat.postMessage', { status: 429, retryAfter: 600, times: 20 });
    await announceAt(0);
    await about(world.deps, request, ['approval-card', 'progress'], new Date(at));
    await announceAt(1_000);
    const from = performance.now();
    await opensNow();
    expect(performance.now() - from).toBeLessThan(ACK_MS_MAX);
    expect(said(REQUESTER)).not.toContain(NOT_TAKEN);
    expect((await card())?.error).toBe('ratelimited');
  });
});
