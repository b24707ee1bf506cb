/** Render: blocks as HTML: what Slack's mark-up means, and that nothing in it becomes HTML. */
import { describe, expect, it } from '@jest/globals';
import { renderBlock } from '../../../demo/browser/render-blocks.ts';
import { renderMarkdown } from '../../../demo/browser/render-markdown.ts';
import { renderMrkdwn } from '../../../demo/browser/render-mrkdwn.ts';
import type { Scene, World } from '../../../demo/browser/scene.ts';
import type { Json } from '../../../demo/slack/json.ts';
import type { Html } from '../../../src/web/html.ts';
import * as a from './block-samples.ts';

const world: World = {
  people: [{ id: 'U1', name: 'Anna' }],
  channels: [{ id: 'C1', name: 'approvals' }],
  groups: [{ id: 'S1', name: 'privacy' }],
  locale: 'en-US',
  timeZone: 'America/New_York',
  now: new Date('2026-03-01T12:00:00Z'),
  fileUrl: (id) => (id === 'F1' ? '/file/F1' : undefined),
};
const scene: Scene = { world, surface: 'message', id: 'm1', values: {}, errors: {} };
/** Escapes by name, which are easier to read here than those by number. */
const named = ({ text }: Html): string =>
  text
    .replaceAll('&#60;', '&lt;')
    .replaceAll('&#62;', '&gt;')
    .replaceAll('&#34;', '&quot;')
    .replaceAll('&#38;', '&amp;');
const shown = (text: string) => named(renderMrkdwn(text, world));
const block = (given: Json, more: Partial<Scene> = {}) =>
  named(renderBlock({ block_id: 'b1', ...given }, { ...scene, ...more }));

describe('mrkdwn', () => {
  it.each([
    ['*bold* and _italic_', '<strong>bold</strong> and <em>italic</em>'],
    ['~gone~', '<s>gone</s>'],
    ['*bold:* then', '<strong>bold:</strong> then'],
    ['2*3*4 snake_case_name', '2*3*4 snake_case_name'],
    ['`*code*`', '<code>*code*</code>'],
    ['one\ntwo', 'one<br>two'],
    ['&gt; said\nnot said', '<blockquote>said</blockquote>not said'],
    [
      '<@U1> in <#C1>',
      '<span class="mention">@Anna</span> in <span class="mention">#approvals</span>',
    ],
    ['<@U9>', '<span class="mention">@U9</span>'],
    ['<!subteam^S1>', '<span class="mention">@privacy</span>'],
    ['<!channel>', '<span class="mention">@channel</span>'],
    [':white_check_mark: :unknown_one:', '✅ :unknown_one:'],
    ['5 &lt; 6 &amp; 7', '5 &lt; 6 &amp; 7'],
  ])('%s', (text, html) => {
    expect(shown(text)).toBe(html);
  });

  it('code keeps its lines and is nothing but code', () => {
    expect(shown('```\n*a*\n<@U1>\n```')).toBe('<pre><code>*a*\n&lt;@U1&gt;</code></pre>');
  });

  it('a link to a file of Slack leads to the file that is here, and others stay as they are', () => {
    expect(shown('<https://demo.slack.com/files/U1/F1|list.csv>')).toBe(
      '<a href="/file/F1" download>list.csv</a>',
    );
    expect(shown('<https://demo.slack.com/files/U1/F2|gone.csv>')).toContain(
      'href="https://demo.slack.com/files/U1/F2"',
    );
  });

  it('links open elsewhere, and only where the web is', () => {
    expect(shown('<https://example.com/?a=1&amp;b=2|here>')).toBe(
      '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">here</a>',
    );
    expect(shown('<javascript:alert(1)|here>')).toBe('here');
  });

  it('dates are in the reader’s own time', () => {
    expect(shown('<!date^1772323200^{date_short_pretty} at {time}|later>')).toContain(
      'yesterday at 7:00 PM',
    );
    expect(shown('<!date^1772323200^{date_num}|later>')).toContain('02/28/2026');
    expect(shown('<!date^soon^{date}|later>')).toBe('later');
  });

  it.each([
    '<img src=x onerror=alert(1)>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '<https://x|"><script>alert(1)</script>>',
    '*<b onclick=x>* `<i>` > <u>',
    '\uE0000\uE001<@U1>',
  ])('%s stays text', (text) => {
    const tags = shown(text).match(/<\/?([a-z]+)/g) ?? [];
    const known = ['strong', 'em', 'code', 'span', 'a', 'br', 'blockquote'];
    expect(
      tags.map((tag) => tag.replace(/<\/?/, '')).filter((tag) => !known.includes(tag)),
    ).toEqual([]);
    expect(shown(text)).not.toMatch(/<[^>]*\son\w+=/);
  });
});

