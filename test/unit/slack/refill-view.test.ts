/** Refill view: a refused form comes back as it was filled in, and only that. */
import { describe, expect, it } from '@jest/globals';
import type { ModalView } from '@slack/types';
import { validateView } from '../../../demo/slack/validate.ts';
import { modal } from '../../../src/slack/blocks/blocks.ts';
import {
  checkboxes,
  dateTimePicker,
  externalMultiSelect,
  fileInput,
  input,
  numberInput,
  option,
  radios,
  select,
  textInput,
} from '../../../src/slack/blocks/inputs.ts';
import type { SubmissionAnswer } from '../../../src/slack/guard/door.ts';
import { refilledView } from '../../../src/slack/guard/refill-view.ts';
import { noticeView } from '../../../src/slack/guard/refusals.ts';

const OPTIONS = [option('a', 'First', 'with a hint'), option('b', 'Second')];
const form = (over: Partial<ModalView> = {}): ModalView => ({
  ...modal({
    callbackId: 'fill-in',
    title: 'A form',
    submit: 'Send',
    close: 'Cancel',
    metadata: 'd_1',
    blocks: [
      input({ id: 'text', label: 'Text', element: textInput({ initial: 'before' }) }),
      input({ id: 'number', label: 'Number', element: numberInput() }),
      input({ id: 'one', label: 'One', element: select(OPTIONS) }),
      input({ id: 'radio', label: 'Radio', element: radios(OPTIONS, { initial: 'a' }) }),
      input({ id: 'boxes', label: 'Boxes', element: checkboxes(OPTIONS), optional: true }),
      input({
        id: 'found',
        label: 'Found',
        element: externalMultiSelect({ initial: [], most: 3, placeholder: 'Search' }),
      }),
      input({ id: 'at', label: 'At', element: dateTimePicker({}), optional: true }),
      input({ id: 'file', label: 'File', element: fileInput({ types: ['csv'] }) }),
    ],
  }),
  ...over,
});
const chosen = (value: string) => ({
  value,
  text: { type: 'plain_text', text: 'as Slack says it' },
});
const ENTERED = {
  text: { value: 'after' },
  number: { value: '7' },
  one: { selected_option: chosen('b') },
  radio: { selected_option: chosen('b') },
  boxes: { selected_options: [chosen('a')] },
  found: { selected_options: [chosen('batch:b_1')] },
  at: { selected_date_time: 1_800_000_000 },
  file: { files: [{ id: 'F1' }] },
};
const valuesOf = (entered: Readonly<Record<string, object>>) =>
  Object.fromEntries(Object.entries(entered).map(([id, value]) => [id, { [id]: value }]));
const submitted = (entered: Readonly<Record<string, object>> = ENTERED, view = form()) => ({
  view: { ...view, state: { values: valuesOf(entered) } },
});
const ERRORS: SubmissionAnswer = { response_action: 'errors', errors: { text: 'Too <late>.' } };

const elementOf = (view: ModalView | undefined, id: string) => {
  const block = view?.blocks.find((one) => 'block_id' in one && one.block_id === id);
  return (block as { element?: Record<string, unknown> } | undefined)?.element ?? {};
};

describe('a form that was refused', () => {
  it('holds everything that was entered, and what is wrong above it', () => {
    const view = refilledView(submitted(), ERRORS, 'en');
    expect(validateView(view, 'modal')).toEqual([]);
    expect(view).toMatchObject({ callback_id: 'fill-in', private_metadata: 'd_1' });
    expect(JSON.stringify(view?.blocks[0])).toContain('Too &lt;late&gt;.');
    expect(JSON.stringify(view)).toContain('choose them again');
    expect(elementOf(view, 'text')['initial_value']).toBe('after');
    expect(elementOf(view, 'number')['initial_value']).toBe('7');
    // An option is the one that is offered, whatever Slack calls it.
    expect(elementOf(view, 'one')['initial_option']).toEqual(OPTIONS[1]);
    expect(elementOf(view, 'radio')['initial_option']).toEqual(OPTIONS[1]);
    expect(elementOf(view, 'boxes')['initial_options']).toEqual([OPTIONS[0]]);
    expect(elementOf(view, 'found')['initial_options']).toEqual([chosen('batch:b_1')]);
    expect(elementOf(view, 'at')['initial_date_time']).toBe(1_800_000_000);
  });

  it('does not bring back what was taken out', () => {
    const empty = {
      text: { value: null },
      radio: { selected_option: null },
      boxes: { selected_options: [] },
    };
    const view = refilledView(submitted(empty), ERRORS, 'de');
    expect(validateView(view, 'modal')).toEqual([]);
    for (const id of Object.keys(empty)) {
      const keys = Object.keys(elementOf(view, id));
      expect(keys.filter((key) => key.startsWith('initial_'))).toEqual([]);
    }
    expect(JSON.stringify(view)).not.toContain('noch einmal');
  });

  it('says each refusal once, however often it is refused', () => {
    const push: SubmissionAnswer = { response_action: 'push', view: noticeView('Not so.', 'en') };
    const first = refilledView(submitted(), ERRORS, 'en');
    const second = refilledView(submitted(ENTERED, first ?? form()), push, 'en');
    expect(validateView(second, 'modal')).toEqual([]);
    expect(JSON.stringify(second)).toContain('Not so.');
    expect(JSON.stringify(second)).not.toContain('Too &lt;late');
    expect(second?.blocks).toHaveLength(first?.blocks.length ?? 0);
  });
});

describe('no form comes of', () => {
  it.each([
    ['an answer that refuses nothing', { response_action: 'update', view: form() }],
    ['the end of it', { response_action: 'clear' }],
    ['no answer', undefined],
    ['a window with inputs of its own', { response_action: 'push', view: form() }],
  ] as const)('%s', (_what, answer) => {
    expect(refilledView(submitted(), answer as SubmissionAnswer, 'en')).toBeUndefined();
  });

  it.each([
    {},
    { view: null },
    { view: { ...form(), state: { values: 'x' } } },
    { view: { ...form(), blocks: 'x', state: { values: {} } } },
    { view: { ...form(), submit: null, state: { values: {} } } },
    submitted(ENTERED, form({ blocks: Array.from({ length: 100 }, () => ({ type: 'divider' })) })),
  ])('a body that does not hold one', (body) => {
    expect(refilledView(body, ERRORS, 'en')).toBeUndefined();
  });
});
