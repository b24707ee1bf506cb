/**
 * How it stands: what somebody is told who clicks at a campaign that was decided or changed
 * meanwhile: how it stands now, and who brought that about, when.
 */
import type { Campaign, CampaignStep } from '../../consent/campaign.ts';
import { Refusal } from '../../consent/refusal.ts';
import type { Deps } from '../../workflow/deps.ts';
import { joinMrkdwn, type Mrkdwn } from '../blocks/escape.ts';
import type { Call } from '../guard/door.ts';
import { Explained } from '../guard/explained.ts';
import { CAMPAIGN_WORDS } from '../words/campaigns.ts';
import type { SlackLocale } from '../words/language.ts';
import { campaignName, campaignStep } from './words.ts';

/** Steps by which it was decided whether it runs at all. */
const DECISIONS: ReadonlySet<CampaignStep['event']> = new Set([
  'approve',
  'reject',
  'expire',
  'end',
]);

/**
 * Does something to a campaign.
 * @throws Explained if it stands so that this is not possible; whatever `act` throws besides
 */
export async function unlessCampaignChanged<T>(
  { database }: Pick<Deps, 'database'>,
  { workspace, locale }: Pick<Call, 'workspace' | 'locale'>,
  id: string,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'campaign_not_open') throw error;
    const campaign = await database.of(workspace).campaigns.find(id);
    throw new Explained(howCampaignStands(campaign, locale), error);
  }
}

/** `Nothing was done: … Every quarter: Paused. Paused · @Bo, Mar 31 at 10:12.` */
export function howCampaignStands(campaign: Campaign, locale: SlackLocale): Mrkdwn {
  const { notOpen, states } = CAMPAIGN_WORDS[locale];
  const { history, state } = campaign;
  const decided = history.findLast(({ event }) => DECISIONS.has(event));
  const steps = [...new Set([decided, history.at(-1)])].filter((step) => step !== undefined);
  return joinMrkdwn([
    notOpen(campaignName(campaign, locale), states[state]),
    ...steps.map((step) => campaignStep(step, locale)),
  ]);
}
