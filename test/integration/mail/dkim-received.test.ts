/**
 * DKIM, as received: a mail that went through a real server is checked by code that shares nothing
 * with what signed it.
 */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Inbox, startInbox } from '../../../demo/inbox/inbox.ts';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { dkimSigner } from '../../../src/mail/dkim/dkim.ts';
import { loadTemplates, wordAsk } from '../../../src/mail/templates.ts';
import { smtpTransport } from '../../../src/mail/transport.ts';
import { unfold, verifyDkim } from '../../support/verify-dkim.ts';
import { askMail, askValues } from '../../unit/mail/an-ask.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signer = dkimSigner({
  domain: 'lindenhof.example',
  selector: 's2026',
  privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  ed25519: {
    selector: 'e2026',
    privateKeyPem: generateKeyPairSync('ed25519')
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  },
});

let inbox: Inbox;
let received: string;
beforeAll(async () => {
  inbox = await startInbox();
  const transport = smtpTransport({ url: inbox.smtpUrl, dkim: signer });
  const template = (await loadTemplates('templates/mail')).get('double-opt-in');
  if (template === undefined) throw new Error('templates/mail/double-opt-in is missing');
  const wording = wordAsk(template, { language: 'de' }, askValues());
  await transport.send(await composeAsk(askMail({ wording })));
  received = (await inbox.waitFor(() => true, 5000)).raw.toString('latin1');
  await transport.close();
});
afterAll(() => inbox.stop());

const check = (mail: string, kind: 'rsa' | 'ed25519' = 'rsa') =>
  verifyDkim(mail, signer.records, kind);

describe('a mail as received', () => {
  it('carries a signature that holds, for our domain', () => {
    expect(check(received)).toMatchObject({ body: true, headers: true });
    const [head = ''] = received.split('\r\n\r\n', 1);
    const tags = unfold(head).filter((field) => field.startsWith('DKIM-Signature: '));
    expect(tags).toEqual([
      expect.stringMatching(/ a=rsa-sha256; .*d=lindenhof\.example; .*s=s2026; /),
      expect.stringMatching(/ a=ed25519-sha256; .*d=lindenhof\.example; .*s=e2026; /),
    ]);
  });

  it('carries a second one, of Ed25519, that holds as well and covers as much', () => {
    const { body, headers, names } = check(received, 'ed25519');
    expect({ body, headers }).toEqual({ body: true, headers: true });
    expect(names).toEqual(check(received).names);
    const changed = received.replace('Subject: ', 'Subject: Re: ');
    expect(check(changed, 'ed25519')).toMatchObject({ body: true, headers: false });
  });

  it('has one-click under the signature (RFC 8058, section 4), and the rest of our headers', () => {
    const { names } = check(received);
    for (const name of [
      'from',
      'to',
      'subject',
      'date',
      'message-id',
      'list-unsubscribe',
      'list-unsubscribe-post',
      'list-id',
      'feedback-id',
      'auto-submitted',
      'content-type',
      'mime-version',
    ]) {
      expect(names).toContain(name);
    }
  });

  it.each([
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click', 'List-Unsubscribe=No'],
    ['List-Unsubscribe', '/u/T1', '/u/T9'],
    ['Feedback-ID', 'req1:doi', 'req2:doi'],
    ['Subject', 'Subject: ', 'Subject: Re: '],
    [
      'a List-Unsubscribe-Post that was not there',
      'Feedback-ID:',
      'List-Unsubscribe-Post: x\r\nFeedback-ID:',
    ],
  ])('is found out if somebody changes %s', (_, from, to) => {
    expect(received).toContain(from);
    expect(check(received.replace(from, to))).toMatchObject({ body: true, headers: false });
  });

  it('is found out if somebody changes a word of it', () => {
    expect(received).toContain('Guten Tag');
    expect(check(received.replace('Guten Tag', 'Guten Abend'))).toMatchObject({
      body: false,
      headers: true,
    });
  });
});
