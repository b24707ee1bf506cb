/** Ask: the pure parts of asking: the words, the evidence, the retries, the rest of a route. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { QUESTIONS, SOURCES } from '../../../src/consent/interview.ts';
import { askWordsOf, loadPageWords } from '../../../src/web/page-words.ts';
import {
  type AskWords,
  fill,
  isPermittedSource,
  sayHowObtained,
  sayIfSilent,
} from '../../../src/workflow/ask-words.ts';
import { EVIDENCE_IP, evidenceFacts } from '../../../src/workflow/evidence.ts';
import {
  RETRY_FOR_MS,
  RETRY_WAITS_MS,
  retryAt,
} from '../../../src/workflow/sending/retry-schedule.ts';

const FOLDER = fileURLToPath(new URL('../../../templates/pages', import.meta.url));
const NOW = new Date('2026-11-23T09:00:00Z');
const HOUR_MS = 60 * 60 * 1000;

describe('how an address was obtained', () => {
  let english: AskWords;
  beforeAll(async () => {
    const words = askWordsOf(await loadPageWords(FOLDER)).get('en');
    if (words === undefined) throw new Error('there is English');
    english = words;
  });

  const days = { collectedFrom: '2026-05-02', collectedUntil: '2026-05-30' };
  const say = (source: string | undefined, answers: Record<string, string> | undefined) =>
    sayHowObtained(english, 'en', {
      source: isPermittedSource(source) ? source : undefined,
      answers,
      since: new Date('2026-06-01T00:00:00Z'),
    });

  it.each([
    ['web-form', { url: 'https://www.example.com/a/b?c' }, /form on www\.example\.com, between/],
    ['event', { event: 'Fair' }, /at “Fair”, between May 2, 2026 and May 30, 2026\./],
    ['customers', { product: 'Shoes' }, /\(Shoes\)/],
    ['paper', { place: 'Shop', scan: 'secret/path' }, /on paper \(Shop\)/],
    ['other-system', { system: 'Old CRM' }, /\(Old CRM\)/],
    ['spoken', { askedBy: 'Sales' }, /in a conversation/],
    ['other', { explanation: 'An internal story' }, /You gave us your permission/],
  ])('from %s is told with its answers', (source, answers, expected) => {
    expect(say(source, { ...answers, ...days })).toMatch(expected);
  });

  it('never tells what was written for colleagues', () => {
    const told = [
      say('other', { explanation: 'An internal story', ...days }),
      say('spoken', { askedBy: 'Jane of Sales', ...days }),
      say('paper', { place: 'Shop', scan: 'secret/path', ...days }),
      say('web-form', { url: 'https://example.com/?campaign=secret', wording: 'secret', ...days }),
    ].join(' ');
    expect(told).not.toMatch(/internal|Jane|secret/);
  });

  it('on one day says the day once', () => {
    const answers = { event: 'Fair', collectedFrom: '2026-05-02', collectedUntil: '2026-05-02' };
    expect(say('event', answers)).toContain('“Fair”, on May 2, 2026.');
  });

  it.each([
    ['event', undefined],
    ['event', days],
    ['event', { event: 'Fair' }],
    ['event', { event: 'Fair', ...days, collectedFrom: 'soon' }],
    ['web-form', { url: 'nonsense', ...days }],
  ])('from %s with answers %j on file is told in brief, with the date', (source, answers) => {
    expect(say(source, answers)).toMatch(/\. We have had it on record since June 1, 2026\.$/);
  });

  it.each(['purchased', 'scraped', 'toString', '__proto__', '', undefined])(
    'from %j is never named as a source',
    (source) => {
      expect(isPermittedSource(source)).toBe(false);
      expect(say(source, days)).toContain('According to our records');
    },
  );

  it('knows every source that has questions, and no other', () => {
    expect(SOURCES.filter(isPermittedSource)).toEqual(Object.keys(QUESTIONS));
  });

  it('puts in values as they are, and never reads them as placeholders', () => {
    expect(fill('{a} and {b} and {c}', { a: '{b}', b: '$& $1' })).toBe('{b} and $& $1 and ');
  });

  it('promises a day on which yes still counts to its end', () => {
    const expiresAt = new Date('2026-12-07T00:00:01Z');
    expect(sayIfSilent(english, 'en', { silence: 'keep', expiresAt })).toContain(
      'until December 6, 2026.',
    );
  });
});

describe('evidence', () => {
  const key = Buffer.alloc(32, 1);
  const kept = (ip: string, mode: (typeof EVIDENCE_IP)[number]) =>
    evidenceFacts({ at: NOW, ip }, { mode, key })['ip'];

  it.each([
    ['192.0.2.77', undefined, '192.0.2.0/24', '192.0.2.77'],
    ['::ffff:192.0.2.77', undefined, '192.0.2.0/24', '192.0.2.77'],
    ['2001:DB8:12:34::1', undefined, '2001:db8:12::/48', '2001:db8:12:34::1'],
    ['2001:db8::1', undefined, '2001:db8:0::/48', '2001:db8::1'],
    ['::1', undefined, '0:0:0::/48', '::1'],
  ])('of %s keeps what the operator chose', (ip, off, truncated, full) => {
    expect(EVIDENCE_IP.map((mode) => kept(ip, mode))).toEqual([
      off,
      truncated,
      expect.stringMatching(/^[0-9a-f]{32}$/),
      full,
    ]);
  });

  it('hashes with the key, the same address always alike', () => {
    expect(kept('192.0.2.77', 'keyed-hash')).toBe(kept('::ffff:192.0.2.77', 'keyed-hash'));
    expect(kept('192.0.2.77', 'keyed-hash')).not.toBe(kept('192.0.2.78', 'keyed-hash'));
    const other = evidenceFacts(
      { at: NOW, ip: '192.0.2.77' },
      { mode: 'keyed-hash', key: Buffer.alloc(32, 2) },
    );
    expect(other['ip']).not.toBe(kept('192.0.2.77', 'keyed-hash'));
  });

  it.each(['nonsense', '', 'fe80::1%eth0', '1.2.3.4.5'])('keeps nothing of %j', (ip) => {
    for (const mode of EVIDENCE_IP) expect(kept(ip, mode)).toBeUndefined();
  });

  it('keeps the name of the browser, cut and printable', () => {
    const userAgent = `Mozilla\u0000\u202E/5.0 ${'x'.repeat(500)}`;
    const facts = evidenceFacts({ at: NOW, userAgent }, { mode: 'full', key });
    expect(facts['userAgent']).toMatch(/^Mozilla\/5\.0 x+$/);
    expect(facts['userAgent']).toHaveLength(200);
    expect(evidenceFacts({ at: NOW, userAgent: '' }, { mode: 'full', key })).toEqual({});
  });
});

describe('retries', () => {
  const again = (count: number, random: number, over = {}) =>
    retryAt({ count, firstAt: NOW, now: NOW, ...over }, () => random);

  it.each(RETRY_WAITS_MS.map((wait, index) => [index + 1, wait]))(
    'after attempt %i wait %i ms, give or take a fifth',
    (count, wait) => {
      const waits = [0, 0.5, 1].map(
        (random) => (again(count, random)?.getTime() ?? 0) - NOW.getTime(),
      );
      expect(waits.map((ms) => Math.round(ms))).toEqual(
        [0.8, 1, 1.2].map((f) => Math.round(f * wait)),
      );
    },
  );

  it('ends after the last wait', () => {
    expect(again(RETRY_WAITS_MS.length + 1, 0.5)).toBeUndefined();
  });

  it('ends where the next attempt would be later than 48 hours after the first', () => {
    const firstAt = new Date(NOW.getTime() - RETRY_FOR_MS + HOUR_MS);
    expect(again(3, 0.5, { firstAt })).toEqual(new Date(NOW.getTime() + HOUR_MS));
    expect(again(3, 0.51, { firstAt })).toBeUndefined();
  });

  it('waits at least as long as the server asks', () => {
    expect(again(1, 0, { hintMs: 2 * HOUR_MS })).toEqual(new Date(NOW.getTime() + 2 * HOUR_MS));
    expect(again(5, 0.5, { hintMs: 1 })).toEqual(new Date(NOW.getTime() + 8 * HOUR_MS));
  });
});
