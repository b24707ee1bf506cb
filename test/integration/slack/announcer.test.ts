/** Announcer: what was written down is posted, once, in time, whatever Slack and crashes do. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SlackDouble, startSlackDouble } from '../../../demo/slack/double.ts';
import type { PostedMessage } from '../../../demo/slack/workspace.ts';
import { createAnnouncer } from '../../../src/slack/announcer.ts';
import { slackClients } from '../../../src/slack/wire/clients.ts';
import { ANNOUNCEMENTS, type AnnouncementDocument } from '../../../src/store/announcements.ts';
import { type AnnouncePort, announceDue, SLACK_PACE } from '../../../src/workflow/announce.ts';
import { about } from '../../../src/workflow/announce-request.ts';
import { rejectRequest } from '../../../src/workflow/decide-request.ts';
import {
  APPROVER,
  CHANNEL,
  REQUESTER,
  type TestDeps,
  testDeps,
  WORKSPACE,
} from '../../support/deps.ts';
import { addAudiences, addPeople } from '../../support/people.ts';
import { approved, submitted, worked } from '../../support/requests.ts';

const HOUR_MS = 60 * 60 * 1_000;

let deps: TestDeps;
let slack: SlackDouble;
let port: AnnouncePort;
let at: Date;

beforeEach(async () => {
  at = new Date();
  deps = await testDeps();
  deps.setNow(at);
  await addAudiences(deps);
  await addPeople(deps, [{ address: 'ann@example.org' }, { address: 'ben@example.org' }]);
  slack = await startSlackDouble({ signingSecret: 's', teamId: WORKSPACE });
  slack.addUser({ id: REQUESTER, name: 'Ria' });
  slack.addUser({ id: APPROVER, name: 'Abe' });
  slack.addChannel({ id: CHANNEL, name: 'approvals' });
  port = portTo(slack);
});
afterEach(async () => {
  await slack.stop();
  await deps.close();
});

function portTo({ apiUrl, botToken }: SlackDouble): AnnouncePort {
  return createAnnouncer(deps, slackClients({ apiUrl, botToken }));
}

/** Announces as a process would whose clock stands `laterMs` after the start of the test. */
async function announce(laterMs = 0, through: AnnouncePort = port): Promise<void> {
  deps.setNow(new Date(at.getTime() + laterMs));
  await announceDue(deps, through, { signal: new AbortController().signal });
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 10));
const posts = (method: string) => slack.calls.filter((call) => call.method === method);
const heading = (message: PostedMessage | undefined) => message?.text.split('.')[0];
const onRecord = () =>
  deps.database.db.collection<AnnouncementDocument>(ANNOUNCEMENTS).find().toArray();
const recordOf = async (kind: AnnouncementDocument['kind']) =>
  (await onRecord()).find((document) => document.kind === kind);

describe('a card', () => {
  it('is posted once, and edited in its place when the request moves on', async () => {
    const request = await submitted(deps);
    await announce();
    expect(slack.messages(CHANNEL).map(heading)).toEqual(['Approval needed: opt in 2 addresses']);
    await rejectRequest(deps, {
      workspace: WORKSPACE,
      request: request.id,
      by: APPROVER,
      reason: 'too old',
    });
    await announce(10_000);
    expect(slack.messages(CHANNEL).map(heading)).toEqual(['Rejected: opt in 2 addresses']);
    expect(JSON.stringify(slack.messages(CHANNEL))).toContain('too old');
    expect(JSON.stringify(slack.messages(CHANNEL))).not.toContain('"button"');
    expect(slack.messages(REQUESTER)).toHaveLength(1);
    expect(slack.faults).toEqual([]);
    expect(slack.leaks).toEqual([]);
  });

  it('and all the rest of the life of a request is told, once each', async () => {
    const request = await approved(deps);
    await announce();
    await worked(deps, request.id);
    await announce(10_000);
    await announce(20_000);
    expect(slack.messages(CHANNEL).map(heading)).toEqual([
      'Done: opt in 2 addresses',
      'Opt in 2 addresses: Done, 100 %',
      `Done: 2 addresses opted in (request ${request.id})`,
    ]);
    expect(slack.messages(REQUESTER).map(heading)).toEqual([
      'Your request to opt in 2 addresses was approved',
      `Done: 2 addresses opted in (request ${request.id})`,
    ]);
    expect((await onRecord()).map(({ state }) => state)).toEqual(Array(5).fill('shown'));
    expect(slack.faults).toEqual([]);
    expect(slack.leaks).toEqual([]);
  });

  it('is not lost when the process dies between the act and the post', async () => {
    await submitted(deps);
    // Everything the process held in memory is gone; only the database is left.
    port = portTo(slack);
    await announce();
    await announce(HOUR_MS);
    expect(slack.messages(CHANNEL)).toHaveLength(1);
  });

  it('is posted by another process when one dies while it posts', async () => {
    await submitted(deps);
    const dying: AnnouncePort = { post: () => new Promise(() => undefined) };
    const { signal } = new AbortController();
    void announceDue(deps, dying, { signal });
    while ((await recordOf('approval-card'))?.lease === undefined) await aMoment();
    await announce();
    expect(slack.messages(CHANNEL)).toHaveLength(0);
    await announce(deps.limits.leaseMs + 1_000);
    expect(slack.messages(CHANNEL)).toHaveLength(1);
  });

  it('is posted once by several processes at once', async () => {
    for (let count = 0; count < 4; count += 1) await submitted(deps);
    await Promise.all([announce(), announce(), announce()]);
    expect(slack.messages(CHANNEL)).toHaveLength(4);
  });

  it('is posted anew if somebody deleted it', async () => {
    const request = await submitted(deps);
    await announce();
    slack.failNext('chat.update', { error: 'message_not_found' });
    await about(deps, request, ['approval-card'], deps.now());
    await announce(10_000);
    expect(posts('chat.postMessage')).toHaveLength(2);
    expect((await recordOf('approval-card'))?.state).toBe('shown');
  });
});

