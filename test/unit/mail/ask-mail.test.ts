/** Ask mail: the bytes of one mail, read back by an independent parser. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { assert, asyncProperty, string } from 'fast-check';
import { simpleParser } from 'mailparser';
import { type AskMail, composeAsk, MAIL_BYTES_MAX } from '../../../src/mail/ask-mail.ts';
import { messageIdOf } from '../../../src/mail/mail-fields.ts';
import { loadTemplates, wordAsk } from '../../../src/mail/templates.ts';
import { askMail, askValues } from './an-ask.ts';

/** Field name → unfolded value; no name may come twice. */
function headersOf(raw: Buffer): Map<string, string> {
  const head = raw.toString('latin1').split('\r\n\r\n', 1).join('');
  const fields = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = new Map<string, string>();
  for (const field of fields)
    headers.set(field.split(': ', 1).join(''), field.replace(/^.*?: /, ''));
  expect(headers.size).toBe(fields.length);
  return headers;
}

describe('composeAsk', () => {
  it('sets the headers that receivers look for, each once', async () => {
    const headers = headersOf((await composeAsk(askMail())).raw);
    expect(Object.fromEntries(headers)).toEqual({
      From: '=?UTF-8?Q?Lindenhof_=26_S=C3=B6hne_GmbH?= <news@lindenhof.example>',
      To: 'Jane Doe <jane.doe@example.net>',
      'Reply-To': 'privacy@lindenhof.example',
      Subject: expect.stringMatching(/^=\?UTF-8\?Q\?May_Lindenhof/),
      Date: 'Sun, 22 Nov 2026 10:00:00 +0000',
      'Message-ID': '<send_1@lindenhof.example>',
      'List-Unsubscribe': '<https://confirm.lindenhof.example/u/T1.send1.k1.Zm9vYmFy>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'List-ID': '<doi.lindenhof.example>',
      'Feedback-ID': 'req1:doi:T1:assent1',
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
      'Content-Language': 'en',
      'MIME-Version': '1.0',
      'Content-Type': expect.stringMatching(/^multipart\/alternative; boundary="/),
    });
  });

  it('keeps List-Unsubscribe on one line, however long it is', async () => {
    const oneClickUrl = `https://confirm.lindenhof.example/u/${'x'.repeat(300)}`;
    const { raw } = await composeAsk(askMail({ oneClickUrl }));
    expect(raw.toString('latin1')).toContain(`List-Unsubscribe: <${oneClickUrl}>\r\nList-`);
  });

  it('carries text first and then HTML, both as they were written', async () => {
    const ask = askMail();
    const { raw } = await composeAsk(ask);
    const parsed = await simpleParser(raw);
    expect(parsed.text?.trimEnd()).toBe(ask.wording.text.trimEnd());
    expect(parsed.html).toBe(ask.wording.html);
    expect(parsed.subject).toBe(ask.wording.subject);
    const types = raw.toString('latin1').match(/Content-Type: text\/\w+/g);
    expect(types).toEqual(['Content-Type: text/plain', 'Content-Type: text/html']);
  });

  it('is 7-bit with CRLF and short lines, so that nothing on the way changes it', async () => {
    const { raw } = await composeAsk(askMail());
    const text = raw.toString('latin1');
    expect(text).not.toMatch(/[^\t\r\n\x20-\x7E]/);
    expect(text).not.toMatch(/(?<!\r)\n|\r(?!\n)/);
    const body = text.slice(text.indexOf('\r\n\r\n'));
    expect(Math.max(...body.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76);
    expect(text.endsWith('\r\n')).toBe(true);
  });

  it('gives the same bytes for the same ask, and their hash', async () => {
    const [one, two] = [await composeAsk(askMail()), await composeAsk(askMail())];
    expect(one.raw.equals(two.raw)).toBe(true);
    expect(one.rawHash).toBe(createHash('sha256').update(two.raw).digest('hex'));
    const other = await composeAsk(askMail({ messageId: messageIdOf('send_2', 'a.example') }));
    expect(other.rawHash).not.toBe(one.rawHash);
  });

  it('has an envelope of its own, not taken from the headers', async () => {
    const { envelope, messageId } = await composeAsk(askMail());
    expect(envelope).toEqual({
      from: 'b+send_1.0a1b2c@bounce.lindenhof.example',
      to: 'jane.doe@example.net',
    });
    expect(messageId).toBe('<send_1@lindenhof.example>');
  });

  it('takes our template whole, well below what Gmail cuts', async () => {
    const template = (await loadTemplates('templates/mail')).get('double-opt-in');
    if (template === undefined) throw new Error('templates/mail/double-opt-in is missing');
    const wording = wordAsk(template, { language: 'de' }, askValues({ about: 'Öffnungszeiten' }));
    const { raw } = await composeAsk(askMail({ wording }));
    expect(raw.length).toBeLessThan(20_000);
    const parsed = await simpleParser(raw);
    expect(parsed.html).toBe(wording.html.trimEnd().replace(/$/, '\n'));
    expect(parsed.text?.trimEnd()).toBe(wording.text.trimEnd());
    expect(headersOf(raw).get('Content-Language')).toBe('de');
  });

  it('does not cut a mail, but refuses one that is too long', async () => {
    const wording = { ...askMail().wording, html: 'x'.repeat(MAIL_BYTES_MAX) };
    await expect(composeAsk(askMail({ wording }))).rejects.toThrow(`more than ${MAIL_BYTES_MAX}`);
  });

  it('cuts a subject of 300 letters, between two letters', async () => {
    const wording = { ...askMail().wording, subject: '😀'.repeat(300) };
    const parsed = await simpleParser((await composeAsk(askMail({ wording }))).raw);
    expect(parsed.subject).toBe(`${'😀'.repeat(199)}…`);
  });
});

const BREAK = 'x\r\nBcc: eve@evil.example\r\n\r\n<p>hello';
const box = (change: { name?: string; address?: string }) => ({
  name: 'Jane',
  address: 'jane@example.net',
  ...change,
});

describe('a line break in', () => {
  it.each<[string, Partial<AskMail>]>([
    ['the name of From', { from: box({ name: BREAK }) }],
    ['the name of To', { to: box({ name: BREAK }) }],
    ['the name of Reply-To', { replyTo: box({ name: BREAK }) }],
    ['the subject', { wording: { ...askMail().wording, subject: BREAK } }],
  ])('%s becomes a space', async (_, change) => {
    const { raw } = await composeAsk(askMail(change));
    const names = [...headersOf(raw).keys()];
    expect(names).not.toContain('Bcc');
    expect(names).toHaveLength(15);
    const parsed = await simpleParser(raw);
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.html).toBe(askMail().wording.html);
  });

  it.each<[string, Partial<AskMail>, string]>([
    [
      'From',
      { from: box({ address: `jane@example.net\r\nBcc: a@b.example` }) },
      'the sender is not',
    ],
    [
      'To',
      { to: box({ address: `jane@example.net\r\nBcc: a@b.example` }) },
      'the recipient is not',
    ],
    ['Reply-To', { replyTo: box({ address: 'a@b.example\n' }) }, 'the reply address is not'],
    [
      'the envelope',
      { envelopeFrom: 'a@b.example>\r\nRCPT TO:<c@d.example' },
      'the envelope sender',
    ],
    [
      'the Message-ID',
      { messageId: '<a@b.example>\r\nBcc: c@d.example' },
      'the Message-ID is malformed',
    ],
    ['the List-Id', { listId: 'a.example\r\nBcc: c@d.example' }, 'the List-Id is malformed'],
    ['the Feedback-ID', { feedbackId: 'a:b:c:assent1\r\nBcc: c@d.example' }, 'the Feedback-ID'],
    ['the language', { wording: { ...askMail().wording, locale: 'en\r\nX: y' } }, 'the language'],
  ])('%s is refused', async (_, change, why) => {
    await expect(composeAsk(askMail(change))).rejects.toThrow(why);
  });

  it('the one-click URL goes, as it does in every browser', async () => {
    const oneClickUrl = 'https://a.example/u\r\nBcc: c@d.example';
    const headers = headersOf((await composeAsk(askMail({ oneClickUrl }))).raw);
    expect(headers.get('List-Unsubscribe')).toBe('<https://a.example/uBcc:%20c@d.example>');
    expect(headers.has('Bcc')).toBe(false);
  });

  it('any name or subject adds no header, whatever else is in it', async () => {
    await assert(
      asyncProperty(string({ unit: 'binary' }), async (text) => {
        const change = {
          from: box({ name: text }),
          wording: { ...askMail().wording, subject: text },
        };
        const { raw } = await composeAsk(askMail({ ...change, to: box({ name: text }) }));
        const head = raw.toString('latin1').split('\r\n\r\n', 1)[0] ?? '';
        const names = head.split(/\r\n(?![ \t])/).map((line) => line.split(':')[0]);
        expect(names.filter((name) => name !== 'Subject')).toHaveLength(14);
        expect(raw.toString('latin1').split('\r\n\r\n')[1]).toMatch(/^----/);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('an address', () => {
  it.each([
    'jane',
    '@example.net',
    'jane@',
    'jane@host',
    'jane@example..net',
    'jane@-a.example',
    '.jane@example.net',
    'jane.@example.net',
    'ja..ne@example.net',
    'a@b@example.net',
    '"a b"@example.net',
    'jane@example.net, eve@evil.example',
    'Jane <jane@example.net>',
    'jane(comment)@example.net',
    'jane@[127.0.0.1]',
    'jäne@example.net',
    'jane@exämple.net',
    ' jane@example.net',
    `${'j'.repeat(250)}@example.net`,
  ])('is not %s; and the error does not repeat it', async (address) => {
    const composed = composeAsk(askMail({ to: { address } }));
    await expect(composed).rejects.toThrow('the recipient is not a plain e-mail address');
    await expect(composed).rejects.not.toThrow(address);
  });

  it('in a display name stays a display name', async () => {
    const { raw, envelope } = await composeAsk(
      askMail({
        to: { name: 'eve@evil.example, "Eve" <eve@evil.example>', address: 'jane@example.net' },
      }),
    );
    const { to } = await simpleParser(raw);
    expect([to].flat().flatMap((list) => list?.value.map(({ address }) => address))).toEqual([
      'jane@example.net',
    ]);
    expect(envelope.to).toBe('jane@example.net');
  });
});

describe('the one-click URL', () => {
  it.each([
    ['http://confirm.example/u', 'https'],
    ['mailto:stop@example.com', 'http'],
    ['https://user@confirm.example/u', 'user name'],
  ])('is not %s', async (oneClickUrl, why) => {
    await expect(composeAsk(askMail({ oneClickUrl }))).rejects.toThrow(why);
  });
  it.each(['http://127.0.0.1:3000/u/x', 'http://localhost:3000/u/x', 'http://[::1]:3000/u/x'])(
    'may be %s, for the demo on this machine',
    async (oneClickUrl) => {
      const headers = headersOf((await composeAsk(askMail({ oneClickUrl }))).raw);
      expect(headers.get('List-Unsubscribe')).toBe(`<${oneClickUrl}>`);
    },
  );
});

describe('messageIdOf', () => {
  it('depends on the send and the domain alone', () => {
    expect(messageIdOf('01JD-a_b', 'Example.COM')).toBe('<01JD-a_b@example.com>');
  });
  it.each([
    ['', 'example.com'],
    ['a b', 'example.com'],
    ['a>', 'example.com'],
    ['a@b', 'example.com'],
    ['a'.repeat(65), 'example.com'],
    ['a', 'example'],
    ['a', 'exam ple.com'],
    ['a', 'example.com>\r\nX: y'],
  ])('refuses %j at %j', (sendId, domain) => {
    expect(() => messageIdOf(sendId, domain)).toThrow(/send id|host name/);
  });
});

it('refuses a date that is none', async () => {
  await expect(composeAsk(askMail({ at: new Date('x') }))).rejects.toThrow('the date is none');
});
