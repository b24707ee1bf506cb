/** The double's Web API, called with Slack's own client: what it answers, refuses and remembers. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ErrorCode, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import { type SlackDouble, startSlackDouble } from '../../../demo/slack/double.ts';
import type { Json } from '../../../demo/slack/json.ts';
import * as a from './block-samples.ts';

let slack: SlackDouble;
let client: WebClient;
let clock: Date;

const quiet: WebClientOptions = {
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  logger: {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
    setLevel: () => undefined,
    getLevel: () => LogLevel.ERROR,
    setName: () => undefined,
  },
};
const newClient = (token?: string, timeout = 20_000) =>
  new WebClient(token, { ...quiet, slackApiUrl: slack.apiUrl, timeout });
const call = async (method: string, args = {}): Promise<Json> => ({
  ...(await client.apiCall(method, args)),
});
/** Slack's error code for a call; `ok` if it is taken. */
async function codeOf(method: string, args = {}, by = client): Promise<unknown> {
  try {
    await by.apiCall(method, args);
    return 'ok';
  } catch (error) {
    const { data, code } = Object(error);
    return data?.error ?? code;
  }
}
const post = (text: string, more = {}) =>
  call('chat.postMessage', { channel: 'C1', text, ...more });

beforeEach(async () => {
  clock = new Date('2026-03-01T12:00:00Z');
  slack = await startSlackDouble({ signingSecret: 's', now: () => clock, limits: true });
  slack.addUser({ id: 'U1', name: 'Anna Bell', locale: 'de-DE', isAdmin: true });
  slack.addUser({ id: 'U2', name: 'Ben', isRestricted: true, teamId: 'T9' });
  slack.addChannel({ id: 'C1', name: 'approvals', members: ['U1'] });
  slack.addChannel({ id: 'C2', name: 'elsewhere', withApp: false });
  slack.addChannel({ id: 'C3', name: 'secret', withApp: false, isPrivate: true });
  slack.addChannel({ id: 'C4', name: 'old', isArchived: true });
  slack.addUserGroup({ id: 'S1', handle: 'privacy', name: 'Privacy', users: ['U1'] });
  client = newClient(slack.botToken);
});
afterEach(() => slack.stop());

describe('who may call', () => {
  it.each([
    ['no token', undefined, 'not_authed'],
    ['a wrong token', 'xoxb-other', 'invalid_auth'],
    ['the bot token', 'xoxb-double', 'ok'],
  ])('with %s', async (_name, token, code) => {
    expect(await codeOf('auth.test', {}, newClient(token))).toBe(code);
  });

  it('and nothing of the token is kept, though it may come in the body', async () => {
    const body = new URLSearchParams({ token: slack.botToken });
    const response = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ ok: true, team_id: slack.teamId });
    expect(JSON.stringify(slack.calls)).not.toContain(slack.botToken);
    expect(slack.calls.map(({ method }) => method)).toEqual(['auth.test']);
  });
});

describe('refusals', () => {
  it.each([
    ['chat.scheduleMessage', {}, 'unknown_method'],
    ['apps.connections.open', {}, 'not_allowed_token_type'],
    ['chat.postMessage', { channel: 'C0', text: 'x' }, 'channel_not_found'],
    ['chat.postMessage', { channel: 'C2', text: 'x' }, 'not_in_channel'],
    ['chat.postMessage', { channel: 'C3', text: 'x' }, 'channel_not_found'],
    ['chat.postMessage', { channel: 'C4', text: 'x' }, 'is_archived'],
    ['chat.postMessage', { channel: 'C1' }, 'no_text'],
    ['chat.postMessage', { channel: 'C1', text: a.letters(4_001) }, 'msg_too_long'],
    ['chat.postMessage', { channel: 'C1', text: 'x', blocks: [{}] }, 'invalid_blocks'],
    ['chat.postMessage', { channel: 'C1', text: 'x', blocks: '{' }, 'invalid_blocks'],
    ['chat.postMessage', { channel: 'C1', text: 'x', metadata: {} }, 'invalid_metadata_format'],
    ['chat.postMessage', { channel: 'C1', text: 'x', thread_ts: '1.1' }, 'thread_not_found'],
    ['chat.postEphemeral', { channel: 'C1', user: 'U0', text: 'x' }, 'user_not_found'],
    ['chat.postEphemeral', { channel: 'C1', user: 'U2', text: 'x' }, 'user_not_in_channel'],
    ['chat.update', { channel: 'C1', ts: '1.1', text: 'x' }, 'message_not_found'],
    ['chat.delete', { channel: 'C1', ts: '1.1' }, 'message_not_found'],
    ['chat.getPermalink', { channel: 'C1', message_ts: '1.1' }, 'message_not_found'],
    ['conversations.open', { users: 'U0' }, 'user_not_found'],
    ['conversations.open', {}, 'users_list_not_supplied'],
    ['conversations.info', { channel: 'C3' }, 'channel_not_found'],
    ['users.info', { user: 'U0' }, 'user_not_found'],
    ['usergroups.users.list', { usergroup: 'S0' }, 'no_such_subteam'],
    ['files.info', { file: 'F0' }, 'file_not_found'],
    ['files.completeUploadExternal', { files: [{ id: 'F0' }] }, 'file_not_found'],
    ['views.open', { trigger_id: 'x', view: a.modal() }, 'invalid_trigger_id'],
    ['views.open', { trigger_id: 'x', view: a.home() }, 'invalid_arguments'],
    ['views.open', { trigger_id: 'x' }, 'invalid_arguments'],
    ['views.update', { view_id: 'V0', view: a.modal() }, 'not_found'],
    ['views.publish', { user_id: 'U0', view: a.home() }, 'user_not_found'],
    [
      'views.publish',
      {
        user_id: 'U1',
        view: a.home(a.times(90, () => a.section({ text: a.mrkdwn(a.letters(3_000)) }))),
      },
      'view_too_large',
    ],
  ])('%s %j', async (method, args, code) => {
    expect(await codeOf(method, args)).toBe(code);
  });

  it("does not let the app edit somebody else's message", async () => {
    const { ts } = slack.person('U1').say('C1', 'mine');
    expect(await codeOf('chat.update', { channel: 'C1', ts, text: 'x' })).toBe(
      'cant_update_message',
    );
    expect(await codeOf('chat.delete', { channel: 'C1', ts })).toBe('cant_delete_message');
  });
});

