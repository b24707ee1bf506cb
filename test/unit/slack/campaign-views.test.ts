/** Campaign views: cards, reviews and the form, within Slack's limits, in both languages. */
import { describe, expect, it } from '@jest/globals';
import { leaves } from '../../../demo/slack/json.ts';
import { leaksInChannel, leaksInHiding } from '../../../demo/slack/leaks.ts';
import { validateMessage, validateView } from '../../../demo/slack/validate.ts';
import { CAMPAIGN_STATES } from '../../../src/consent/campaign.ts';
import type { Message } from '../../../src/slack/blocks/message.ts';
import { campaignCard, campaignMessage } from '../../../src/slack/campaign/card.ts';
import { campaignForm, readCampaign } from '../../../src/slack/campaign/form.ts';
import { campaignReview } from '../../../src/slack/campaign/review.ts';
import { scheduleWords } from '../../../src/slack/campaign/words.ts';
import { InputErrors, type Values } from '../../../src/slack/guard/door.ts';
import { CAMPAIGN_WORDS } from '../../../src/slack/words/campaigns.ts';
import { SLACK_LOCALES } from '../../../src/slack/words/language.ts';
import { REQUEST_WORDS } from '../../../src/slack/words/requests.ts';
import { AUDIENCE, hostile } from './models.ts';
import { aCampaign, HOSTILE_AUDIENCE, worstCampaign } from './standing-models.ts';

const buttons = (thing: object): string[] =>
  leaves(thing)
    .filter(({ at }) => at.endsWith('/action_id'))
    .map(({ text }) => text);
const cells = SLACK_LOCALES.flatMap((locale) =>
  CAMPAIGN_STATES.map((state) => ({ locale, state })),
);
const offer = {
  templates: ['double-opt-in'],
  zone: 'Europe/Berlin',
  silence: 'keep' as const,
  linkDays: 14,
};

function expectSafe(message: Message): void {
  expect(validateMessage(message)).toEqual([]);
  expect(leaksInChannel('test', { ...message })).toEqual([]);
  expect(leaksInHiding('test', { ...message })).toEqual([]);
  // Plain text shows such things and does nothing; marked-up text must have escaped them.
  const marked = JSON.stringify(message).match(/"type":"mrkdwn","text":"[^"]*/gu) ?? [];
  expect(marked.join() + message.text).not.toMatch(/<!channel>|<@U0ADMIN>/u);
}

describe('the worst campaign', () => {
  it.each(cells)('that is $state fits everywhere, in $locale', ({ locale, state }) => {
    const shown = { campaign: worstCampaign(state), audience: HOSTILE_AUDIENCE };
    expectSafe(campaignCard(shown, locale));
    expectSafe(campaignMessage(shown, locale));
    for (const cannotDecide of [undefined, hostile(300)]) {
      const view = campaignReview({ ...shown, ...(cannotDecide && { cannotDecide }) }, locale);
      expect(validateView(view, 'modal')).toEqual([]);
      expect(leaksInHiding('test', { ...view })).toEqual([]);
    }
  });
});

