/** Campaign listeners: a campaign is asked for in a modal; `/assent campaigns` lists what there is. */
import type { AnyBlock } from '@slack/types';
import { submitCampaign } from '../../workflow/campaign-submit.ts';
import { templateNames } from '../../workflow/custom-templates.ts';
import type { Deps } from '../../workflow/deps.ts';
import { requireRole } from '../../workflow/require-role.ts';
import { actions, button, modal, section } from '../blocks/blocks.ts';
import { joinMrkdwn, md } from '../blocks/escape.ts';
import {
  type ActionListener,
  type Call,
  opensView,
  type Reply,
  type SubmissionListener,
} from '../guard/door.ts';
import { openChecked } from '../guard/open-view.ts';
import { CAMPAIGN_FORM_WORDS } from '../words/campaign-form.ts';
import { CAMPAIGN_WORDS } from '../words/campaigns.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { steerBlocks } from './card.ts';
import { campaignForm, readCampaign } from './form.ts';
import { campaignLine } from './words.ts';

export const CREATE_CAMPAIGN = 'create-campaign';
/** Of a list in a message (50 blocks). */
const LISTED_MAX = 10;

/** The button "New campaign". */
export const createCampaign: ActionListener = opensView(async (asked, { deps }) => {
  await openChecked(deps, asked, {
    what: 'create-campaign',
    async draw({ workspace, user, locale }) {
      await requireRole(deps, workspace, user, 'requester');
      const { timeZone: zone, silence, linkDays } = await deps.settings(workspace);
      const templates = deps.canAsk ? await templateNames(deps, workspace) : [];
      return campaignForm({ templates, zone, silence, linkDays }, locale);
    },
  });
});

/** A replayed submission finds the campaign that the first one made. */
export const sendCampaign: SubmissionListener = async (call, { deps }) => {
  const { workspace, user: by, view, locale } = call;
  await requireRole(deps, workspace, by, 'requester');
  const form = readCampaign(view.values, locale);
  const campaign = await submitCampaign(deps, { workspace, by, submission: view.id, form });
  const words = CAMPAIGN_FORM_WORDS[locale];
  return {
    response_action: 'update',
    view: modal({
      callbackId: 'sent-campaign',
      title: words.newTitle,
      close: NOTICE_WORDS[locale].close,
      blocks: [section(campaignLine(campaign, locale)), section(md`${words.sent}`)],
    }),
  };
};

/** What `/assent campaigns` says. @throws Refusal `not_a_requester` */
export async function campaignsAnswer(
  deps: Deps,
  { workspace, user, locale }: Pick<Call, 'workspace' | 'user' | 'locale'>,
): Promise<Reply> {
  await requireRole(deps, workspace, user, 'requester');
  const { campaigns } = deps.database.of(workspace);
  const found = await campaigns.recent(LISTED_MAX);
  const words = CAMPAIGN_WORDS[locale];
  const rows: AnyBlock[] = found.flatMap((campaign) => [
    section(campaignLine(campaign, locale)),
    ...steerBlocks(campaign, locale),
  ]);
  const lines = found.map((campaign) => campaignLine(campaign, locale));
  const text =
    found.length === 0 ? md`${words.none}` : joinMrkdwn([md`*${words.latest}*`, ...lines]);
  const title = found.length === 0 ? text : md`*${words.latest}*`;
  const blocks = [section(title), ...rows, createButton(locale)];
  return { text: text.mrkdwn, blocks };
}

export const createButton = (locale: SlackLocale): AnyBlock =>
  actions('campaigns', button({ id: CREATE_CAMPAIGN, text: CAMPAIGN_WORDS[locale].create }));
