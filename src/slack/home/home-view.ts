/**
 * Home view: Assent's Home as one person sees it, and the dashboard that holds the same in a modal.
 *
 * At most 60 blocks (Slack takes 100), never empty, ids in its values and nothing else. Whoever may
 * not do something sees no button for it; whether they may is looked at again when they click.
 */
import type { AnyBlock, HomeView, ModalView, Overflow } from '@slack/types';
import type { Campaign } from '../../consent/campaign.ts';
import { PERMISSIONS } from '../../consent/permission.ts';
import { mayHappen, type Request } from '../../consent/request.ts';
import type { Dashboard, Setup } from '../../workflow/read-dashboard.ts';
import type { RequestStatus } from '../../workflow/read-status.ts';
import {
  actions,
  button,
  context,
  divider,
  fields,
  header,
  modal,
  section,
} from '../blocks/blocks.ts';
import { joinMrkdwn, type Mrkdwn, md, moment, userMention } from '../blocks/escape.ts';
import { option } from '../blocks/inputs.ts';
import { REVIEW_CAMPAIGN, steerBlocks } from '../campaign/card.ts';
import { createButton } from '../campaign/listeners.ts';
import { campaignLine, campaignName } from '../campaign/words.ts';
import { REVIEW_REQUEST } from '../request/approval-card.ts';
import { bar, percentDone } from '../request/progress-message.ts';
import { audienceWords, requestTitle } from '../request/words.ts';
import { OPEN_SETTINGS } from '../settings/listeners.ts';
import { CAMPAIGN_WORDS } from '../words/campaigns.ts';
import { HOME_WORDS } from '../words/home.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { formatNumber } from '../words/numbers.ts';
import { REQUEST_WORDS } from '../words/requests.ts';

export const START_OPT_IN = 'start-opt-in';
export const START_OPT_OUT = 'start-opt-out';
export const START_RECONFIRM = 'start-reconfirm';
export const OPEN_IMPORT = 'open-import';
export const STEER_REQUEST = 'steer-request';
/** What the menu beside a request offers; its value is `details:q_…`. */
export const STEERINGS = ['details', 'pause', 'resume'] as const;

const WHOLE = 100;

export interface HomeModel {
  readonly dashboard: Dashboard;
  /** Of the running program, for the foot of the page. */
  readonly version: string;
}

export function homeView({ dashboard, version }: HomeModel, locale: SlackLocale): HomeView {
  const words = HOME_WORDS[locale];
  if (!dashboard.roles.requester) return page([header(words.title), section(md`${words.noRole}`)]);
  return page([
    header(words.title),
    section(md`${words.intro}`),
    startButtons(dashboard, locale),
    ...setupBlocks(dashboard, locale),
    ...(dashboard.roles.approver ? waitingBlocks(dashboard, locale) : []),
    ...runningBlocks(dashboard, locale, true),
    ...campaignBlocks(dashboard, locale, true),
    ...recentBlocks(dashboard, locale, true),
    ...mixBlocks(dashboard, locale),
    divider(),
    context(md`Assent ${version}`),
  ]);
}

/** For guests, bots and strangers: polite, and nothing of what we hold. */
export function guestView(locale: SlackLocale): HomeView {
  const { title, guest } = HOME_WORDS[locale];
  return page([header(title), section(md`${guest}`)]);
}

/** The same to read in a modal: whatever opens a window of its own stays at Home. */
export function dashboardModal({ dashboard }: HomeModel, locale: SlackLocale): ModalView {
  const words = HOME_WORDS[locale];
  const blocks: AnyBlock[] = dashboard.roles.requester
    ? [
        ...setupBlocks(dashboard, locale),
        section(joinMrkdwn([md`*${words.waiting}*`, ...waitingLines(dashboard, locale)])),
        ...runningBlocks(dashboard, locale, false),
        ...campaignBlocks(dashboard, locale, false),
        ...recentBlocks(dashboard, locale, false),
        ...mixBlocks(dashboard, locale),
        context(md`${words.homeHas}`),
      ]
    : [section(md`${words.noRole}`)];
  return modal({
    callbackId: 'read-dashboard',
    title: words.dashboard,
    close: NOTICE_WORDS[locale].close,
    blocks,
  });
}