describe('messages', () => {
  it('are posted, answered in a thread, edited and taken away', async () => {
    const { ts } = await post('One', { blocks: [a.section()] });
    await post('Two', { thread_ts: ts });
    await call('chat.update', { channel: 'C1', ts, text: 'One!', blocks: [] });
    expect(slack.messages('C1')).toMatchObject([
      { ts, text: 'One!', blocks: [], edited: { user: slack.botUserId }, user: slack.botUserId },
      { text: 'Two', thread_ts: ts },
    ]);
    await call('chat.delete', { channel: 'C1', ts });
    expect(slack.messages('C1').map(({ text }) => text)).toEqual(['Two']);
  });

  it('keep the blocks that an edit does not mention', async () => {
    const { ts } = await post('One', { blocks: [a.section()] });
    await call('chat.update', { channel: 'C1', ts, text: 'One!' });
    expect(slack.messages('C1')).toMatchObject([{ text: 'One!', blocks: [{ type: 'section' }] }]);
  });

  it('to a user land in the direct messages with the app', async () => {
    const { channel } = await client.conversations.open({ users: 'U1' });
    await call('chat.postMessage', { channel: 'U1', text: 'Psst' });
    expect(slack.person('U1').dms()).toMatchObject([{ text: 'Psst', channel: channel?.id }]);
    expect(slack.messages('U1')).toHaveLength(1);
    expect(slack.channels().map(({ id }) => id)).not.toContain(channel?.id);
  });

  it('without words to read out are taken, warned about, and noted', async () => {
    const answer = await call('chat.postMessage', { channel: 'C1', blocks: [a.section()] });
    expect(answer['warning']).toBe('missing_text_in_message');
    expect(slack.faults).toMatchObject([{ by: 'chat.postMessage', at: '/text', error: 'none' }]);
  });

  it('have time stamps in the order in which they came, and links', async () => {
    const stamps = [await post('1'), await post('2')].map(({ ts }) => String(ts));
    expect(stamps).toEqual(['1772366400.000000', '1772366400.000100']);
    const link = await client.chat.getPermalink({ channel: 'C1', message_ts: stamps[1] ?? '' });
    expect(link.permalink).toBe('https://demo.slack.com/archives/C1/p1772366400000100');
  });
});

describe('people', () => {
  it('are described as far as the scope users:read goes', async () => {
    const { user } = await client.users.info({ user: 'U1', include_locale: true });
    expect(user).toMatchObject({ id: 'U1', is_admin: true, locale: 'de-DE', team_id: 'T0DEMO000' });
    expect(JSON.stringify(user)).not.toContain('email');
    const { members } = await client.users.list({});
    expect(members).toMatchObject([{ id: 'U1' }, { id: 'U2', is_restricted: true, team_id: 'T9' }]);
    expect(members?.[0]?.locale).toBeUndefined();
  });

  it('stand in groups, which can change', async () => {
    const group = { usergroup: 'S1' };
    expect((await client.usergroups.users.list(group)).users).toEqual(['U1']);
    slack.addUserGroup({ id: 'S1', handle: 'privacy', name: 'Privacy', users: ['U1', 'U2'] });
    expect((await client.usergroups.users.list(group)).users).toEqual(['U1', 'U2']);
    const { usergroups } = await client.usergroups.list({ include_users: true });
    expect(usergroups).toMatchObject([{ id: 'S1', handle: 'privacy', users: ['U1', 'U2'] }]);
  });
});

