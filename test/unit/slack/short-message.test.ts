/** Short message: whatever Slack refused, what stands in for it is small, plain and tells where to look. */
import { describe, expect, it } from '@jest/globals';
import { validateMessage } from '../../../demo/slack/validate.ts';
import { shortMessage } from '../../../src/slack/notice/short-message.ts';
import { approvalCard } from '../../../src/slack/request/approval-card.ts';
import { SLACK_LOCALES } from '../../../src/slack/words/language.ts';
import type { AnnouncementDocument } from '../../../src/store/announcements.ts';
import { aRequest, aStatus } from './models.ts';

const CHARACTERS_MAX = 1_000;
const ABOUTS: readonly (readonly [AnnouncementDocument['about'], string])[] = [
  [{ kind: 'request', id: 'q_1' }, '`/assent status q_1`'],
  [{ kind: 'campaign', id: 'c_1' }, '`/assent campaigns`'],
  [{ kind: 'import', id: 'b_1' }, '`/assent imports`'],
  [{ kind: 'digest', id: '2026-W14' }, '`/assent requests`'],
  [{ kind: 'pace', id: 'smtp.1' }, '`/assent mail`'],
];
const cells = SLACK_LOCALES.flatMap((locale) =>
  ABOUTS.map(([about, says]) => [about, says, locale] as const),
);

describe('in place of a message', () => {
  it.each(cells)('about %j it says %s (%s)', (about, says, locale) => {
    const worst = `Approval needed &amp; <@U0ASKS> ${'<!date^1^{time}|then> '.repeat(200)}`;
    const { text, blocks } = shortMessage({ text: worst }, about, locale);
    expect(text).toContain(says);
    expect(blocks).toEqual([]);
    expect(Array.from(text).length).toBeLessThan(CHARACTERS_MAX);
    expect(validateMessage({ text })).toEqual([]);
    // Nothing of the markup is left open by the cut.
    expect(text.split('<').length).toBe(text.split('>').length);
  });

  it('begins with what is needed', () => {
    const card = approvalCard(aStatus(aRequest()), 'en');
    const { text } = shortMessage(card, { kind: 'request', id: 'q_1' }, 'en');
    expect(text).toMatch(/^Approval needed: opt in 12,480 addresses\. /u);
  });
});
