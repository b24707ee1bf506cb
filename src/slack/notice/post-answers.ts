/** Post answers: what Slack's answer to a message of ours means for it. */
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import type { Posting } from '../../workflow/announce.ts';

/** Slack may say 429 without saying for how long (node-slack-sdk issue 1421). */
const RATE_LIMITED_MS = 30_000;
/** A token that is not valid is not valid a minute later either; an admin has to act. */
export const UNAUTHORIZED_MS = 60 * 60 * 1_000;
const SECOND_MS = 1_000;

/** The channel or person takes no message of ours, and will not unless somebody acts. */
const NEVER: ReadonlySet<string> = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'user_not_found',
  'user_disabled',
  'cannot_dm_bot',
  'messages_tab_disabled',
]);
const UNAUTHORIZED: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'app_uninstalled',
  'team_disabled',
  'missing_scope',
  'no_permission',
]);
/** Our message is no longer there, or no longer may be edited: a new one takes its place. */
const GONE: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
]);
/** What the message says, or how, is refused, and will be at every other try. */
const NOT_TAKEN: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_attachments',
  'invalid_arguments',
  'invalid_arg_name',
  'invalid_array_arg',
  'invalid_form_data',
  'block_mismatch',
  'markdown_text_conflict',
  'msg_too_long',
  'msg_blocks_too_long',
  'no_text',
  'too_many_attachments',
  'too_many_contents',
  'view_too_large',
]);
/** Slack's own trouble, by its own names: it passes. */
const PASSING: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'message_limit_exceeded',
]);

/** True if Slack refuses the message itself: one that says less may be taken. */
export const isNotTaken = (error: unknown): boolean => isPlatformError(error, NOT_TAKEN);

const isPlatformError = (error: unknown, names: ReadonlySet<string>): boolean =>
  error instanceof WebAPIPlatformError && names.has(error.data.error);

/** What Slack's answer means for the message. Anything of ours that broke goes on up. */
export function explain(error: unknown): Posting {
  if (error instanceof WebAPIRateLimitedError) {
    return failed('ratelimited', error.retryAfter * SECOND_MS);
  }
  if (error instanceof WebAPIHTTPError) return failed(`http_${error.statusCode}`, undefined);
  if (error instanceof WebAPIPlatformError) return explainName(error.data.error);
  if (!(error instanceof Error)) throw error;
  if (error.message.startsWith('Retry header')) return failed('ratelimited', RATE_LIMITED_MS);
  if ('code' in error && error.code === 'slack_webapi_request_error') {
    return failed('no_answer', undefined);
  }
  throw error;
}

function explainName(name: string): Posting {
  if (GONE.has(name)) return { kind: 'gone' };
  if (NEVER.has(name)) return failed(name, 'never');
  if (NOT_TAKEN.has(name)) return failed(name, 'refused');
  if (UNAUTHORIZED.has(name)) return failed(name, UNAUTHORIZED_MS);
  if (name === 'ratelimited') return failed(name, RATE_LIMITED_MS);
  return failed(name, PASSING.has(name) ? undefined : 'few-times');
}

export const failed = (
  error: string,
  retryAfterMs: Extract<Posting, { kind: 'failed' }>['retryAfterMs'],
): Posting => ({ kind: 'failed', error, retryAfterMs });
