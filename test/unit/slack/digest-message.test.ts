/** Digest message: figures and a table, the same in words, within Slack's limits in both languages. */
import { describe, expect, it } from '@jest/globals';
import { leaksInChannel } from '../../../demo/slack/leaks.ts';
import { validateMessage } from '../../../demo/slack/validate.ts';
import { REQUEST_KINDS } from '../../../src/consent/plan.ts';
import { digestMessage } from '../../../src/slack/notice/digest-message.ts';
import { SLACK_LOCALES } from '../../../src/slack/words/language.ts';
import { DIGEST_REQUESTS_MAX } from '../../../src/workflow/digest.ts';
import { aRequest, worstStatus } from './models.ts';
import { aDigest } from './standing-models.ts';

const full = aDigest({
  requests: Array.from({ length: DIGEST_REQUESTS_MAX }, (_, at) => ({
    ...worstStatus(REQUEST_KINDS[at % REQUEST_KINDS.length] ?? 'opt-in', 'failed', 'other').request,
    id: `q_${String(at).padStart(12, '0')}`,
    requestedBy: at === 0 ? 'an import of the command line' : 'U0ASKS',
  })),
  requestCount: 1_234,
  waiting: 99,
});

const rowsOf = (message: { blocks: readonly object[] }): unknown[] =>
  message.blocks.flatMap((block) => ('rows' in block ? (block.rows as unknown[]) : []));

describe.each(SLACK_LOCALES)('in %s', (locale) => {
  it.each([
    ['a full week', full],
    ['one request', aDigest()],
    ['a week in which nobody asked', aDigest({ requests: [], requestCount: 0, waiting: 0 })],
  ])('%s is what Slack takes, with a table and without', (_what, digest) => {
    for (const table of [true, false]) {
      const message = digestMessage(digest, { table }, locale);
      expect(validateMessage(message)).toEqual([]);
      expect(leaksInChannel('test', { ...message })).toEqual([]);
    }
  });
});

describe('the digest', () => {
  it('has a table of at most 20 rows, its heading among them', () => {
    expect(rowsOf(digestMessage(full, { table: true }, 'en'))).toHaveLength(20);
    expect(JSON.stringify(digestMessage(full, { table: true }, 'en'))).toContain('and 1,215 more');
  });

  it('says in its text what the table says', () => {
    const request = aRequest({ kind: 'opt-out' });
    const { text, blocks } = digestMessage(aDigest({ requests: [request] }), { table: true }, 'en');
    expect(text).toContain('Opt out 12,480 addresses: Waits for approval');
    expect(text).toContain('*Opted in* 12,480');
    expect(JSON.stringify(blocks)).toContain('1 request waits for approval.');
  });

  it('has lines instead of a table where Slack takes none', () => {
    const plain = digestMessage(full, { table: false }, 'en');
    expect(rowsOf(plain)).toEqual([]);
    expect(JSON.stringify(plain.blocks)).toContain('Requests of the week');
  });
});
