/** Validate: what may stand where, what must be there, and what may not be there twice. */
import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../demo/slack/json.ts';
import { inSlackWords, validateMessage, validateView } from '../../../demo/slack/validate.ts';
import * as a from './block-samples.ts';

const { plain, mrkdwn } = a;

/** One valid block of each type, and where Slack shows it: message, modal, home. */
const BLOCKS: [string, Json, string][] = [
  ['actions', a.actions(a.button()), 'message modal home'],
  ['alert', { type: 'alert', text: mrkdwn('Careful'), level: 'warning' }, 'modal'],
  ['card', a.card(), 'message'],
  ['carousel', { type: 'carousel', elements: [a.card()] }, 'message'],
  ['container', a.container(), 'message'],
  ['context', { type: 'context', elements: [mrkdwn('x'), a.picture()] }, 'message modal home'],
  ['context_actions', a.iconButton(), 'message'],
  ['data_table', a.dataTable(), 'message'],
  ['data_visualization', a.pie(2), 'message'],
  ['divider', { type: 'divider' }, 'message modal home'],
  ['file', { type: 'file', source: 'remote', external_id: 'x' }, ''],
  ['header', { type: 'header', text: plain('Head') }, 'message modal home'],
  ['image', a.picture({ title: plain('Title') }), 'message modal home'],
  ['input', a.input(a.textInput()), 'message modal home'],
  ['markdown', { type: 'markdown', text: '# Head' }, 'message'],
  ['nonsense', { type: 'nonsense' }, ''],
  ['plan', { type: 'plan', title: 'Plan' }, 'message'],
  ['rich_text', a.richText({ type: 'rich_text_section', elements: [] }), 'message modal home'],
  ['section', a.section(), 'message modal home'],
  ['table', { type: 'table', rows: a.rows(2, 2) }, 'message'],
  ['task_card', { type: 'task_card', task_id: 't', title: 'Task', status: 'complete' }, 'message'],
  ['video', a.video(), 'message modal home'],
];

const SURFACES = {
  message: (block: Json) => validateMessage(a.message([block])),
  modal: (block: Json) => validateView(a.modal([block]), 'modal'),
  home: (block: Json) => validateView(a.home([block]), 'home'),
};
const shownIn = (block: Json): string =>
  Object.entries(SURFACES)
    .filter(([, validate]) => validate(block).length === 0)
    .map(([surface]) => surface)
    .join(' ');

describe('where a block may stand', () => {
  it.each(BLOCKS)('%s', (_type, block, surfaces) => {
    expect(shownIn(block)).toBe(surfaces);
  });
});

/** One valid element of each type, and the places that take it: input, section, actions. */
const ELEMENTS: [Json, string, string][] = [
  [a.button(), 'section actions', 'message modal home'],
  [
    { type: 'workflow_button', text: plain('Run'), workflow: { trigger: { url: 'https://x.y' } } },
    'section actions',
    'message',
  ],
  [{ type: 'overflow', options: [a.option(1)] }, 'section actions', 'message modal home'],
  [a.select(), 'input section actions', 'message modal home'],
  [a.select({ type: 'multi_static_select' }), 'input section actions', 'message modal home'],
  [{ type: 'external_select' }, 'input section actions', 'message modal home'],
  [{ type: 'multi_external_select' }, 'input section actions', 'message modal home'],
  [{ type: 'users_select' }, 'input section actions', 'message modal home'],
  [{ type: 'multi_users_select' }, 'input section actions', 'message modal home'],
  [{ type: 'channels_select' }, 'input section actions', 'message modal home'],
  [{ type: 'multi_channels_select' }, 'input section actions', 'message modal home'],
  [{ type: 'conversations_select' }, 'input section actions', 'message modal home'],
  [{ type: 'multi_conversations_select' }, 'input section actions', 'message modal home'],
  [{ type: 'checkboxes', options: [a.option(1)] }, 'input section actions', 'message modal home'],
  [
    { type: 'radio_buttons', options: [a.option(1)] },
    'input section actions',
    'message modal home',
  ],
  [{ type: 'datepicker' }, 'input section actions', 'message modal home'],
  [{ type: 'timepicker' }, 'input section actions', 'message modal home'],
  [{ type: 'datetimepicker' }, 'input actions', 'message modal'],
  [{ type: 'rich_text_input' }, 'input actions', 'modal home'],
  [{ type: 'plain_text_input' }, 'input', 'message modal home'],
  [{ type: 'email_text_input' }, 'input', 'modal'],
  [{ type: 'url_text_input' }, 'input', 'modal'],
  [{ type: 'number_input', is_decimal_allowed: false }, 'input', 'modal'],
  [{ type: 'file_input' }, 'input', 'modal'],
  [a.picture(), 'section', 'message modal home'],
  [{ type: 'nonsense' }, '', ''],
];

