/**
 * Elements: everything that Block Kit lets people press, choose, type and attach, done by hand in a
 * real browser, against the simplest app there can be.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser as Chromium, Locator, Page } from 'playwright-core';
import { type Browser, startBrowser } from '../../demo/browser/server.ts';
import { launchChromium } from '../../demo/chromium.ts';
import { type Inbox, startInbox } from '../../demo/inbox/inbox.ts';
import { asObject, asObjects, type Json } from '../../demo/slack/json.ts';
import { modal, visit, write } from '../../demo/walk.ts';
import * as a from '../unit/demo/block-samples.ts';
import { newStage, type Stage } from '../unit/demo/stage.ts';
import { barriers, newPage } from './look.ts';

/** A few seconds; a busy machine gets longer. */
const TEST_MS = 120_000;
const { plain } = a;

let chromium: Chromium;
let stage: Stage;
let inbox: Inbox;
let demo: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  [chromium, stage, inbox] = await Promise.all([launchChromium(), newStage(), startInbox()]);
  page = await newPage(chromium, {}, complaints);
  const first = { user: 'U1', channel: 'C1' };
  demo = await startBrowser({ slack: stage.slack, inbox, first, port: 0 });
  await visit(page, demo.url);
}, TEST_MS);
afterAll(async () => {
  await chromium.close();
  await demo.stop();
  await inbox.stop();
  await stage.stop();
});

/** Each test finds an empty channel, no modal, and an app that heard nothing. */
afterEach(async () => {
  const { workspace } = stage.slack;
  workspace.stacks.clear();
  workspace.messages.length = 0;
  workspace.changed();
  await modal(page).waitFor({ state: 'detached' });
  await page.getByText('Nothing here yet').waitFor();
  stage.app.got.length = 0;
});

/** Shows a modal with these blocks, and waits until it is on the screen. */
async function show(blocks: Json[], more: Json = {}): Promise<Locator> {
  await stage.open(a.modal(blocks, more));
  await modal(page).waitFor();
  return modal(page);
}

/** An input whose block id is `b`, with the label `Label`. */
const asked = (element: Json, more: Json = {}): Json[] => [
  a.input(element, { block_id: 'b', ...more }),
];
const held = async (key: string, value: unknown): Promise<void> => {
  const wanted = JSON.stringify(value);
  const now = () => stage.shown().values['b']?.['enter']?.[key];
  await stage.slack.until(() => JSON.stringify(now()) === wanted);
  expect(now()).toEqual(value);
};
const field = (): Locator => modal(page).getByLabel('Label', { exact: true });

describe('what is typed', () => {
  it.each([
    ['a line', a.textInput(), 'Hello'],
    ['lines', a.textInput({ multiline: true }), 'One\nTwo'],
    ['a number', { type: 'number_input', is_decimal_allowed: true }, '2.5'],
    ['an e-mail address', { type: 'email_text_input' }, 'ann@example.com'],
    ['a web address', { type: 'url_text_input' }, 'https://example.com'],
  ])(
    '%s',
    async (_name, element, text) => {
      await show(asked(element));
      await field().fill(text);
      await held('value', text);
    },
    TEST_MS,
  );

  it.each([
    ['a day', 'datepicker', '2026-02-28', 'selected_date', '2026-02-28'],
    ['a time', 'timepicker', '09:30', 'selected_time', '09:30'],
    ['a moment', 'datetimepicker', '2026-02-28T09:30', 'selected_date_time', 1_772_267_400],
  ])(
    '%s',
    async (_name, type, text, key, value) => {
      await show(asked({ type }));
      await field().fill(text);
      await held(key, value);
    },
    TEST_MS,
  );

  it(
    'text with a format',
    async () => {
      await show(asked({ type: 'rich_text_input' }));
      await field().fill('Hello');
      await stage.slack.until(() =>
        JSON.stringify(stage.shown().values).includes('"text":"Hello"'),
      );
    },
    TEST_MS,
  );
});

