/** Socket Mode: Bolt's own client against the double: connected, acknowledged, refreshed, cut. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { App, type Logger, LogLevel } from '@slack/bolt';
import { type SlackDouble, startSlackDouble } from '../../../demo/slack/double.ts';
import type { Json } from '../../../demo/slack/json.ts';
import type { Person } from '../../../demo/slack/person.ts';
import * as a from './block-samples.ts';

/** More than fits into one packet, and than two bytes can count. */
const LONG = 'x'.repeat(2_900);

const nothing = () => undefined;
const QUIET: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};

let slack: SlackDouble;
let anna: Person;
let app: App;
const heard: Json[] = [];

beforeEach(async () => {
  heard.length = 0;
  slack = await startSlackDouble({ signingSecret: 's' });
  anna = slack.addUser({ id: 'U1', name: 'Anna Bell' });
  slack.addChannel({ id: 'C1', name: 'approvals' });
  app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    // A connection that is cut is what the tests are about, not worth a line.
    logger: QUIET,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  app.command('/optin', async ({ command, ack, client }) => {
    heard.push({ text: command.text });
    await ack({ text: `Heard ${command.text}` });
    const blocks = Array.from({ length: 30 }, () => a.section({ text: a.mrkdwn(LONG) }));
    await client.views.open({
      trigger_id: command.trigger_id,
      view: a.modal([...blocks, a.input(a.textInput(), { block_id: 'b' })]) as never,
    });
  });
  app.view('', async ({ ack }) => {
    await ack({ response_action: 'errors', errors: { b: 'Not this one.' } });
  });
  app.event('app_home_opened', async ({ event }) => {
    heard.push({ tab: event.tab });
  });
  await app.start();
  await slack.until(() => slack.socketMode.isOpen());
});
afterEach(async () => {
  await app.stop();
  await slack.stop();
});

it('commands, submissions and events come in envelopes, and their answers back', async () => {
  const { reply } = await anna.command('/optin tag:vip', { channel: 'C1' });
  expect(reply?.text).toBe('Heard tag:vip');
  await slack.until(() => slack.modal('U1'));
  await anna.type('Label', 'Hello');
  expect(await anna.submit()).toMatchObject({ outcome: 'errors', errors: { b: 'Not this one.' } });
  await anna.openHome();
  await slack.until(() => heard.length === 2);
  expect(heard).toEqual([{ text: 'tag:vip' }, { tab: 'home' }]);
  expect(slack.acks.map(({ status }) => status)).toEqual([200, 200, 200]);
});

describe.each([
  ['is refreshed', () => slack.socketMode.refresh()],
  ['is cut', () => slack.socketMode.cut()],
])('a connection that %s', (_how, end) => {
  it('is opened again, and used', async () => {
    end();
    await slack.until(() => slack.socketMode.connections() === 2 && slack.socketMode.isOpen());
    await anna.command('/optin again', { channel: 'C1' });
    expect(heard).toEqual([{ text: 'again' }]);
  });
});

it.each([
  ['the bot’s own token', () => slack.botToken, 'not_allowed_token_type'],
  ['any other', () => 'xapp-other', 'invalid_auth'],
])('%s opens no connection', async (_name, token, error) => {
  const response = await fetch(`${slack.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token()}` },
  });
  expect(await response.json()).toMatchObject({ ok: false, error });
});