describe('the card', () => {
  it.each(SLACK_LOCALES)('says to a screen reader what is seen on its button, in %s', (locale) => {
    for (const state of CAMPAIGN_STATES) {
      const text = JSON.stringify(
        campaignCard({ campaign: aCampaign(state), audience: AUDIENCE }, locale),
      );
      const { review, details } = CAMPAIGN_WORDS[locale];
      const seen = state === 'awaiting-approval' ? review : details;
      expect(text).toContain(`"text":"${seen}"`);
      expect(text).toContain(`"accessibility_label":"${seen}`);
    }
  });

  it.each([
    ['awaiting-approval', ['review-campaign']],
    ['active', ['review-campaign', 'pause-campaign', 'end-campaign']],
    ['paused', ['review-campaign', 'resume-campaign', 'end-campaign']],
    ['ended', ['review-campaign']],
    ['rejected', ['review-campaign']],
    ['expired', ['review-campaign']],
  ] as const)('of one that is %s has the buttons %j', (state, expected) => {
    const card = campaignCard({ campaign: aCampaign(state), audience: AUDIENCE }, 'en');
    expect(buttons(card)).toEqual(expected);
  });

  it('says what is approved', () => {
    const card = JSON.stringify(campaignCard({ campaign: aCampaign(), audience: AUDIENCE }, 'en'));
    expect(card).toContain('Approval needed: campaign: Every quarter');
    expect(card).toContain('Today it would ask 120 addresses of 400 addresses.');
    expect(card).toContain('were not asked for 180 days');
    expect(card).toContain('batch “Spring fair”');
    expect(card).toContain('The approval stands for every run');
    expect(card).toContain('Nobody is reminded.');
  });

  it.each([
    ['en', 'after 5 days'],
    ['de', 'nach 5 Tagen'],
  ] as const)(
    'and the review say in %s who is reminded and what becomes of unknown mails',
    (locale, days) => {
      const campaign = aCampaign();
      const follows = { reminderDays: 5, unknown: 'resend-once' as const };
      const shown = {
        campaign: { ...campaign, terms: { ...campaign.terms, ...follows } },
        audience: AUDIENCE,
      };
      const words = REQUEST_WORDS[locale];
      for (const drawn of [campaignCard(shown, locale), campaignReview(shown, locale)]) {
        expect(JSON.stringify(drawn)).toContain(words.reminds(5));
        expect(JSON.stringify(drawn)).toContain(words.unknownMails['resend-once']);
      }
      expect(words.reminds(5)).toContain(days);
    },
  );

  it('says why the clock paused it, in the reader’s language', () => {
    const history = [
      { event: 'pause' as const, by: 'assent', at: new Date(), note: 'template_changed' },
    ];
    const campaign = aCampaign('paused', { over: { history } });
    const shown = { campaign, audience: AUDIENCE };
    expect(JSON.stringify(campaignCard(shown, 'en'))).toContain(
      'no longer the one that was approved',
    );
    expect(JSON.stringify(campaignCard(shown, 'de'))).toContain('nicht mehr die freigegebene');
  });
});

describe('the review', () => {
  it('can be submitted only while it waits, by somebody who may decide', () => {
    const review = (state: (typeof CAMPAIGN_STATES)[number], cannotDecide?: string) =>
      campaignReview(
        { campaign: aCampaign(state), audience: AUDIENCE, ...(cannotDecide && { cannotDecide }) },
        'en',
      ).submit?.text;
    expect(review('awaiting-approval')).toBe('Decide');
    expect(review('awaiting-approval', 'It is yours.')).toBeUndefined();
    expect(review('active')).toBeUndefined();
  });

  it('tells its runs, also the one that came late', () => {
    const at = new Date('2026-06-17T12:00:00Z');
    const runs = [
      { dueAt: new Date('2026-04-01T07:00:00Z'), at, asks: 2, request: 'q_1' },
      { dueAt: at, at, asks: 0 },
    ];
    const campaign = aCampaign('active', { over: { runs } });
    const text = JSON.stringify(campaignReview({ campaign, audience: AUDIENCE }, 'en'));
    expect(text).toContain('2 addresses to ask, request q_1 (late, because Assent did not run)');
    expect(text).toContain('nobody to ask');
  });
});

describe('a schedule in words', () => {
  it.each([
    [{ rhythm: 'month' }, 'on the 1st of each month at 09:00 (UTC)'],
    [{ rhythm: 'week', weekday: 7 }, 'each Sunday at 09:00 (UTC)'],
    [{ rhythm: 'days', days: 1 }, 'each day at 09:00 (UTC)'],
    [{ rhythm: 'days', days: 30 }, 'every 30 days at 09:00 (UTC)'],
  ] as const)('%j', (over, expected) => {
    const schedule = { time: '09:00', zone: 'UTC', from: '2026-01-01', ...over };
    expect(scheduleWords(schedule, 'en')).toBe(expected);
    expect(scheduleWords(schedule, 'de')).not.toBe(expected);
  });
});

