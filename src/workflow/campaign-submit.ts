/**
 * Submit a campaign: a teammate asks for a standing re-confirmation. The terms are checked and what
 * a run would do today is counted; nothing runs before another person approves.
 */
import { randomBytes } from 'node:crypto';
import { type AudienceChoice, checkAudience } from '../consent/audience.ts';
import {
  type Campaign,
  type CampaignTerms,
  CampaignTermsSchema,
  campaignHash,
} from '../consent/campaign.ts';
import { localDay, type Schedule } from '../consent/campaign-schedule.ts';
import type { AskTerms, Terms } from '../consent/plan.ts';
import { Refusal } from '../consent/refusal.ts';
import { REMINDER_TEMPLATE } from '../mail/templates.ts';
import { aboutCampaign } from './announce-campaign.ts';
import { checkTemplate, templateHash as hashOf } from './custom-templates.ts';
import type { Deps } from './deps.ts';
import { type FollowUpChoice, followUpTerms, withFollowUps } from './follow-ups.ts';
import { describeAudience, freezeAudience, previewRequest } from './preview-request.ts';
import { requireRole } from './require-role.ts';

const HOUR_MS = 60 * 60 * 1000;
const ID_BYTES = 6;

/** What a teammate fills in. */
export interface CampaignForm extends FollowUpChoice {
  readonly name: string;
  readonly choice: AudienceChoice;
  /** Counted from the day of asking, where it is counted in days. */
  readonly schedule: Omit<Schedule, 'from'>;
  readonly template: string;
  readonly silence: AskTerms['silence'];
  readonly notAskedDays: number;
}

export interface CampaignSubmission {
  readonly workspace: string;
  readonly by: string;
  /** What it came from, e.g. a view's id: a second delivery finds the first one's campaign. */
  readonly submission: string;
  readonly form: CampaignForm;
}

/**
 * Checks, counts and files a campaign.
 * @throws Refusal for everything that a person can mend: role, audience, mail, template, schedule
 */
export async function submitCampaign(
  deps: Deps,
  { workspace, by, submission, form }: CampaignSubmission,
): Promise<Campaign> {
  await requireRole(deps, workspace, by, 'requester');
  const store = deps.database.of(workspace);
  const earlier = await store.campaigns.findBySubmission(submission);
  if (earlier !== undefined) return earlier;
  const terms = await checkedTerms(deps, workspace, form);
  const now = deps.now();
  const counts = await previewRequest(deps, workspace, runTerms(terms, now));
  const { approvalHours } = await deps.settings(workspace);
  const campaign: Campaign = {
    id: `c_${randomBytes(ID_BYTES).toString('hex')}`,
    workspace,
    state: 'awaiting-approval',
    requestedBy: by,
    requestedAt: now,
    terms,
    hash: campaignHash(terms),
    counts,
    expiresAt: new Date(now.getTime() + approvalHours * HOUR_MS),
    runs: [],
    history: [{ event: 'submit', by, at: now }],
  };
  try {
    await deps.database.inTransaction(async (tx) => {
      await store.campaigns.insert(campaign, submission, tx);
      await store.ledger.append([submitEntry(campaign)], tx);
      await aboutCampaign(deps, campaign, { at: now }, tx);
    });
  } catch (error) {
    // Two deliveries at once: the index let one of them in, and both mean the same campaign.
    const faster = await store.campaigns.findBySubmission(submission);
    if (faster === undefined) throw error;
    return faster;
  }
  await deps.queue.wakeAnnouncer();
  return campaign;
}

async function checkedTerms(
  deps: Deps,
  workspace: string,
  form: CampaignForm,
): Promise<CampaignTerms> {
  const { name, choice, schedule, template, silence, notAskedDays } = form;
  checkAudience(choice);
  await describeAudience(deps, workspace, choice);
  if (!deps.canAsk) throw new Refusal('mail_not_configured');
  const { linkDays } = await deps.settings(workspace);
  const parsed = CampaignTermsSchema.safeParse({
    name: name.trim(),
    audience: {
      sources: choice.sources.map(({ kind, id }) => ({ kind, id })),
      match: choice.match,
      fields: [...choice.fields],
    },
    schedule: withDay(schedule, deps.now()),
    template,
    templateHash: await hashOf(deps, workspace, template),
    silence,
    linkDays,
    ...followUpTerms(deps, form, linkDays),
    notAskedDays,
  });
  if (!parsed.success || !hasItsDay(parsed.data.schedule))
    throw new Refusal('campaign_terms_wrong');
  return parsed.data;
}

/** A zone that does not exist has no day; the schema refuses it by name. */
function withDay(schedule: Omit<Schedule, 'from'>, now: Date): Schedule {
  return { ...schedule, from: localDay(now, schedule.zone) };
}

/** A weekly schedule names its day, one in days their number. */
const hasItsDay = ({ rhythm, weekday, days }: Schedule): boolean =>
  (rhythm === 'week') === (weekday !== undefined) && (rhythm === 'days') === (days !== undefined);

/**
 * What was approved must still be what is mailed: one of our templates as it was, or that very
 * version of a custom one, by today's rules; and the reminder as it was.
 */
export async function keepsTemplate(
  deps: Deps,
  workspace: string,
  { template, templateHash: hash, reminderHash }: CampaignTerms,
): Promise<boolean> {
  const { templates } = deps;
  if (reminderHash !== undefined && reminderHash !== templates.hash(REMINDER_TEMPLATE)) {
    return false;
  }
  if (templates.names().includes(template)) return templates.hash(template) === hash;
  try {
    await checkTemplate(deps, { workspace, template, templateHash: hash });
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** The terms of the request that a run at this instant makes. */
export function runTerms(terms: CampaignTerms, at: Date): Terms {
  const { audience, template, templateHash, silence, linkDays, notAskedDays } = terms;
  return {
    kind: 'reconfirm',
    audience: freezeAudience(audience, at),
    ask: {
      who: 'single-opt-in',
      template,
      templateHash,
      silence,
      linkDays,
      ...withFollowUps(terms),
      notAskedDays,
    },
  };
}

function submitEntry({ id, requestedBy, requestedAt, hash, terms, counts }: Campaign) {
  return {
    _id: `${id}.submit`,
    act: 'submit-campaign' as const,
    cause: { kind: 'campaign' as const, id },
    who: requestedBy,
    planHash: hash,
    facts: {
      audience: terms.audience.sources.map((source) => source.id).join(' '),
      rhythm: terms.schedule.rhythm,
      template: terms.template,
      templateHash: terms.templateHash,
      asks: counts.asks,
    },
    at: requestedAt,
    addresses: [],
  };
}
