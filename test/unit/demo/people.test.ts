/** People: what can be entered, and what the app's answers do to the screen. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SlackDouble } from '../../../demo/slack/double.ts';
import type { Json } from '../../../demo/slack/json.ts';
import type { Person } from '../../../demo/slack/person.ts';
import * as a from './block-samples.ts';
import type { Listener } from './listener.ts';
import { newStage, type Stage } from './stage.ts';

const { plain } = a;
let stage: Stage;
let slack: SlackDouble;
let app: Listener;
let anna: Person;

beforeEach(async () => {
  stage = await newStage();
  ({ slack, app, anna } = stage);
});
afterEach(() => stage.stop());

describe('what is entered', () => {
  const entry = (element: Json, more: Json = {}) =>
    a.modal([a.input(element, { block_id: 'b', ...more })]);
  const held = () => stage.shown().values['b']?.['enter'];

  it.each([
    ['an option by its words', a.select(), 'Option 2', { selected_option: a.option(2) }],
    ['an option by its value', a.select(), 'v1', { selected_option: a.option(1) }],
    ['nothing', a.select({ initial_option: a.option(1) }), null, { selected_option: null }],
    [
      'several',
      { type: 'checkboxes', options: [a.option(1), a.option(2)] },
      ['v1', 'v2'],
      { selected_options: [a.option(1), a.option(2)] },
    ],
    ['a user', { type: 'users_select' }, 'U1', { selected_user: 'U1' }],
    ['channels', { type: 'multi_channels_select' }, ['C1'], { selected_channels: ['C1'] }],
    ['a date', { type: 'datepicker' }, '2026-01-31', { selected_date: '2026-01-31' }],
    ['a time', { type: 'timepicker' }, '09:30', { selected_time: '09:30' }],
    ['a moment', { type: 'datetimepicker' }, 1_772_366_400, { selected_date_time: 1_772_366_400 }],
    ['a text', a.textInput(), 'Hello', { value: 'Hello' }],
    [
      'a rich text',
      { type: 'rich_text_input' },
      'Hello',
      {
        rich_text_value: a.richText({
          type: 'rich_text_section',
          elements: [{ type: 'text', text: 'Hello' }],
        }),
      },
    ],
  ])('%s', async (_name, element, choice, value) => {
    await stage.open(entry(element));
    await anna.choose('Label', choice);
    expect(held()).toEqual({ type: element['type'], ...value });
  });

  it.each([
    ['an option that is not offered', a.select(), 'v9', '"v9" is not on offer'],
    ['an external option never searched', { type: 'external_select' }, 'v1', 'search first'],
    ['a stranger', { type: 'users_select' }, 'U9', 'no U9'],
    ['a date in words', { type: 'datepicker' }, 'today', 'YYYY-MM-DD'],
    ['a time in words', { type: 'timepicker' }, 'noon', 'HH:mm'],
    [
      'too many',
      a.select({ type: 'multi_static_select', max_selected_items: 1 }),
      ['v1', 'v2'],
      'at most 1',
    ],
  ])('but not %s', async (_name, element, choice, says) => {
    await stage.open(entry(element));
    await expect(anna.choose('enter', choice)).rejects.toThrow(says);
  });

  it('is reported at once only where the app asked for that', async () => {
    await stage.open(entry(a.textInput()));
    const before = app.got.length;
    await anna.type('Label', 'x');
    expect(app.got).toHaveLength(before);
    await anna.close();
    await stage.open(entry(a.textInput(), { dispatch_action: true }));
    await anna.type('Label', 'x');
    expect(stage.last()).toMatchObject({
      type: 'block_actions',
      actions: [{ type: 'plain_text_input', action_id: 'enter', block_id: 'b', value: 'x' }],
      view: { state: { values: { b: { enter: { value: 'x' } } } } },
    });
  });

  it('is reported from sections, action rows, menus of messages and the Home tab', async () => {
    const menu = a.select({ action_id: 'pick' });
    await stage.open(a.modal([a.section({ accessory: menu })]));
    await anna.choose('pick', 'v2');
    expect(stage.last()).toMatchObject({ actions: [{ selected_option: { value: 'v2' } }] });
    await anna.close();
    await anna.click(await stage.posted([a.actions(menu)]), 'pick', 'v1');
    expect(stage.last()).toMatchObject({ actions: [{ selected_option: { value: 'v1' } }] });
    const overflow = { type: 'overflow', action_id: 'more', options: [a.option(1), a.option(2)] };
    await stage.api('views.publish', { user_id: 'U1', view: a.home([a.actions(overflow, menu)]) });
    const home = stage.shown();
    await anna.click(home, 'more', 'Option 2');
    expect(stage.last()).toMatchObject({ actions: [{ selected_option: { value: 'v2' } }] });
    await anna.choose('pick', 'v2', home);
    expect(stage.last()).toMatchObject({
      view: { type: 'home' },
      actions: [{ type: 'static_select' }],
    });
  });

  it('comes from the app where it fills the menu, and is checked', async () => {
    const menu = { type: 'external_select', min_query_length: 2 };
    await stage.open(entry(menu));
    const before = app.got.length;
    expect(await anna.search('Label', 'x')).toEqual([]);
    expect(app.got).toHaveLength(before);
    app.answerNext({ option_groups: [{ label: plain('Tags'), options: [a.option(7)] }] });
    expect(await anna.search('Label', 'xy')).toEqual([a.option(7)]);
    expect(stage.last()).toMatchObject({
      type: 'block_suggestion',
      value: 'xy',
      block_id: 'b',
      action_id: 'enter',
    });
    await anna.choose('Label', 'v7');
    expect(held()).toEqual({ type: 'external_select', selected_option: a.option(7) });
    app.answerNext({ options: a.times(101, (index) => a.option(index)) });
    expect(await anna.search('Label', 'xyz')).toEqual([]);
    expect(slack.faults.at(0)).toMatchObject({ by: 'block_suggestion' });
  });

  it('may be files, of the right type and size, and few', async () => {
    await stage.open(entry({ type: 'file_input', filetypes: ['csv'], max_files: 1 }));
    const file = { name: 'a.CSV', content: Buffer.from('x'), mimetype: 'text/csv' };
    await expect(anna.attachFile('Label', { ...file, name: 'a.exe' })).rejects.toThrow('csv');
    const big = { ...file, content: Buffer.alloc(10_000_001) };
    await expect(anna.attachFile('Label', big)).rejects.toThrow('10000000');
    await anna.attachFile('Label', { ...file, needsInfo: true });
    expect(held()).toMatchObject({ files: [{ id: 'F0000003', file_access: 'check_file_info' }] });
    await expect(anna.attachFile('Label', file)).rejects.toThrow('at most 1');
    const { file: told } = await stage.api('files.info', { file: 'F0000003' });
    expect(told).toMatchObject({ name: 'a.CSV', size: 1, filetype: 'csv' });
  });

  it('says what there is where something is looked for in vain', async () => {
    await stage.open(entry(a.textInput()));
    await expect(anna.type('Lable', 'x')).rejects.toThrow('there is: enter = Label');
    const message = await stage.posted([
      a.actions(a.button({ value: '1' })),
      a.actions(a.button({ value: '2' })),
    ]);
    await expect(anna.click(message, 'Press')).rejects.toThrow('2 things here are called "Press"');
    await anna.click(message, 'Press', '2');
    expect(stage.last()).toMatchObject({ actions: [{ value: '2' }] });
  });
});

describe('what the app answers', () => {
  it.each([
    ['an update', { response_action: 'update', view: a.modal() }, 'updated', 1],
    ['a push', { response_action: 'push', view: a.modal() }, 'pushed', 2],
    ['clear', { response_action: 'clear' }, 'cleared', 0],
    ['nothing', '', 'closed', 0],
  ])('to a submission: %s', async (_name, answer, outcome, left) => {
    await stage.open(a.modal());
    app.answerNext(answer);
    expect((await anna.submit()).outcome).toBe(outcome);
    let depth = 0;
    for (; slack.modal('U1') !== undefined; depth++) await anna.close();
    expect(depth).toBe(left);
  });

  it.each([
    ['an unknown action', { response_action: 'dance' }, 'invalid_answer'],
    ['a bad view', { response_action: 'update', view: a.modal([]) }, 'invalid_view'],
    ['no errors', { response_action: 'errors', errors: {} }, 'invalid_answer'],
    ['no status 200', '', 'dispatch_failed', 500],
  ])('to a submission, with trouble: %s', async (_name, answer, code, status = 200) => {
    await stage.open(a.modal());
    app.answerNext(answer, status);
    await expect(anna.submit()).rejects.toMatchObject({ code });
    expect(slack.modal('U1')).toBeDefined();
  });

  it('to a command: text, a message for all, or something that cannot be shown', async () => {
    app.answerNext('Only you see this');
    expect((await anna.command('/help')).reply?.ephemeral_to).toBe('U1');
    app.answerNext({ response_type: 'in_channel', text: 'All see this' });
    await anna.command('/help', { channel: 'C1' });
    expect(slack.messages('C1').map(({ text }) => text)).toEqual(['All see this']);
    app.answerNext({ blocks: [{ type: 'x' }] });
    await expect(anna.command('/help')).rejects.toMatchObject({ code: 'invalid_command_response' });
  });
});

describe('a response URL', () => {
  it('takes five posts in half an hour', async () => {
    await anna.command('/help');
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push(await stage.respond({ text: `${i}` }));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(anna.ephemerals().map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4']);
    await anna.command('/help');
    stage.passTime(30 * 60_000);
    expect(await stage.respond({ text: 'in time' })).toBe(200);
    stage.passTime(1);
    expect(await stage.respond({ text: 'late' })).toBe(404);
  });

  it('replaces, adds to or removes the message that was clicked', async () => {
    const message = await stage.posted([a.actions(a.button())]);
    await anna.click(message, 'Press');
    await stage.respond({ text: 'Beside', replace_original: false });
    await stage.respond({ text: 'Instead' });
    expect(slack.messages('C1')).toMatchObject([{ ts: message.ts, text: 'Instead', blocks: [] }]);
    expect(anna.ephemerals()).toMatchObject([{ text: 'Beside', channel: 'C1' }]);
    await stage.respond({ delete_original: true });
    expect(slack.messages('C1')).toEqual([]);
    expect(await stage.respond({ text: 'x', blocks: [{ type: 'x' }] })).toBe(400);
  });

  it('works for a message that only one person sees, which is not sent along', async () => {
    await stage.api('chat.postEphemeral', {
      channel: 'C1',
      user: 'U1',
      text: 'Psst',
      blocks: [a.actions(a.button())],
    });
    const whispered = await slack.until(() => anna.ephemerals().at(0));
    await anna.click(whispered, 'Press');
    expect(stage.last()).toMatchObject({ container: { is_ephemeral: true } });
    expect(stage.last()['message']).toBeUndefined();
    await stage.respond({ text: 'Done', replace_original: true });
    expect(anna.ephemerals().map(({ text }) => text)).toEqual(['Done']);
  });
});

it('sends what somebody saw, though the message has changed since', async () => {
  const message = await stage.posted([a.actions(a.button())]);
  await stage.api('chat.update', { channel: 'C1', ts: message.ts, text: 'Over', blocks: [] });
  await anna.click(message, 'Press');
  expect(stage.last()).toMatchObject({
    message: { text: 'Over' },
    actions: [{ action_id: 'press' }],
  });
});
