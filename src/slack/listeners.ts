/** Listeners: the table of contents: every id that Slack may send us, and what answers it. */

import { REVIEW_REQUEST } from './approval-card.ts';
import { ASSENT, assentCommand } from './assent-command.ts';
import { offerAudiences } from './audience-options.ts';
import type { ActionListener, Listeners } from './door.ts';
import { CHOOSE_PERMISSION } from './import-form.ts';
import { redrawImport, submitColumns, submitImport } from './import-listeners.ts';
import { IMPORT_FILE, NAME_COLUMNS } from './import-modal.ts';
import { CHOOSE_SOURCE } from './interview-blocks.ts';
import { optinCommand, startRequest } from './optin-command.ts';
import {
  CANCEL_REQUEST,
  cancelByButton,
  PAUSE_REQUEST,
  pauseByButton,
  RESUME_REQUEST,
  resumeByButton,
} from './progress-message.ts';
import { DECIDE_REQUEST } from './review-modal.ts';
import { decideRequest, openReview } from './review-request.ts';
import { goBack, redrawStep, reopenStep, submitStep } from './wizard.ts';
import { changeAudience } from './wizard-audience.ts';
import { dropDraft, resumeDraft, startAnew } from './wizard-drafts.ts';
import { DISCARD_DRAFT, REOPEN_STEP, RESUME_DRAFT, START_ANEW } from './wizard-ends.ts';
import { GO_BACK, WIZARD_CALLBACKS } from './wizard-frame.ts';
import { CHOOSE_ASK } from './wizard-review.ts';
import { CHOOSE_AUDIENCE, CHOOSE_MATCH } from './wizard-who.ts';

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
  shortcuts: { [NEW_REQUEST]: startRequest },
  actions: {
    [CHOOSE_AUDIENCE]: changeAudience,
    [CHOOSE_MATCH]: changeAudience,
    [CHOOSE_SOURCE]: redrawForSource,
    [CHOOSE_PERMISSION]: redrawImport,
    [CHOOSE_ASK]: redrawStep,
    [GO_BACK]: goBack,
    [REOPEN_STEP]: reopenStep,
    [RESUME_DRAFT]: resumeDraft,
    [START_ANEW]: startAnew,
    [DISCARD_DRAFT]: dropDraft,
    [REVIEW_REQUEST]: openReview,
    [PAUSE_REQUEST]: pauseByButton,
    [RESUME_REQUEST]: resumeByButton,
    [CANCEL_REQUEST]: cancelByButton,
  },
  submissions: {
    ...Object.fromEntries(WIZARD_CALLBACKS.map((callback) => [callback, submitStep])),
    [DECIDE_REQUEST]: decideRequest,
    [IMPORT_FILE]: submitImport,
    [NAME_COLUMNS]: submitColumns,
  },
  closed: {},
  options: { [CHOOSE_AUDIENCE]: offerAudiences },
  events: {},
};
