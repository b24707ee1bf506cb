/** DKIM: keys that cannot work are refused, and what is signed holds until a byte changes. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { array, assert, asyncProperty, stringMatching } from 'fast-check';
import NodemailerDkim from 'nodemailer/lib/dkim';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { dkimSigner } from '../../../src/mail/dkim.ts';
import { bodyHash, relaxedField, splitMail } from '../../../src/mail/dkim-canonical.ts';
import { verifyDkim } from '../../../src/mail/dkim-verify.ts';
import { askMail } from './an-ask.ts';

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const pem = (key: ReturnType<typeof rsa>) =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();
const key = rsa(2048);
const publicKey = createPublicKey(key);
const signer = dkimSigner({ domain: 'lindenhof.example', selector: 's1', privateKeyPem: pem(key) });
const signedAsk = async () => signer.sign((await composeAsk(askMail())).raw);
const edit = (raw: Buffer, from: string | RegExp, to: string) => {
  const edited = raw.toString('latin1').replace(from, to);
  expect(edited).not.toBe(raw.toString('latin1'));
  return Buffer.from(edited, 'latin1');
};

describe('dkimSigner', () => {
  const given = { domain: 'a.example', selector: 's1', privateKeyPem: pem(key) };

  it.each<[string, Partial<typeof given>, string]>([
    ['a key that is none', { privateKeyPem: 'SECRET' }, 'not a readable private key'],
    ['an empty key', { privateKeyPem: '' }, 'not a readable private key'],
    [
      'a public key',
      { privateKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
      'not a readable private key',
    ],
    [
      'an ed25519 key',
      { privateKeyPem: pem(generateKeyPairSync('ed25519').privateKey) },
      'the DKIM key is ed25519; large providers verify RSA only',
    ],
    [
      'an RSA-PSS key',
      { privateKeyPem: pem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey) },
      'the DKIM key is rsa-pss',
    ],
    ['1,024 bits', { privateKeyPem: pem(rsa(1024)) }, 'the DKIM key has 1024 bits; at least 2048'],
    ['a domain that is none', { domain: 'a; b=' }, 'the DKIM domain'],
    ['a selector that is none', { selector: 's1;' }, 'the DKIM selector'],
  ])('refuses %s', (_, change, why) => {
    expect(() => dkimSigner({ ...given, ...change })).toThrow(why);
    expect(() => dkimSigner({ ...given, ...change })).not.toThrow(/SECRET/);
  });

  it('takes PKCS#1 as well as PKCS#8', async () => {
    const privateKeyPem = key.export({ type: 'pkcs1', format: 'pem' }).toString();
    await expect(dkimSigner({ ...given, privateKeyPem }).selfTest()).resolves.toBeUndefined();
  });

  it('tells the record for the DNS, and passes its own test against it', async () => {
    expect(signer.record.name).toBe('s1._domainkey.lindenhof.example');
    expect(signer.record.value).toMatch(/^v=DKIM1; k=rsa; p=[A-Za-z0-9+/=]+$/);
    await expect(signer.selfTest()).resolves.toBeUndefined();
    await expect(signer.selfTest(signer.record.value)).resolves.toBeUndefined();
  });

  it('fails its test against the record of another key, or against none', async () => {
    const other = dkimSigner({ ...given, privateKeyPem: pem(rsa(2048)) });
    await expect(signer.selfTest(other.record.value)).rejects.toThrow(
      'the DKIM self-test failed: the signature does not fit',
    );
    await expect(signer.selfTest('v=DKIM1; p=')).rejects.toThrow('holds no readable public key');
    await expect(signer.selfTest('v=spf1 -all')).rejects.toThrow('holds no readable public key');
  });
});

describe('a signed mail', () => {
  it('covers each of our headers, and some against a second one', async () => {
    const raw = await signedAsk();
    const check = verifyDkim(raw, publicKey);
    if (!check.ok) throw new Error(check.why);
    const { fields } = splitMail((await composeAsk(askMail())).raw);
    expect(new Set(check.covered)).toEqual(new Set(fields.map(({ name }) => name)));
    for (const line of raw.toString('latin1').split('\r\n\r\n', 1)[0]?.split('\r\n') ?? []) {
      expect(line.length).toBeLessThan(200);
    }
  });

  it('is the mail itself with one field on top', async () => {
    const { raw } = await composeAsk(askMail());
    const signed = await signer.sign(raw);
    expect(signed.subarray(signed.length - raw.length).equals(raw)).toBe(true);
    const top = signed.subarray(0, signed.length - raw.length).toString('latin1');
    expect(splitMail(Buffer.from(`${top}\r\nx`)).fields.map(({ name }) => name)).toEqual([
      'dkim-signature',
    ]);
    expect((await signer.sign(raw)).equals(signed)).toBe(true);
  });

  it.each<[string, string | RegExp, string]>([
    ['the sender', 'news@lindenhof', 'evil@lindenhof'],
    ['the recipient', 'Jane Doe', 'Jane Dough'],
    ['the date', '10:00:00', '11:00:00'],
    ['List-Unsubscribe', '/u/T1', '/u/T2'],
    ['List-Unsubscribe-Post', 'Unsubscribe=One-Click', 'Unsubscribe=Two-Click'],
    ['Feedback-ID', 'req1:', 'req2:'],
    ['List-Id', '<doi.', '<dio.'],
    ['Auto-Submitted', 'auto-generated', 'no'],
    ['a header taken away', /Reply-To: [^\r]*\r\n/, ''],
    ['a second From', '\r\nFrom:', '\r\nFrom: eve@evil.example\r\nFrom:'],
    [
      'a second List-Unsubscribe',
      '\r\nList-ID',
      '\r\nList-Unsubscribe: <https://evil.example/>\r\nList-ID',
    ],
    ['a second Subject below', '\r\n\r\n', '\r\nSubject: other\r\n\r\n'],
  ])('does not hold with a change to %s', async (_, from, to) => {
    expect(verifyDkim(edit(await signedAsk(), from, to), publicKey)).toEqual({
      ok: false,
      why: 'the signature does not fit the headers and this key',
    });
  });

  it('does not hold with a change to the body', async () => {
    expect(verifyDkim(edit(await signedAsk(), 'on and on', 'off and off'), publicKey)).toEqual({
      ok: false,
      why: 'the body was changed',
    });
  });

  it('does not hold without a signature, or with one of another kind', async () => {
    const { raw } = await composeAsk(askMail());
    expect(verifyDkim(raw, publicKey)).toMatchObject({
      ok: false,
      why: 'the mail carries no signature',
    });
    const simple = edit(await signedAsk(), 'c=relaxed/relaxed', 'c=simple/simple');
    expect(verifyDkim(simple, publicKey)).toMatchObject({ ok: false });
  });

  it('holds if the way adds headers and folds, as it may', async () => {
    const raw = edit(await signedAsk(), 'List-ID: <', 'LIST-Id :\t\r\n  <');
    const relayed = Buffer.concat([
      Buffer.from('Received: from x\r\n\tby y\r\nX-Other: 1\r\n'),
      raw,
      Buffer.from('\r\n\r\n'),
    ]);
    expect(verifyDkim(relayed, publicKey)).toMatchObject({ ok: true });
  });
});

describe('the canonical form', () => {
  it('is that of the example in RFC 6376, section 3.4.5', () => {
    const { fields, body } = splitMail(
      Buffer.from('A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n'),
    );
    expect(fields.map(relaxedField)).toEqual(['a:X', 'b:Y Z']);
    expect(bodyHash(body)).toBe(bodyHash(Buffer.from(' C\r\nD E\r\n')));
    expect(bodyHash(body)).not.toBe(bodyHash(Buffer.from('C\r\nD E\r\n')));
  });
  it('of no body has the hash of nothing (section 3.4.4)', () => {
    expect(bodyHash(Buffer.from(''))).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
    expect(bodyHash(Buffer.from('\r\n\r\n'))).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
  });
  it('keeps bytes that only look like space', () => {
    const { fields } = splitMail(Buffer.from('Subject: à\r\n\r\n', 'utf8'));
    const relaxed = fields.map((field) =>
      Buffer.from(relaxedField(field), 'latin1').toString('utf8'),
    );
    expect(relaxed).toEqual(['subject:à']);
  });
  it.each(['no end', 'A: b\r\n\r\nbare\nline', 'A: b\r\n\r\nbare\rline', 'A: b\nB: c\r\n\r\n'])(
    'refuses %j',
    (raw) => {
      expect(() => splitMail(Buffer.from(raw))).toThrow(/cannot be signed|is not signed/);
    },
  );

  it('of a body is the one that nodemailer computes, whatever the body', async () => {
    const line = stringMatching(/^[ \tab.é]{0,6}$/);
    const judge = new NodemailerDkim({
      domainName: 'a.example',
      keySelector: 's',
      privateKey: key,
    });
    await assert(
      asyncProperty(array(line, { maxLength: 6 }), async (lines) => {
        const body = Buffer.from(lines.map((text) => `${text}\r\n`).join(''));
        const mail = Buffer.concat([Buffer.from('From: a@a.example\r\n\r\n'), body]);
        const signed = (await buffer(judge.sign(mail))).toString('latin1');
        const [, theirs] = /bh=([^;]+);/.exec(signed.replace(/\r\n\s+/g, '')) ?? [];
        expect(bodyHash(body)).toBe(theirs);
      }),
      { numRuns: 200 },
    );
  });
});
