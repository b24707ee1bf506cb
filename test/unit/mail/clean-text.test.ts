/** Clean text: a URL that passes is in the normal form of the platform, however plain it looks. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { httpsUrl, httpUrl } from '../../../src/mail/clean-text.ts';

const plain = fc.stringMatching(
  /^https:\/\/([a-z0-9][a-z0-9-]{0,3}[a-z0-9]\.){1,3}[a-z]{2,4}(\/[A-Za-z0-9_.-]{1,6}){1,3}$/,
);
const odd = fc.stringMatching(
  /^https?:\/\/([a-zA-Z0-9.-]{1,6}\.){1,2}[a-z0-9]{1,3}(:(443|80|8080))?(\/(\.{1,3}|%2e|a b|[a-z=]{0,3})){0,3}[?#]?$/,
);

describe('a URL in a mail', () => {
  it('is what the platform makes of it, or is refused', () => {
    fc.assert(
      fc.property(fc.oneof(plain, odd), (url) => {
        const normal = URL.canParse(url) ? new URL(url).href : undefined;
        if (normal === undefined) expect(() => httpUrl(url, 'it')).toThrow(/not an http/);
        else expect(httpUrl(url, 'it')).toBe(normal);
        if (normal?.startsWith('https:')) expect(httpsUrl(url, 'it')).toBe(normal);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['https://example.com/a/../b', 'https://example.com/b'],
    ['https://example.com/./a', 'https://example.com/a'],
    ['https://EXAMPLE.com/a', 'https://example.com/a'],
    ['https://example.com:443/a', 'https://example.com/a'],
    ['https://example.com', 'https://example.com/'],
    ['https://1.2.771/a', 'https://1.2.3.3/a'],
  ])('%s becomes %s', (url, normal) => expect(httpUrl(url, 'it')).toBe(normal));

  it.each([
    `https://example.com/${'a'.repeat(900)}`,
    'https://bank.example@elsewhere.example/a',
    'https://xn--a.example/a',
    'ftp://example.com/a',
  ])('refuses %s', (url) => expect(() => httpUrl(url, 'it')).toThrow(/^it /));
});
