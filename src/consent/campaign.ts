/**
 * Campaign: a standing re-confirmation, approved once and run by the clock, and its life.
 *
 *   awaiting-approval ─approve─▶ active ⇄ paused
 *      │   │   └─expire─▶ expired   │       │
 *      │   └─reject─▶ rejected      │       │
 *      └──────────end───────▶ ended ◀───────┘
 *
 * The approval names the hash of the terms: who is asked, when, with which template, and what
 * silence means. Whom that is on the day of a run is counted then, and frozen as that run's plan.
 */
import { z } from 'zod';
import { SILENCE_MEANINGS } from './ask.ts';
import { EMAIL_FIELDS } from './audience.ts';
import { ScheduleSchema } from './campaign-schedule.ts';
import { type Canonical, canonicalHash } from './canonical.ts';
import { type PlanCounts, UNKNOWN_POLICIES } from './plan.ts';
import { Refusal } from './refusal.ts';

export const CAMPAIGN_STATES = [
  'awaiting-approval',
  'active',
  'paused',
  'ended',
  'rejected',
  'expired',
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

export const CAMPAIGN_EVENTS = ['approve', 'reject', 'expire', 'pause', 'resume', 'end'] as const;
export type CampaignEvent = (typeof CAMPAIGN_EVENTS)[number];

const LIFE: Readonly<Record<CampaignState, Partial<Record<CampaignEvent, CampaignState>>>> = {
  'awaiting-approval': { approve: 'active', reject: 'rejected', expire: 'expired', end: 'ended' },
  active: { pause: 'paused', end: 'ended' },
  paused: { resume: 'active', end: 'ended' },
  ended: {},
  rejected: {},
  expired: {},
};

/** The state after `event`. @throws Refusal `campaign_not_open` if the event does not apply */
export function nextCampaignState(state: CampaignState, event: CampaignEvent): CampaignState {
  const to = LIFE[state][event];
  if (to === undefined) throw new Refusal('campaign_not_open');
  return to;
}

/** True if the event may happen now; for buttons that should not be shown otherwise. */
export function mayHappenToCampaign(state: CampaignState, event: CampaignEvent): boolean {
  return LIFE[state][event] !== undefined;
}

/** Characters of a campaign's name. */
export const CAMPAIGN_NAME_CHARS_MAX = 80;
/** Days without an ask before the campaign asks somebody again, at the least and the most. */
export const NOT_ASKED_DAYS_MIN = 30;
export const NOT_ASKED_DAYS_MAX = 730;
export const NOT_ASKED_DAYS_DEFAULT = 180;

/** What is approved, whole. */
export const CampaignTermsSchema = z.strictObject({
  name: z.string().min(1).max(CAMPAIGN_NAME_CHARS_MAX),
  /** Batches and tags as they stand at each run: who joins later is asked later. */
  audience: z.strictObject({
    sources: z.array(z.strictObject({ kind: z.enum(['batch', 'tag']), id: z.string() })),
    match: z.enum(['any', 'all']),
    fields: z.array(z.enum(EMAIL_FIELDS)),
  }),
  schedule: ScheduleSchema,
  template: z.string(),
  /** SHA-256 (hex) of the template's files as the approver saw them. */
  templateHash: z.string().length(64),
  silence: z.enum(SILENCE_MEANINGS),
  linkDays: z.int().min(1),
  /** Whoever has not answered after so many days is reminded once; absent: nobody is. */
  reminderDays: z.int().min(1).optional(),
  /** SHA-256 (hex) of the reminder's template, as the approver saw it. */
  reminderHash: z.string().length(64).optional(),
  /** What becomes of a mail of which nobody knows whether it arrived; absent: `hold`. */
  unknown: z.enum(UNKNOWN_POLICIES).optional(),
  /** Whoever was asked within so many days, by whatever request, is left out. */
  notAskedDays: z.int().min(NOT_ASKED_DAYS_MIN).max(NOT_ASKED_DAYS_MAX),
});
export type CampaignTerms = z.infer<typeof CampaignTermsSchema>;

/** SHA-256 (hex) over the canonical terms: what an approval names. */
export function campaignHash({ audience, ...terms }: CampaignTerms): string {
  return canonicalHash({
    ...(terms as unknown as Record<string, Canonical>),
    audience: {
      match: audience.match,
      sources: audience.sources.map(({ kind, id }) => `${kind}:${id}`).sort(),
      fields: [...audience.fields].sort(),
    },
  });
}

/** One time that the clock rang for a campaign. */
export interface CampaignRun {
  /** When it should have begun; a run that was missed while nothing ran begins later. */
  readonly dueAt: Date;
  readonly at: Date;
  /** Addresses that were to be asked, as counted at the beginning. */
  readonly asks: number;
  /** The request that it made; undefined if there was nobody to ask. */
  readonly request?: string | undefined;
}

export interface CampaignStep {
  readonly event: CampaignEvent | 'submit';
  /** Slack user id, or `assent` for the clock. */
  readonly by: string;
  readonly at: Date;
  readonly note?: string | undefined;
}

export interface Campaign {
  readonly id: string;
  readonly workspace: string;
  readonly state: CampaignState;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly terms: CampaignTerms;
  /** SHA-256 (hex) of the terms. */
  readonly hash: string;
  /** What a run would have done when it was asked for. */
  readonly counts: PlanCounts;
  readonly expiresAt: Date;
  readonly approval?: { readonly by: string; readonly at: Date; readonly hash: string } | undefined;
  /** Set while it is active. */
  readonly nextRunAt?: Date | undefined;
  /** The latest runs, oldest first. */
  readonly runs: readonly CampaignRun[];
  readonly history: readonly CampaignStep[];
}

/**
 * Checks what the deciding write checks again: state, four eyes, expiry, terms.
 * @throws Refusal `campaign_not_open`, `approver_is_requester`, `request_expired`
 */
export function assertMayDecideCampaign(campaign: Campaign, approver: string, now: Date): void {
  if (campaign.state !== 'awaiting-approval') throw new Refusal('campaign_not_open');
  if (campaign.requestedBy === approver) throw new Refusal('approver_is_requester');
  if (campaign.expiresAt <= now) throw new Refusal('request_expired');
}
