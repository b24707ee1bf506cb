/** Campaign: its life as a table, what its hash covers, and who may decide. */
import { describe, expect, it } from '@jest/globals';
import {
  assertMayDecideCampaign,
  CAMPAIGN_EVENTS,
  CAMPAIGN_STATES,
  type Campaign,
  type CampaignTerms,
  campaignHash,
  mayHappenToCampaign,
  nextCampaignState,
} from '../../../src/consent/campaign.ts';
import { Refusal } from '../../../src/consent/refusal.ts';

const TERMS: CampaignTerms = {
  name: 'Every quarter',
  audience: {
    sources: [
      { kind: 'batch', id: 'b_1' },
      { kind: 'tag', id: 't_1' },
    ],
    match: 'any',
    fields: ['email', 'email2'],
  },
  schedule: { rhythm: 'quarter', time: '09:00', zone: 'Europe/Berlin', from: '2026-03-31' },
  template: 'double-opt-in',
  templateHash: 'a'.repeat(64),
  silence: 'keep',
  linkDays: 14,
  notAskedDays: 180,
};
const NOW = new Date('2026-03-31T10:00:00Z');
const LATER = new Date('2026-04-03T10:00:00Z');

describe('its life', () => {
  const rows: Record<string, string> = {
    'awaiting-approval approve': 'active',
    'awaiting-approval reject': 'rejected',
    'awaiting-approval expire': 'expired',
    'awaiting-approval end': 'ended',
    'active pause': 'paused',
    'active end': 'ended',
    'paused resume': 'active',
    'paused end': 'ended',
  };
  const cells = CAMPAIGN_STATES.flatMap((state) =>
    CAMPAIGN_EVENTS.map((event) => ({ state, event })),
  );

  it.each(cells)('$event of one that is $state', ({ state, event }) => {
    const to = rows[`${state} ${event}`];
    expect(mayHappenToCampaign(state, event)).toBe(to !== undefined);
    if (to !== undefined) expect(nextCampaignState(state, event)).toBe(to);
    else expect(() => nextCampaignState(state, event)).toThrow(new Refusal('campaign_not_open'));
  });
});

describe('what its approval names', () => {
  it('is the same whatever the order of the audience', () => {
    const { audience } = TERMS;
    const turned = {
      ...audience,
      sources: audience.sources.toReversed(),
      fields: audience.fields.toReversed(),
    };
    expect(campaignHash({ ...TERMS, audience: turned })).toBe(campaignHash(TERMS));
  });

  it.each<[string, Partial<CampaignTerms>]>([
    ['name', { name: 'Another' }],
    ['audience', { audience: { ...TERMS.audience, match: 'all' } }],
    ['fields', { audience: { ...TERMS.audience, fields: ['email'] } }],
    ['sources', { audience: { ...TERMS.audience, sources: [{ kind: 'tag', id: 'b_1' }] } }],
    ['rhythm', { schedule: { ...TERMS.schedule, rhythm: 'month' } }],
    ['time', { schedule: { ...TERMS.schedule, time: '09:01' } }],
    ['zone', { schedule: { ...TERMS.schedule, zone: 'UTC' } }],
    ['template', { template: 'other' }],
    ['template’s files', { templateHash: 'b'.repeat(64) }],
    ['meaning of silence', { silence: 'revert' }],
    ['days of a link', { linkDays: 15 }],
    ['days without an ask', { notAskedDays: 181 }],
  ])('is another one with another %s', (_what, over) => {
    expect(campaignHash({ ...TERMS, ...over })).not.toBe(campaignHash(TERMS));
  });
});

describe('who may decide', () => {
  const campaign: Campaign = {
    id: 'c_1',
    workspace: 'T0TEST',
    state: 'awaiting-approval',
    requestedBy: 'U0ASKS',
    requestedAt: NOW,
    terms: TERMS,
    hash: campaignHash(TERMS),
    counts: { addresses: 1, change: 0, skips: {}, asks: 1, askSkips: {} },
    expiresAt: LATER,
    runs: [],
    history: [],
  };

  it('is another person, while it waits and has not expired', () => {
    expect(() => assertMayDecideCampaign(campaign, 'U0OTHER', NOW)).not.toThrow();
    expect(() => assertMayDecideCampaign(campaign, 'U0ASKS', NOW)).toThrow(
      new Refusal('approver_is_requester'),
    );
    expect(() => assertMayDecideCampaign(campaign, 'U0OTHER', LATER)).toThrow(
      new Refusal('request_expired'),
    );
  });

  it.each(CAMPAIGN_STATES.filter((state) => state !== 'awaiting-approval'))(
    'is nobody when it is %s',
    (state) => {
      expect(() => assertMayDecideCampaign({ ...campaign, state }, 'U0OTHER', NOW)).toThrow(
        new Refusal('campaign_not_open'),
      );
    },
  );
});
