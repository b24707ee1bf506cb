/**
 * Refusal: the product says no.
 *
 * The only error whose text a user may see. `code` is for tests, logs and switches and never
 * changes; the sentence says what happened, what was not done and what to do next. Everything else
 * that is thrown is a fault (the world broke) or a bug (we did); users get one apology with a
 * reference for those.
 */

export const REFUSALS = {
  // Who may act
  not_a_requester: 'You do not hold the requester role, so nothing was started. Ask an admin.',
  not_an_approver: 'You do not hold the approver role, so nothing was decided. Ask an admin.',
  approver_is_requester:
    'You cannot decide your own request, so nothing was decided. Another approver has to.',
  not_an_admin: 'Only an admin can do this, so nothing was changed.',
  not_allowed_here: 'Guests, bots and people of other workspaces cannot use Assent.',
  // Audience
  audience_empty: 'No batch or tag was chosen, so there is nobody to change. Choose one or more.',
  audience_not_found: 'A chosen batch or tag no longer exists. Nothing was sent; choose again.',
  audience_too_many: 'At most 10 batches and tags fit in one request. Choose fewer.',
  fields_empty: 'No e-mail field was chosen. Choose at least one.',
  nothing_to_change:
    'No address of this audience would change or be asked, so no request was sent. The counts say why.',
  // How obtained
  provenance_incomplete: 'The questions on how the addresses were obtained are not all answered.',
  provenance_refused:
    'Addresses obtained like this cannot be opted in, so nothing was changed. The refusal is on record.',
  provenance_too_old:
    'These addresses were collected more than 24 months ago, so they cannot be opted in.',
  must_ask:
    'These addresses were collected more than 6 months ago: the request must ask for confirmation, and silence must revert.',
  evidence_wrong_type:
    'A file is not what its name says, or none of pdf, png, jpg, csv and eml (up to 10 MB), so it was not taken. Choose another.',
  evidence_not_found:
    'A file that was brought as evidence is no longer there, so nothing was sent. Remove it and bring it again.',
  reason_missing: 'An opt-out needs a reason. Nothing was sent.',
  // Life of a request
  request_not_found: 'This request does not exist (any more). Nothing was done.',
  request_not_open: 'This request was decided or changed meanwhile. Its card shows who and when.',
  request_expired: 'This request expired before anybody decided. Nothing was changed; ask again.',
  plan_changed:
    'The plan changed since you saw it, so your click did nothing. The card shows the new plan; please review it.',
  number_mismatch: 'The number you typed is not the number of the plan, so nothing was approved.',
  reject_needs_reason: 'A rejection needs a reason, so that the requester can mend it.',
  run_at_past: 'The chosen time has passed. Choose a later one, or run it at once.',
  draft_changed:
    'This draft was changed in another window, so nothing was saved here. Close this one and go on there.',
  draft_not_found: 'This draft has expired. Nothing was sent; start again.',
  // Asking
  mail_not_configured:
    'Assent cannot send mail yet (SMTP_URL is not set), so a request that asks recipients cannot be made.',
  template_not_found: 'The chosen mail template does not exist (any more). Choose another.',
  template_fails_lint:
    'The mail template of this request does not pass the lint any more, so nothing was approved. Mend the template, and ask again.',
  template_name_wrong:
    'A template is named with up to 40 small letters, digits and hyphens, like spring-question. Nothing was kept.',
  template_name_taken:
    'Assent has a template of this name itself, so nothing was kept. Choose another name.',
  template_too_large:
    'A template has at most 120 files of 60 kB each, so nothing was kept. Shorten it.',
  reminder_days_wrong:
    'A reminder goes out a whole number of days after the mail, before its link ends. Nothing was sent; choose another day.',
  // Campaigns
  campaign_not_found: 'This campaign does not exist. Nothing was done.',
  campaign_not_open: 'This campaign was decided or changed meanwhile, so nothing was done.',
  campaign_changed:
    'The terms of this campaign are not those that you saw, so your click did nothing. Open it again.',
  campaign_terms_wrong:
    'The terms of this campaign are not complete, so it was not sent. Check the schedule and the time zone.',
  // Import
  permission_unanswered:
    'Say whether these people gave permission to be mailed (yes or no). Nothing was imported.',
  interview_missing:
    'Permission “yes” needs the answers on how the addresses were obtained. Nothing was imported.',
  tag_not_usable:
    'A tag has 1 to 80 letters on one line. Nothing was imported; choose another tag.',
  import_no_good_row:
    'No row of this file could be taken, so nothing was imported. The reject file says why.',
  import_differs:
    'This very file was half imported with other answers (permission, tags or columns), so nothing was done. Give the same ones to continue, or say --again to begin anew.',
  import_unfinished:
    'This very file was half imported, so a dry run cannot count it. Nothing was changed; import it without --dry-run to continue.',
  import_already_done:
    'This very file was imported before, so nothing was done. Say --again to import it once more.',
  import_running: 'This very file is being imported right now. Nothing was started a second time.',
  // Settings
  settings_changed:
    'Somebody else changed the settings meanwhile, so nothing was saved. Open them again to see what they are now.',
  not_set_up:
    'No channel is chosen yet in which approvers see requests, so nothing was started. An admin chooses it with /assent settings.',
  settings_invalid: 'Some of these settings cannot be taken, so nothing was saved.',
  // Reading
  address_not_known: 'No contact with this address was ever imported into this workspace.',
  not_an_address: 'This is not an e-mail address, so there is nothing to look up.',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  /** What the sentence alone cannot say (which answer, which number); safe to show, no address. */
  readonly detail: string | undefined;

  constructor(code: RefusalCode, detail?: string) {
    super(detail === undefined ? REFUSALS[code] : `${REFUSALS[code]} ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}
