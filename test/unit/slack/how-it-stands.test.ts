/** How it stands: whoever clicks too late reads what it is now, who decided, and when. */
import { describe, expect, it } from '@jest/globals';
import { validateMessage, validateView } from '../../../demo/slack/validate.ts';
import { CAMPAIGN_STATES } from '../../../src/consent/campaign.ts';
import { REQUEST_STATES } from '../../../src/consent/request.ts';
import { howCampaignStands } from '../../../src/slack/campaign/how-it-stands.ts';
import { noticeView } from '../../../src/slack/guard/refusals.ts';
import { howItStands } from '../../../src/slack/request/how-it-stands.ts';
import { CAMPAIGN_WORDS } from '../../../src/slack/words/campaigns.ts';
import { SLACK_LOCALES } from '../../../src/slack/words/language.ts';
import { REQUEST_WORDS } from '../../../src/slack/words/requests.ts';
import { aRequest, NOW } from './models.ts';
import { aCampaign } from './standing-models.ts';

const ASKED = { event: 'submit', by: 'U0ASKS', at: NOW } as const;
const YES = { event: 'approve', by: 'U0YES', at: NOW } as const;
const cells = SLACK_LOCALES.flatMap((locale) =>
  REQUEST_STATES.map((state) => [state, locale] as const),
);

describe('a request', () => {
  it.each(cells)('that is %s says so (%s)', (state, locale) => {
    const { mrkdwn: text } = howItStands(aRequest({ state }), locale);
    expect(text).toContain(`: ${REQUEST_WORDS[locale].states[state]}.`);
    expect(text).toContain('q_');
    expect(validateMessage({ text })).toEqual([]);
    expect(validateView(noticeView({ mrkdwn: text }, locale), 'modal')).toEqual([]);
  });

  it('names who approved it, and what happened last', () => {
    const history = [
      ASKED,
      YES,
      { event: 'start', by: 'assent', at: NOW } as const,
      { event: 'pause', by: 'U0HALT', at: NOW } as const,
    ];
    const request = { ...aRequest({ state: 'paused' }), history };
    const english = howItStands(request, 'en').mrkdwn.split('\n');
    expect(english).toHaveLength(3);
    expect(english[1]).toMatch(/^Approved by <@U0YES>, <!date/u);
    expect(english[2]).toMatch(/^Paused by <@U0HALT>, <!date/u);
    const german = howItStands(request, 'de').mrkdwn.split('\n');
    expect(german[1]).toMatch(/^Freigegeben von <@U0YES>, <!date/u);
    expect(german[2]).toMatch(/^Angehalten von <@U0HALT>, <!date/u);
  });

  it('says once what decided it and happened last', () => {
    const no = { event: 'reject', by: 'U0NO', at: NOW, note: 'Ask ann@example.org.' } as const;
    const request = { ...aRequest({ state: 'rejected' }), history: [ASKED, no] };
    const text = howItStands(request, 'en').mrkdwn;
    expect(text.match(/Rejected by/gu)).toHaveLength(1);
    expect(text).not.toContain('ann@');
  });
});

describe('a campaign', () => {
  it.each(SLACK_LOCALES)('in every state says so (%s)', (locale) => {
    for (const state of CAMPAIGN_STATES) {
      const { mrkdwn: text } = howCampaignStands(aCampaign(state), locale);
      expect(text).toContain(`: ${CAMPAIGN_WORDS[locale].states[state]}.`);
      expect(validateMessage({ text })).toEqual([]);
    }
  });

  it('names who approved it, and who paused it', () => {
    const history = [YES, { event: 'pause', by: 'U0HALT', at: NOW } as const];
    const { mrkdwn: text } = howCampaignStands({ ...aCampaign('paused'), history }, 'de');
    expect(text).toContain('<@U0YES>');
    expect(text).toContain('<@U0HALT>');
  });
});
