/** Small app: a Bolt app that uses every door of Slack once, to try the Slack double with. */
import { createServer } from 'node:http';
import { App, HTTPReceiver, type Logger, LogLevel, type MessageShortcut } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { SlackDouble } from '../../../demo/slack/double.ts';

export const SECRET = 'a-signing-secret-for-the-test';
export const CHANNEL = 'C0APPROVE';
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (value: string, text = value) => ({ text: plain(text), value });

/**
 * The form of the small app below: a menu that the app fills, a choice, a date, a text and a file.
 */
function form(note = 'Nothing chosen yet', rowId = 'reason'): ModalView {
  return {
    type: 'modal',
    callback_id: 'form',
    title: plain('Opt in contacts'),
    submit: plain('Send'),
    close: plain('Cancel'),
    notify_on_close: true,
    private_metadata: 'draft-1',
    blocks: [
      {
        type: 'input',
        block_id: 'audience',
        label: plain('Audience'),
        dispatch_action: true,
        element: {
          type: 'multi_external_select',
          action_id: 'pick-audience',
          min_query_length: 1,
          max_selected_items: 2,
        },
      },
      { type: 'context', elements: [{ type: 'mrkdwn', text: note }] },
      {
        type: 'input',
        block_id: 'match',
        label: plain('Match'),
        element: {
          type: 'radio_buttons',
          action_id: 'pick-match',
          options: [option('any'), option('all')],
          initial_option: option('any'),
        },
      },
      {
        type: 'input',
        block_id: 'day',
        optional: true,
        label: plain('Collected on'),
        element: { type: 'datepicker', action_id: 'pick-day' },
      },
      {
        type: 'input',
        block_id: rowId,
        label: plain('Reason'),
        element: { type: 'plain_text_input', action_id: 'write-reason', max_length: 40 },
      },
      {
        type: 'input',
        block_id: 'proof',
        optional: true,
        label: plain('Evidence'),
        element: {
          type: 'file_input',
          action_id: 'attach-proof',
          filetypes: ['csv'],
          max_files: 1,
        },
      },
      {
        type: 'actions',
        block_id: 'more',
        elements: [
          { type: 'button', action_id: 'push-another', text: plain('Deeper') },
          { type: 'button', action_id: 'rename-row', text: plain('Rename') },
        ],
      },
    ],
  };
}

const done: ModalView = {
  type: 'modal',
  title: plain('Sent'),
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Waiting for *approval*.' } }],
};

const card = (text: string, buttons: boolean) => ({
  text,
  blocks: [
    { type: 'section' as const, text: { type: 'mrkdwn' as const, text } },
    ...(buttons
      ? [
          {
            type: 'actions' as const,
            block_id: 'decide',
            elements: [
              {
                type: 'button' as const,
                action_id: 'approve-request',
                value: 'r1',
                text: plain('Approve'),
              },
            ],
          },
        ]
      : []),
  ],
});

/** What Bolt complains about is what the tests provoke. */
const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** What happened in the app. */
export interface SmallApp {
  /** What its listeners were told. */
  readonly seen: unknown[];
  /** What Slack refused it. */
  readonly refused: string[];
  stop(): Promise<void>;
}

/**
 * Starts the app on a free port and connects it with the double. `passTime` moves the double's
 * clock.
 */