const page = (blocks: readonly AnyBlock[]): HomeView => ({ type: 'home', blocks: [...blocks] });

function startButtons({ roles }: Dashboard, locale: SlackLocale): AnyBlock {
  const { optIn, optOut, reconfirm, import: importing, settings } = HOME_WORDS[locale];
  return actions(
    'start',
    button({ id: START_OPT_IN, text: optIn, style: 'primary' }),
    button({ id: START_OPT_OUT, text: optOut }),
    button({ id: START_RECONFIRM, text: reconfirm }),
    button({ id: OPEN_IMPORT, text: importing }),
    ...(roles.admin ? [button({ id: OPEN_SETTINGS, text: settings })] : []),
  );
}

/** A checklist, as long as something is open or nothing was asked for yet. */
function setupBlocks({ setup, recent, running }: Dashboard, locale: SlackLocale): AnyBlock[] {
  const words = HOME_WORDS[locale];
  const steps = Object.entries(setup) as [keyof Setup, boolean][];
  const isReady = steps.every(([, isDone]) => isDone);
  if (isReady && recent.length + running.length > 0) return [];
  const lines = steps.map(([step, isDone]) => {
    const { is, todo } = words.setup[step];
    return isDone
      ? md`:white_check_mark: ${is} (${words.isDone})`
      : md`:white_large_square: ${is} (${words.isOpen}): ${todo}`;
  });
  return [
    header(words.firstSteps),
    section(joinMrkdwn([...lines, ...(isReady ? [words.ready] : [])])),
  ];
}

function waitingBlocks(dashboard: Dashboard, locale: SlackLocale): AnyBlock[] {
  const words = HOME_WORDS[locale];
  const { waiting, waitingCampaigns, waitingCount } = dashboard;
  const more = waitingCount - waiting.length - waitingCampaigns.length;
  return [
    header(words.waiting),
    ...waiting.map((request) => {
      const label = words.reviewOf(request.id);
      const look = { id: REVIEW_REQUEST, text: words.review, value: request.id, label } as const;
      return section(waitingRequest(request, locale), {
        accessory: button({ ...look, style: 'primary' }),
      });
    }),
    ...waitingCampaigns.map((campaign) => {
      const label = words.reviewOf(campaignName(campaign, locale));
      const look = { id: REVIEW_CAMPAIGN, text: words.review, value: campaign.id, label } as const;
      return section(waitingCampaign(campaign, locale), {
        accessory: button({ ...look, style: 'primary' }),
      });
    }),
    ...(waitingCount === 0 ? [section(md`${words.nothingWaits}`)] : []),
    ...(more > 0 ? [context(md`${words.moreWait(formatNumber(more, locale))}`)] : []),
  ];
}

function waitingLines(dashboard: Dashboard, locale: SlackLocale): Mrkdwn[] {
  const { waiting, waitingCampaigns, waitingCount } = dashboard;
  if (waitingCount === 0) return [md`${HOME_WORDS[locale].nothingWaits}`];
  return [
    ...waiting.map((request) => waitingRequest(request, locale)),
    ...waitingCampaigns.map((campaign) => waitingCampaign(campaign, locale)),
  ];
}

function waitingRequest(request: Request, locale: SlackLocale): Mrkdwn {
  const { askedBy, expires } = HOME_WORDS[locale];
  const { requestedBy, expiresAt } = request;
  const title = requestTitle(request, locale);
  return md`*${title}*\n${askedBy} ${userMention(requestedBy)}, ${expires} ${moment(expiresAt, locale)}`;
}

