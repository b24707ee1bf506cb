/** Announcer and refusals for good: what Slack never takes ends, is told, and holds nothing up. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createAnnouncer } from '../../../src/slack/announcer.ts';
import { slackClients } from '../../../src/slack/wire/clients.ts';
import { ANNOUNCEMENTS, type AnnouncementDocument } from '../../../src/store/announcements.ts';
import { type AnnouncePort, announceDue } from '../../../src/workflow/announce.ts';
import { about } from '../../../src/workflow/announce-request.ts';
import { approveRequest } from '../../../src/workflow/approve-request.ts';
import { APPROVER, CHANNEL, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { submitted } from '../../support/requests.ts';
import { type SlackWorld, slackWorld } from './world.ts';

const HOUR_MS = 60 * 60 * 1_000;

let world: SlackWorld;
let at: Date;
let logged: string[];

beforeEach(async () => {
  at = new Date();
  logged = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) });
  world = await slackWorld({ log });
  world.deps.setNow(at);
  await addPeople(world.deps, [{ address: 'ann@example.org' }, { address: 'ben@example.org' }]);
});
afterEach(async () => {
  await world.close();
});

const port = () => {
  const { apiUrl, botToken } = world.slack;
  return createAnnouncer(world.deps, slackClients({ apiUrl, botToken }));
};
/** Announces as a process would whose clock stands `laterMs` after the start of the test. */
async function announce(laterMs = 0, through: AnnouncePort = port()): Promise<void> {
  world.deps.setNow(new Date(at.getTime() + laterMs));
  await world.refillPace();
  await announceDue(world.deps, through, { signal: new AbortController().signal });
}
const posts = (method: string) => world.slack.calls.filter((call) => call.method === method);
async function recordOf(kind: AnnouncementDocument['kind']): Promise<AnnouncementDocument> {
  const { db } = world.deps.database;
  const found = await db.collection<AnnouncementDocument>(ANNOUNCEMENTS).findOne({ kind });
  if (found === null) throw new Error(`no ${kind} is on record`);
  return found;
}
async function decided(request: string) {
  const { plan } = await world.deps.database.of(WORKSPACE).requests.find(request);
  const decision = { workspace: WORKSPACE, request, by: APPROVER, planHash: plan.hash };
  return approveRequest(world.deps, decision);
}

describe('what Slack never takes', () => {
  const permanent = ['msg_too_long', 'invalid_blocks', 'invalid_blocks_format', 'no_text'] as const;

  it.each(permanent)('posts the first words with the buttons after %s', async (error) => {
    const request = await submitted(world.deps);
    world.slack.failNext('chat.postMessage', { error });
    await announce();
    const [short] = world.slack.messages(CHANNEL);
    expect(short?.text).toContain('Approval needed: opt in 2 addresses');
    expect(short?.text).toContain(`/assent status ${request.id}`);
    expect(short?.blocks).toHaveLength(2);
    expect((await recordOf('approval-card')).state).toBe('shown');
    if (short === undefined) throw new Error('nothing was posted');
    await world.person(APPROVER).click(short, 'Review');
    await world.sees(APPROVER, 'Your decision');
  });

  it.each(permanent)(
    'posts one sentence after %s for the buttons too, and the whole card again later',
    async (error) => {
      const request = await submitted(world.deps);
      world.slack.failNext('chat.postMessage', { error, times: 2 });
      await announce();
      const [short] = world.slack.messages(CHANNEL);
      expect(short?.text).toContain('Approval needed: opt in 2 addresses');
      expect(short?.text).toContain(`/assent status ${request.id}`);
      expect(short?.blocks).toEqual([]);
      expect((await recordOf('approval-card')).state).toBe('shown');
      await announce(HOUR_MS);
      expect(posts('chat.postMessage')).toHaveLength(3);
      await about(world.deps, request, ['approval-card'], world.deps.now());
      await announce(HOUR_MS + 5_000);
      expect(world.slack.messages(CHANNEL)[0]?.blocks).not.toEqual([]);
    },
  );

  it.each(permanent)(
    'gives a card up after %s three times, tells people, and tries no more',
    async (error) => {
      const request = await submitted(world.deps);
      world.slack.failNext('chat.postMessage', { error, times: 3 });
      await announce();
      await announce(2_000);
      expect(await recordOf('approval-card')).toMatchObject({
        state: 'given-up',
        error: `refused: ${error}`,
      });
      const [told] = world.slack.messages(REQUESTER);
      expect(JSON.stringify(told)).toContain('Slack did not take a message about it');
      const [asked] = world.slack.messages(APPROVER);
      expect(asked?.text).toContain('Its card could not be posted');
      expect(JSON.stringify(asked)).toContain('"review-request"');
      const before = world.slack.calls.length;
      await announce(24 * HOUR_MS);
      expect(world.slack.calls.length).toBe(before);
      // Work does not depend on it.
      expect((await decided(request.id)).state).toBe('approved');
      // Asked for again, it has all of its tries before it.
      await about(world.deps, request, ['approval-card'], world.deps.now());
      await announce(25 * HOUR_MS);
      expect(world.slack.messages(CHANNEL)).not.toEqual([]);
      expect(JSON.stringify(logged)).not.toMatch(/@example|xox/u);
    },
  );

  it('edits a card into one sentence where the edit is refused', async () => {
    const request = await submitted(world.deps);
    await announce();
    world.slack.failNext('chat.update', { error: 'msg_too_long', times: 2 });
    await about(world.deps, request, ['approval-card'], world.deps.now());
    await announce(10_000);
    expect(world.slack.messages(CHANNEL)).toHaveLength(1);
    expect(world.slack.messages(CHANNEL)[0]?.text).toContain(`/assent status ${request.id}`);
    expect(world.slack.messages(CHANNEL)[0]?.blocks).toEqual([]);
  });

  it.each(['an_error_of_tomorrow', 'a bug of ours'])(
    'does not try for ever what fails for a reason that nobody knows: %s',
    async (error) => {
      await submitted(world.deps);
      const broken: AnnouncePort = {
        async post({ kind, to }) {
          if (kind !== 'approval-card')
            return { kind: 'posted', place: { channel: to, ts: '1.1' } };
          tries += 1;
          if (error.includes(' ')) throw new TypeError(error);
          world.slack.failNext('chat.postMessage', { error });
          return port().post({ ...card, to: CHANNEL });
        },
      };
      let tries = 0;
      const card = await recordOf('approval-card');
      // It was tried for hours already.
      await world.deps.database.db
        .collection<AnnouncementDocument>(ANNOUNCEMENTS)
        .updateOne({ _id: card._id }, { $set: { attempts: 50 } });
      for (let hour = 0; hour < 12; hour += 1) await announce(hour * HOUR_MS, broken);
      expect(tries).toBeGreaterThan(2);
      expect(tries).toBeLessThan(12);
      expect((await recordOf('approval-card')).state).toBe('given-up');
    },
  );

  it('logs of a message that cannot be drawn what broke, and nothing that the error quotes', async () => {
    await submitted(world.deps);
    const quoting = Object.assign(
      new Error('no such contact: ann@example.org\n    at ann@example.org', {
        cause: new RangeError('xoxb-secret of ben@example.org'),
      }),
      { code: 'E_DRAW' },
    );
    await announce(0, {
      async post() {
        throw quoting;
      },
    });
    const line = logged.find((one) => one.includes('could not be drawn')) ?? '';
    expect(line).toContain('E_DRAW');
    expect(line).toContain('RangeError');
    expect(line).toContain('announcer-refused.test');
    expect(line).not.toMatch(/@example|xoxb|no such contact/u);
  });
});
