/** SMTP reply: no address leaves it, in whatever clothes. */
import { describe, expect, it } from '@jest/globals';
import { assert, asyncProperty, string, stringMatching } from 'fast-check';
import { maskReply, REPLY_CHARACTERS_MAX, readReply } from '../../../src/mail/smtp/reply.ts';

describe('maskReply', () => {
  it.each([
    ['550 <jane.doe@example.net> unknown', '550 <address> unknown'],
    ['550 <<jane.doe@example.net>> unknown', '550 <<address>> unknown'],
    ['550 jane.doe@example.net: unknown', '550 <address>: unknown'],
    ['550 JANE.DOE@Example.Net unknown', '550 <address> unknown'],
    ['550 other@elsewhere.example unknown', '550 <address> unknown'],
    ['550 mailto:jane.doe@example.net', '550 mailto:<address>'],
    ['550 see https://x.example/?a=jane.doe%40example.net', '550 see https:<address>'],
    ['550 b+jane.doe=40example.net@bounce.example', '550 <address>'],
    ['550 user jane.doe unknown', '550 user <address> unknown'],
    ['550 user "Jane.Doe" unknown', '550 user "<address>" unknown'],
    ['550 janexdoe is somebody else', '550 janexdoe is somebody else'],
    ['550 jane.does is somebody else', '550 jane.does is somebody else'],
    ['550 a\r\n b\u0000c', '550 a b c'],
  ])('%j → %j', (text, expected) => {
    expect(maskReply(text, 'jane.doe@example.net')).toBe(expected);
  });

  it('leaves words alone that are as short as the name', () => {
    expect(maskReply('550 no user jo, so no', 'no@example.net')).toBe('550 no user jo, so no');
  });

  it('hides every plain address, wherever it stands', async () => {
    const local = stringMatching(/^[a-z0-9+_.-]{3,20}$/);
    const around = string({ unit: 'grapheme-ascii', maxLength: 40 });
    await assert(
      asyncProperty(local, around, around, async (name, before, after) => {
        const address = `${name}@example.net`;
        const masked = maskReply(`550 ${before} <${address}> ${after}`, address);
        expect(masked).not.toContain(address);
      }),
    );
  });

  it('is quick and short on an essay', () => {
    const essay = 'a'.repeat(1_000_000);
    const before = performance.now();
    expect(maskReply(essay, 'jane@example.net')).toHaveLength(REPLY_CHARACTERS_MAX);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('readReply', () => {
  it('puts several lines into one, with the codes once', () => {
    const reply = readReply(
      '550-5.1.1 The address jane@a.example\r\n550-5.1.1 is not\r\n550 5.1.1 known',
      'jane@a.example',
    );
    expect(reply).toMatchObject({
      code: 550,
      enhanced: '5.1.1',
      text: '550 5.1.1 The address <address> is not known',
    });
  });
  it('does not take a number for an enhanced code', () => {
    expect(readReply('550 Blocked 5.1.1.1 times', 'a@b.example')?.enhanced).toBeUndefined();
    expect(readReply('250 2.0.0 Ok', 'a@b.example')?.enhanced).toBe('2.0.0');
  });
  it.each([undefined, '', 'hello', '55', '5500 x'])('finds no reply in %j', (response) => {
    expect(readReply(response, 'a@b.example')).toBeUndefined();
  });
});
