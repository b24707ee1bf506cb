/** DKIM: keys that cannot work are refused, and what is signed holds until a byte changes. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { array, assert, asyncProperty, string, stringMatching } from 'fast-check';
import NodemailerDkim from 'nodemailer/lib/dkim';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { aheadSigner } from '../../../src/mail/dkim/ahead.ts';
import { bodyHash, relaxedField, splitMail } from '../../../src/mail/dkim/canonical.ts';
import { dkimSigner } from '../../../src/mail/dkim/dkim.ts';
import { readForSigning, signatureBy } from '../../../src/mail/dkim/sign.ts';
import { verifyDkim } from '../../../src/mail/dkim/verify.ts';
import { askMail } from './an-ask.ts';

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
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

describe('with a second key, of Ed25519', () => {
  const ed25519 = generateKeyPairSync('ed25519');
  const given = { domain: 'a.example', selector: 's1', privateKeyPem: pem(key) };
  const second = { selector: 's2', privateKeyPem: pem(ed25519.privateKey) };
  const both = dkimSigner({ ...given, ed25519: second });

  it('signs twice, each signature standing for itself', async () => {
    const signed = await both.sign((await composeAsk(askMail())).raw);
    expect(signed.toString('latin1').match(/^DKIM-Signature: /gm)).toHaveLength(2);
    expect(verifyDkim(signed, publicKey)).toMatchObject({ ok: true });
    expect(verifyDkim(signed, ed25519.publicKey, 'ed25519-sha256')).toMatchObject({ ok: true });
    const other = generateKeyPairSync('ed25519').publicKey;
    expect(verifyDkim(signed, other, 'ed25519-sha256')).toMatchObject({ ok: false });
    const changed = edit(signed, 'Jane Doe', 'Jane Dough');
    expect(verifyDkim(changed, ed25519.publicKey, 'ed25519-sha256')).toMatchObject({ ok: false });
  });

  it('tells both records, the second with its 32 bytes bare (RFC 8463, section 4)', async () => {
    const [first, last] = both.records;
    expect(first).toEqual(both.record);
    expect(last?.name).toBe('s2._domainkey.a.example');
    const bare = Buffer.from(
      /^v=DKIM1; k=ed25519; p=(.*)$/.exec(last?.value ?? '')?.[1] ?? '',
      'base64',
    );
    const spki = ed25519.publicKey.export({ type: 'spki', format: 'der' });
    expect(bare).toHaveLength(32);
    expect(spki.subarray(-32).equals(bare)).toBe(true);
    await expect(both.selfTest(both.record.value)).resolves.toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['an RSA key there', { ...second, privateKeyPem: pem(key) }, 'the second key is for Ed25519'],
    ['the first one’s selector', { ...second, selector: 's1' }, 'have one selector'],
    ['a selector that is none', { ...second, selector: 's 2' }, 'the DKIM selector'],
  ])('refuses %s', (_, wrong, why) => {
    const change = { ed25519: wrong as typeof second };
    expect(() => dkimSigner({ ...given, ...change })).toThrow(why);
  });

  it('verifies the example of RFC 8463, appendix A', () => {
    const mail = [
      'DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;',
      ' d=football.example.com; i=@football.example.com;',
      ' q=dns/txt; s=brisbane; t=1528637909; h=from : to :',
      ' subject : date : message-id : from : subject : date;',
      ' bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;',
      ' b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus',
      ' Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==',
      'From: Joe SixPack <joe@football.example.com>',
      'To: Suzie Q <suzie@shopping.example.net>',
      'Subject: Is dinner ready?',
      'Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)',
      'Message-ID: <20030712040037.46341.5F8J@football.example.com>',
      '',
      'Hi.',
      '',
      'We lost the game.  Are you hungry yet?',
      '',
      'Joe.',
      '',
    ];
    const x = Buffer.from('11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=', 'base64');
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') };
    const published = createPublicKey({ key: jwk, format: 'jwk' });
    const raw = Buffer.from(mail.join('\r\n'));
    expect(verifyDkim(raw, published, 'ed25519-sha256')).toMatchObject({ ok: true });
  });
});

describe('a signature of ours', () => {
  const names = ['from', 'to', 'subject', 'date', 'message-id', 'list-unsubscribe', 'list-id'];
  const judge = new NodemailerDkim({
    domainName: 'lindenhof.example',
    keySelector: 's1',
    privateKey: key,
    headerFieldNames: names.join(':'),
  });
  const sign = signatureBy({
    algorithm: 'rsa-sha256',
    domain: 'lindenhof.example',
    selector: 's1',
    key,
  });

  it('is to the byte nodemailer’s, for the same list of headers', async () => {
    await assert(
      asyncProperty(string({ unit: 'binary' }), string(), async (subject, text) => {
        const wording = { ...askMail().wording, subject: `a${subject}`, text: `${text}\n` };
        const { raw } = await composeAsk(askMail({ wording }));
        const theirs = await buffer(judge.sign(raw));
        const ours = await sign(readForSigning(raw, names, []));
        expect(ours + raw.toString('latin1')).toBe(theirs.toString('latin1'));
      }),
      { numRuns: 50 },
    );
  });

  it('is made for each list of headers that comes, and for no other', async () => {
    const { raw } = await composeAsk(askMail());
    for (const list of [names, names.slice(0, 3), names, ['from']]) {
      const field = await sign(readForSigning(raw, list, ['from']));
      expect(field.replace(/\r\n\s+/g, ' ')).toContain(` h=${[...list, 'from'].join(':')};`);
      const signed = Buffer.concat([Buffer.from(field, 'latin1'), raw]);
      expect(verifyDkim(signed, publicKey)).toMatchObject({ ok: true });
    }
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
      expect(line.length).toBeLessThanOrEqual(998); // RFC 5322, 2.1.1
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

describe('aheadSigner', () => {
  const counting = () => {
    const seen: Buffer[] = [];
    const sign = async (raw: Buffer) => {
      seen.push(raw);
      return signer.sign(raw);
    };
    return { seen, ahead: aheadSigner({ ...signer, sign }) };
  };

  it('signs a mail once, ahead or when it is asked for', async () => {
    const { raw: first } = await composeAsk(askMail());
    const second = Buffer.from(first);
    const { seen, ahead } = counting();
    await ahead.ahead(first);
    expect(seen).toEqual([first]);
    expect(await ahead.signed(first)).toEqual(await signer.sign(first));
    expect(seen).toHaveLength(1);
    expect(await ahead.signed(second)).toEqual(await signer.sign(first));
    expect(seen).toHaveLength(2);
  });

  it('tells of a mail that cannot be signed when that is asked for, not before', async () => {
    const bare = Buffer.from('Subject: a\n\nb\n');
    const { ahead } = counting();
    await expect(ahead.ahead(bare)).resolves.toBeUndefined();
    await expect(ahead.signed(bare)).rejects.toThrow('cannot be signed');
  });

  it('leaves mails as they are where nobody signs', async () => {
    const { raw } = await composeAsk(askMail());
    const ahead = aheadSigner(undefined);
    await ahead.ahead(raw);
    expect(ahead.signed(raw)).toBeUndefined();
  });
});