describe('when Slack refuses', () => {
  it('waits as long as Slack says after a 429, and posts then', async () => {
    await submitted(deps);
    slack.failNext('chat.postMessage', { status: 429, retryAfter: 20 });
    await announce();
    await announce(15_000);
    expect(posts('chat.postMessage')).toHaveLength(1);
    await announce(20_500);
    expect(slack.messages(CHANNEL)).toHaveLength(1);
  });

  it('does not let a new act cut short the wait after a 429', async () => {
    const request = await submitted(deps);
    slack.failNext('chat.postMessage', { status: 429, retryAfter: 20 });
    await announce();
    await about(deps, request, ['approval-card'], new Date(at.getTime() + 1_000));
    await announce(5_000);
    expect(posts('chat.postMessage')).toHaveLength(1);
    await announce(20_500);
    expect(slack.messages(CHANNEL)).toHaveLength(1);
  });

  it.each([
    ['a server error', { status: 503 }],
    ['an error without a name we know', { error: 'fatal_error' }],
  ])('tries again with growing pauses after %s', async (_what, fault) => {
    await submitted(deps);
    slack.failNext('chat.postMessage', { ...fault, times: 3 });
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await announce(attempt === 0 ? 0 : pauses.reduce((sum, pauseMs) => sum + pauseMs, 0));
      const next = (await recordOf('approval-card'))?.nextAt.getTime() ?? 0;
      pauses.push(next - deps.now().getTime());
    }
    expect(pauses[0]).toBeGreaterThanOrEqual(1_000);
    expect(pauses[0]).toBeLessThanOrEqual(2_000);
    expect(pauses[1]).toBeGreaterThanOrEqual(2_000);
    expect(pauses[1]).toBeLessThanOrEqual(4_000);
    expect(pauses[2]).toBeGreaterThanOrEqual(4_000);
    await announce(HOUR_MS);
    expect(slack.messages(CHANNEL)).toHaveLength(1);
  });

  it.each(['invalid_auth', 'account_inactive'])('waits an hour after %s', async (error) => {
    await submitted(deps);
    slack.failNext('chat.postMessage', { error });
    await announce();
    await announce(HOUR_MS - 1_000);
    expect(posts('chat.postMessage')).toHaveLength(1);
    await announce(HOUR_MS + 1_000);
    expect(slack.messages(CHANNEL)).toHaveLength(1);
  });

  it.each(['channel_not_found', 'not_in_channel', 'is_archived'])(
    'gives the channel up after %s and tells the requester once',
    async (error) => {
      const request = await submitted(deps);
      slack.failNext('chat.postMessage', { error });
      await announce();
      await announce(2_000);
      expect(await recordOf('approval-card')).toMatchObject({
        state: 'given-up',
        error: `lost: ${error}`,
      });
      expect(slack.messages(REQUESTER)).toHaveLength(1);
      expect(JSON.stringify(slack.messages(REQUESTER))).toContain('No approver can see its card');
      slack.failNext('chat.postMessage', { error });
      await about(deps, request, ['approval-card'], deps.now());
      await announce(10_000);
      await announce(20_000);
      expect(slack.messages(REQUESTER)).toHaveLength(1);
      await about(deps, request, ['approval-card'], deps.now());
      await announce(30_000);
      expect(slack.messages(CHANNEL)).toHaveLength(1);
    },
  );

  it('posts a result without its chart to a Slack that knows no charts', async () => {
    await addPeople(deps, [{ address: 'cat@example.org', permission: 'opted-out-by-recipient' }]);
    const request = await approved(deps);
    await worked(deps, request.id);
    const result = await recordOf('result');
    if (result === undefined) throw new Error('there is no result to post');
    expect(await port.post(result)).toMatchObject({ kind: 'posted' });
    slack.failNext('chat.postMessage', { error: 'invalid_blocks' });
    expect(await port.post(result)).toMatchObject({ kind: 'posted' });
    const [withChart, without] = slack.messages(CHANNEL).map((message) => JSON.stringify(message));
    expect(withChart).toContain('data_visualization');
    expect(without).not.toContain('data_visualization');
    expect(without).toContain('Done: 2 addresses opted in');
    expect(slack.faults).toEqual([]);
    expect(slack.leaks).toEqual([]);
  });

  it('does not wait for ever for an answer', async () => {
    await submitted(deps);
    slack.failNext('chat.postMessage', { hang: true });
    await announce();
    expect(await recordOf('approval-card')).toMatchObject({ state: 'due', error: 'no_answer' });
    await announce(10_000);
    expect(slack.messages(CHANNEL)).toHaveLength(1);
  });

  it('gives up a direct message that its reader cannot get, and tells nobody else', async () => {
    const request = await submitted(deps);
    await rejectRequest(deps, {
      workspace: WORKSPACE,
      request: request.id,
      by: APPROVER,
      reason: 'no',
    });
    await announce();
    const posted = posts('chat.postMessage').length;
    slack.failNext('chat.postMessage', { error: 'user_disabled' });
    await about(deps, request, ['direct-decision'], deps.now());
    await announce(10_000);
    await announce(HOUR_MS);
    expect((await recordOf('direct-decision'))?.state).toBe('given-up');
    expect(posts('chat.postMessage')).toHaveLength(posted + 1);
  });

  it('does not let one message that cannot be drawn hold up the others', async () => {
    await submitted(deps);
    await submitted(deps);
    let first = true;
    const broken: AnnouncePort = {
      async post(announcement) {
        if (!first) return port.post(announcement);
        first = false;
        throw new TypeError('a bug of ours');
      },
    };
    await announce(0, broken);
    expect(slack.messages(CHANNEL)).toHaveLength(1);
    await announce(10_000);
    expect(slack.messages(CHANNEL)).toHaveLength(2);
  });
});