describe('where an element may stand', () => {
  it.each(ELEMENTS)('%j', (element, places, surfaces) => {
    const placed = {
      input: a.input(element),
      section: a.section({ accessory: element }),
      actions: a.actions(element),
    };
    const shown = Object.entries(placed).map(([place, block]) => [place, shownIn(block)]);
    const expected = Object.keys(placed).map((place) => [
      place,
      places.split(' ').includes(place) ? surfaces : '',
    ]);
    expect(shown).toEqual(expected);
  });
});

/** A modal with one thing wrong: the place and the words that name it. */
const WRONG: [string, Json, string][] = [
  ['an unknown field', a.section({ colour: 'red' }), '/blocks/0/colour invalid additional'],
  ['no text in a section', { type: 'section' }, '/blocks/0 must provide text or fields'],
  ['an empty text', a.section({ text: mrkdwn('') }), '/blocks/0/text/text must be more than 0'],
  ['a string for a text', a.section({ text: 'Hi' }), '/blocks/0/text must provide an object'],
  ['mrkdwn in a header', { type: 'header', text: mrkdwn('x') }, '/blocks/0/text/type unsupported'],
  ['emoji in mrkdwn', a.section({ text: { ...mrkdwn('x'), emoji: true } }), '/blocks/0/text/emoji'],
  ['verbatim in plain text', a.section({ text: { ...plain('x'), verbatim: true } }), '/verbatim'],
  ['no options', a.input({ type: 'radio_buttons' }), '/blocks/0/element missing required field'],
  ['an empty list of options', a.input(a.select({ options: [] })), 'no fewer than 1 items'],
  [
    'options and groups',
    a.input(a.select({ option_groups: [{ label: plain('G'), options: [a.option(3)] }] })),
    'either options or',
  ],
  ['values twice', a.input(a.select({ options: [a.option(1), a.option(1)] })), 'unique values'],
  ['a strange first option', a.input(a.select({ initial_option: a.option(9) })), 'not among'],
  [
    'mrkdwn in a menu',
    a.input(a.select({ options: [a.option(1, { text: mrkdwn('x') })] })),
    'mrkdwn',
  ],
  ['a style of its own', a.actions(a.button({ style: 'loud' })), 'must be one of: primary, danger'],
  ['one action id twice', a.actions(a.button(), a.button()), '`action_id` "press" already exists'],
  ['no such date', a.input({ type: 'datepicker', initial_date: '2026-02-30' }), 'must be a date'],
  ['no such time', a.input({ type: 'timepicker', initial_time: '24:00' }), 'must be a time'],
  ['a moment in ms', a.input({ type: 'datetimepicker', initial_date_time: 1e12 }), 'at most'],
  ['no word on decimals', a.input({ type: 'number_input' }), 'is_decimal_allowed'],
  [
    'bounds the wrong way round',
    a.input({ type: 'number_input', is_decimal_allowed: true, min_value: '2', max_value: '1' }),
    'min_value must not be greater',
  ],
  [
    'a number as a number',
    a.input({ type: 'number_input', is_decimal_allowed: true, min_value: 1 }),
    'a number, as',
  ],
  [
    'too long at first',
    a.input(a.textInput({ max_length: 1, initial_value: 'ab' })),
    'initial_value',
  ],
  ['a dot in a file type', a.input({ type: 'file_input', filetypes: ['.csv'] }), 'filetypes/0'],
  ['two sources of one picture', a.picture({ slack_file: { id: 'F1' } }), 'either image_url or'],
  ['an image without words', { type: 'image', image_url: 'https://x.y' }, 'alt_text'],
];

