/** Listeners: the table of contents: every id that Slack may send us, and what answers it. */

import { END_CAMPAIGN, PAUSE_CAMPAIGN, RESUME_CAMPAIGN, REVIEW_CAMPAIGN } from './campaign/card.ts';
import { SUBMIT_CAMPAIGN } from './campaign/form.ts';
import { CREATE_CAMPAIGN, createCampaign, sendCampaign } from './campaign/listeners.ts';
import { DECIDE_CAMPAIGN, decideCampaign, openCampaign } from './campaign/review.ts';
import {
  endCampaignByButton,
  pauseCampaignByButton,
  resumeCampaignByButton,
} from './campaign/steer.ts';
import { SHOW_REQUEST } from './command/assent-answers.ts';
import { ASSENT, assentCommand } from './command/assent-command.ts';
import type { ActionListener, Listeners } from './guard/door.ts';
import { REOPEN_FORM, reopenForm } from './guard/kept-form.ts';
import { appUninstalled, tokensRevoked } from './guard/system-events.ts';
import {
  importFromHome,
  OPEN_DASHBOARD,
  openDashboard,
  openHome,
  startFromHome,
  steerFromHome,
} from './home/home.ts';
import {
  OPEN_IMPORT,
  START_OPT_IN,
  START_OPT_OUT,
  START_RECONFIRM,
  STEER_REQUEST,
} from './home/home-view.ts';
import { CHOOSE_PERMISSION } from './import/form.ts';
import { redrawImport, reopenImport, submitColumns, submitImport } from './import/listeners.ts';
import { REOPEN_IMPORT } from './import/message.ts';
import { IMPORT_FILE, NAME_COLUMNS } from './import/modal.ts';
import { IMPORT_MESSAGE_FILE, importMessageFile } from './import/shortcut-import.ts';
import { RESUME_ROUTE, STOP_ROUTE } from './notice/breaker-alert.ts';
import { resumeRoute, stopRoute } from './notice/breaker-listeners.ts';
import { REVIEW_REQUEST } from './request/approval-card.ts';
import { cancelByButton, pauseByButton, resumeByButton, showRequest } from './request/details.ts';
import { DROP_EVIDENCE } from './request/evidence-blocks.ts';
import { ASK_RECONFIRMATION, askReconfirmation } from './request/function-step.ts';
import { CHOOSE_SOURCE } from './request/interview-blocks.ts';
import { PREVIEW_MAIL, showMail } from './request/mail-preview.ts';
import { CANCEL_REQUEST, PAUSE_REQUEST, RESUME_REQUEST } from './request/progress-message.ts';
import { DECIDE_REQUEST, SEND_EVIDENCE } from './request/review-modal.ts';
import { decideRequest, openReview } from './request/review-request.ts';
import { sendEvidence } from './request/send-evidence.ts';
import { CHANGE_SETTINGS } from './settings/form.ts';
import {
  OPEN_SETTINGS,
  offerGroups,
  offerTimeZones,
  openSettings,
  submitSettings,
} from './settings/listeners.ts';
import { CHOOSE_TIME_ZONE, GROUP_INPUTS } from './settings/values.ts';
import { openTemplate, submitTemplate } from './template/listeners.ts';
import { OPEN_TEMPLATE, UPLOAD_TEMPLATE } from './template/modal.ts';
import { changeAudience } from './wizard/audience.ts';
import { offerAudiences } from './wizard/audience-options.ts';
import { dropDraft, resumeDraft, startAnew } from './wizard/draft-offer.ts';
import { DISCARD_DRAFT, REOPEN_STEP, RESUME_DRAFT, START_ANEW } from './wizard/ends.ts';
import { GO_BACK, WIZARD_CALLBACKS } from './wizard/frame.ts';
import { optinCommand, startRequest } from './wizard/optin-command.ts';
import { CHOOSE_ASK } from './wizard/review.ts';
import { CHOOSE_AUDIENCE, CHOOSE_MATCH } from './wizard/who.ts';
import { dropEvidence, goBack, redrawStep, reopenStep, submitStep } from './wizard/wizard.ts';

