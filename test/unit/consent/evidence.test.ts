/** Evidence: a file is what its name says and its first bytes agree with, or it is not taken. */
import { describe, expect, it } from '@jest/globals';
import { EVIDENCE_TYPES, evidenceType } from '../../../src/consent/evidence.ts';

const MAIL = 'Received: from a\r\n\tby b; Mon, 1 Jan 2026\r\nSubject: Yes\r\n\r\nYes.\r\n';
const CONTENT = {
  pdf: Buffer.from('%PDF-1.7\n%âãÏÓ\n\0'),
  png: Buffer.from('89504e470d0a1a0a0000000d', 'hex'),
  jpg: Buffer.from('ffd8ffe000104a46', 'hex'),
  csv: Buffer.from('email,when\r\nann@example.org,2026-01-01\r\n'),
  eml: Buffer.from(MAIL),
} as const;

describe('a file', () => {
  const cells = EVIDENCE_TYPES.flatMap((named) =>
    EVIDENCE_TYPES.map((holds) => [named, holds] as const),
  );

  it.each(cells)('that is called .%s and holds %s', (named, holds) => {
    // A mail is text, and so are the lines of a csv file.
    const agrees = named === holds || (named === 'csv' && holds === 'eml');
    expect(evidenceType(`scan.${named}`, CONTENT[holds])).toBe(agrees ? named : undefined);
  });

  it.each([
    ['photo.JPEG', CONTENT.jpg, 'jpg'],
    ['a.b.PDF', Buffer.concat([Buffer.alloc(500, 1), CONTENT.pdf]), 'pdf'],
    ['old.csv', Buffer.from('\ufeffemail\r\n', 'utf16le'), 'csv'],
    ['late.pdf', Buffer.concat([Buffer.alloc(2_000, 1), CONTENT.pdf]), undefined],
    ['page.html', Buffer.from('<!DOCTYPE html>'), undefined],
    ['login.eml', Buffer.from('<!DOCTYPE html>\n<title>Sign in</title>\n'), undefined],
    ['run.exe', Buffer.from('MZ\0\0'), undefined],
    ['pdf', CONTENT.pdf, 'pdf'],
    ['', CONTENT.pdf, undefined],
    ['empty.csv', Buffer.alloc(0), undefined],
  ])('called %j is of type %j', (name, bytes, type) => {
    expect(evidenceType(name, bytes)).toBe(type);
  });

  it('is looked at in linear time, whatever it holds', () => {
    const hostile = Buffer.from('a:\n'.repeat(1) + ' \n'.repeat(200_000));
    const started = performance.now();
    evidenceType('slow.eml', hostile);
    evidenceType('slow.eml', Buffer.alloc(4_000_000, ':'));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