it('markdown: headings, lists, code and links', () => {
  const text =
    '# Plan\n\nSome **bold** [link](https://example.com).\n\n- one\n- two\n\n```\n<b>\n```';
  expect(named(renderMarkdown(text))).toBe(
    '<h3>Plan</h3><p>Some <strong>bold</strong> <a href="https://example.com" target="_blank" rel="noopener noreferrer">link</a>.</p><ul><li>one</li><li>two</li></ul><pre><code>&lt;b&gt;</code></pre>',
  );
});

describe('blocks', () => {
  it('a picture of another host is its description: nothing is fetched', () => {
    expect(block(a.picture())).not.toContain('example.com');
    expect(block(a.picture())).toContain('A picture');
  });

  it('a table has headers, and its numbers stand to the right', () => {
    const html = block(
      a.dataTable({
        rows: [
          [a.cell('Name'), a.cell('Count')],
          [a.cell('<Spring>'), { type: 'raw_number', value: 5, text: '5' }],
        ],
        row_header_column_index: 0,
      }),
    );
    expect(html).toContain('<caption>Counts</caption>');
    expect(html).toContain('<th scope="col" class="left">Name</th>');
    expect(html).toContain('<th scope="row" class="left">&lt;Spring&gt;</th>');
    expect(html).toContain('<td class="right">5</td>');
  });

  it('a chart says in words what it draws', () => {
    const pie = block(a.pie(4));
    expect(pie.match(/<path class="c\d"/g)).toHaveLength(4);
    expect(pie).toContain('s3: <strong>1 · 25.0 %</strong>');
    expect(block(a.pie(1))).toContain('<circle');
    const bars = block({
      ...a.line(2, 3),
      chart: { ...(a.line(2, 3)['chart'] as Json), type: 'bar' },
    });
    expect(bars.match(/<rect/g)).toHaveLength(6);
    expect(bars).toContain('n1, p2: <strong>-2</strong>');
  });

  it('what is wrong with an entry is tied to its field', () => {
    const html = block(
      a.input(a.textInput({ placeholder: a.plain('Name') }), { hint: a.plain('Short') }),
      {
        errors: { b1: 'Too <long>' },
      },
    );
    expect(html).toContain('aria-describedby="m1.b1.enter.hint m1.b1.enter.error"');
    expect(html).toContain('id="m1.b1.enter.error">Too &lt;long&gt;</p>');
    expect(html).toContain('<label for="m1.b1.enter">Label</label>');
  });

  it('what was entered stands in its field', () => {
    const values = { b1: { enter: { type: 'plain_text_input', value: '"quoted"' } } };
    expect(block(a.input(a.textInput()), { values })).toContain('value="&quot;quoted&quot;"');
    const moment = { b1: { enter: { type: 'datetimepicker', selected_date_time: 1_772_323_200 } } };
    expect(block(a.input({ type: 'datetimepicker' }), { values: moment })).toContain(
      'value="2026-02-28T19:00"',
    );
  });

  it('a type that nobody knows shows as its name', () => {
    expect(block({ type: 'hologram' })).toContain('(a block of type hologram)');
  });
});
