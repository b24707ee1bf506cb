/** Cards: what approvers, requesters and the channel read, within Slack's limits whatever was typed. */
import { describe, expect, it } from '@jest/globals';
import type { ModalView } from '@slack/types';
import { leaves } from '../../../demo/slack/json.ts';
import { leaksInChannel, leaksInHiding } from '../../../demo/slack/leaks.ts';
import { validateMessage, validateView } from '../../../demo/slack/validate.ts';
import { maskAddress } from '../../../src/consent/address.ts';
import { type PermittedSource, QUESTIONS } from '../../../src/consent/interview.ts';
import { REQUEST_KINDS } from '../../../src/consent/plan.ts';
import { REQUEST_STATES } from '../../../src/consent/request.ts';
import { md } from '../../../src/slack/blocks/escape.ts';
import type { Message } from '../../../src/slack/blocks/message.ts';
import { approvalCard } from '../../../src/slack/request/approval-card.ts';
import { detailsView } from '../../../src/slack/request/details.ts';
import { decisionMessage } from '../../../src/slack/request/direct-messages.ts';
import { mailView } from '../../../src/slack/request/mail-preview.ts';
import {
  activeMs,
  bar,
  durationWords,
  progressMessage,
} from '../../../src/slack/request/progress-message.ts';
import { resultMessage } from '../../../src/slack/request/result-message.ts';
import { decidedModal, reviewModal } from '../../../src/slack/request/review-modal.ts';
import { SLACK_LOCALES, type SlackLocale } from '../../../src/slack/words/language.ts';
import type { RequestStatus } from '../../../src/workflow/read-status.ts';
import { APPROVER, aRequest, aStatus, hostile, NOW, REQUESTER, worstStatus } from './models.ts';

const SOURCES = Object.keys(QUESTIONS) as PermittedSource[];
const CHANNEL = 'C0APPROVALS';

const ASK = {
  who: 'changed',
  template: 'double-opt-in',
  templateHash: 'a'.repeat(64),
  silence: 'revert',
  linkDays: 14,
} as const;

const shown = (thing: unknown): string =>
  leaves(thing)
    .filter(({ at }) => at.endsWith('/text'))
    .map(({ text }) => text)
    .join('\n');
const buttons = (message: Message): string[] =>
  leaves(message.blocks)
    .filter(({ at }) => at.endsWith('/action_id'))
    .map(({ text }) => text);
const cells = REQUEST_KINDS.flatMap((kind) => REQUEST_STATES.map((state) => ({ kind, state })));

/** What no message may hold, whoever typed what. */
function expectSafe(message: Message): void {
  expect(validateMessage(message)).toEqual([]);
  expect(leaksInChannel('test', { ...message })).toEqual([]);
  expect(leaksInHiding('test', { ...message })).toEqual([]);
  const text = shown(message) + message.text;
  expect(text).not.toContain('<!channel>');
  expect(text).not.toContain('<@U0ADMIN>');
  expect(text).not.toContain('|ok>');
}

describe('the longest and most hostile texts fit and do nothing', () => {
  it.each(cells)('in everything about a $kind that is $state', ({ kind, state }) => {
    expectAllSafe(worstStatus(kind, state, 'web-form'));
  });

  it.each(SOURCES)('in everything about addresses that were obtained by %s', (source) => {
    expectAllSafe(worstStatus('opt-in', 'awaiting-approval', source));
  });
});

function expectAllSafe(status: RequestStatus): void {
  for (const locale of SLACK_LOCALES) {
    expectSafe(approvalCard(status, locale));
    expectSafe(progressMessage(status, NOW, locale));
    expectSafe(resultMessage(status, { chart: true, direct: false }, locale));
    expectSafe(resultMessage(status, { chart: false, direct: true }, locale));
    expectSafe(decisionMessage(status, CHANNEL, locale));
    expectSafeViews(status, locale);
  }
}

function expectSafeViews(status: RequestStatus, locale: SlackLocale): void {
  const mail = { subject: hostile(200), text: hostile(12_000), changed: true };
  const notice = hostile(300);
  const samples = Array.from({ length: 5 }, () => maskAddress('somebody@example.org'));
  const reviews = [undefined, hostile(300)].map((cannotDecide) =>
    reviewModal({ ...status, mail, samples, mustTypeNumber: true, cannotDecide, notice }, locale),
  );
  for (const view of [...reviews, mailView(status.request, mail, locale)]) {
    expect(validateView(view, 'modal')).toEqual([]);
    expect(leaksInHiding('test', { ...view })).toEqual([]);
    expect(shoutsIn(view)).toEqual([]);
  }
  const details = detailsView(status, locale);
  expect(validateView(details, 'modal')).toEqual([]);
  expect(shoutsIn(details)).toEqual([]);
}

/** What Slack would act upon in marked-up text; plain text shows such things and does nothing. */
const shoutsIn = (view: ModalView): string[] =>
  (JSON.stringify(view).match(/"type":"mrkdwn","text":"[^"]*/gu) ?? []).filter((text) =>
    /<!channel>|<@U0ADMIN>/u.test(text),
  );