describe('what is wrong with a block', () => {
  it.each(WRONG)('%s', (_name, block, says) => {
    const faults = validateView(a.modal([block]), 'modal');
    expect(faults.map((fault) => `${fault.at} ${fault.says}`).join('\n')).toContain(says);
    expect(faults).toHaveLength(1);
  });
});

describe('a view', () => {
  it('needs a submit button once it asks for something', () => {
    const { submit: _none, ...view } = a.modal([a.input(a.textInput())]);
    expect(validateView(view, 'modal').map(({ at }) => at)).toEqual(['/submit']);
    expect(validateView(a.home([a.input(a.textInput())]), 'home')).toEqual([]);
  });

  it('gives the focus to one element', () => {
    const focused = (id: string) => a.input(a.textInput({ focus_on_load: true }), { block_id: id });
    expect(validateView(a.modal([focused('a')]), 'modal')).toEqual([]);
    expect(validateView(a.modal([focused('a'), focused('b')]), 'modal')).toHaveLength(1);
  });

  it('holds each block id once, and an action id as often as it has blocks', () => {
    const twice = (id: string) => [a.section({ block_id: id }), a.section({ block_id: 'b' })];
    expect(validateView(a.home(twice('a')), 'home')).toEqual([]);
    expect(validateView(a.home(twice('b')), 'home').map(({ at }) => at)).toEqual([
      '/blocks/1/block_id',
    ]);
    const row = () => a.section({ accessory: a.button() });
    expect(validateView(a.home([row(), row()]), 'home')).toEqual([]);
  });

  it('is of the type that its surface shows, and has a title only in a modal', () => {
    expect(validateView(a.home(), 'modal').map(({ says }) => says)).toEqual(
      ['missing required field: title', 'must be one of: modal'].toSorted().toReversed(),
    );
    expect(validateView(a.home(undefined, { title: plain('x') }), 'home')).toHaveLength(1);
    expect(validateView(a.modal([]), 'modal')).toHaveLength(1);
    expect(validateView('view', 'modal').length).toBeGreaterThan(0);
  });

  it('that is too large says so in the way of Slack', () => {
    const blocks = a.times(95, () => a.section({ text: mrkdwn(a.letters(3_000)) }));
    expect(validateView(a.modal(blocks), 'modal')).toMatchObject([{ error: 'view_too_large' }]);
  });
});

describe('a message', () => {
  it.each([
    ['text alone', { text: 'Hi' }, []],
    ['nothing', {}, ['no_text']],
    ['blocks without text', a.message(undefined, { text: undefined }), ['none']],
    ['empty blocks and text', { text: 'Hi', blocks: [] }, []],
    ['empty blocks alone', { blocks: [] }, ['no_text']],
    ['two tables', a.message([a.dataTable(), { type: 'table', rows: a.rows(1) }]), [undefined]],
    ['metadata', { text: 'Hi', metadata: { event_type: 'e', event_payload: {} } }, []],
    [
      'no payload',
      { text: 'Hi', metadata: { event_type: 'e' } },
      Array(2).fill('invalid_metadata_format'),
    ],
    ['a bad block in an attachment', { attachments: [{ blocks: [{ type: 'x' }] }] }, [undefined]],
  ])('with %s', (_name, message, errors) => {
    expect(validateMessage(message).map(({ error }) => error)).toEqual(errors);
  });

  it.each([
    ['uneven rows', a.dataTable({ rows: [[a.cell('x')], [a.cell('y'), a.cell('z')]] })],
    ['a heading alone', a.dataTable({ rows: a.rows(1) })],
    ['no caption', a.dataTable({ caption: undefined })],
    [
      'a segment of nothing',
      a.pie(0, { chart: { type: 'pie', segments: [{ label: 'x', value: 0 }] } }),
    ],
    ['labels off the axis', a.line(1, 2, { categories: ['p1', 'p0'] })],
    ['an unknown chart', a.pie(1, { chart: { type: 'radar' } })],
  ])('with a figure of %s is refused', (_name, block) => {
    expect(validateMessage(a.message([block]))).toHaveLength(1);
  });

  it('has faults in the words of Slack', () => {
    const faults = validateMessage(a.message(a.times(51, () => a.section())));
    expect(faults.map((fault) => inSlackWords(fault))).toEqual([
      '[ERROR] no more than 50 items allowed [json-pointer:/blocks]',
    ]);
  });
});