const NEW_REQUEST = 'new-request';

/** The source is asked for in two modals; the one that it stands in is drawn anew. */
const redrawForSource: ActionListener = async (call, door) =>
  call.view?.callbackId === IMPORT_FILE ? redrawImport(call, door) : redrawStep(call, door);

export const LISTENERS: Listeners = {
  commands: {
    [ASSENT]: assentCommand,
    '/optin': optinCommand('opt-in'),
    '/optout': optinCommand('opt-out'),
    '/reconfirm': optinCommand('reconfirm'),
  },
  shortcuts: {
    [NEW_REQUEST]: startRequest,
    [OPEN_DASHBOARD]: openDashboard,
    [IMPORT_MESSAGE_FILE]: importMessageFile,
  },
  actions: {
    [CHOOSE_AUDIENCE]: changeAudience,
    [CHOOSE_MATCH]: changeAudience,
    [CHOOSE_SOURCE]: redrawForSource,
    [CHOOSE_PERMISSION]: redrawImport,
    [CHOOSE_ASK]: redrawStep,
    [GO_BACK]: goBack,
    [REOPEN_STEP]: reopenStep,
    [DROP_EVIDENCE]: dropEvidence,
    [RESUME_DRAFT]: resumeDraft,
    [START_ANEW]: startAnew,
    [DISCARD_DRAFT]: dropDraft,
    [REVIEW_REQUEST]: openReview,
    [PREVIEW_MAIL]: showMail,
    [SEND_EVIDENCE]: sendEvidence,
    [SHOW_REQUEST]: showRequest,
    [PAUSE_REQUEST]: pauseByButton,
    [RESUME_REQUEST]: resumeByButton,
    [CANCEL_REQUEST]: cancelByButton,
    [RESUME_ROUTE]: resumeRoute,
    [STOP_ROUTE]: stopRoute,
    [OPEN_SETTINGS]: openSettings,
    [OPEN_TEMPLATE]: openTemplate,
    [START_OPT_IN]: startFromHome('opt-in'),
    [START_OPT_OUT]: startFromHome('opt-out'),
    [START_RECONFIRM]: startFromHome('reconfirm'),
    [OPEN_IMPORT]: importFromHome,
    [REOPEN_IMPORT]: reopenImport,
    [REOPEN_FORM]: reopenForm,
    [STEER_REQUEST]: steerFromHome,
    [CREATE_CAMPAIGN]: createCampaign,
    [REVIEW_CAMPAIGN]: openCampaign,
    [PAUSE_CAMPAIGN]: pauseCampaignByButton,
    [RESUME_CAMPAIGN]: resumeCampaignByButton,
    [END_CAMPAIGN]: endCampaignByButton,
  },
  submissions: {
    ...Object.fromEntries(WIZARD_CALLBACKS.map((callback) => [callback, submitStep])),
    [DECIDE_REQUEST]: decideRequest,
    [IMPORT_FILE]: submitImport,
    [NAME_COLUMNS]: submitColumns,
    [CHANGE_SETTINGS]: submitSettings,
    [UPLOAD_TEMPLATE]: submitTemplate,
    [SUBMIT_CAMPAIGN]: sendCampaign,
    [DECIDE_CAMPAIGN]: decideCampaign,
  },
  closed: {},
  options: {
    [CHOOSE_AUDIENCE]: offerAudiences,
    [CHOOSE_TIME_ZONE]: offerTimeZones,
    ...Object.fromEntries(Object.values(GROUP_INPUTS).map((id) => [id, offerGroups])),
  },
  events: { app_home_opened: openHome },
  functions: { [ASK_RECONFIRMATION]: askReconfirmation },
  systemEvents: { app_uninstalled: appUninstalled, tokens_revoked: tokensRevoked },
};
