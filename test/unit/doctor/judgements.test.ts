/** Doctor's judgements: what is published and measured, judged as receivers would. */
import { describe, expect, it } from '@jest/globals';
import { judgeDmarc, judgeMx, judgeSpf } from '../../../src/mail/check-dns.ts';
import { judgeDisk, judgeSkew, judgeVersion, skewOf } from '../../../src/store/check-database.ts';

describe('SPF', () => {
  const eleven = Array.from({ length: 11 }, (_, n) => `include:${n}.example.com`).join(' ');
  it.each([
    ['fail', []],
    ['fail', ['google-site-verification=abc']],
    ['ok', ['v=spf1 include:spf.example.com -all']],
    ['ok', ['google-site-verification=abc', 'V=SPF1 ip4:192.0.2.1 ~ALL']],
    ['ok', ['v=spf1 redirect=_spf.example.com']],
    ['fail', ['v=spf1 -all', 'v=spf1 ip4:192.0.2.1 -all']],
    ['fail', ['v=spf1 +all']],
    ['fail', ['v=spf1 all']],
    ['warn', ['v=spf1 ip4:192.0.2.1']],
    ['warn', ['v=spf1 ip4:192.0.2.1 ?all']],
    ['fail', [`v=spf1 ${eleven} -all`]],
    ['fail', ['v=spf10 -all']],
  ])('%s: %j', (level, records) => {
    expect(judgeSpf('SPF', records)).toMatchObject({ level });
  });
});

describe('DMARC', () => {
  it.each([
    ['fail', []],
    ['ok', ['v=DMARC1; p=none']],
    ['ok', ['v=DMARC1; p=reject; rua=mailto:a@example.com']],
    ['ok', ['v=DMARC1;p = quarantine']],
    ['fail', ['v=DMARC1; sp=reject']],
    ['fail', ['v=DMARC1; p=maybe']],
    ['fail', ['v=DMARC1; p=none', 'v=DMARC1; p=reject']],
  ])('%s: %j', (level, records) => {
    expect(judgeDmarc('DMARC', 'example.com', records)).toMatchObject({ level });
  });
});

describe('MX', () => {
  it.each([
    ['ok', ['mail.example.com'], true],
    ['ok', ['mail.example.com'], false],
    ['fail', [], true],
    ['warn', [], false],
    ['fail', [''], true],
    ['warn', [''], false],
  ])('%s: %j, needed: %s', (level, servers, needed) => {
    expect(judgeMx('MX', servers, needed)).toMatchObject({ level });
  });
});

describe('MongoDB', () => {
  it.each([
    ['fail', '4.0.28'],
    ['warn', '4.4.29'],
    ['warn', '5.0.31'],
    ['ok', '6.0.5'],
    ['ok', '8.0.1'],
    ['ok', '10.0.0'],
    ['fail', 'unknown'],
  ])('%s: version %s', (level, version) => {
    expect(judgeVersion(version)).toMatchObject({ level });
  });

  it.each([
    ['ok', 50, 100],
    ['warn', 85, 100],
    ['fail', 96, 100],
    ['warn', Number.NaN, Number.NaN],
    ['warn', 0, 0],
  ])('%s: %s of %s used', (level, used, total) => {
    expect(judgeDisk(used, total)).toMatchObject({ level });
  });

  it.each([
    ['within the way there', 1_500, 0],
    ['at its ends', 1_000, 0],
    ['before', 400, 600],
    ['after', 2_250, 250],
  ])('the other clock is %s', (_where, theirs, skew) => {
    expect(skewOf(theirs, 1_000, 2_000)).toBe(skew);
  });

  it.each([
    ['ok', 0],
    ['ok', 999],
    ['warn', 1_000],
    ['fail', 10_000],
  ])('%s: %d ms apart', (level, ms) => {
    expect(judgeSkew('Clock', ms)).toMatchObject({ level });
  });
});