describe('files', () => {
  it('go up with the client and come down with the token only', async () => {
    await client.filesUploadV2({
      channel_id: 'C1',
      filename: 'rejects.csv',
      file: Buffer.from('line,reason\n'),
      initial_comment: 'The rest',
    });
    const [message] = slack.messages('C1');
    expect(message).toMatchObject({ text: 'The rest', files: [{ name: 'rejects.csv' }] });
    const { file } = await client.files.info({
      file: slack.messages('C1').at(0)?.files?.at(0)?.id ?? '',
    });
    const url = file?.url_private_download ?? '';
    const good = await fetch(url, { headers: { Authorization: `Bearer ${slack.botToken}` } });
    expect(await good.text()).toBe('line,reason\n');
    const bad = await fetch(url);
    expect([bad.status, bad.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
  });
});

describe('planted faults', () => {
  it('hit as often as they were planted, then no more', async () => {
    slack.failNext('auth.test', { error: 'account_inactive', times: 2 });
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push(await codeOf('auth.test'));
    expect(codes).toEqual(['account_inactive', 'account_inactive', 'ok']);
  });

  it('can be a status, a rate limit or silence', async () => {
    slack.failNext('auth.test', { status: 500 });
    slack.failNext('auth.test', { status: 429, retryAfter: 7 });
    slack.failNext('auth.test', { hang: true });
    expect(await codeOf('auth.test')).toBe(ErrorCode.HTTPError);
    await expect(client.auth.test()).rejects.toMatchObject({ retryAfter: 7 });
    const hasty = newClient(slack.botToken, 300);
    expect(await codeOf('auth.test', {}, hasty)).toBe(ErrorCode.RequestError);
    expect(slack.calls.map(({ answer }) => answer['error'])).toEqual([
      'internal_error',
      'ratelimited',
      'no_answer',
    ]);
  });
});

describe('rate limits', () => {
  it('take 50 edits a minute and say how long to wait for the next', async () => {
    const { ts } = await post('x');
    const edit = () => codeOf('chat.update', { channel: 'C1', ts, text: 'y' });
    for (let i = 0; i < 50; i++) expect(await edit()).toBe('ok');
    clock = new Date(clock.getTime() + 20_000);
    await expect(call('chat.update', { channel: 'C1', ts, text: 'y' })).rejects.toMatchObject({
      code: ErrorCode.RateLimitedError,
      retryAfter: 40,
    });
    clock = new Date(clock.getTime() + 40_000);
    expect(await edit()).toBe('ok');
  });

  it('take a burst of posts, then about one a second', async () => {
    for (let i = 0; i < 5; i++) await post('x');
    expect(await codeOf('chat.postMessage', { channel: 'C1', text: 'x' })).toBe(
      ErrorCode.RateLimitedError,
    );
    clock = new Date(clock.getTime() + 5_000);
    await post('x');
  });
});

describe('leaks', () => {
  const address = 'ann@example.com';
  it.each([
    ['the text of a channel', { channel: 'C1', text: `Hello ${address}` }, ['/text']],
    [
      'the blocks of a channel',
      { channel: 'C1', text: 'x', blocks: [a.section({ text: a.mrkdwn(address) })] },
      ['/blocks/0/text/text'],
    ],
    [
      'the value of a button, even in direct messages',
      { channel: 'U1', text: 'x', blocks: [a.actions(a.button({ value: address }))] },
      ['/blocks/0/elements/0/value'],
    ],
    [
      'metadata',
      { channel: 'C1', text: 'x', metadata: { event_type: 'e', event_payload: { a: address } } },
      ['/metadata/event_payload/a'],
    ],
    ['nothing: direct messages', { channel: 'U1', text: address }, []],
    ['nothing: a mask', { channel: 'C1', text: 'j***@example.com, @ann, a@b' }, []],
  ])('are found in %s', async (_name, args, places) => {
    await call('chat.postMessage', args);
    expect(slack.leaks.map(({ at }) => at)).toEqual(places);
  });

  it('are found in what a view carries, but not in what it shows', async () => {
    const view = a.home([a.section({ text: a.mrkdwn(address), block_id: address })], {
      private_metadata: `{"a":"${address}"}`,
    });
    await call('views.publish', { user_id: 'U1', view });
    expect(slack.leaks).toEqual([
      { by: 'views.publish', at: '/blocks/0/block_id', found: address },
      { by: 'views.publish', at: '/private_metadata', found: address },
    ]);
  });
});