const entered = (over: Record<string, unknown> = {}): Values => {
  const values = {
    'campaign-name': { value: '  Every quarter ' },
    'choose-audience': { selected_options: [{ value: 'batch:b_test' }, { value: 'nonsense' }] },
    'campaign-match': { selected_option: { value: 'all' } },
    'campaign-fields': { selected_options: [{ value: 'email2' }, { value: 'email' }] },
    'campaign-rhythm': { selected_option: { value: 'week' } },
    'campaign-weekday': { selected_option: { value: '5' } },
    'campaign-days': { value: '30' },
    'campaign-time': { value: '07:30' },
    'campaign-zone': { value: 'Europe/Berlin' },
    'campaign-template': { selected_option: { value: 'double-opt-in' } },
    'campaign-silence': { selected_option: { value: 'revert' } },
    'campaign-not-asked': { value: '90' },
    'choose-reminder': { selected_option: { value: '5' } },
    'choose-unknown': { selected_option: { value: 'resend-once' } },
    ...over,
  };
  return Object.fromEntries(Object.entries(values).map(([id, value]) => [id, { [id]: value }]));
};

describe('the form', () => {
  it.each(SLACK_LOCALES)('is what Slack takes in %s, with and without a mail server', (locale) => {
    expect(validateView(campaignForm(offer, locale), 'modal')).toEqual([]);
    const none = campaignForm({ ...offer, templates: [] }, locale);
    expect(validateView(none, 'modal')).toEqual([]);
    expect(none.submit).toBeUndefined();
  });

  it('is read without what belongs to another rhythm', () => {
    expect(readCampaign(entered(), 'en')).toEqual({
      name: 'Every quarter',
      choice: {
        sources: [{ kind: 'batch', id: 'b_test' }],
        match: 'all',
        fields: ['email', 'email2'],
      },
      schedule: { rhythm: 'week', weekday: 5, time: '07:30', zone: 'Europe/Berlin' },
      template: 'double-opt-in',
      silence: 'revert',
      notAskedDays: 90,
      reminderDays: 5,
      unknown: 'resend-once',
    });
  });

  it('asks what follows as the wizard does: reminders while a link confirms, and nobody by itself', () => {
    const view = JSON.stringify(campaignForm({ ...offer, linkDays: 3 }, 'de'));
    expect(view).toContain('Wer nicht geantwortet hat, wird erinnert');
    expect(view).toContain('nach 2 Tagen');
    expect(view).not.toContain('nach 3 Tagen');
    const none = { 'choose-reminder': { selected_option: { value: 'none' } } };
    expect(readCampaign(entered({ ...none, 'choose-unknown': {} }), 'en')).toMatchObject({
      reminderDays: undefined,
      unknown: undefined,
    });
    const forged = { 'choose-reminder': { selected_option: { value: '99' } } };
    expect(() => readCampaign(entered(forged), 'en')).toThrow('not offered');
  });

  it.each([
    ['campaign-name', { 'campaign-name': { value: ' ' } }],
    ['choose-audience', { 'choose-audience': {} }],
    ['campaign-fields', { 'campaign-fields': { selected_options: [] } }],
    ['campaign-weekday', { 'campaign-weekday': { selected_option: null } }],
    ['campaign-weekday', { 'campaign-weekday': { selected_option: { value: '8' } } }],
    [
      'campaign-days',
      {
        'campaign-rhythm': { selected_option: { value: 'days' } },
        'campaign-days': { value: '366' },
      },
    ],
    ['campaign-time', { 'campaign-time': { value: '25:00' } }],
    ['campaign-zone', { 'campaign-zone': { value: 'Berlin' } }],
    ['campaign-not-asked', { 'campaign-not-asked': { value: '29' } }],
  ])('is refused at %s', (id, over) => {
    let errors: unknown;
    try {
      readCampaign(entered(over), 'de');
    } catch (error) {
      errors = error instanceof InputErrors ? error.errors : error;
    }
    expect(errors).toEqual({ [id]: expect.any(String) });
  });

  it('is refused whole where nothing was entered', () => {
    expect(() => readCampaign({}, 'en')).toThrow(InputErrors);
  });
});
