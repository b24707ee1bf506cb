/** Payloads: what reaches the app, field by field, as Slack documents it and Bolt expects it. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Person } from '../../../demo/slack/person.ts';
import * as a from './block-samples.ts';
import { newStage, type Stage } from './stage.ts';

const { plain } = a;
let stage: Stage;
let anna: Person;

beforeEach(async () => {
  stage = await newStage();
  ({ anna } = stage);
});
afterEach(() => stage.stop());

const WHO = {
  token: expect.any(String),
  api_app_id: 'A0ASSENT0',
  team: { id: 'T0DEMO000', domain: 'demo' },
  user: { id: 'U1', name: 'anna.bell', username: 'anna.bell', team_id: 'T0DEMO000' },
  enterprise: null,
  is_enterprise_install: false,
};
const TRIGGER = expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/);
const URL_BACK = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/response\/\w+$/);

describe('what is sent', () => {
  it('for a command', async () => {
    await anna.command('  /optin   tag:vip “two words”  ', { channel: 'C1' });
    expect(stage.last()).toEqual({
      token: expect.any(String),
      team_id: 'T0DEMO000',
      team_domain: 'demo',
      channel_id: 'C1',
      channel_name: 'approvals',
      user_id: 'U1',
      user_name: 'anna.bell',
      command: '/optin',
      text: 'tag:vip “two words”',
      api_app_id: 'A0ASSENT0',
      is_enterprise_install: 'false',
      response_url: URL_BACK,
      trigger_id: TRIGGER,
    });
  });

  it('for a click in a message', async () => {
    const message = await stage.posted([a.actions(a.button({ value: 'r1' }))]);
    await anna.click(message, 'Press');
    expect(stage.last()).toEqual({
      ...WHO,
      type: 'block_actions',
      trigger_id: TRIGGER,
      response_url: URL_BACK,
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: 'C1',
        is_ephemeral: false,
      },
      channel: { id: 'C1', name: 'approvals' },
      message: expect.objectContaining({ ts: message.ts, text: 'Hi', blocks: message.blocks }),
      state: { values: {} },
      actions: [
        {
          type: 'button',
          action_id: 'press',
          block_id: message.blocks[0]?.['block_id'],
          action_ts: expect.any(String),
          text: plain('Press'),
          value: 'r1',
        },
      ],
    });
  });

  it('for a click in a view, and for submitting and closing it', async () => {
    const view = a.modal([a.actions(a.button())], { notify_on_close: true, callback_id: 'c' });
    await stage.open(view);
    const shown = stage.shown();
    const asSent = {
      id: shown.id,
      type: 'modal',
      team_id: 'T0DEMO000',
      app_id: 'A0ASSENT0',
      app_installed_team_id: 'T0DEMO000',
      bot_id: 'B0ASSENT0',
      title: plain('Title'),
      submit: plain('Send'),
      close: null,
      blocks: shown.blocks,
      state: { values: {} },
      hash: shown.hash,
      callback_id: 'c',
      private_metadata: '',
      external_id: '',
      root_view_id: shown.id,
      previous_view_id: null,
      clear_on_close: false,
      notify_on_close: true,
    };
    await anna.click(shown, 'press');
    expect(stage.last()).toMatchObject({ container: { type: 'view', view_id: shown.id } });
    expect(stage.last()['view']).toEqual(asSent);
    expect(stage.last()['response_url']).toBeUndefined();
    await anna.submit();
    expect(stage.last()).toEqual({
      ...WHO,
      type: 'view_submission',
      view: asSent,
      trigger_id: TRIGGER,
      response_urls: [],
    });
    await stage.open(view);
    await anna.close();
    expect(stage.last()).toMatchObject({ ...WHO, type: 'view_closed', is_cleared: false });
  });

  it('for shortcuts and the Home tab', async () => {
    await anna.shortcut('new');
    expect(stage.last()).toEqual({
      ...WHO,
      type: 'shortcut',
      callback_id: 'new',
      trigger_id: TRIGGER,
      action_ts: expect.any(String),
    });
    const message = anna.say('C1', 'Look');
    await anna.messageShortcut('import', message);
    expect(stage.last()).toMatchObject({
      ...WHO,
      type: 'message_action',
      callback_id: 'import',
      message_ts: message.ts,
      message: { type: 'message', user: 'U1', text: 'Look', ts: message.ts },
      channel: { id: 'C1', name: 'approvals' },
      response_url: URL_BACK,
    });
    await anna.openHome();
    expect(stage.last()).toMatchObject({
      type: 'event_callback',
      team_id: 'T0DEMO000',
      event: { type: 'app_home_opened', user: 'U1', tab: 'home' },
      event_id: expect.stringMatching(/^Ev/),
    });
  });
});
