/**
 * Campaign review: everything that an approver must know of a campaign, its runs so far, and the
 * form in which it is approved or rejected. The metadata names the terms that were shown.
 */
import type { AnyBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { assertMayDecideCampaign, type Campaign } from '../../consent/campaign.ts';
import { Refusal } from '../../consent/refusal.ts';
import { approveCampaign, rejectCampaign } from '../../workflow/campaign-decide.ts';
import type { Deps } from '../../workflow/deps.ts';
import { requireRole } from '../../workflow/require-role.ts';
import { alert, context, divider, header, modal, section } from '../blocks/blocks.ts';
import { type Mrkdwn, md } from '../blocks/escape.ts';
import { input, option, radios, textInput } from '../blocks/inputs.ts';
import {
  type ActionListener,
  type Call,
  InputErrors,
  opensView,
  type SubmissionAnswer,
  type SubmissionCall,
  type SubmissionListener,
} from '../guard/door.ts';
import { readMetadata } from '../guard/metadata.ts';
import { openChecked } from '../guard/open-view.ts';
import { readOneOf, readText } from '../guard/values.ts';
import { CAMPAIGN_FORM_WORDS } from '../words/campaign-form.ts';
import { CAMPAIGN_WORDS } from '../words/campaigns.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { refusalSentence } from '../words/refusals.ts';
import { type CampaignShown, termBlocks } from './card.ts';
import { unlessCampaignChanged } from './how-it-stands.ts';
import { campaignHistory, campaignMark, campaignName, runWords, todayWords } from './words.ts';

export const DECIDE_CAMPAIGN = 'decide-campaign';
const DECISION = 'campaign-decision';
const REASON = 'campaign-reason';
const DECISIONS = ['approve', 'reject'] as const;
const REASON_CHARS_MAX = 500;

const Metadata = z.strictObject({ campaign: z.string(), hash: z.string() });

export interface CampaignReview extends CampaignShown {
  /** Why this person cannot decide it; undefined: they can. */
  readonly cannotDecide?: string | undefined;
}

/** The button of the card, or of Home. */
export const openCampaign: ActionListener = opensView(async (asked, { deps }) => {
  await openChecked(deps, asked, {
    what: 'review-campaign',
    draw: async (call) => campaignReview(await readReview(deps, call, asked.value), call.locale),
  });
});

export function campaignReview(review: CampaignReview, locale: SlackLocale): ModalView {
  const { campaign, cannotDecide } = review;
  const words = CAMPAIGN_FORM_WORDS[locale];
  const { id, hash, state } = campaign;
  const mayDecide = state === 'awaiting-approval' && cannotDecide === undefined;
  const { standing } = CAMPAIGN_WORDS[locale];
  return modal({
    callbackId: DECIDE_CAMPAIGN,
    title: CAMPAIGN_WORDS[locale].campaign,
    close: NOTICE_WORDS[locale].close,
    submit: mayDecide ? words.decide : undefined,
    metadata: JSON.stringify({ campaign: id, hash }),
    blocks: [
      ...(cannotDecide === undefined ? [] : [alert('info', md`${cannotDecide}`)]),
      header(campaignName(campaign, locale)),
      ...termBlocks(review, locale),
      section(md`${todayWords(campaign, locale)} ${standing}`),
      divider(),
      section(runWords(campaign, locale)),
      section(campaignHistory(campaign, locale)),
      context(campaignMark(campaign, locale)),
      ...(mayDecide ? form(locale) : []),
    ],
  });
}

function form(locale: SlackLocale): AnyBlock[] {
  const words = CAMPAIGN_FORM_WORDS[locale];
  return [
    input({
      id: DECISION,
      label: words.decision,
      element: radios([option('approve', words.approve), option('reject', words.reject)]),
    }),
    input({
      id: REASON,
      label: words.reason,
      hint: words.reasonHint,
      element: textInput({ multiline: true, charactersMax: REASON_CHARS_MAX }),
      optional: true,
    }),
  ];
}

/** The submitted review: approves or rejects the terms that were shown. */
export const decideCampaign: SubmissionListener = async (call, { deps }) => {
  const { workspace, user: by, view, locale } = call;
  const { campaign, hash } = readMetadata(Metadata, view.metadata);
  const words = CAMPAIGN_FORM_WORDS[locale];
  const decided = readOneOf(view.values, DECISION, DECISIONS);
  if (decided === undefined) throw new InputErrors({ [DECISION]: words.decideFirst });
  if (decided === 'approve') {
    const approved = await unlessCampaignChanged(deps, call, campaign, () =>
      approveCampaign(deps, { workspace, campaign, by, hash }),
    );
    return closing(call, approved, md`${words.approved}`);
  }
  const reason = readText(view.values, REASON);
  if (reason === undefined) {
    throw new InputErrors({ [REASON]: refusalSentence('reject_needs_reason', locale) });
  }
  const rejected = await unlessCampaignChanged(deps, call, campaign, () =>
    rejectCampaign(deps, { workspace, campaign, by, reason }),
  );
  return closing(call, rejected, md`${words.rejected}`);
};

function closing(
  { locale }: Pick<SubmissionCall, 'locale'>,
  campaign: Campaign,
  sentence: Mrkdwn,
): SubmissionAnswer {
  const view = modal({
    callbackId: 'decided-campaign',
    title: CAMPAIGN_WORDS[locale].campaign,
    close: NOTICE_WORDS[locale].close,
    blocks: [header(campaignName(campaign, locale)), section(sentence)],
  });
  return { response_action: 'update', view };
}

/** @throws Refusal `not_a_requester`, `campaign_not_found` */
async function readReview(deps: Deps, call: Call, id: string): Promise<CampaignReview> {
  const { workspace, user, locale } = call;
  // Whoever holds any role may look.
  await requireRole(deps, workspace, user, 'requester');
  const store = deps.database.of(workspace);
  const campaign = await store.campaigns.find(id);
  const audience = await store.audiences.describe(campaign.terms.audience.sources);
  if (campaign.state !== 'awaiting-approval') return { campaign, audience };
  try {
    assertMayDecideCampaign(campaign, user, deps.now());
    await requireRole(deps, workspace, user, 'approver');
    return { campaign, audience };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { campaign, audience, cannotDecide: refusalSentence(error.code, locale) };
  }
}
