/** Standing models: campaigns, dashboards and digests, plain ones and the worst that fit. */
import {
  CAMPAIGN_NAME_CHARS_MAX,
  CAMPAIGN_STATES,
  type Campaign,
  type CampaignState,
  campaignHash,
} from '../../../src/consent/campaign.ts';
import type { Schedule } from '../../../src/consent/campaign-schedule.ts';
import type { REQUEST_KINDS } from '../../../src/consent/plan.ts';
import { REQUEST_STATES } from '../../../src/consent/request.ts';
import type { Digest } from '../../../src/workflow/digest.ts';
import type { Dashboard } from '../../../src/workflow/read-dashboard.ts';
import { APPROVER, aRequest, hostile, NOW, REQUESTER, worstStatus } from './models.ts';

const BIG = 98_765_432;

export function aCampaign(
  state: CampaignState = 'awaiting-approval',
  { schedule, over = {} }: { schedule?: Partial<Schedule>; over?: Partial<Campaign> } = {},
): Campaign {
  const terms = {
    name: 'Every quarter',
    audience: {
      sources: [{ kind: 'batch' as const, id: 'b_1' }],
      match: 'any' as const,
      fields: ['email' as const],
    },
    schedule: {
      rhythm: 'quarter' as const,
      time: '09:00',
      zone: 'Europe/Berlin',
      from: '2026-03-31',
      ...schedule,
    },
    template: 'double-opt-in',
    templateHash: 'a'.repeat(64),
    silence: 'keep' as const,
    linkDays: 14,
    notAskedDays: 180,
  };
  return {
    id: 'c_1a2b3c4d5e6f',
    workspace: 'T0TEST',
    state,
    requestedBy: REQUESTER,
    requestedAt: NOW,
    terms,
    hash: campaignHash(terms),
    counts: { addresses: 400, change: 0, skips: {}, asks: 120, askSkips: { asked_lately: 280 } },
    expiresAt: new Date('2026-04-03T10:00:00Z'),
    ...(state === 'active' ? { nextRunAt: new Date('2026-04-01T07:00:00Z') } : {}),
    runs: [],
    history: [{ event: 'submit', by: REQUESTER, at: NOW }],
    ...over,
  };
}

/** As long and as hostile as a campaign may be. */
export function worstCampaign(state: CampaignState, id = 'c_1a2b3c4d5e6f'): Campaign {
  const { terms, ...campaign } = aCampaign(state);
  const sources = Array.from({ length: 10 }, (_, at) => ({
    kind: at % 2 === 0 ? ('batch' as const) : ('tag' as const),
    id: `x_${at}`,
  }));
  return {
    ...campaign,
    id,
    terms: {
      ...terms,
      name: hostile(CAMPAIGN_NAME_CHARS_MAX),
      audience: { sources, match: 'all', fields: ['email', 'email2', 'email3'] },
      schedule: {
        ...terms.schedule,
        rhythm: 'days',
        days: 365,
        zone: 'America/Argentina/ComodRivadavia',
      },
      template: 'double-opt-in-of-a-long-name',
      silence: 'revert',
      reminderDays: 29,
      reminderHash: 'b'.repeat(64),
      unknown: 'resend-once',
    },
    counts: { addresses: BIG, change: 0, skips: {}, asks: BIG, askSkips: {} },
    runs: Array.from({ length: 20 }, (_, at) => ({
      dueAt: new Date('2025-01-01T00:00:00Z'),
      at: NOW,
      asks: BIG,
      request: `q_${String(at).padStart(12, '0')}`,
    })),
    history: Array.from({ length: 50 }, () => ({
      event: 'reject' as const,
      by: APPROVER,
      at: NOW,
      note: hostile(500),
    })),
  };
}

export const HOSTILE_AUDIENCE = Array.from({ length: 10 }, (_, at) => ({
  kind: at % 2 === 0 ? ('batch' as const) : ('tag' as const),
  id: `x_${at}`,
  name: hostile(200),
  size: BIG,
}));

export function aDashboard(over: Partial<Dashboard> = {}): Dashboard {
  return {
    user: APPROVER,
    roles: { requester: true, approver: true, admin: true },
    setup: { channel: true, requesters: true, approvers: true, mail: true, imported: true },
    waiting: [],
    waitingCampaigns: [],
    waitingCount: 0,
    running: [],
    recent: [],
    campaigns: [],
    mix: undefined,
    ...over,
  };
}

/** Everything at once, in the worst words. */
export function worstDashboard(): Dashboard {
  const request = (kind: (typeof REQUEST_KINDS)[number], state: (typeof REQUEST_STATES)[number]) =>
    worstStatus(kind, state, 'web-form').request;
  return aDashboard({
    setup: { channel: false, requesters: false, approvers: false, mail: false, imported: false },
    waiting: Array.from({ length: 4 }, (_, at) => ({
      ...request('opt-in', 'awaiting-approval'),
      id: `q_w${at}`,
    })),
    waitingCampaigns: [worstCampaign('awaiting-approval')],
    waitingCount: 1_234,
    running: Array.from({ length: 5 }, (_, at) => {
      const status = worstStatus('opt-in', 'processing', 'web-form');
      return { ...status, request: { ...status.request, id: `q_r${at}` } };
    }),
    recent: REQUEST_STATES.slice(0, 10).map((state, at) => ({
      ...request('reconfirm', state),
      id: `q_${at}`,
    })),
    campaigns: CAMPAIGN_STATES.slice(0, 5).map((state, at) =>
      worstCampaign(state === 'ended' ? 'active' : state, `c_${at}`),
    ),
    mix: {
      permissions: {
        'non-marketable': BIG,
        'single-opt-in': BIG,
        'double-opt-in': BIG,
        'opted-out-by-recipient': BIG,
        'opted-out-by-user': BIG,
      },
      suppressed: BIG,
      countedAt: NOW,
    },
  });
}

export function aDigest(over: Partial<Digest> = {}): Digest {
  return {
    week: { id: '2026-W14', from: new Date('2026-03-23T08:00:00Z'), until: NOW },
    requests: [aRequest()],
    requestCount: 1,
    counts: { optIns: 12_480, optOuts: 7, confirmations: 310, complaints: 1 },
    waiting: 1,
    ...over,
  };
}
