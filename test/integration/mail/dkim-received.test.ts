/**
 * DKIM, as received: a mail that went through a real server is checked by code of this file alone,
 * written from RFC 6376 and sharing nothing with what signed it.
 */
import {
  createHash,
  createPublicKey,
  createVerify,
  generateKeyPairSync,
  verify,
} from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Inbox, startInbox } from '../../../demo/inbox/inbox.ts';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { dkimSigner } from '../../../src/mail/dkim.ts';
import { loadTemplates, wordAsk } from '../../../src/mail/templates.ts';
import { smtpTransport } from '../../../src/mail/transport.ts';
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

/** Both checks of RFC 6376, section 6.1.3, for relaxed/relaxed. */
function check(
  mail: string,
  kind: 'rsa' | 'ed25519' = 'rsa',
): { body: boolean; headers: boolean; names: string[] } {
  const end = mail.indexOf('\r\n\r\n');
  const fields = unfold(mail.slice(0, end));
  const isOf = (field: string) => /^dkim-signature:/i.test(field) && field.includes(` a=${kind}-`);
  const signature = fields.find(isOf) ?? '';
  const tag = (name: string) =>
    new RegExp(`[;:\\s]${name}=([^;]*)`).exec(signature)?.[1]?.replace(/\s+/g, '') ?? '';
  const names = tag('h').toLowerCase().split(':');

  const stack = new Map<string, string[]>();
  for (const field of fields) {
    if (field === signature) continue;
    const name = field.slice(0, field.indexOf(':')).trim().toLowerCase();
    stack.set(name, [...(stack.get(name) ?? []), relaxed(field)]);
  }
  const signed = names.map((name) => stack.get(name)?.pop() ?? '').filter((line) => line !== '');
  const unsigned = relaxed(signature).replace(/( b=)[A-Za-z0-9+/= ]+$/, '$1');
  const text = Buffer.from([...signed, unsigned].join('\r\n'), 'latin1');
  const mac = Buffer.from(tag('b'), 'base64');
  return {
    body: digest(mail.slice(end + 4)) === tag('bh'),
    headers: kind === 'rsa' ? holdsRsa(text, mac) : holdsEd25519(text, mac),
    names,
  };
}

const published = (kind: string) => {
  const record = signer.records.find(({ value }) => value.includes(`k=${kind}`));
  return Buffer.from(/p=(.*)$/.exec(record?.value ?? '')?.[1] ?? '', 'base64');
};
function holdsRsa(text: Buffer, mac: Buffer): boolean {
  const key = createPublicKey({ key: published('rsa'), format: 'der', type: 'spki' });
  return createVerify('RSA-SHA256').update(text).verify(key, mac);
}
/** RFC 8463, section 3: the hash is signed, as if it were the message; the record holds 32 bytes. */
function holdsEd25519(text: Buffer, mac: Buffer): boolean {
  const x = published('ed25519').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, createHash('sha256').update(text).digest(), key, mac);
}

function unfold(head: string): string[] {
  return head.replace(/\r\n([ \t])/g, '$1').split('\r\n');
}
function relaxed(field: string): string {
  const colon = field.indexOf(':');
  const value = field.slice(colon + 1).replace(/[ \t]+/g, ' ');
  return `${field.slice(0, colon).trim().toLowerCase()}:${value.replace(/^ /, '').replace(/ $/, '')}`;
}
function digest(body: string): string {
  const lines = body.replace(/[ \t]+(?=\r\n)/g, '').replace(/[ \t]+/g, ' ');
  const trimmed = lines.replace(/(?:\r\n)*$/, '\r\n');
  return createHash('sha256').update(trimmed, 'latin1').digest('base64');
}

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