export async function startSmallApp(
  slack: SlackDouble,
  passTime: (ms: number) => void,
): Promise<SmallApp> {
  const seen: unknown[] = [];
  const refused: string[] = [];
  const receiver = new HTTPReceiver({ signingSecret: SECRET, logger: quiet });
  const app = new App({
    receiver,
    token: slack.botToken,
    logger: quiet,
    convoStore: false,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
  const attempt = async (call: Promise<unknown>) => {
    try {
      await call;
    } catch (error) {
      refused.push(String(error instanceof Error ? error.message : error));
    }
  };
  listenToCommands(app, attempt, passTime);
  listenToForm(app, attempt, seen);
  listenToTheRest(app, seen);
  const server = createServer(receiver.requestListener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  slack.connect(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
  return {
    seen,
    refused,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Attempt = (call: Promise<unknown>) => Promise<void>;

function listenToCommands(app: App, attempt: Attempt, passTime: (ms: number) => void): void {
  app.command('/form', async ({ ack, client, body }) => {
    await ack();
    await attempt(client.views.open({ trigger_id: body.trigger_id, view: form() }));
    if (body.text === 'twice')
      await attempt(client.views.open({ trigger_id: body.trigger_id, view: form() }));
  });
  app.command('/sleepy', async ({ ack, client, body }) => {
    passTime(3_001);
    await ack();
    await attempt(client.views.open({ trigger_id: body.trigger_id, view: form() }));
  });
  app.command('/slow', async ({ ack }) => {
    await new Promise((resolve) => setTimeout(resolve, 3_050));
    await ack();
  });
  app.command('/help', async ({ ack, respond, body }) => {
    await ack(`You said ${body.text}`);
    await respond('And this came later.');
  });
  app.command('/broken', async ({ ack, client, body }) => {
    await ack();
    const view = { ...form(), title: plain('A title of more than 24 chars') };
    await attempt(client.views.open({ trigger_id: body.trigger_id, view }));
  });
}

function listenToForm(app: App, attempt: Attempt, seen: unknown[]): void {
  app.options('pick-audience', async ({ ack, options }) => {
    const names = ['batch:crm', 'tag:vip', 'tag:news'].filter((name) =>
      name.includes(options.value),
    );
    await ack({ options: names.map((name) => option(name, `The ${name}`)) });
  });
  app.action('pick-audience', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions' || body.view === undefined) return;
    const chosen = body.view.state.values['audience']?.['pick-audience']?.selected_options ?? [];
    const note = `${chosen.length} chosen`;
    const { id, hash } = body.view;
    await attempt(client.views.update({ view_id: id, hash, view: form(note) }));
  });
  app.action('rename-row', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions' || body.view === undefined) return;
    await client.views.update({ view_id: body.view.id, view: form('Renamed', 'reason-2') });
    const stale = { view_id: body.view.id, hash: body.view.hash, view: form('Stale') };
    await attempt(client.views.update(stale));
  });
  app.action('push-another', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    await attempt(client.views.push({ trigger_id: body.trigger_id, view: form() }));
  });
  app.view('form', async ({ ack, view, client, body }) => {
    seen.push(view.state.values);
    const reason = view.state.values['reason']?.['write-reason']?.value ?? '';
    if (reason === 'bad')
      return ack({ response_action: 'errors', errors: { reason: 'Say more.' } });
    if (reason === 'misplaced')
      return ack({ response_action: 'errors', errors: { more: 'Not an input.' } });
    await ack({ response_action: 'update', view: done });
    await client.apiCall('chat.postMessage', {
      channel: CHANNEL,
      ...card(`<@${body.user.id}> asks: ${reason}`, true),
    });
  });
  app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => {
    seen.push({ closed: body.view.id });
    await ack();
  });
}

function listenToTheRest(app: App, seen: unknown[]): void {
  app.action('approve-request', async ({ ack, body, client, respond }) => {
    await ack();
    if (body.type !== 'block_actions' || body.message === undefined) return;
    const place = { channel: body.channel?.id ?? '', ts: body.message.ts };
    await client.chat.update({ ...place, ...card(`Approved by <@${body.user.id}>`, false) });
    await respond({ text: 'Thank you.', response_type: 'ephemeral', replace_original: false });
  });
  app.shortcut('new-change', async ({ ack, client, shortcut }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: form('From a shortcut') });
  });
  app.shortcut<MessageShortcut>('import-file', async ({ ack, body }) => {
    await ack();
    seen.push(body.message['files']);
  });
  app.event('app_home_opened', async ({ event, client, body }) => {
    seen.push(body.event_id);
    await client.views.publish({
      user_id: event.user,
      view: {
        type: 'home',
        blocks: [{ type: 'header', text: plain(`Home of ${event.user}`) }],
      },
    });
  });
}
