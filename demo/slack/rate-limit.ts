/**
 * Rate limit: how many calls a minute Slack takes for each method, and how long to wait after too
 * many.
 */
import {
  POSTS_PER_SECOND,
  TIER_2_CALLS_PER_MINUTE,
  TIER_3_CALLS_PER_MINUTE,
  TIER_4_CALLS_PER_MINUTE,
} from '../../src/slack/blocks/limits.ts';

const MINUTE_MS = 60_000;
/**
 * chat.postMessage to one channel: how many may come at once before one a second holds. Slack names
 * no number.
 */
const POST_BURST = 5;

const TIERS: Readonly<Record<string, number>> = {
  'usergroups.list': TIER_2_CALLS_PER_MINUTE,
  'usergroups.users.list': TIER_2_CALLS_PER_MINUTE,
  'users.list': TIER_2_CALLS_PER_MINUTE,
  'chat.update': TIER_3_CALLS_PER_MINUTE,
  'chat.delete': TIER_3_CALLS_PER_MINUTE,
  'conversations.open': TIER_3_CALLS_PER_MINUTE,
  'conversations.info': TIER_3_CALLS_PER_MINUTE,
};

/** Seconds that the caller must wait; undefined if the call may pass. */
export type RateLimiter = (method: string, channel: string) => number | undefined;

/** A limiter that remembers the calls of the last minute. */
export function newRateLimiter(now: () => Date): RateLimiter {
  const passed = new Map<string, number[]>();
  return (method, channel) => {
    const isPost = method === 'chat.postMessage';
    const key = isPost ? `${method} ${channel}` : method;
    const windowMs = isPost ? (POST_BURST * 1_000) / POSTS_PER_SECOND : MINUTE_MS;
    const most = isPost ? POST_BURST : (TIERS[method] ?? TIER_4_CALLS_PER_MINUTE);
    const at = now().getTime();
    const recent = (passed.get(key) ?? []).filter((time) => at - time < windowMs);
    const oldest = recent.at(-most);
    passed.set(key, recent);
    if (oldest !== undefined) return Math.max(1, Math.ceil((oldest + windowMs - at) / 1_000));
    recent.push(at);
    return undefined;
  };
}