describe('the approval card', () => {
  it('says what is asked, by whom, how the addresses were obtained and what would change', () => {
    const card = approvalCard(aStatus(aRequest()), 'en');
    const text = shown(card);
    expect(text).toContain('Approval needed: opt in 12,480 addresses');
    expect(text).toContain(`<@${REQUESTER}>`);
    expect(text).toContain('batch “Spring fair”');
    expect(text).toContain('E-mail 1');
    expect(text).toContain('*How obtained:* Web form');
    expect(text).toContain('First day of collection: February 1, 2026');
    expect(text).toContain('*12,480 addresses* will be opted in');
    expect(text).toContain('20 complained about mail, so they stay as they are');
    expect(text).toMatch(/Expires <!date\^1775210400\^/);
    expect(card.text).toContain('Approval needed: opt in 12,480 addresses');
  });

  it('says the reason of an opt-out', () => {
    const text = shown(approvalCard(aStatus(aRequest({ kind: 'opt-out' })), 'en'));
    expect(text).toContain('Approval needed: opt out 12,480 addresses');
    expect(text).toContain('*Reason:* They left the club.');
  });

  it('says how recipients are asked and what their silence means', () => {
    const ask = ASK;
    const counts = { asks: 12_000, askSkips: { asked_too_often: 480 } };
    const text = shown(approvalCard(aStatus(aRequest({ terms: { ask }, counts })), 'en'));
    expect(text).toContain('*12,000 addresses* will be asked to confirm by mail');
    expect(text).toContain('480 were asked twice in the last 180 days, so they are not asked');
    expect(text).toContain('template “double-opt-in”');
    expect(text).toContain('within 14 days is non-marketable again');
  });

  it('shows a warning', () => {
    const over = { warning: 'The source is “something else”.' };
    expect(shown(approvalCard(aStatus(aRequest({ over })), 'en'))).toContain(
      '*Warning:* The source is',
    );
  });

  it('has one button while it is open, and its value is the request and nothing else', () => {
    const card = approvalCard(aStatus(aRequest()), 'en');
    expect(buttons(card)).toEqual(['review-request']);
    const values = leaves(card.blocks).filter(({ at }) => at.endsWith('/value'));
    expect(values.map(({ text }) => text)).toEqual(['q_1a2b3c4d5e6f']);
  });

  it.each(REQUEST_STATES.filter((state) => state !== 'awaiting-approval'))(
    'has no button and says who decided when it is %s',
    (state) => {
      const card = approvalCard(aStatus(aRequest({ state })), 'en');
      expect(buttons(card)).toEqual([]);
      expect(shown(card)).toContain(`by <@${APPROVER}>, <!date^`);
    },
  );

  it('says why it was rejected, and that nothing was changed', () => {
    const at = NOW;
    const history = [{ event: 'reject' as const, by: APPROVER, at, note: 'Ask the fair first.' }];
    const text = shown(
      approvalCard(aStatus(aRequest({ state: 'rejected', over: { history } })), 'en'),
    );
    expect(text).toContain('Ask the fair first.');
    expect(text).toContain('Nothing was changed.');
  });

  it('counts batches that were deleted meanwhile', () => {
    const card = approvalCard({ request: aRequest(), audience: [] }, 'en');
    expect(shown(card)).toContain('1 deleted meanwhile');
  });
});

describe('the review', () => {
  const review = (over: object = {}) =>
    reviewModal(
      { ...aStatus(aRequest()), mail: undefined, samples: [], mustTypeNumber: false, ...over },
      'en',
    );
  const inputs = (view: object) =>
    leaves(view)
      .filter(({ at, text }) => at.endsWith('/type') && text === 'input')
      .map(({ at }) => at);

  it('names the request and the plan that is looked at in its metadata', () => {
    const { plan } = aRequest();
    expect(JSON.parse(review().private_metadata ?? '')).toEqual({
      request: 'q_1a2b3c4d5e6f',
      planHash: plan.hash,
    });
  });

  it('asks for the number only where it has to be typed', () => {
    expect(inputs(review())).toHaveLength(2);
    expect(inputs(review({ mustTypeNumber: true }))).toHaveLength(3);
    expect(shown(review({ mustTypeNumber: true }))).toContain(
      'about 12,480 addresses. Type that number',
    );
  });

  it('has nothing to fill in for somebody who cannot decide, and says why', () => {
    const view = review({ cannotDecide: 'You cannot decide your own request.' });
    expect(inputs(view)).toEqual([]);
    expect(view.submit).toBeUndefined();
    expect(shown(view)).toContain('You cannot decide your own request.');
  });

  it('shows every answer whole, and the mail', () => {
    const wording = hostile(3_000);
    const interview = {
      source: 'web-form' as const,
      answers: { url: 'https://example.com', wording, tickedByDefault: false },
      attested: true,
    };
    const mail = { subject: 'Shall we go on?', text: 'Dear reader,\n\nshall we?', changed: false };
    const ask = { ...ASK, silence: 'keep' as const };
    const view = review({ ...aStatus(aRequest({ terms: { interview, ask } })), mail });
    expect(shown(view)).toContain(wording.replaceAll('\u202E', ''));
    expect(shown(view)).toContain('Subject: Shall we go on?');
    expect(shown(view)).toContain('Dear reader,');
  });

  it('forgets what was entered for another plan', () => {
    const one = aRequest();
    const other = aRequest({ counts: { change: 12_481 } });
    const ids = (request: typeof one) =>
      leaves(
        reviewModal(
          { ...aStatus(request), mail: undefined, samples: [], mustTypeNumber: true },
          'en',
        ),
      )
        .filter(({ at }) => at.endsWith('/block_id'))
        .map(({ text }) => text);
    expect(ids(one)).toHaveLength(3);
    expect(ids(one).filter((id) => ids(other).includes(id))).toEqual([]);
  });

  it('ends in a view without anything to fill in', () => {
    const view = decidedModal(aRequest(), md`Approved.`, 'en');
    expect(validateView(view, 'modal')).toEqual([]);
    expect(view.submit).toBeUndefined();
  });
});