describe('what is chosen', () => {
  const groups = {
    option_groups: [{ label: plain('Group'), options: [a.option(1), a.option(2)] }],
  };
  const options = { options: [a.option(1), a.option(2)] };

  it.each([
    ['one of a list', a.select(), 'Option 2', 'selected_option', a.option(2)],
    [
      'one of a group',
      { type: 'static_select', ...groups },
      'Option 1',
      'selected_option',
      a.option(1),
    ],
    ['a person', { type: 'users_select' }, 'Anna Bell', 'selected_user', 'U1'],
    ['a channel', { type: 'channels_select' }, 'approvals', 'selected_channel', 'C1'],
    [
      'a conversation',
      { type: 'conversations_select' },
      'approvals',
      'selected_conversation',
      'C1',
    ],
  ])(
    '%s, from a menu',
    async (_name, element, label, key, value) => {
      await show(asked(element));
      await field().selectOption({ label });
      await held(key, value);
    },
    TEST_MS,
  );

  it.each([
    [
      'several of a list',
      { type: 'multi_static_select', ...options },
      'Option 2',
      'selected_options',
      [a.option(2)],
    ],
    ['people', { type: 'multi_users_select' }, 'Anna Bell', 'selected_users', ['U1']],
    ['channels', { type: 'multi_channels_select' }, 'approvals', 'selected_channels', ['C1']],
    [
      'conversations',
      { type: 'multi_conversations_select' },
      'approvals',
      'selected_conversations',
      ['C1'],
    ],
  ])(
    '%s, by typing',
    async (_name, element, label, key, value) => {
      await show(asked(element));
      await field().pressSequentially(label.slice(0, 4));
      await page.getByRole('option', { name: label }).click();
      await held(key, value);
      await modal(page)
        .getByRole('button', { name: `Remove ${label}` })
        .click();
      await held(key, []);
    },
    TEST_MS,
  );

  it.each([
    ['external_select', 'selected_option', a.option(1)],
    ['multi_external_select', 'selected_options', [a.option(1)]],
  ])(
    'from what the app offers for the words: %s',
    async (type, key, value) => {
      await show(asked({ type, min_query_length: 3 }));
      await field().pressSequentially('op');
      await page.getByText('Type 3 characters or more').waitFor();
      stage.app.answerNext(groups);
      await field().pressSequentially('t');
      await page.getByRole('group', { name: 'Group' }).getByRole('option').first().click();
      expect(stage.app.got.filter((got) => got['type'] === 'block_suggestion')).toHaveLength(1);
      await held(key, value);
    },
    TEST_MS,
  );

  it(
    'boxes, and one of several',
    async () => {
      await show(asked({ type: 'checkboxes', ...options }));
      await modal(page).getByRole('checkbox', { name: 'Option 1' }).check();
      await modal(page).getByRole('checkbox', { name: 'Option 2' }).check();
      await held('selected_options', [a.option(1), a.option(2)]);
      await page.keyboard.press('Escape');
      await modal(page).waitFor({ state: 'detached' });
      await show(asked({ type: 'radio_buttons', ...options }));
      await modal(page).getByRole('radio', { name: 'Option 2' }).check();
      await held('selected_option', a.option(2));
    },
    TEST_MS,
  );

  it(
    'files, of which one is taken away again',
    async () => {
      await show(asked({ type: 'file_input', filetypes: ['csv'], max_files: 2 }));
      const file = (name: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from('a;b') });
      await field().setInputFiles([file('one.csv'), file('two.csv')]);
      await modal(page).getByRole('button', { name: 'Remove one.csv' }).click();
      await modal(page)
        .getByRole('button', { name: 'Remove one.csv' })
        .waitFor({ state: 'detached' });
      const [left, ...others] = asObjects(stage.shown().values['b']?.['enter']?.['files']);
      expect([left?.['name'], left?.['size'], others]).toEqual(['two.csv', 3, []]);
      await field().setInputFiles(file('three.pdf'));
      await modal(page).getByText('only files of type csv').waitFor();
    },
    TEST_MS,
  );
});

