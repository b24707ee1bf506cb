/** Provider mark: only Postmark is told the send's id in a header, and its report is found by it. */
import { describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { providerMark } from '../../../src/mail/provider-mark.ts';
import { postmarkHook } from '../../../src/web/webhook-postmark.ts';
import { askMail } from './an-ask.ts';

const SEND = 'c2VuZC1pZC1vZi1hc3Nl_-';

async function aMail() {
  return composeAsk(askMail({ messageId: `<${SEND}@example.com>` }));
}

describe('a mail', () => {
  it.each([
    'smtps://token:token@smtp.postmarkapp.com',
    'smtp://token:token@SMTP-broadcasts.postmarkapp.com:2525',
  ])('by %s carries its send, and is the same mail otherwise', async (url) => {
    const mail = await aMail();
    const marked = providerMark(url)(mail);
    const { headers, text, messageId } = await simpleParser(marked.raw);
    expect(headers.get('x-pm-metadata-assent-send')).toBe(SEND);
    expect(messageId).toBe(mail.messageId);
    expect(text).toBe((await simpleParser(mail.raw)).text);
    // Postmark takes off a line, and what is left is what was recorded.
    const without = marked.raw.subarray(marked.raw.indexOf('\r\n') + 2);
    expect(without.equals(mail.raw)).toBe(true);
    expect(marked).toMatchObject({ rawHash: mail.rawHash, envelope: mail.envelope });
  });

  it('is marked once: what was signed ahead is what is sent', async () => {
    const mail = await aMail();
    const mark = providerMark('smtps://token:token@smtp.postmarkapp.com');
    expect(mark(mail)).toBe(mark(mail));
    expect(mark(await aMail())).not.toBe(mark(mail));
  });

  it.each([
    'smtp://127.0.0.1:2525',
    'smtps://user:secret@mail.example.com',
    'smtps://user:secret@postmarkapp.com.evil.example',
    'smtps://user:secret@notpostmarkapp.com',
  ])('by %s stays as it is', async (url) => {
    const mail = await aMail();
    expect(providerMark(url)(mail)).toBe(mail);
  });
});

it('is found by what Postmark reports of the header', async () => {
  const { raw } = providerMark('smtps://t:t@smtp.postmarkapp.com')(await aMail());
  const [, name = '', send = ''] = /^X-PM-Metadata-(\S+): (\S+)\r\n/u.exec(raw.toString()) ?? [];
  const record = { RecordType: 'SpamComplaint', ID: 1, Metadata: { [name]: send } };
  const post = {
    headers: { 'x-assent-secret': 'long-enough' },
    body: Buffer.from(JSON.stringify(record)),
    now: new Date(),
  };
  const reading = await postmarkHook('long-enough').read(post);
  expect(reading).toMatchObject({ kind: 'events', events: [{ kind: 'complaint', send: SEND }] });
});