describe('progress', () => {
  const counts = { addresses: 6_250, changed: 6_000, skips: { complaint: 250 }, asks: 0 };
  const running = (state: 'processing' | 'paused' | 'done', history: object[] = []) =>
    aStatus(aRequest({ state, over: { history: history as never } }), { counts });
  const start = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

  it('shows a bar, counts and how long it will take', () => {
    const status = running('processing', [{ event: 'start', by: 'assent', at: NOW }]);
    const text = shown(progressMessage(status, start(10), 'en'));
    expect(text).toContain('▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░ 50 %');
    expect(text).toContain('6,250 of 12,500 addresses looked at, 6,000 changed, 250 left');
    expect(text).toContain('About 10 min left.');
  });

  it('does not count a pause as work', () => {
    const history = [
      { event: 'start' as const, by: 'assent', at: start(0) },
      { event: 'pause' as const, by: APPROVER, at: start(5) },
      { event: 'resume-processing' as const, by: APPROVER, at: start(65) },
    ];
    expect(activeMs({ history }, start(70))).toBe(10 * 60_000);
    expect(activeMs({ history: history.slice(0, 2) }, start(70))).toBe(5 * 60_000);
  });

  it.each([
    ['processing', ['pause-request', 'cancel-request']],
    ['asking', ['pause-request', 'cancel-request']],
    ['paused', ['resume-request', 'cancel-request']],
    ['failed', ['cancel-request']],
    ['done', []],
    ['cancelled', []],
  ] as const)('offers what may be done when it is %s', (state, expected) => {
    const message = progressMessage(aStatus(aRequest({ state })), NOW, 'en');
    expect(buttons(message)).toEqual([...expected]);
  });

  it('measures mail while mail goes out', () => {
    const status = aStatus(aRequest({ state: 'asking' }), {
      counts: { ...counts, asks: 400 },
      asks: { sent: 90, bounced: 10, queued: 290, sending: 10 },
      // Reminders wait for days; the bar does not.
      sends: { sent: 90, bounced: 10, queued: 690, sending: 10 },
    });
    const text = shown(progressMessage(status, NOW, 'en'));
    expect(text).toContain('25 %');
    expect(text).toContain('90 mails sent of 400');
  });

  it.each([
    [{ done: 0, all: 0 }, '100 %'],
    [{ done: 0, all: 7 }, ' 0 %'],
    [{ done: 999, all: 1_000 }, '99 %'],
    [{ done: 9, all: 7 }, '100 %'],
  ])('is full only when nothing is left: %j', (work, expected) => {
    expect(bar(work)).toContain(expected);
  });

  it.each([
    [1_000, '1 min'],
    [10 * 60_000, '10 min'],
    [3 * 60 * 60_000, 'about 3 h'],
  ])('says %d ms as %s', (ms, words) => {
    expect(durationWords(ms, 'en')).toBe(words);
  });
});

describe('the decision, to the one who asked', () => {
  const told = (options: Parameters<typeof aRequest>[0], over: object = {}) =>
    shown(decisionMessage(aStatus(aRequest(options), over), CHANNEL, 'en'));

  it.each([
    ['approved', 'was approved'],
    ['rejected', 'was rejected. Nothing was changed.'],
    ['expired', 'expired before anybody decided'],
    ['cancelled', 'was cancelled'],
    ['awaiting-approval', 'waits for approval until'],
  ] as const)('says that it is %s', (state, words) => {
    expect(told({ state })).toContain(words);
  });

  it('says when an approved change starts', () => {
    expect(told({ state: 'scheduled', over: { runAt: NOW } })).toMatch(/It starts <!date\^/);
  });

  it('says that the channel does not take the card, and what helps', () => {
    const text = told({}, { channelLost: true });
    expect(text).toContain(`Assent cannot post in <#${CHANNEL}>`);
    expect(text).toContain('/assent status q_1a2b3c4d5e6f');
    expect(told({ state: 'rejected' }, { channelLost: true })).not.toContain('cannot post');
  });
});