describe('the pace', () => {
  it('edits one message at most every 3 seconds, and always shows the last state', async () => {
    const request = await submitted(deps);
    for (let tick = 0; tick < 40; tick += 1) {
      const later = tick * 250;
      await about(deps, request, ['approval-card'], new Date(at.getTime() + later));
      await announce(later);
    }
    // 10 seconds: the post, and an edit at 3, 6 and 9 seconds.
    expect(posts('chat.update').length).toBeLessThanOrEqual(3);
    await rejectRequest(deps, {
      workspace: WORKSPACE,
      request: request.id,
      by: APPROVER,
      reason: 'no',
    });
    await announce(13_000);
    expect(heading(slack.messages(CHANNEL)[0])).toBe('Rejected: opt in 2 addresses');
  });

  it('is shared by all processes: no more than the burst and 40 a minute', async () => {
    const many = 30;
    const request = await submitted(deps);
    const { announcements } = deps.database.of(WORKSPACE);
    for (let count = 1; count < many; count += 1) {
      const subject = { kind: 'request', id: request.id } as const;
      await announcements.want({ kind: 'approval-card', about: subject, to: `C${count}` }, at);
    }
    const stop = new AbortController();
    const seen: number[] = [];
    const counting: AnnouncePort = {
      async post({ to }) {
        seen.push(performance.now());
        return { kind: 'posted', place: { channel: to, ts: '1.1' } };
      },
    };
    const began = performance.now();
    const running = [1, 2, 3].map(() => announceDue(deps, counting, { signal: stop.signal }));
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    stop.abort();
    await Promise.all(running);
    const tookSeconds = (performance.now() - began) / 1_000;
    expect(seen.length).toBeLessThanOrEqual(
      SLACK_PACE.capacity + Math.ceil(tookSeconds * SLACK_PACE.perSecond),
    );
    expect(seen.length).toBeGreaterThanOrEqual(SLACK_PACE.capacity + 3);
  });

  it('ends soon when it is told to stop', async () => {
    await submitted(deps);
    await announceDue(deps, port, { signal: AbortSignal.abort() });
    expect(slack.messages(CHANNEL)).toHaveLength(0);
  });
});