describe('what the app hears', () => {
  const typing = { dispatch_action_config: { trigger_actions_on: ['on_character_entered'] } };
  const heard = () => stage.app.got.filter((got) => got['type'] === 'block_actions');

  it(
    'words as they are typed where it asked for that, not letter by letter',
    async () => {
      await show(asked(a.textInput(typing), { dispatch_action: true }));
      await field().pressSequentially('Hello', { delay: 20 });
      await stage.slack.until(
        () => asObjects(heard().at(-1)?.['actions'])[0]?.['value'] === 'Hello',
      );
      expect(heard().length).toBeLessThan(5);
    },
    TEST_MS,
  );

  it(
    'a word at Enter only, if it did not ask for more',
    async () => {
      await show(asked(a.textInput(), { dispatch_action: true }));
      await field().fill('Hello');
      await held('value', 'Hello');
      expect(heard()).toHaveLength(0);
      await field().press('Enter');
      await stage.slack.until(() => heard().length === 1);
      expect(stage.slack.modal('U1')).toBeDefined();
    },
    TEST_MS,
  );

  it(
    'buttons that ask first, and nothing of a no',
    async () => {
      await stage.posted([a.actions(a.button({ confirm: a.confirm(), value: 'x' }))]);
      await page.getByRole('button', { name: 'Press' }).click();
      await page.getByRole('button', { name: 'No' }).click();
      expect(heard()).toHaveLength(0);
      await page.getByRole('button', { name: 'Press' }).click();
      await page.getByRole('button', { name: 'Yes' }).click();
      await stage.slack.until(() => heard().length === 1);
      expect(asObjects(heard()[0]?.['actions'])[0]).toMatchObject({ value: 'x' });
    },
    TEST_MS,
  );

  it(
    'menus of messages, and what hides behind the dots',
    async () => {
      const options = [a.option(1), a.option(2)];
      const more = { type: 'overflow', action_id: 'more', options };
      await stage.posted([
        a.section({ accessory: more }),
        a.actions(a.select({ action_id: 'pick' })),
      ]);
      await page.locator('.b-section summary').click();
      await page.getByRole('button', { name: 'Option 2' }).click();
      await stage.slack.until(() => heard().length === 1);
      await page.locator('.b-actions select').selectOption('v1');
      await stage.slack.until(() => heard().length === 2);
      const [first, second] = heard().map((got) => asObjects(got['actions'])[0]);
      expect([first, second]).toMatchObject([
        { action_id: 'more', selected_option: { value: 'v2' } },
        { action_id: 'pick', selected_option: { value: 'v1' } },
      ]);
    },
    TEST_MS,
  );
});

describe('modals upon modals', () => {
  const answer = (action: string, title: string) => ({
    response_action: action,
    view: a.modal([a.section()], { title: plain(title), notify_on_close: true }),
  });
  const press = (name: string) => modal(page).getByRole('button', { name, exact: true }).click();
  const title = (name: string) => page.getByRole('dialog', { name, exact: true }).waitFor();

  it(
    'three stand on each other; Cancel takes one, the cross takes all',
    async () => {
      await show([a.section()], { title: plain('First') });
      for (const name of ['Second', 'Third']) {
        stage.app.answerNext(answer('push', name));
        await press('Send');
        await title(name);
      }
      expect(await page.locator('dialog[open]').count()).toBe(3);
      expect(await barriers(page)).toEqual([]);
      await press('Cancel');
      await stage.slack.until(() => stage.last()['type'] === 'view_closed');
      await title('Second');
      stage.app.answerNext(answer('update', 'Anew'));
      await press('Send');
      await title('Anew');
      await press('Close all');
      await modal(page).waitFor({ state: 'detached' });
      expect(stage.slack.modal('U1')).toBeUndefined();
      expect(asObject(stage.last())['is_cleared']).toBe(true);
    },
    TEST_MS,
  );

  it(
    'what the app finds wrong stands at the field, and what it breaks at the foot',
    async () => {
      await show(asked(a.textInput()));
      await field().fill('Hello');
      stage.app.answerNext({ response_action: 'errors', errors: { b: 'Not this one.' } });
      await press('Send');
      await page.getByText('Not this one.').waitFor();
      expect(await page.locator(':focus').getAttribute('id')).toBe(
        await field().getAttribute('id'),
      );
      expect(await field().inputValue()).toBe('Hello');
      stage.app.answerNext('', 500);
      await press('Send');
      await modal(page).getByText('We had some trouble connecting').waitFor();
      expect(await field().inputValue()).toBe('Hello');
      stage.app.answerNext({ response_action: 'clear' });
      await press('Send');
      await modal(page).waitFor({ state: 'detached' });
    },
    TEST_MS,
  );
});

it(
  'every block of a message is drawn, and keeps nobody out',
  async () => {
    await stage.posted([
      { type: 'header', text: plain('Header') },
      a.section({ fields: [a.mrkdwn('*One*\n1'), a.mrkdwn('*Two*\n2')] }),
      { type: 'divider' },
      { type: 'context', elements: [a.mrkdwn('Small'), a.picture()] },
      a.picture(),
      a.richText({ type: 'rich_text_section', elements: [{ type: 'text', text: 'Rich' }] }),
      { type: 'markdown', text: '# Marked\n- down' },
      a.dataTable(),
      a.pie(3),
      a.line(2, 3),
      a.card(),
      { type: 'carousel', elements: [a.card()] },
      a.container(),
      a.iconButton(),
      a.video(),
      {
        type: 'plan',
        title: 'Plan',
        tasks: [{ type: 'task_card', task_id: 't', title: 'Task', status: 'complete' }],
      },
    ]);
    await page.getByRole('heading', { name: 'Header' }).waitFor();
    expect(await page.getByText(/a block of type/).count()).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await write(page, 'Seen');
    await page.getByText('Seen').waitFor();
    expect(complaints).toEqual([]);
  },
  TEST_MS,
);
