/** Campaign steering: one click pauses, resumes or ends a campaign; its card shows what came of it. */
import type { Campaign } from '../../consent/campaign.ts';
import {
  type CampaignDecision,
  endCampaign,
  pauseCampaign,
  resumeCampaign,
} from '../../workflow/campaign-decide.ts';
import type { Deps } from '../../workflow/deps.ts';
import { refreshHomes } from '../../workflow/refresh-homes.ts';
import type { ActionListener } from '../guard/door.ts';
import { once } from '../guard/replay.ts';
import { unlessCampaignChanged } from './how-it-stands.ts';
import { campaignsAnswer } from './listeners.ts';

const steer =
  (step: (deps: Deps, decision: CampaignDecision) => Promise<Campaign>): ActionListener =>
  async (call, { deps }) => {
    const { workspace, user: by, value: campaign } = call;
    // A click that is delivered again must not pause what was resumed meanwhile.
    await once(deps, call, async () => {
      await unlessCampaignChanged(deps, call, campaign, () =>
        step(deps, { workspace, campaign, by }),
      );
      // Whoever clicked at their Home sees it there, also where the channel takes no card.
      await refreshHomes(deps, workspace);
      // No announcer edits a list that one person was shown.
      if (call.isPrivate)
        await call.reply({ ...(await campaignsAnswer(deps, call)), replaces: true });
    });
  };

export const pauseCampaignByButton = steer(pauseCampaign);
export const resumeCampaignByButton = steer(resumeCampaign);
export const endCampaignByButton = steer(endCampaign);