function waitingCampaign(campaign: Campaign, locale: SlackLocale): Mrkdwn {
  const { askedBy, expires } = HOME_WORDS[locale];
  const { requestedBy, expiresAt } = campaign;
  const title = `${CAMPAIGN_WORDS[locale].campaign}: ${campaignName(campaign, locale)}`;
  return md`*${title}*\n${askedBy} ${userMention(requestedBy)}, ${expires} ${moment(expiresAt, locale)}`;
}

function runningBlocks({ running }: Dashboard, locale: SlackLocale, acts: boolean): AnyBlock[] {
  const words = HOME_WORDS[locale];
  if (running.length === 0) return [header(words.running), section(md`${words.nothingRuns}`)];
  const rows = running.map((status) => {
    const accessory = acts ? { accessory: menu(status.request, locale) } : {};
    return section(runningLine(status, locale), accessory);
  });
  return [header(words.running), ...rows];
}

function runningLine(status: RequestStatus, locale: SlackLocale): Mrkdwn {
  const { request, audience } = status;
  const { states } = REQUEST_WORDS[locale];
  const whom = audienceWords(request.plan.terms.audience, audience, locale);
  const progress = bar({ done: percentDone(status), all: WHOLE });
  return md`*${requestTitle(request, locale)}* · ${states[request.state]}\n${whom}\n${progress}`;
}

function campaignBlocks({ campaigns }: Dashboard, locale: SlackLocale, acts: boolean): AnyBlock[] {
  const words = CAMPAIGN_WORDS[locale];
  return [
    header(HOME_WORDS[locale].campaigns),
    ...campaigns.flatMap((campaign) => [
      section(campaignLine(campaign, locale)),
      ...(acts ? steerBlocks(campaign, locale) : []),
    ]),
    ...(campaigns.length === 0 ? [section(md`${words.none}`)] : []),
    ...(acts ? [createButton(locale)] : []),
  ];
}

/** What runs is no recent request; where there is nothing else, it speaks for itself. */
function recentBlocks(
  { recent, running }: Dashboard,
  locale: SlackLocale,
  acts: boolean,
): AnyBlock[] {
  const words = HOME_WORDS[locale];
  const { states } = REQUEST_WORDS[locale];
  if (recent.length === 0 && running.length > 0) return [];
  if (recent.length === 0) return [header(words.recent), section(md`${words.nothingRecent}`)];
  const rows = recent.map((request) => {
    const who = userMention(request.requestedBy);
    const when = moment(request.requestedAt, locale);
    const title = requestTitle(request, locale);
    const line = md`*${title}* · ${states[request.state]}\n${words.askedBy} ${who}, ${when}`;
    return section(line, acts ? { accessory: menu(request, locale) } : {});
  });
  return [header(words.recent), ...rows];
}

/** Details, and what may be done with the request now. */
function menu({ id, state }: Request, locale: SlackLocale): Overflow {
  const words = HOME_WORDS[locale];
  const offered = STEERINGS.filter((one) => {
    if (one === 'pause') return mayHappen(state, 'pause');
    return one === 'resume' ? state === 'paused' : true;
  });
  return {
    type: 'overflow',
    action_id: STEER_REQUEST,
    options: offered.map((one) => option(`${one}:${id}`, words[one])),
  };
}

function mixBlocks({ mix }: Dashboard, locale: SlackLocale): AnyBlock[] {
  const words = HOME_WORDS[locale];
  if (mix === undefined) return [header(words.mix), section(md`${words.counting}`)];
  const counts = PERMISSIONS.map(
    (permission) =>
      md`*${words.permissions[permission]}*\n${formatNumber(mix.permissions[permission], locale)}`,
  );
  const suppressed = md`*${words.suppressed}*\n${formatNumber(mix.suppressed, locale)}`;
  return [
    header(words.mix),
    ...fields([...counts, suppressed]),
    context(md`${words.counted} ${moment(mix.countedAt, locale)}`),
  ];
}
