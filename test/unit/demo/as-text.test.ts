/** As text: how messages, modals and the Home tab read in a terminal. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { asText, plain } from '../../../demo/slack/as-text.ts';
import * as a from './block-samples.ts';
import { newStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await newStage();
});
afterEach(() => stage.stop());

const names = (id: string) => ({ U1: 'Anna', C1: 'approvals' })[id];

describe('mark-up', () => {
  it.each([
    ['<@U1> in <#C1>', '@Anna in #approvals'],
    ['<@U2> and <#C2|old>', '@U2 and #old'],
    ['<!channel> <!subteam^S1|@privacy>', '@channel @privacy'],
    ['<!date^1772366400^{date_short}|Mar 1>', 'Mar 1'],
    ['<https://x.y|here> <https://x.y>', 'here (https://x.y) https://x.y'],
    ['*Opt in 12 addresses* from _CRM_, ~old~', 'Opt in 12 addresses from CRM, old'],
    ['j***@ex… 2*3*4 snake_case_name', 'j***@ex… 2*3*4 snake_case_name'],
    ['a &lt;b&gt; &amp;lt; c', 'a <b> &lt; c'],
  ])('%s', (mrkdwn, text) => {
    expect(plain(mrkdwn, names)).toBe(text);
  });
});

it('shows a card with its fields, its menus and its buttons', async () => {
  const message = await stage.posted([
    { type: 'header', text: a.plain('Approval needed') },
    a.section({
      text: a.mrkdwn('*Opt in*\nby <@U1>'),
      fields: [a.mrkdwn('*Who*\nCRM'), a.mrkdwn('*How*\nWeb form')],
      accessory: { type: 'overflow', action_id: 'more', options: [a.option(1), a.option(2)] },
    }),
    { type: 'divider' },
    a.actions(a.button({ text: a.plain('Approve') }), a.button({ action_id: 'no' })),
    { type: 'context', elements: [a.mrkdwn('expires <!date^1^x|soon>'), a.picture()] },
  ]);
  expect(asText(message, names).split('\n')).toEqual([
    'Approval needed',
    '═'.repeat(15),
    'Opt in   […: Option 1 | Option 2]',
    'by @Anna',
    '• Who: CRM',
    '• How: Web form',
    '─'.repeat(70),
    '[Approve] [Press]',
    'expires soon · (A picture)',
  ]);
});

it('shows figures and rich text', async () => {
  const message = await stage.posted([
    a.pie(0, {
      chart: {
        type: 'pie',
        segments: [
          { label: 'changed', value: 3_000 },
          { label: 'kept', value: 1_000 },
        ],
      },
    }),
    a.dataTable({
      rows: [
        [a.cell('Tag'), a.cell('Count')],
        [a.cell('vip'), a.cell('7')],
      ],
    }),
    a.richText(
      {
        type: 'rich_text_section',
        elements: [
          { type: 'user', user_id: 'U1' },
          { type: 'text', text: ' says' },
        ],
      },
      {
        type: 'rich_text_list',
        style: 'bullet',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'j***@ex…' }] }],
      },
    ),
  ]);
  expect(asText(message, names).split('\n')).toEqual([
    'Outcome',
    `  changed ${'▓'.repeat(18)} 3,000`,
    `  kept    ${'▓'.repeat(6)} 1,000`,
    'Counts',
    'Tag │ Count',
    'vip │ 7',
    '@Anna says',
    '• j***@ex…',
  ]);
});

it('shows plain messages, their files, and that they were edited', async () => {
  const { ts } = stage.anna.say('C1', 'See <https://x.y>', [
    { name: 'a.csv', content: Buffer.from('x'), mimetype: 'text/csv' },
  ]);
  const mine = await stage.posted([]);
  await stage.api('chat.update', { channel: 'C1', ts: mine.ts, text: 'Edited' });
  const texts = stage.slack.messages('C1').map((message) => asText(message));
  expect(ts).not.toBe(mine.ts);
  expect(texts).toEqual(['See https://x.y\n(file: a.csv)', 'Edited\n(edited)']);
});

it('shows a modal with what was entered and what is wrong', async () => {
  const radio = { type: 'radio_buttons', options: [a.option(1), a.option(2)] };
  await stage.open(
    a.modal(
      [
        { type: 'alert', level: 'warning', text: a.plain('Careful') },
        a.input(a.textInput(), { label: a.plain('Reason'), hint: a.plain('In one line') }),
        a.input(radio, { label: a.plain('Match') }),
        a.input(a.select({ placeholder: a.plain('Pick one') }), {
          label: a.plain('Tag'),
          optional: true,
        }),
      ],
      { close: a.plain('Cancel') },
    ),
  );
  await stage.anna.choose('Match', 'v2');
  await stage.anna.submit();
  expect(asText(stage.shown()).split('\n')).toEqual([
    `┌─ Title ${'─'.repeat(63)}`,
    '│ ! warning: Careful',
    '│ Reason *: [ ]',
    '│   In one line',
    '│   ✗ Please complete this required field.',
    '│ Match *: ○ Option 1  ◉ Option 2',
    '│ Tag: [Pick one]',
    '└─ [Cancel] [Send]',
  ]);
});

it('shows the Home tab', async () => {
  const view = a.home([a.section({ text: a.mrkdwn('Waiting'), accessory: a.button() })]);
  await stage.api('views.publish', { user_id: 'U1', view });
  expect(asText(stage.shown())).toBe(`┌─ Home ${'─'.repeat(64)}\n│ Waiting   [Press]\n└─`);
});
