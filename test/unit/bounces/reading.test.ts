/** Reading: garbage never throws and takes no time, and one mail is one event. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bounceKind } from '../../../src/mail/bounces/bounce-meaning.ts';
import { readDsn } from '../../../src/mail/bounces/dsn.ts';
import { readInbound } from '../../../src/mail/bounces/inbound.ts';
import { DOMAIN, KEYS, mailOf, NAMES, RECEIVED_AT, readMail, SEND } from './corpus.ts';

const MAIL_BYTES = 256 * 1024;
/** Of the processor, for as much as fits a mail: many times what any of them needs (microseconds). */
const READ_US = 3_000_000;

const read = (raw: Buffer, sender = '') =>
  readInbound({
    raw,
    target: { kind: 'bounce', send: SEND },
    sender,
    receivedAt: RECEIVED_AT,
    domain: DOMAIN,
    keys: KEYS,
  });

describe('garbage', () => {
  it('of any bytes is read as something, never thrown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        expect(['event', 'ignored']).toContain((await read(Buffer.from(bytes))).kind);
      }),
      { numRuns: 60 },
    );
  });

  it('of a mail that is cut anywhere says nothing worse than the whole one', async () => {
    const whole = mailOf('postfix-mailbox-full');
    for (let length = 0; length < whole.length; length += 97) {
      const reading = await read(whole.subarray(0, length));
      if (reading.kind === 'event') expect(reading.event.kind).toBe('soft-bounce');
    }
  });

  it.each([
    ['nested multiparts', nested(1_500)],
    ['a million open brackets', `Subject: failure notice\r\n\r\n${'<'.repeat(MAIL_BYTES - 100)}`],
    [
      'one endless line of dots',
      `Subject: failure notice\r\n\r\n${'5.'.repeat(MAIL_BYTES / 2 - 50)}`,
    ],
    ['one endless header', `Subject: ${'delayed '.repeat(MAIL_BYTES / 8 - 10)}\r\n\r\n550 5.1.1`],
    ['folds without an end', `Subject: x\r\n${' y\r\n'.repeat(MAIL_BYTES / 4 - 10)}\r\n\r\n`],
    [
      'addresses without an end',
      `Subject: failure notice\r\n\r\n${'a@'.repeat(MAIL_BYTES / 2 - 50)}`,
    ],
    [
      'HTML without an end',
      `Content-Type: text/html\r\n\r\n${'<div>'.repeat(MAIL_BYTES / 5 - 20)}`,
    ],
    ['words without an end', `Subject: failure notice\r\n\r\n${'mailbox '.repeat(30_000)}`],
    [
      'parts without an end',
      `Content-Type: multipart/mixed; boundary=b\r\n${'\r\n--b\r\n'.repeat(MAIL_BYTES / 7 - 20)}`,
    ],
  ])('%s costs no more than it should', async (_, text) => {
    const before = process.cpuUsage();
    await read(Buffer.from(text));
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(READ_US);
  });
});

it('parts within parts without an end are not read at all', async () => {
  expect(await read(Buffer.from(nested(1_500)))).toEqual({ kind: 'ignored', why: 'unreadable' });
});

describe('the id of an event', () => {
  it('is the same when a server sends the same mail once more, through another relay', async () => {
    const raw = mailOf('postfix-unknown-user');
    const again = Buffer.concat([Buffer.from('Received: from elsewhere\r\n'), raw]);
    const [first, second] = await Promise.all([read(raw), read(again)]);
    expect(first).toEqual(second);
  });

  it('is another for each mail', async () => {
    const ids = new Set<string>();
    let events = 0;
    for (const name of NAMES.filter((each) => !/^(?:arf|hotmail|stop)/.test(each))) {
      const reading = await readMail(name);
      if (reading.kind === 'ignored') continue;
      ids.add(reading.event.eventId);
      events += 1;
    }
    expect(events).toBeGreaterThan(50);
    expect(ids.size).toBe(events);
  });
});

describe('a text bounce', () => {
  it('needs a mailer for a sender', async () => {
    const raw = Buffer.from(
      'From: jo@recipient.example\r\nSubject: failure notice\r\n\r\n<x@y.example>:\r\n550 5.1.1 unknown user\r\n',
    );
    expect((await read(raw, 'jo@recipient.example')).kind).toBe('ignored');
    expect((await read(raw, '')).kind).toBe('event');
  });
});

describe('a reason', () => {
  it.each([
    ['5.1.1', '', 'hard-bounce'],
    ['5.1.1', '550 5.7.1 blocked for spam', 'hard-bounce'],
    ['5.0.0', '550 5.7.1 blocked for spam', 'blocked'],
    ['5.0.0', '550 5.1.1 blocked for spam', 'hard-bounce'],
    [undefined, '550 user unknown, or blocked by our policy', 'blocked'],
    ['5.2.1', 'mailbox disabled', 'soft-bounce'],
    ['4.2.2', 'user unknown', 'soft-bounce'],
    ['4.7.0', '', 'blocked'],
    ['5.4.7', 'delivery time expired', 'soft-bounce'],
    ['5.6.1', 'content rejected', 'blocked'],
    [undefined, 'something went wrong', 'soft-bounce'],
    [undefined, 'http://example.com/spam-policy user unknown', 'hard-bounce'],
    [undefined, '450 try again', 'soft-bounce'],
  ])('%s, %s: %s', (status, said, kind) => {
    expect(bounceKind(status, said)).toBe(kind);
  });
});

describe('the fields of a report', () => {
  it('are read with folds, comments, any case and any line end', () => {
    const text =
      'reporting-mta: dns; a\r\n\r\nFINAL-RECIPIENT: rfc822; x@y\rACTION:  Failed \rstatus:5.1.1 (no)\rDiagnostic-Code: smtp; 550\r\n  no\n\tsuch user\r\n';
    expect(readDsn(text)).toEqual([
      { action: 'failed', status: '5.1.1', diagnostic: '550 no such user' },
    ]);
  });

  it('of one without action and status are none', () => {
    expect(readDsn('Final-Recipient: rfc822; x@y\n\nDiagnostic-Code: smtp; 550 no')).toEqual([]);
  });
});

/** Parts within parts. */
function nested(depth: number): string {
  const open = Array.from({ length: depth }, (_, index) =>
    [`Content-Type: multipart/mixed; boundary="b${index}"`, '', `--b${index}`].join('\r\n'),
  );
  return `${open.join('\r\n')}\r\nContent-Type: text/plain\r\n\r\n550 5.1.1 user unknown\r\n`;
}
