/** Views: what survives an update, who may change what, and what Slack's client says by itself. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Json } from '../../../demo/slack/json.ts';
import * as a from './block-samples.ts';
import { newStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await newStage();
});
afterEach(() => stage.stop());

const entry = (element: Json, more: Json = {}) =>
  a.modal([a.input(element, { block_id: 'b', ...more })]);
const update = (view: Json, more: Json = {}) =>
  stage.api('views.update', { view_id: stage.shown().id, view, ...more });

describe('what was entered, after an update', () => {
  const typed = { type: 'plain_text_input', value: 'typed' };
  it.each<[string, Json, unknown]>([
    ['stays in the same block', entry(a.textInput({ initial_value: 'first' })), typed],
    ['stays in a block of another label', entry(a.textInput(), { label: a.plain('New') }), typed],
    [
      'gives way to the first value under another action id',
      entry(a.textInput({ initial_value: 'first', action_id: 'other' })),
      { type: 'plain_text_input', value: 'first' },
    ],
    [
      'gives way to the first value under another block id',
      a.modal([a.input(a.textInput({ initial_value: 'first' }), { block_id: 'c' })]),
      { type: 'plain_text_input', value: 'first' },
    ],
    [
      'gives way in an element of another type',
      entry({ type: 'datepicker', initial_date: '2026-01-31' }),
      { type: 'datepicker', selected_date: '2026-01-31' },
    ],
  ])('%s', async (_name, view, expected) => {
    await stage.open(entry(a.textInput()));
    await stage.anna.type('Label', 'typed');
    await update(view);
    const held = Object.values(stage.shown().values).flatMap((block) => Object.values(block));
    expect(held).toEqual([expected]);
  });

  it('is dropped where it is no longer offered', async () => {
    await stage.open(entry(a.select()));
    await stage.anna.choose('Label', 'v2');
    await update(entry(a.select({ options: [a.option(2), a.option(3)] })));
    expect(stage.shown().values).toMatchObject({
      b: { enter: { selected_option: { value: 'v2' } } },
    });
    await update(entry(a.select({ options: [a.option(3)] })));
    expect(stage.shown().values).toMatchObject({ b: { enter: { selected_option: null } } });
  });

  it('stays in a Home that is published again', async () => {
    const home = a.home([a.input(a.textInput(), { block_id: 'b' })]);
    await stage.api('views.publish', { user_id: 'U1', view: home });
    await stage.anna.type('Label', 'typed', stage.shown());
    await stage.api('views.publish', { user_id: 'U1', view: home });
    expect(stage.shown().values).toEqual({ b: { enter: typed } });
  });
});

describe('who may change a view', () => {
  it('is who has its last hash, if a hash is given', async () => {
    await stage.open(a.modal());
    const { hash } = stage.shown();
    await update(a.modal(), { hash });
    expect(stage.shown().hash).not.toBe(hash);
    await expect(update(a.modal(), { hash })).rejects.toThrow('hash_conflict');
    await update(a.modal());
    await stage.anna.close();
    const home = { user_id: 'U1', view: a.home() };
    await stage.api('views.publish', home);
    await expect(stage.api('views.publish', { ...home, hash })).rejects.toThrow('hash_conflict');
  });

  it('may call it by its external id, which is its alone', async () => {
    await stage.open(a.modal(undefined, { external_id: 'mine' }));
    const { id } = stage.shown();
    const view = a.modal(undefined, { external_id: 'mine', callback_id: 'new' });
    await stage.api('views.update', { external_id: 'mine', view });
    expect(stage.shown()).toMatchObject({ id, callback_id: 'new' });
    const home = a.home(undefined, { external_id: 'mine' });
    await expect(stage.api('views.publish', { user_id: 'U1', view: home })).rejects.toThrow(
      'duplicate_external_id',
    );
  });

  it('is nobody once it is closed or gave way to another', async () => {
    await stage.open(a.modal());
    const { id } = stage.shown();
    await stage.open(a.modal());
    const late = { view_id: id, view: a.modal() };
    await expect(stage.api('views.update', late)).rejects.toThrow('not_found');
    const second = { view_id: stage.shown().id, view: a.modal() };
    await stage.anna.close();
    await expect(stage.api('views.update', second)).rejects.toThrow('not_found');
  });
});

describe('closing', () => {
  const asked = { notify_on_close: true };
  const push = async (more: Json = {}) => {
    stage.app.answerNext({ response_action: 'push', view: a.modal(undefined, more) });
    await stage.anna.submit();
  };

  it('a view with clear_on_close closes all, and tells of each that asked for it', async () => {
    await stage.open(a.modal(undefined, asked));
    await push({ ...asked, clear_on_close: true });
    const from = stage.app.got.length;
    await stage.anna.close();
    expect(stage.slack.modal('U1')).toBeUndefined();
    expect(stage.app.got.slice(from)).toMatchObject([
      { type: 'view_closed', is_cleared: true, view: { previous_view_id: expect.any(String) } },
      { type: 'view_closed', is_cleared: true, view: { previous_view_id: null } },
    ]);
  });

  it('a view that asked for nothing tells nobody', async () => {
    await stage.open(a.modal());
    const from = stage.app.got.length;
    await stage.anna.close();
    expect(stage.app.got).toHaveLength(from);
  });
});

describe("what Slack's client says before it sends a form", () => {
  const number = (more: Json) => ({ type: 'number_input', is_decimal_allowed: false, ...more });
  it.each<[string, Json, string, string | undefined]>([
    ['an empty entry', a.textInput(), '', 'complete this required field'],
    ['a short text', a.textInput({ min_length: 2 }), 'a', 'at least 2'],
    ['a text just long enough', a.textInput({ min_length: 2 }), 'ab', undefined],
    ['a text just short enough', a.textInput({ max_length: 2 }), '🎈🎈', undefined],
    ['a long text', a.textInput({ max_length: 2 }), 'abc', 'at most 2'],
    ['a number below', number({ min_value: '5' }), '4', 'at least 5'],
    ['a number at the bound', number({ min_value: '5', max_value: '5' }), '5', undefined],
    ['a number above', number({ max_value: '5' }), '6', 'at most 5'],
    ['half a number', number({}), '1.5', 'whole number'],
    ['half a number, allowed', number({ is_decimal_allowed: true }), '1.5', undefined],
    ['a word for a number', number({}), 'five', 'enter a number'],
    ['no address', { type: 'email_text_input' }, 'anna', 'valid email'],
    ['an address', { type: 'email_text_input' }, 'anna@example.com', undefined],
    ['no URL', { type: 'url_text_input' }, 'example', 'valid URL'],
    ['a URL', { type: 'url_text_input' }, 'https://example.com', undefined],
  ])('to %s', async (_name, element, text, says) => {
    await stage.open(entry(element));
    await stage.anna.type('Label', text);
    const result = await stage.anna.submit();
    expect(result.outcome).toBe(says === undefined ? 'closed' : 'not-sent');
    expect(result.errors['b'] ?? '').toContain(says ?? '');
  });

  it('nothing to an empty entry that is optional', async () => {
    await stage.open(entry(a.textInput(), { optional: true }));
    expect((await stage.anna.submit()).outcome).toBe('closed');
    expect(stage.last()).toMatchObject({
      view: { state: { values: { b: { enter: { value: null } } } } },
    });
  });
});

it('counts the replies of a thread on its parent', async () => {
  const parent = await stage.posted([a.actions(a.button())]);
  const reply = { channel: 'C1', text: 'Reply', thread_ts: parent.ts };
  await stage.api('chat.postMessage', reply);
  await stage.api('chat.postMessage', reply);
  await stage.anna.click(parent, 'Press');
  expect(stage.last()).toMatchObject({ message: { thread_ts: parent.ts, reply_count: 2 } });
});
