/**
 * Note: why the clock, and not a person, moved a request, a campaign or a mail: a name beside the
 * step, which each door puts into words. What a person writes stands as it was written.
 */
import { ASK_SKIPS } from './ask.ts';
import { CANARY_REASONS } from './canary.ts';

/** Why a request was paused or cancelled by itself. */
export const STEP_NOTES = [...CANARY_REASONS, 'template_changed', 'app_removed'] as const;
export type StepNote = (typeof STEP_NOTES)[number];

/** Why a campaign was stopped by itself. */
export const STOP_NOTES = [
  'template_changed',
  'audience_not_found',
  'mail_not_configured',
  'app_removed',
] as const;
export type StopNote = (typeof STOP_NOTES)[number];

/** Why a mail never left, or what is known of it besides its state. */
export const SEND_NOTES = [
  ...ASK_SKIPS,
  'request_ended',
  'request_cancelled',
  'not_on_allow_list',
  'retries_ended',
  'soft_bounce',
] as const;
export type SendNote = (typeof SEND_NOTES)[number];
