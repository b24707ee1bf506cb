/** Standing messages: those that are about no single request: campaigns and the weekly digest. */
import { Refusal } from '../../consent/refusal.ts';
import type { AnnouncementDocument, AnnouncementKind } from '../../store/announcements.ts';
import { isGivenUp } from '../../workflow/announce-lost.ts';
import type { Deps } from '../../workflow/deps.ts';
import { readDigest } from '../../workflow/digest.ts';
import type { Message } from '../blocks/message.ts';
import { campaignCard, campaignMessage } from '../campaign/card.ts';
import type { SlackLocale } from '../words/language.ts';
import { digestMessage } from './digest-message.ts';

const STANDING_KINDS = ['campaign-card', 'direct-campaign', 'digest'] as const;
type StandingKind = (typeof STANDING_KINDS)[number];

export function isStanding(kind: AnnouncementKind): kind is StandingKind {
  return STANDING_KINDS.some((one) => one === kind);
}

export interface Standing {
  readonly kind: StandingKind;
  readonly workspace: string;
  readonly about: AnnouncementDocument['about'];
}

export interface StandingOptions {
  /** With a table; a Slack that does not know tables (yet) refuses the message. */
  readonly table: boolean;
  readonly locale: SlackLocale;
}

/** Undefined if what it is about no longer exists. */
export async function drawStanding(
  deps: Pick<Deps, 'database' | 'settings'>,
  { kind, workspace, about }: Standing,
  { table, locale }: StandingOptions,
): Promise<Message | undefined> {
  if (kind === 'digest') {
    const digest = await readDigest(deps, workspace, about.id);
    return digest === undefined ? undefined : digestMessage(digest, { table }, locale);
  }
  const store = deps.database.of(workspace);
  try {
    const campaign = await store.campaigns.find(about.id);
    const audience = await store.audiences.describe(campaign.terms.audience.sources);
    if (kind === 'campaign-card') return campaignCard({ campaign, audience }, locale);
    const told = await store.announcements.ofSubject(about);
    const cardLost = told.some((one) => one.kind === 'campaign-card' && isGivenUp(one.error));
    return campaignMessage({ campaign, audience, cardLost }, locale);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'campaign_not_found') return undefined;
    throw error;
  }
}
