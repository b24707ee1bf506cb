/** Blocks: names cannot act in our texts, and nothing is longer than Slack takes. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validateView } from '../../../demo/slack/validate.ts';
import {
  actions,
  alert,
  button,
  confirmation,
  context,
  divider,
  fields,
  header,
  modal,
  mrkdwn,
  plain,
  section,
} from '../../../src/slack/blocks/blocks.ts';
import {
  escapeMrkdwn,
  joinMrkdwn,
  md,
  moment,
  shorten,
  shortenMrkdwn,
  userMention,
} from '../../../src/slack/blocks/escape.ts';
import {
  checkboxes,
  datePicker,
  dateTimePicker,
  externalMultiSelect,
  fileInput,
  input,
  numberInput,
  option,
  radios,
  select,
  textInput,
  urlInput,
} from '../../../src/slack/blocks/inputs.ts';

const LONG = '<!channel> & 👩‍👩‍👧 '.repeat(400);

describe('marked-up text', () => {
  it('escapes what is put in and keeps what was written', () => {
    expect(md`*${'<!channel> & <@U1>'}* for ${7} of ${userMention('U0ANN')}`.mrkdwn).toBe(
      '*&lt;!channel&gt; &amp; &lt;@U1&gt;* for 7 of <@U0ANN>',
    );
  });

  it('mentions nobody by a name that is no id', () => {
    expect(userMention('U1> <!here').mrkdwn).toBe('U1&gt; &lt;!here');
    expect(userMention('operator').mrkdwn).toBe('operator');
  });

  it('joins pieces, and escapes those that are bare', () => {
    expect(joinMrkdwn(['<a>', md`*b*`]).mrkdwn).toBe('&lt;a&gt;\n*b*');
    expect(joinMrkdwn([md`a`, md`b`], ' · ').mrkdwn).toBe('a · b');
  });

  it('drops characters that deceive the eye, and keeps lines', () => {
    expect(escapeMrkdwn('a\u202Eb\u2066c\u0000d\ne')).toBe('abcd\ne');
  });

  it('tells a moment in the time zone of its reader, with words for who cannot', () => {
    expect(moment(new Date('2026-03-31T10:12:00Z'), 'en').mrkdwn).toBe(
      '<!date^1774951920^{date_short_pretty} at {time}|2026-03-31 10:12 UTC>',
    );
  });

  it('whatever is put in, no control sequence comes out that we did not write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(40), (text, max) => {
        const { mrkdwn: shown } = shortenMrkdwn(md`${text}`, max + 2);
        expect(shown).not.toMatch(/[<>]/u);
        expect(shown).not.toMatch(/&(?!(?:amp|lt|gt);)/u);
        expect(Array.from(shown).length).toBeLessThanOrEqual(max + 2);
      }),
    );
  });

  it('is not cut inside an entity or a mention', () => {
    expect(shortenMrkdwn(md`abc${'&'}def`, 7).mrkdwn).toBe('abc…');
    expect(shortenMrkdwn(md`abc ${userMention('U0ANN')} def`, 9).mrkdwn).toBe('abc …');
    expect(shortenMrkdwn(md`abc`, 3).mrkdwn).toBe('abc');
  });

  it('is counted in code points, as Slack counts', () => {
    expect(shorten('👍👍👍', 3)).toBe('👍👍👍');
    expect(shorten('👍👍👍👍', 3)).toBe('👍👍…');
  });

  it('says something where there is nothing', () => {
    expect(plain('  ').text).toBe('–');
    expect(mrkdwn(md``).text).toBe('–');
  });
});

describe('a view of our pieces', () => {
  const options = [option('a', LONG, LONG), option('b', '\n')];
  const view = (title: string) =>
    modal({
      callbackId: 'try-everything',
      title,
      submit: title,
      close: title,
      metadata: '{}',
      notifyOnClose: true,
      blocks: [
        header(title),
        section(md`${title}`, { id: 'one', accessory: button({ id: 'a-1', text: title }) }),
        ...fields(Array.from({ length: 23 }, () => md`${title}`)),
        context(...Array.from({ length: 14 }, () => md`${title}`)),
        divider(),
        alert('warning', md`${title}`),
        actions(
          'ways',
          button({
            id: 'a-2',
            text: title,
            label: title === '' ? undefined : title,
            value: 'v',
            style: 'danger',
            confirm: confirmation({ title, text: md`${title}`, yes: title, no: title }),
          }),
        ),
        ...[
          textInput({ initial: title, charactersMin: 2, charactersMax: 50, placeholder: title }),
          textInput(),
          numberInput({ initial: 3 }),
          urlInput(),
          select(options, { initial: 'a', placeholder: title }),
          radios(options, { initial: 'no such' }),
          checkboxes(options, { initial: ['b'] }),
          externalMultiSelect({ initial: options, most: 10, placeholder: title }),
          datePicker({ initial: '2026-03-31' }),
          dateTimePicker({ initial: new Date('2026-03-31T10:12:13.5Z') }),
          fileInput({ types: ['csv'] }),
        ].map((element, index) =>
          input({
            id: `i-${index}`,
            label: title,
            hint: title,
            element,
            optional: true,
            dispatch: index === 0,
          }),
        ),
      ],
    });

  it.each([
    ['short', 'A title'],
    ['long', LONG],
    ['empty', ''],
    ['hostile', '<!channel>\u202E'],
  ])('with %s texts is taken by Slack', (_how, title) => {
    expect(validateView(view(title), 'modal')).toEqual([]);
  });

  it('holds nothing that is undefined, and nothing verbatim that Slack would turn into a link', () => {
    const json = JSON.stringify(view('#general @here https://example.com'));
    expect(json).not.toContain('undefined');
    expect(json).not.toContain('"type":"mrkdwn","text":"#general @here https://example.com"}');
  });
});
