/** Campaigns: asked for and approved through the real steps, for tests that need one. */
import type { Campaign } from '../../../src/consent/campaign.ts';
import { approveCampaign } from '../../../src/workflow/campaign-decide.ts';
import { type CampaignForm, submitCampaign } from '../../../src/workflow/campaign-submit.ts';
import type { Deps } from '../../../src/workflow/deps.ts';
import { APPROVER, REQUESTER, TEMPLATE, WORKSPACE } from '../../support/deps.ts';
import { BATCH } from '../../support/people.ts';

export const FORM: CampaignForm = {
  name: 'Every quarter',
  choice: { sources: [BATCH], match: 'any', fields: ['email'] },
  schedule: { rhythm: 'quarter', time: '09:00', zone: 'Europe/Berlin' },
  template: TEMPLATE,
  silence: 'keep',
  notAskedDays: 180,
};

let submissions = 0;

export async function submittedCampaign(
  deps: Deps,
  over: Partial<CampaignForm> = {},
): Promise<Campaign> {
  submissions += 1;
  return submitCampaign(deps, {
    workspace: WORKSPACE,
    by: REQUESTER,
    submission: `V-campaign-${submissions}`,
    form: { ...FORM, ...over },
  });
}

export async function activeCampaign(
  deps: Deps,
  over: Partial<CampaignForm> = {},
): Promise<Campaign> {
  const { id, hash } = await submittedCampaign(deps, over);
  return approveCampaign(deps, { workspace: WORKSPACE, campaign: id, by: APPROVER, hash });
}
